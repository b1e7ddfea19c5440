"""What differs between two results, the gravest first.

Results are compared as the plain values of ``results.json``, so that one stored by another version
can be read. Entries of a list are matched by what names them (a hypothesis by its id, a parameter
by its row), not by their position.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from loyaltysem.study.settings.check import CheckDefinition, NumberKind

ChangeKind = Literal["hypothesis", "conclusion", "entry", "text", "count", "number"]

GRAVITY: tuple[ChangeKind, ...] = ("hypothesis", "conclusion", "entry", "count", "number", "text")

NAMING = [
    "id",
    "name",
    "code",
    "construct_code",
    "lhs",
    "op",
    "rhs",
    "group",
    "kind",
    "path",
    "index",
    "first",
    "second",
    "predictor",
    "moderator",
    "outcome",
    "item",
    "latent",
    "variable",
    "level",
    "step",
    "label",
    "method",
    "quantity",
    "model",
    "construct",
    "category",
]
"""Fields that say which entry of a list a record is."""

CONCLUSIONS = {"verdict", "met", "mediation", "converged", "admissible", "readable", "reason"}
"""Fields that hold what a reader concludes."""

KINDS: Mapping[str, NumberKind] = {
    "est": "estimates",
    "std_lv": "estimates",
    "std_all": "estimates",
    "std_nox": "estimates",
    "correlation": "estimates",
    "pvalue": "pvalues",
    "p": "pvalues",
    "se": "standard_errors",
    "boot_se": "standard_errors",
    "z": "standard_errors",
    "lower": "intervals",
    "upper": "intervals",
    "ci": "intervals",
    "ci_lower": "intervals",
    "ci_upper": "intervals",
}
AREAS: Mapping[str, NumberKind] = {
    "fit": "fit",
    "verdicts": "fit",
    "r2": "estimates",
    "reliability": "reliability",
    "validity": "reliability",
}
IGNORED = {"provenance"}
"""Branches that say how numbers came about, not what they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference.

    Attributes
    ----------
    kind
        What differs: the verdict on a hypothesis, another conclusion, an entry that came or went,
        a count, a number, a text.
    place
        Where, e.g. ``models[ecsi].hypotheses[H1].verdict``.
    stored, now
        The two values; None for an entry that is not there.
    difference
        now - stored of two numbers, else None.
    """

    kind: ChangeKind
    place: str
    stored: Any
    now: Any
    difference: float | None = None

    @property
    def sentence(self) -> str:
        """The change in words."""
        if self.difference is not None:
            return f"{self.stored:.6g} → {self.now:.6g} ({self.difference:+.2g})"
        if self.kind == "entry":
            return "is new" if self.stored is None else "is gone"
        return f"{_shown(self.stored)} → {_shown(self.now)}"


def find_changes(
    stored: Mapping[str, Any], now: Mapping[str, Any], tolerances: CheckDefinition
) -> tuple[Change, ...]:
    """Return all differences between two results, the gravest first.

    Parameters
    ----------
    stored, now
        Results as the plain values of ``results.json``.
    tolerances
        How far numbers may move.
    """
    found = list(_differences(stored, now, (), tolerances))
    return tuple(sorted(found, key=_gravity))


def _gravity(change: Change) -> tuple[int, float]:
    return GRAVITY.index(change.kind), -abs(change.difference or 0.0)


def _differences(
    stored: Any, now: Any, at: tuple[str, ...], tolerances: CheckDefinition
) -> Iterator[Change]:
    if isinstance(stored, dict) and isinstance(now, dict):
        yield from _within(stored, now, at, tolerances)
    elif isinstance(stored, list) and isinstance(now, list):
        yield from _within(_by_name(stored), _by_name(now), at, tolerances)
    elif _is_number(stored) and _is_number(now):
        yield from _moved(stored, now, at, tolerances)
    elif stored != now:
        yield Change(
            kind=_kind_of_change(stored, now, at), place=_place(at), stored=stored, now=now
        )


def _within(
    stored: Mapping[str, Any],
    now: Mapping[str, Any],
    at: tuple[str, ...],
    tolerances: CheckDefinition,
) -> Iterator[Change]:
    for key in dict.fromkeys((*stored, *now)):
        if key in IGNORED and not at:
            continue
        if key in stored and key in now:
            yield from _differences(stored[key], now[key], (*at, key), tolerances)
        elif not _is_empty(stored.get(key, now.get(key))):
            place = _place((*at, key))
            yield Change(kind="entry", place=place, stored=stored.get(key), now=now.get(key))


def _is_empty(value: object) -> bool:
    """Tell whether a field without content may be there or not (an analysis not asked for)."""
    return value is None or value in ([], {}, "")


def _by_name(entries: list[Any]) -> dict[str, Any]:
    """Return the entries of a list under what names them, else under their position."""
    named: dict[str, Any] = {}
    for position, entry in enumerate(entries, start=1):
        name = _name(entry) or str(position)
        named[f"[{name}]" if f"[{name}]" not in named else f"[{name} #{position}]"] = entry
    return named


def _name(entry: Any) -> str:
    if not isinstance(entry, dict):
        return ""
    values = (entry[field] for field in NAMING if field in entry)
    return " ".join(str(value) for value in values if isinstance(value, str | int) and value != "")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _moved(
    stored: float, now: float, at: tuple[str, ...], tolerances: CheckDefinition
) -> Iterator[Change]:
    difference = now - stored
    if isinstance(stored, int) and isinstance(now, int):
        if difference:
            yield Change(
                kind="count", place=_place(at), stored=stored, now=now, difference=difference
            )
        return
    allowed = tolerances.allowed(number_kind(at)) * max(1.0, abs(stored))
    if not math.isclose(stored, now, rel_tol=0.0, abs_tol=allowed):
        yield Change(kind="number", place=_place(at), stored=stored, now=now, difference=difference)


def number_kind(at: tuple[str, ...]) -> NumberKind:
    """Return which kind of number stands at a place of the results."""
    own = next((part for part in reversed(at) if not part.startswith("[")), "")
    if own in KINDS:
        return KINDS[own]
    return next((AREAS[part] for part in at if part in AREAS), "other")


def _kind_of_change(stored: Any, now: Any, at: tuple[str, ...]) -> ChangeKind:
    if "hypotheses" in at and at[-1] in CONCLUSIONS:
        return "hypothesis"
    if at[-1] in CONCLUSIONS or isinstance(stored, bool) or isinstance(now, bool):
        return "conclusion"
    if isinstance(stored, str) and isinstance(now, str):
        return "text"
    return "entry"


def _place(at: tuple[str, ...]) -> str:
    """Return ``models[ecsi].hypotheses[H1].verdict``."""
    return "".join(part if part.startswith("[") else f".{part}" for part in at).removeprefix(".")


def _shown(value: object) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
