"""Polyserial and Pearson correlations: pairs in which a numeric variable takes part.

Two steps as for polychoric correlations: the margins first, then the correlation given the margins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.ordinal.bivariate_normal import normal_pdf
from loyaltysem.estimation.ordinal.pair_scores import (
    Cross,
    PairScores,
    case_cross,
    case_rectangles,
)
from loyaltysem.estimation.ordinal.rectangles import maximise_correlations
from loyaltysem.estimation.ordinal.thresholds import interval_probability

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
        case_cross(at_limit, codes, margins, covariates, pairs[1]),
    )


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
