"""Partial invariance: releasing one parameter at a time until a level is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from loyaltysem.errors import EstimationError, did_you_mean, listed
from loyaltysem.structural.groups.item_tests import item_tests
from loyaltysem.structural.groups.rungs import SIGNIFICANCE, climb

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from loyaltysem.structural.groups.levels import Design, Level, LevelName
    from loyaltysem.structural.groups.rungs import Rung, Sample

Criterion = Literal["chen", "cfi", "chisq"]

FEWEST_INVARIANT = 2
"""Indicators of each latent variable that stay invariant (Steenkamp & Baumgartner 1998)."""


def check_criterion(criterion: str) -> None:
    """Refuse an unknown criterion.

    Raises
    ------
    EstimationError
        Naming those there are.
    """
    known = get_args(Criterion)
    if criterion not in known:
        raise EstimationError(
            "There is no such criterion of invariance",
            found=f"'{criterion}'",
            expected=listed(known),
            remedy=did_you_mean(criterion, known),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One released parameter, and the score test that spoke for its release.

    ``because`` is ``score`` for the largest score test, or ``loading`` and ``thresholds`` for a
    parameter that has no meaning without these of its item, which were released before; it then has
    no test.
    """

    level: LevelName
    parameter: str
    kind: str
    item: str
    because: Literal["score", "loading", "thresholds"] = "score"
    chisq: float | None = None
    df: int | None = None
    pvalue: float | None = None
    epc: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What a repair starts from: the sample, the rung below, and what keeps a level."""

    sample: Sample
    below: Rung
    criterion: Criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """The rung after the last release, and all releases in their order."""

    rung: Rung
    releases: tuple[Release, ...]


def repair(start: Repair, rung: Rung) -> Repaired:
    """Release the parameter of the largest score test, again and again, until the level is kept.

    It ends also when no score test is significant at 5 %, or when no parameter can be released
    without leaving a latent variable fewer than two invariant indicators.
    """
    releases: list[Release] = []
    indicators = _indicators(start.sample)
    while not rung.is_kept(start.criterion):
        release = _next_release(rung, indicators)
        if release is None:
            break
        releases.append(release)
        released = (*rung.released, release.parameter)
        rung = climb(start.sample, rung.level, start.below, released, partial=True)
    return Repaired(rung=rung, releases=tuple(releases))


def _indicators(sample: Sample) -> dict[str, list[str]]:
    """Return the indicators of each latent variable."""
    found: dict[str, list[str]] = {}
    for row in sample.fit.table.rows:
        if row.op == "=~" and row.group == 1:
            found.setdefault(row.lhs, []).append(row.rhs)
    return found


def _next_release(rung: Rung, indicators: Mapping[str, Sequence[str]]) -> Release | None:
    """Return the significant parameter of the largest score test that may be released."""
    touched = {_item_of(name) for name in rung.released}
    for row in item_tests(rung.fit, rung.level).to_dict("records"):
        if not row["pvalue"] < SIGNIFICANCE:
            continue
        if _leaves_enough(str(row["item"]), str(row["latent"]), touched, indicators):
            kept = ("parameter", "kind", "item", "chisq", "df", "pvalue", "epc")
            return Release(level=rung.level.name, **{str(name): row[name] for name in kept})
    return None


def _leaves_enough(
    item: str, latent: str, touched: set[str], indicators: Mapping[str, Sequence[str]]
) -> bool:
    concerned = [latent] if latent else [name for name, own in indicators.items() if item in own]
    return all(
        len(set(indicators[name]) - touched - {item}) >= FEWEST_INVARIANT for name in concerned
    )


def _item_of(name: str) -> str:
    """Return the item that a parameter belongs to: ``f=~x2``, ``x2~1``, ``x2|``, ``x2~~x2``."""
    if "=~" in name:
        return name.partition("=~")[2].strip()
    for mark in ("~~", "~", "|"):
        if mark in name:
            return name.partition(mark)[0].strip()
    return name


def follow(
    released: Iterable[str], releases: Sequence[Release], level: Level, design: Design
) -> list[Release]:
    """Return what a level must release because of earlier releases.

    Equal intercepts mean nothing for an item whose loadings differ, nor do equal loadings for an
    ordinal item whose thresholds differ. What the user's own list holds is left as it is.
    """
    known, found = set(released), list[Release]()
    for one in releases:
        if one.kind == "loadings" and "intercepts" in level.new and one.item in design.columns:
            found.append(_following(level, f"{one.item}~1", "intercepts", one, "loading"))
        if one.kind == "thresholds" and "loadings" in level.new:
            found += [
                _following(level, f"{element.lhs}=~{one.item}", "loadings", one, "thresholds")
                for element in design.model.elements
                if element.op == "=~" and element.rhs == one.item
            ]
    return [one for one in found if one.parameter not in known]


def _following(
    level: Level,
    parameter: str,
    kind: str,
    cause: Release,
    because: Literal["loading", "thresholds"],
) -> Release:
    return Release(
        level=level.name, parameter=parameter, kind=kind, item=cause.item, because=because
    )
