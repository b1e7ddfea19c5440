"""New tables from old: fix, free, add or remove a parameter, add a constraint.

A parameter is named as in model text: ``"f =~ x2"``, ``"x1 ~~ x4"``, ``"x3 ~ 1"``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from loyaltysem.errors import ModelSpecificationError, did_you_mean
from loyaltysem.syntax.constraints import find_constraints
from loyaltysem.syntax.parser import parse_constraint, parse_model
from loyaltysem.syntax.table import Parameter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from loyaltysem.syntax.statements import Element
    from loyaltysem.syntax.table import ParameterTable


def fix(
    table: ParameterTable, parameter: str, value: float, *, group: int | None = None
) -> ParameterTable:
    """Return the table with a parameter fixed at ``value``, in one group or in all."""
    chosen = {row.id for row in _find(table, parameter, group)}
    return _changed(table, chosen, free=False, ustart=float(value))


def free(
    table: ParameterTable,
    parameter: str,
    *,
    start: float | None = None,
    group: int | None = None,
) -> ParameterTable:
    """Return the table with a parameter freed, in one group or in all."""
    chosen = {row.id for row in _find(table, parameter, group)}
    return _changed(table, chosen, free=True, ustart=start)


def add(table: ParameterTable, parameter: str, *, value: float | None = None) -> ParameterTable:
    """Return the table with one more parameter in every group.

    Parameters
    ----------
    table
        The table to start from.
    parameter
        One parameter between variables of the table.
    value
        Where to fix it; None leaves it free.

    Raises
    ------
    ModelSpecificationError
        When the table has the parameter, or lacks one of its variables.
    """
    element = _ordered(table, _element(parameter))
    known = {*table.observed, *table.latent}
    for name in filter(None, (element.lhs, element.rhs)):
        if name not in known:
            raise ModelSpecificationError(
                f"'{parameter}' speaks of a variable that the model does not have",
                found=f"'{name}'",
                remedy=did_you_mean(name, known),
            )
    if any(_matches(row, element) for row in table.rows):
        raise ModelSpecificationError(
            f"The model already has '{element}'", remedy="Fix or free it instead of adding it."
        )
    number = max(row.id for row in table.rows)
    new = [
        Parameter(
            id=number + group,
            lhs=element.lhs,
            op=element.op,
            rhs=element.rhs,
            group=group,
            free=int(value is None),
            ustart=value,
            plabel=f".p{number + group}.",
        )
        for group in range(1, table.n_groups + 1)
    ]
    return _renumbered(table, [*table.rows, *new])


def remove(table: ParameterTable, parameter: str) -> ParameterTable:
    """Return the table without a parameter: absent covariances, paths and loadings are zero.

    Raises
    ------
    ModelSpecificationError
        When the table has no such parameter, or a constraint speaks of it.
    """
    chosen = {row.id for row in _find(table, parameter, None)}
    return _renumbered(table, [row for row in table.rows if row.id not in chosen])


def constrain(table: ParameterTable, constraint: str) -> ParameterTable:
    """Return the table with a further ``==``, ``<`` or ``>`` constraint, or ``:=`` definition.

    Labels and row names (``.p7.``) may be used.
    """
    said = parse_constraint(constraint)
    row = Parameter(
        id=max(row.id for row in table.rows) + 1,
        lhs=said.lhs,
        op=said.op,
        rhs=said.rhs,
        group=0,
        label=said.lhs if said.op == ":=" else "",
    )
    return _renumbered(table, [*table.rows, row])


def revise(table: ParameterTable, change: Callable[[Parameter], Parameter]) -> ParameterTable:
    """Return the table with every row as ``change`` returns it, free parameters numbered anew.

    ``change`` frees a row by any ``free`` above 0 and fixes it by 0 with a ``ustart``.
    """
    return _renumbered(table, [change(row) for row in table.rows])


def _element(parameter: str) -> Element:
    elements = parse_model(parameter, "parameter").elements
    if len(elements) != 1:
        raise ModelSpecificationError(
            "One parameter at a time", found=f"'{parameter}'", expected="such as 'x1 ~~ x4'"
        )
    return elements[0]


def _ordered(table: ParameterTable, element: Element) -> Element:
    """Turn a covariance as the table does: latent variables first, then the model's order."""
    rank = {name: place for place, name in enumerate(table.latent + table.observed)}
    turned = element.op == "~~" and rank.get(element.lhs, 0) > rank.get(element.rhs, 0)
    return replace(element, lhs=element.rhs, rhs=element.lhs) if turned else element


def _matches(row: Parameter, element: Element) -> bool:
    return row.op == element.op and (row.lhs, row.rhs) == (element.lhs, element.rhs)


def _find(table: ParameterTable, parameter: str, group: int | None) -> list[Parameter]:
    element = _ordered(table, _element(parameter))
    found = [row for row in table.rows if _matches(row, element) and group in (None, row.group)]
    if not found:
        names = [str(row) for row in table.rows if not row.is_constraint]
        raise ModelSpecificationError(
            f"The model has no parameter '{element}'",
            remedy=did_you_mean(str(element), names),
        )
    return found


def _changed(
    table: ParameterTable, chosen: set[int], *, free: bool, ustart: float | None
) -> ParameterTable:
    rows = [
        replace(row, free=int(free), ustart=ustart, exo=row.exo and not free, user=1)
        if row.id in chosen
        else row
        for row in table.rows
    ]
    return _renumbered(table, rows)


def _renumbered(table: ParameterTable, rows: Iterable[Parameter]) -> ParameterTable:
    """Return the table with free parameters numbered anew; constraints must still find theirs."""
    numbered, n_free = [], 0
    for row in rows:
        n_free += bool(row.free)
        numbered.append(replace(row, free=n_free if row.free else 0))
    changed = replace(table, rows=tuple(numbered))
    find_constraints(changed)
    return changed
