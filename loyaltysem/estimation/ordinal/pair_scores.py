"""Scores of polychoric correlations, and what they have in common with the margins' scores.

The asymptotic covariance of the moments is made of the scores of each pair's correlation and their
cross products with the scores of the margins' parameters (Muthén, 1984). Respondents are counted in
tables, or, where covariates differ from one to the next, taken one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.ordinal.rectangles import (
    FLOOR,
    limit_slopes,
    rectangle_probabilities,
    rectangle_slopes,
)
from loyaltysem.estimation.ordinal.thresholds import case_limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.ordinal.tables import Pairs, Positions
    from loyaltysem.estimation.ordinal.thresholds import Margin

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cross:
    """Cross products of the pairs' scores with scores of one variable's margin parameters.

    ``location`` (pairs, L): thresholds, or the mean (L = 1); ``slopes`` (pairs, x);
    ``variance`` (pairs,), zeros for ordinal variables.
    """

    location: Array
    slopes: Array
    variance: Array

    def __add__(self, other: Cross) -> Cross:
        return Cross(
            self.location + other.location,
            self.slopes + other.slopes,
            self.variance + other.variance,
        )


@dataclass(frozen=True, slots=True)
class PairScores:
    """Scores of the correlations, one column for each pair, with their cross products."""

    score: Array
    first: Cross
    second: Cross


@dataclass(frozen=True, slots=True)
class TableScores:
    """Scores of polychoric correlations by category: ``by_cell`` (pairs, patterns, K, K)."""

    by_cell: Array
    first: Cross
    second: Cross


def table_scores(
    counts: Array, first: Array, second: Array, covariates: Array, rho: Array
) -> TableScores:
    """Return the scores of polychoric correlations from tables.

    Parameters
    ----------
    counts
        (pairs, patterns, K, K).
    first, second
        Category limits (pairs, patterns, K + 1).
    covariates
        Covariate values of each pattern (patterns, x).
    rho
        (pairs,).
    """
    probability = rectangle_probabilities(first, second, rho)
    slope, _ = rectangle_slopes(first, second, rho)
    # A cell without a usable probability has no score (NA in lavaan).
    score = np.where(probability > FLOOR, slope / probability, 0.0)
    weight = counts * score / probability
    return TableScores(
        score,
        _table_cross(weight, limit_slopes(first, second, rho), covariates),
        _table_cross(weight.swapaxes(2, 3), limit_slopes(second, first, rho), covariates),
    )


def _table_cross(weight: Array, slopes: Array, covariates: Array) -> Cross:
    """Sum over cells: a limit takes from the cell above it what it gives to the cell below."""
    by_limit = _limit_sums(weight, slopes)
    moved = by_limit.sum(axis=2)
    return Cross(by_limit.sum(axis=1)[:, 1:-1], -moved @ covariates, np.zeros(len(weight)))


def _limit_sums(weight: Array, slopes: Array) -> Array:
    """Return (pairs, patterns, a + 1) derivatives by each limit of the first variable."""
    none = np.zeros_like(weight[:, :, :1])
    change = -np.diff(weight, axis=2, prepend=none, append=none)
    sums: Array = np.einsum("pgab,pgab->pga", change, slopes)
    return sums


def case_scores(
    codes: Positions, margins: Sequence[Margin], covariates: Array, pairs: Pairs, rho: Array
) -> PairScores:
    """Return the scores of polychoric correlations respondent by respondent.

    Parameters
    ----------
    codes
        (n, p) categories, -1 where missing.
    margins
        One for each variable.
    covariates
        (n, x).
    pairs, rho
        Variables and correlation of each pair (pairs,).
    """
    limits, answered = case_rectangles(codes, margins, covariates)
    first, second = limits[pairs[0]], limits[pairs[1]]
    both = (answered[pairs[0]] & answered[pairs[1]])[:, :, None, None]
    probability = rectangle_probabilities(first, second, rho)
    slope, _ = rectangle_slopes(first, second, rho)
    score = np.where(both & (probability > FLOOR), slope / probability, 0.0)
    weight = score / probability
    at_first = _limit_sums(weight, limit_slopes(first, second, rho))
    at_second = _limit_sums(weight.swapaxes(2, 3), limit_slopes(second, first, rho))
    return PairScores(
        score[:, :, 0, 0].T,
        case_cross(at_first, codes, margins, covariates, pairs[0]),
        case_cross(at_second, codes, margins, covariates, pairs[1]),
    )


def case_rectangles(
    codes: Positions, margins: Sequence[Margin], covariates: Array
) -> tuple[Array, NDArray[np.bool_]]:
    """Return each variable's category limits of each respondent (p, n, 2), and who answered.

    Columns of numeric variables are left at zero.
    """
    limits = np.zeros((len(margins), len(codes), 2))
    for position, margin in enumerate(margins):
        if margin.ordinal:
            lower, upper = case_limits(codes[:, position], margin, covariates)
            limits[position, :, 0], limits[position, :, 1] = lower, upper
    return limits, (codes >= 0).T


def case_cross(
    at_limit: Array,
    codes: Positions,
    margins: Sequence[Margin],
    covariates: Array,
    variables: Positions,
) -> Cross:
    """Add up derivatives by each respondent's own two limits (pairs, n, 2)."""
    most = max(margins[v].categories for v in variables)
    sums = np.zeros((len(variables), most + 1))
    for variable in np.unique(variables):
        mine = variables == variable
        answered = codes[:, variable] >= 0
        onehot = np.eye(most + 1)[codes[answered, variable]]
        sums[mine] += at_limit[mine][:, answered, 0] @ onehot
        sums[mine, 1:] += at_limit[mine][:, answered, 1] @ onehot[:, :-1]
    moved = at_limit.sum(axis=2)
    return Cross(sums[:, 1:most], -moved @ covariates, np.zeros(len(variables)))
