"""The models that paths are compared by: free paths, and each path equal in the groups."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from loyaltysem.errors import (
    ConvergenceError,
    EstimationError,
    ModelSpecificationError,
    did_you_mean,
    listed,
)
from loyaltysem.estimation import fit as fit_model
from loyaltysem.estimation.conduct import conduct
from loyaltysem.structural.groups.levels import Design, ladder, level_table
from loyaltysem.structural.groups.nested import nested_difference
from loyaltysem.syntax.table import Parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from loyaltysem.estimation import Fit
    from loyaltysem.estimation.comparison import Difference, DifferenceMethod
    from loyaltysem.structural.groups.levels import Level
    from loyaltysem.syntax.statements import Statements

Paths = dict[tuple[str, str], tuple[int, ...]]
"""Positions in the table of each (predictor, outcome), one per group."""

RowPairs = tuple[tuple[int, int], ...]
"""Pairs of positions in the table that are to be equal."""


def free_fit(
    statements: Statements,
    data: pd.DataFrame,
    group: str,
    ordered: Sequence[str] | str | bool,
    released: tuple[str, ...],
    options: dict[str, Any],
) -> Fit:
    """Return the fit with equal loadings and free paths.

    Ordinal items take the level of Wu & Estabrook (2016) at which loadings are equal.

    Raises
    ------
    ConvergenceError
        The search did not converge, so that there is nothing to compare with.
    """
    fit = _with_equal_loadings(statements, data, group, ordered, released, options)
    if not fit.converged:
        raise ConvergenceError(
            "The model with equal loadings and free paths did not converge in the groups",
            found=listed(f"{n} in '{label}'" for label, n in _sizes(fit)),
            remedy="Use a smaller model, or fewer and larger groups.",
        )
    return fit


def _sizes(fit: Fit) -> Iterable[tuple[str, int]]:
    return zip(fit.table.group_labels, fit.n_per_group, strict=True)


def _with_equal_loadings(
    statements: Statements,
    data: pd.DataFrame,
    group: str,
    ordered: Sequence[str] | str | bool,
    released: tuple[str, ...],
    options: dict[str, Any],
) -> Fit:
    if not ordered:
        return fit_model(
            statements,
            data,
            group=group,
            group_equal="loadings",
            group_partial=released,
            **options,
        )
    theta: dict[str, Any] = {"parameterization": "theta"}
    first = fit_model(statements, data, group=group, ordered=ordered, **theta, **options)
    design = Design(
        model=statements,
        columns=tuple(str(name) for name in data.columns),
        group_labels=first.table.group_labels,
        ordered=dict(first.table.ordered),
        settings={**theta, "conditional_x": first.table.conditional_x},
    )
    return conduct(first.problem.with_table(level_table(design, _metric(design), released)))


def _metric(design: Design) -> Level:
    """Return the lowest level with equal loadings."""
    return next(level for level in ladder(design.ordered) if "loadings" in level.equal)


def chosen_paths(fit: Fit, wanted: Sequence[tuple[str, str]] | None) -> Paths:
    """Return where the paths to compare stand in the table; all free ones with ``wanted`` None.

    Raises
    ------
    EstimationError
        The model has no path that is free in all groups.
    ModelSpecificationError
        A path is unknown.
    """
    found: dict[tuple[str, str], list[int]] = {}
    for k, row in enumerate(fit.table.rows):
        if row.op == "~" and row.free:
            found.setdefault((row.rhs, row.lhs), []).append(k)
    everywhere = {
        path: tuple(rows) for path, rows in found.items() if len(rows) == fit.table.n_groups
    }
    if not everywhere:
        raise EstimationError(
            "The model has no free path to compare between groups",
            remedy="Add regressions such as 'y ~ x'.",
        )
    for path in wanted or ():
        _check_known(path, everywhere)
    return everywhere if wanted is None else {path: everywhere[path] for path in wanted}


def _check_known(path: tuple[str, str], known: Iterable[tuple[str, str]]) -> None:
    if path not in known:
        names = [" -> ".join(one) for one in known]
        raise ModelSpecificationError(
            f"The model has no free path '{' -> '.join(path)}'",
            expected=listed(names),
            remedy=did_you_mean(" -> ".join(path), names),
        )


def chain(rows: Sequence[int]) -> RowPairs:
    """Return the pairs of rows whose equality makes all of them equal."""
    return tuple((rows[0], other) for other in rows[1:])


class Comparison:
    """Tests of equal parameters against one fit in which they are free."""

    def __init__(self, free: Fit) -> None:
        self.free = free
        self._known: dict[RowPairs, tuple[Difference, DifferenceMethod]] = {}

    def test(self, pairs: RowPairs) -> tuple[Difference, DifferenceMethod]:
        """Return the test that the two rows of every pair are equal."""
        if pairs not in self._known:
            self._known[pairs] = self._tested(pairs)
        return self._known[pairs]

    def _tested(self, pairs: RowPairs) -> tuple[Difference, DifferenceMethod]:
        rows, problem = self.free.table.rows, self.free.problem
        equations = tuple(
            _equation(rows[first], rows[second], number)
            for number, (first, second) in enumerate(pairs, start=len(rows) + 1)
        )
        table = replace(self.free.table, rows=(*rows, *equations))
        equal = conduct(problem.with_table(table), self.free.theta)
        found, method = nested_difference(self.free, equal)
        return (found if equal.converged else replace(found, statistic=math.nan)), method


def _equation(first: Parameter, second: Parameter, number: int) -> Parameter:
    """Return the constraint that two parameters are equal."""
    return Parameter(id=number, lhs=first.plabel, op="==", rhs=second.plabel, group=0)
