"""Ordinal problems of resampled respondents: what a bootstrap draw is fitted to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.moments import raw_rows
from loyaltysem.estimation.ordinal.columns import CategoryLostError
from loyaltysem.estimation.ordinal.problem import needs_gamma, ordinal_problem
from loyaltysem.estimation.ordinal.reading import ordinal_group, ordinal_part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.moments import GroupMoments
    from loyaltysem.estimation.ordinal.problem import OrdinalProblem

    Array = NDArray[np.float64]
    Positions = NDArray[np.intp]


def resampled_problem(problem: OrdinalProblem, rows: Sequence[Positions]) -> OrdinalProblem:
    """Return the same model with other respondents, its moments and weights estimated anew.

    Parameters
    ----------
    problem
        The model and the original sample.
    rows
        For each group the positions of its respondents, with repetitions.

    Raises
    ------
    CategoryLostError
        The draw lacks a category of an ordinal variable, so that the model has another number of
        thresholds in it, or a numeric variable or a covariate does not vary in it.
    """
    table, moments = problem.table, problem.moments
    covariates = table.exogenous if table.conditional_x else ()
    with_gamma = needs_gamma(problem.options)
    groups = []
    for group, chosen in zip(moments.groups, rows, strict=True):
        sizes = _sizes(group, moments.names, covariates)
        drawn = replace(group, data=raw_rows(group)[chosen])
        _check_drawn(raw_rows(drawn), sizes, moments.names)
        groups.append(ordinal_group(drawn, moments.names, covariates, sizes, with_gamma=with_gamma))
    return ordinal_problem(table, moments.with_groups(groups), problem.options)


def share_lacking_categories(problem: OrdinalProblem) -> float:
    """Return the share of bootstrap samples in which some category is expected to be missing.

    A category that c of n respondents chose is missing from (1 - c / n)^n of the samples. They are
    taken as independent, which makes the share a little too large.
    """
    moments = problem.moments
    covariates = problem.table.exogenous if problem.table.conditional_x else ()
    whole = 1.0
    for group in moments.groups:
        rows = raw_rows(group)
        for size, column in zip(_sizes(group, moments.names, covariates), rows.T, strict=True):
            if size:
                codes = column[~np.isnan(column)].astype(np.intp)
                chosen = np.bincount(codes, minlength=int(size)) / len(rows)
                whole *= float(np.prod(1.0 - (1.0 - chosen) ** len(rows)))
    return 1.0 - whole


def _sizes(group: GroupMoments, names: Sequence[str], covariates: Sequence[str]) -> Positions:
    """Return the number of categories of every column, 0 for numeric ones and covariates."""
    sizes = np.zeros(len(names), dtype=np.intp)
    inner = [k for k, name in enumerate(names) if name not in covariates]
    sizes[inner] = ordinal_part(group).sizes
    return sizes


def _check_drawn(rows: Array, sizes: Positions, names: Sequence[str]) -> None:
    for name, size, column in zip(names, sizes, rows.T, strict=True):
        values = column[~np.isnan(column)]
        needed = max(int(size), 2)
        if len(np.unique(values)) < needed:
            raise CategoryLostError(f"The draw lacks categories or variation of '{name}'")
