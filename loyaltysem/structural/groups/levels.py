"""The levels of measurement invariance and the model of each.

Continuous items: configural, metric (equal loadings), scalar (and intercepts), strict (and residual
variances); Meredith (1993). Ordinal items, under the theta parameterization: configural, thresholds
(and free intercepts and residual variances in later groups), metric (and loadings), scalar (and
intercepts), strict (and residual variances); Wu & Estabrook (2016), as semTools'
``measEq.syntax(ID.cat = "Wu")``. Latent variables are scaled by their variances, 1 in the first
group, so that every loading can be tested.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from loyaltysem.errors import EstimationError, Reason, did_you_mean, listed
from loyaltysem.syntax.build import build_table
from loyaltysem.syntax.edit import revise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loyaltysem.syntax.statements import Statements
    from loyaltysem.syntax.table import Operator, Parameter, ParameterTable

LevelName = Literal["configural", "thresholds", "metric", "scalar", "strict"]

LEVEL_NAMES: tuple[LevelName, ...] = ("configural", "thresholds", "metric", "scalar", "strict")

NEWLY_EQUAL: dict[LevelName, tuple[str, ...]] = {
    "configural": (),
    "thresholds": ("thresholds",),
    "metric": ("loadings",),
    "scalar": ("intercepts",),
    "strict": ("residuals",),
}

OPERATORS: dict[str, Operator] = {
    "thresholds": "|",
    "loadings": "=~",
    "intercepts": "~1",
    "residuals": "~~",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level: its name, all that is equal (lavaan's ``group.equal``), and what newly is."""

    name: LevelName
    equal: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What the models of all levels share.

    ``settings`` are the further options of the parameter table.
    """

    model: Statements
    columns: tuple[str, ...]
    group_labels: tuple[str, ...]
    ordered: Mapping[str, int]
    settings: Mapping[str, Any]


def ladder(
    ordered: Mapping[str, int], wanted: Sequence[LevelName] | None = None
) -> tuple[Level, ...]:
    """Return the levels from the least to the most restricted.

    Parameters
    ----------
    ordered
        Number of thresholds of each ordinal item.
    wanted
        Levels to keep besides the configural one; None keeps all that can be tested.

    Raises
    ------
    EstimationError
        There is no such level, or none of them can be tested.

    Notes
    -----
    Items with two thresholds do not test equal thresholds, and binary items test neither thresholds
    nor loadings alone (Wu & Estabrook 2016): such levels are skipped.
    """
    skipped = _untestable(ordered) | _unwanted(wanted)
    levels: list[Level] = []
    equal: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    for name in LEVEL_NAMES:
        equal, waiting = equal + NEWLY_EQUAL[name], waiting + NEWLY_EQUAL[name]
        if name == "configural" or name not in skipped:
            levels.append(Level(name=name, equal=equal, new=waiting))
            waiting = ()
    if len(levels) == 1 and set(wanted or LEVEL_NAMES) != {"configural"}:
        raise EstimationError(
            "No level of invariance can be tested with these items",
            found=listed(wanted or LEVEL_NAMES),
            expected=listed(name for name in LEVEL_NAMES[1:] if name not in _untestable(ordered)),
            reason=Reason("no_level"),
        )
    return tuple(levels) if ordered else tuple(_without_thresholds(level) for level in levels)


def _untestable(ordered: Mapping[str, int]) -> set[LevelName]:
    counts = set(ordered.values())
    if 1 in counts:
        return {"thresholds", "metric"}
    return set() if counts and max(counts) > 2 else {"thresholds"}


def _unwanted(wanted: Sequence[LevelName] | None) -> set[LevelName]:
    for name in wanted or ():
        if name not in LEVEL_NAMES:
            raise EstimationError(
                "There is no such level of invariance",
                found=f"'{name}'",
                expected=listed(LEVEL_NAMES),
                remedy=did_you_mean(name, LEVEL_NAMES),
            )
    return set() if wanted is None else set(LEVEL_NAMES) - set(wanted)


def _without_thresholds(level: Level) -> Level:
    equal, new = (
        tuple(kind for kind in kinds if kind != "thresholds") for kinds in (level.equal, level.new)
    )
    return replace(level, equal=equal, new=new)


def level_table(design: Design, level: Level, released: Sequence[str] = ()) -> ParameterTable:
    """Return the parameter table of a level.

    Parameters
    ----------
    design
        What all levels share.
    level
        Which parameters are equal.
    released
        Exceptions under their names in model text: ``f=~x2``, ``x2~1``, ``x2~~x2``, and ``x2|``
        for all thresholds of an item.
    """
    table = build_table(
        design.model,
        observed_names=design.columns,
        group_labels=design.group_labels,
        ordered=dict(design.ordered),
        meanstructure=True,
        group_equal=level.equal,
        group_partial=_in_full(released, design.ordered),
        **design.settings,
    )
    return revise(table, _Identification(table, level, released))


def _in_full(released: Sequence[str], ordered: Mapping[str, int]) -> tuple[str, ...]:
    """Write out ``x2|`` as the names of the item's thresholds."""
    names: list[str] = []
    for name in released:
        item = name.removesuffix("|")
        whole = item != name and item in ordered
        names += [f"{item}|t{k + 1}" for k in range(ordered[item])] if whole else [name]
    return tuple(names)


class _Identification:
    """Frees or fixes in later groups what a level identifies there, where lavaan does otherwise.

    lavaan frees the means of all latent variables with equal intercepts or thresholds. Those of
    latent variables that indicate others stay 0 (their intercepts are then equal as well), and
    those of ordinal items' latent variables stay 0 until intercepts are equal, since the intercepts
    are free before. A binary item's residual variance and intercept cannot both be free.
    """

    def __init__(self, table: ParameterTable, level: Level, released: Sequence[str]) -> None:
        self._level = level
        self._ordered = dict(table.ordered)
        self._released = set(released)
        self._latent = frozenset(table.latent)
        self._lower = {row.rhs for row in table.rows if row.op == "=~" and row.rhs in self._latent}

    def __call__(self, row: Parameter) -> Parameter:
        if row.group < 2 or row.user:
            return row
        if row.op == "~1" and row.lhs in self._latent:
            return _fixed(row, 0.0) if self._mean_is_zero(row.lhs) else row
        if row.lhs in self._ordered and row.op in ("~1", "~~") and row.rhs in ("", row.lhs):
            return self._ordinal(row)
        return row

    def _mean_is_zero(self, latent: str) -> bool:
        return latent in self._lower or "intercepts" not in self._level.equal

    def _ordinal(self, row: Parameter) -> Parameter:
        """Return an intercept or residual variance of an ordinal item."""
        loose = f"{row.lhs}|" in self._released
        if "thresholds" not in self._level.equal or loose:
            return _fixed(row, 0.0 if row.op == "~1" else 1.0)
        if row.op == "~~":
            return row
        held = "intercepts" in self._level.equal and f"{row.lhs}~1" not in self._released
        return row if held else replace(row, free=1, ustart=None)


def _fixed(row: Parameter, value: float) -> Parameter:
    return replace(row, free=0, ustart=value, label="")
