"""Correlations of pairs of variables given their margins, and the pairs' scores.

Three kinds of pairs: two ordinal variables (polychoric), a numeric and an ordinal one (polyserial),
two numeric ones (Pearson). Each kind estimates its correlations and then gives, for a set of
respondents, the scores of the correlations and their cross products with the scores of the margins'
parameters: what the asymptotic covariance of the moments is made of (Muthén, 1984).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.ordinal.bivariate_normal import normal_pdf
from loyaltysem.estimation.ordinal.rectangles import (
    FLOOR,
    limit_slopes,
    maximise_correlations,
    rectangle_probabilities,
    rectangle_slopes,
)
from loyaltysem.estimation.ordinal.thresholds import case_limits, interval_probability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.ordinal.tables import Pairs, Positions
    from loyaltysem.estimation.ordinal.thresholds import Margin

    Array = NDArray[np.float64]

# Polyserial and Pearson correlations are sought within these bounds (as in lavaan).
POLYSERIAL_BOUND = 0.995
PEARSON_BOUND = 0.999
# Respondents times pairs that are worked on at a time.
_CHUNK = 1_000_000


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


# --- two ordinal variables, respondents counted in tables ---------------------------------------


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


# --- two ordinal variables, each respondent with limits of their own ----------------------------


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
        _case_cross(at_first, codes, margins, covariates, pairs[0]),
        _case_cross(at_second, codes, margins, covariates, pairs[1]),
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


def _case_cross(
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


# --- a numeric and an ordinal variable ----------------------------------------------------------


def polyserial_correlations(
    standardized: Array, limits: Array, pairs: Pairs
) -> tuple[Array, NDArray[np.bool_]]:
    """Return polyserial correlations given the margins.

    Parameters
    ----------
    standardized
        Standardized residuals (p, n) of the numeric variables, NaN where missing.
    limits
        Category limits (p, n, 2) of the ordinal variables; a missing answer has the whole line.
    pairs
        Numeric variable and ordinal variable of each pair.

    Returns
    -------
    Correlations (pairs,), and which lie at the bound of 0.995.
    """
    n = standardized.shape[1]
    size = max(1, _CHUNK // n)
    parts = [
        _polyserial_block(standardized[pairs[0][k : k + size]], limits[pairs[1][k : k + size]])
        for k in range(0, len(pairs[0]), size)
    ]
    return np.concatenate([rho for rho, _ in parts]), np.concatenate([at for _, at in parts])


def _polyserial_block(z: Array, limits: Array) -> tuple[Array, NDArray[np.bool_]]:
    known = ~np.isnan(z)
    z = np.where(known, z, 0.0)

    def derivatives(rho: Array, active: Positions) -> tuple[Array, Array, Array]:
        return _polyserial_derivatives(z[active], limits[active], known[active], rho)

    return maximise_correlations(derivatives, np.zeros(len(z)), POLYSERIAL_BOUND)


def _polyserial_derivatives(
    z: Array, limits: Array, known: NDArray[np.bool_], rho: Array
) -> tuple[Array, Array, Array]:
    r = rho[:, None, None]
    root = np.sqrt(1 - r * r)
    conditional = (limits - r * z[..., None]) / root
    probability = _strip_probability(conditional)
    rate = (limits * r - z[..., None]) / root**3
    density = normal_pdf(conditional)
    bend = limits / root**3 + 3 * r * (limits * r - z[..., None]) / root**5
    score = np.where(known, np.diff(density * rate)[..., 0] / probability, 0.0)
    second = np.diff(density * (bend - conditional * rate * rate))[..., 0] / probability
    outer = -np.sum(score * score, axis=1)
    return score.sum(axis=1), np.where(known, second, 0.0).sum(axis=1) + outer, outer


def _strip_probability(conditional: Array) -> Array:
    probability = interval_probability(conditional[..., 0], conditional[..., 1])
    return np.maximum(probability, np.finfo(float).eps)


def polyserial_scores(
    standardized: Array,
    codes: Positions,
    margins: Sequence[Margin],
    covariates: Array,
    pairs: Pairs,
    rho: Array,
) -> PairScores:
    """Return the scores of polyserial correlations respondent by respondent.

    Arguments as in `case_scores` and `polyserial_correlations`; the first variable of each pair is
    the numeric one. Cox (1974); as lavaan's ``lav_bvmix_cor_scores``.
    """
    limits, answered = case_rectangles(codes, margins, covariates)
    z, limits = standardized[pairs[0]], limits[pairs[1]]
    known = answered[pairs[1]] & ~np.isnan(z)
    z = np.where(known, z, 0.0)
    r = rho[:, None]
    root = np.sqrt(1 - r * r)
    conditional = (limits - (r * z)[..., None]) / root[..., None]
    density = normal_pdf(conditional) / _strip_probability(conditional)[..., None]
    rate = (limits * r[..., None] - z[..., None]) / root[..., None] ** 3
    score = np.where(known, np.diff(density * rate)[..., 0], 0.0)
    sd = np.sqrt([margins[v].variance for v in pairs[0]])[:, None]
    pull = z + r / root * np.diff(density)[..., 0]
    spread = (z * pull - 1) / (2 * sd * sd)
    at_limit = score[..., None] * density * np.array([-1.0, 1.0]) / root[..., None]
    weight = score * pull / sd
    return PairScores(
        score.T,
        Cross(
            weight.sum(axis=1, keepdims=True), weight @ covariates, np.sum(score * spread, axis=1)
        ),
        _case_cross(at_limit, codes, margins, covariates, pairs[1]),
    )


# --- two numeric variables ----------------------------------------------------------------------


def pearson_correlations(standardized: Array, pairs: Pairs) -> tuple[Array, NDArray[np.bool_]]:
    """Return maximum-likelihood correlations of residuals given means and variances.

    ``standardized`` (p, n) as in `polyserial_correlations`. With complete data these are Pearson's.
    """
    known = ~np.isnan(standardized)
    z = np.where(known, standardized, 0.0)
    n = (known.astype(float) @ known.T)[pairs]
    product = (z @ z.T)[pairs]
    squares = (z * z) @ known.T
    total = squares[pairs] + squares.T[pairs]
    if known.all():
        return product / n, np.zeros(len(n), dtype=bool)

    def derivatives(rho: Array, active: Positions) -> tuple[Array, Array, Array]:
        return _pearson_derivatives(n[active], product[active], total[active], rho)

    return maximise_correlations(derivatives, product / n, PEARSON_BOUND)


def _pearson_derivatives(
    n: Array, product: Array, total: Array, rho: Array
) -> tuple[Array, Array, Array]:
    free = 1 - rho * rho
    spread = total - 2 * rho * product
    gradient = n * rho / free + product / free - rho * spread / free**2
    hessian = (n * (1 + rho**2) + 2 * rho * product - total + 4 * rho * product) / free**2
    hessian -= 4 * rho**2 * spread / free**3
    return gradient, hessian, -n * (1 + rho**2) / free**2


def pearson_scores(
    standardized: Array,
    margins: Sequence[Margin],
    covariates: Array,
    pairs: Pairs,
    rho: Array,
) -> PairScores:
    """Return the scores of Pearson correlations respondent by respondent.

    As lavaan's ``lav_bvreg_cor_scores``.
    """
    one, other = standardized[pairs[0]], standardized[pairs[1]]
    known = ~np.isnan(one + other)
    x, y = np.where(known, one, 0.0), np.where(known, other, 0.0)
    r = rho[:, None]
    free = 1 - r * r
    score = np.where(known, (r * free + x * y * (1 + r * r) - r * (x * x + y * y)) / free**2, 0.0)
    sides = []
    for mine, yours, variables in ((x, y, pairs[0]), (y, x, pairs[1])):
        sd = np.sqrt([margins[v].variance for v in variables])[:, None]
        pull = (mine - r * yours) / free
        weight = score * pull / sd
        spread = np.sum(score * (mine * pull - 1) / (2 * sd * sd), axis=1)
        sides.append(Cross(weight.sum(axis=1, keepdims=True), weight @ covariates, spread))
    return PairScores(score.T, sides[0], sides[1])
