"""What differs between two results, the gravest first.

Results are compared as the plain values of ``results.json``, so that one stored by another version
can be read. Entries of a list are matched by what names them (a hypothesis by its id, a parameter
by its row), not by their position.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from loyaltysem.study.checking.kinds import CONCLUSIONS, NOT_NUMBERS, is_wording, number_kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from loyaltysem.study.settings.check import CheckDefinition

ChangeKind = Literal["hypothesis", "conclusion", "entry", "text", "count", "number"]

GRAVITY: tuple[ChangeKind, ...] = ("hypothesis", "conclusion", "entry", "count", "number", "text")

DETAILS = ("diagnostics", "moments")
"""Parts of a model that hold what its estimates come from, or hints how to change it."""

SHOWN = 80
"""Characters of a value that a sentence shows."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference.

    Attributes
    ----------
    kind
        What differs: the verdict on a hypothesis, or a hypothesis that came or went; another
        conclusion; an entry that came or went; a count; a number; a text.
    place
        Where, e.g. ``models[ecsi].hypotheses[H1].verdict``.
    stored, now
        The two values; None for an entry that is not there.
    difference
        now - stored of two numbers, else None.
    allowed
        By how much the number may move, else None.
    """

    kind: ChangeKind
    place: str
    stored: Any
    now: Any
    difference: float | None = None
    allowed: float | None = None

    @property
    def sentence(self) -> str:
        """The change in words."""
        if self.difference is None:
            return self._other
        moved = f"{self.difference:+.2g}"
        if self.allowed is not None:
            moved += f", allowed ±{self.allowed:.2g}"
        return f"{self.stored:.6g} → {self.now:.6g} ({moved})"

    @property
    def _other(self) -> str:
        if self.kind in {"entry", "hypothesis"} and self.stored is None:
            return "is new"
        if self.kind in {"entry", "hypothesis"} and self.now is None:
            return "is gone"
        return f"{_shown(self.stored)} → {_shown(self.now)}"

    @property
    def excess(self) -> float:
        """How many times further than allowed a number moved; infinite where nothing is."""
        if self.difference is None:
            return 0.0
        return abs(self.difference) / self.allowed if self.allowed else math.inf


def find_changes(
    stored: Mapping[str, Any],
    now: Mapping[str, Any],
    tolerances: CheckDefinition,
    *,
    may_lack: Literal["stored", "now"] | None = None,
) -> tuple[Change, ...]:
    """Return all differences between two results, the gravest first.

    Parameters
    ----------
    stored, now
        Results as the plain values of ``results.json``.
    tolerances
        How far numbers may move.
    may_lack
        The side that was written by an older version, which knew fewer fields.
    """
    found = list(_Comparison(tolerances, may_lack).differences(stored, now, ()))
    return tuple(sorted(found, key=_rank))


def _rank(change: Change) -> tuple[bool, int, float]:
    """Return what to sort by: details last, the gravest kind first, the farthest first."""
    detail = any(f".{part}." in change.place for part in DETAILS)
    return detail, GRAVITY.index(change.kind), -change.excess


@dataclass(frozen=True, slots=True)
class _Comparison:
    tolerances: CheckDefinition
    may_lack: Literal["stored", "now"] | None

    def differences(self, stored: Any, now: Any, at: tuple[str, ...]) -> Iterator[Change]:
        if isinstance(stored, dict) and isinstance(now, dict):
            yield from self._within(stored, now, at)
        elif isinstance(stored, list) and isinstance(now, list):
            yield from self._within(_by_name(stored), _by_name(now), at)
        elif _is_number(stored) and _is_number(now):
            yield from self._moved(stored, now, at)
        elif stored != now:
            yield Change(kind=_kind(stored, now, at), place=_place(at), stored=stored, now=now)

    def _within(
        self, stored: Mapping[str, Any], now: Mapping[str, Any], at: tuple[str, ...]
    ) -> Iterator[Change]:
        for key in dict.fromkeys((*stored, *now)):
            if (not at and key in NOT_NUMBERS) or is_wording(key, stored.get(key, now.get(key))):
                continue
            if key in stored and key in now:
                yield from self.differences(stored[key], now[key], (*at, key))
            elif not self._may_lack(key, stored) and not _is_empty(stored.get(key, now.get(key))):
                yield self._entry(stored.get(key), now.get(key), (*at, key))

    def _may_lack(self, key: str, stored: Mapping[str, Any]) -> bool:
        lacking = "now" if key in stored else "stored"
        return not key.startswith("[") and self.may_lack == lacking

    def _entry(self, stored: Any, now: Any, at: tuple[str, ...]) -> Change:
        kind: ChangeKind = "hypothesis" if at[-2:-1] == ("hypotheses",) else "entry"
        return Change(kind=kind, place=_place(at), stored=stored, now=now)

    def _moved(self, stored: float, now: float, at: tuple[str, ...]) -> Iterator[Change]:
        difference, place = now - stored, _place(at)
        if isinstance(stored, int) and isinstance(now, int):
            if difference:
                yield Change(
                    kind="count", place=place, stored=stored, now=now, difference=difference
                )
            return
        allowed = self.tolerances.allowed(number_kind(at)) * max(1.0, abs(stored))
        if not math.isclose(stored, now, rel_tol=0.0, abs_tol=allowed):
            yield Change(
                kind="number",
                place=place,
                stored=stored,
                now=now,
                difference=difference,
                allowed=allowed,
            )


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


def _kind(stored: Any, now: Any, at: tuple[str, ...]) -> ChangeKind:
    if "hypotheses" in at and at[-1] in CONCLUSIONS:
        return "hypothesis"
    if at[-1] in CONCLUSIONS or isinstance(stored, bool) or isinstance(now, bool):
        return "conclusion"
    return "text" if isinstance(stored, str) and isinstance(now, str) else "entry"


def _place(at: tuple[str, ...]) -> str:
    """Return ``models[ecsi].hypotheses[H1].verdict``."""
    return "".join(part if part.startswith("[") else f".{part}" for part in at).removeprefix(".")


def _shown(value: object) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
