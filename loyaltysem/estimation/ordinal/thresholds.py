"""Step one of ordinal estimation: each variable on its own.

An ordinal variable is a continuous response cut at thresholds. Without covariates the thresholds
are normal quantiles of the cumulative shares; with covariates they come, with the slopes, from an
ordered probit regression. A numeric variable gets its mean (or regression) and variance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.discrepancy import cholesky_or_none
from loyaltysem.estimation.ordinal.bivariate_normal import normal_pdf

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Codes = NDArray[np.intp]

# Limits of the outermost categories; the value of lavaan, finite so that 0 * limit is 0.
OUTERMOST = 100.0
_MAX_ITERATIONS = 100


@dataclass(frozen=True, slots=True)
class Margin:
    """One variable's own distribution given the covariates.

    ``location`` holds the thresholds (K - 1,) of an ordinal variable or the intercept (1,) of a
    numeric one; ``slopes`` (x,) the regression on the covariates; ``variance`` the residual
    variance (1 for ordinal variables); ``categories`` is 0 for numeric variables.
    """

    location: Array
    slopes: Array
    variance: float
    categories: int

    @property
    def ordinal(self) -> bool:
        """Whether the variable is ordinal."""
        return self.categories > 0

    def limits(self, shift: Array) -> Array:
        """Return category limits moved by ``shift`` = x'slopes (...): shape (..., K + 1)."""
        inner = self.location - shift[..., None]
        edge = np.full((*shift.shape, 1), OUTERMOST)
        return np.concatenate([-edge, inner, edge], axis=-1)


def threshold_estimates(counts: Array) -> Array:
    """Return thresholds (..., K - 1) from category counts (..., K): Phi^-1 of cumulative shares."""
    cumulated = np.cumsum(counts, axis=-1)
    thresholds: Array = ndtri(cumulated[..., :-1] / cumulated[..., -1:])
    return thresholds


def ordinal_margin(codes: Codes, categories: int, covariates: Array, name: str = "") -> Margin:
    """Estimate thresholds and probit slopes of one ordinal variable by maximum likelihood.

    Parameters
    ----------
    codes
        Category of each case (n,), 0 to ``categories`` - 1, -1 where missing. Every category
        must occur.
    categories
        Number of categories, at least 2.
    covariates
        (n, x), x may be 0; together with a constant they are linearly independent.
    name
        The variable's name, for messages.

    Returns
    -------
    Margin with ``variance`` 1.

    Raises
    ------
    EstimationError
        If the probit regression has no finite maximum (a covariate separates the categories).
    """
    present = codes >= 0
    counts = np.bincount(codes[present], minlength=categories)
    start = threshold_estimates(counts.astype(float))
    if covariates.shape[1] == 0:
        return Margin(start, np.zeros(0), 1.0, categories)
    theta = _ordered_probit(codes[present], covariates[present], start)
    if theta is None:
        raise EstimationError(
            f"The probit regression of '{name}' on the covariates has no finite solution",
            found="a covariate that separates its categories (almost) completely",
            remedy="Leave the covariate out, or merge categories.",
        )
    return Margin(theta[: categories - 1], theta[categories - 1 :], 1.0, categories)


def numeric_margin(values: Array, covariates: Array) -> Margin:
    """Estimate intercept, slopes and residual variance (divisor n) of one numeric variable.

    ``values`` (n,) with NaN where missing, ``covariates`` (n, x).
    """
    present = ~np.isnan(values)
    y, x = values[present], covariates[present]
    design = np.column_stack([np.ones(len(y)), x])
    coefficients = np.linalg.lstsq(design, y, rcond=None)[0].astype(float)
    variance = float(np.mean(np.square(y - design @ coefficients)))
    return Margin(coefficients[:1], coefficients[1:], variance, 0)


def _ordered_probit(codes: Codes, x: Array, start: Array) -> Array | None:
    """Newton's method on the log-likelihood, which is concave (Pratt, 1981); None if it fails."""
    theta: Array = np.concatenate([start, np.zeros(x.shape[1])])
    value = _log_likelihood(theta, codes, x)
    for _ in range(_MAX_ITERATIONS):
        gradient, hessian = _probit_derivatives(theta, codes, x)
        metric = cholesky_or_none(-hessian)
        if metric is None:
            return None
        step = np.linalg.solve(metric.T, np.linalg.solve(metric, gradient)).astype(float)
        theta, value = _uphill(theta, value, step, codes, x)
        if np.abs(step).max() < 1e-9:
            return theta
    return None


def _uphill(theta: Array, value: float, step: Array, codes: Codes, x: Array) -> tuple[Array, float]:
    """Take the Newton step, halved until the likelihood does not fall."""
    for halving in range(30):
        trial = theta + step / 2**halving
        reached = _log_likelihood(trial, codes, x)
        if reached >= value - 1e-12 * abs(value):
            return trial, reached
    return theta, value


def case_limits(codes: Codes, margin: Margin, covariates: Array) -> tuple[Array, Array]:
    """Return the lower and upper limit (n,) of each case's category given its covariates.

    Missing cases (code -1) get the limits of the whole line.
    """
    shift = covariates @ margin.slopes
    edges = np.concatenate([[-np.inf], margin.location, [np.inf]])
    lower = np.where(codes < 0, -np.inf, edges[codes])
    upper = np.where(codes < 0, np.inf, edges[codes + 1])
    return (
        np.clip(lower - shift, -OUTERMOST, OUTERMOST),
        np.clip(upper - shift, -OUTERMOST, OUTERMOST),
    )


def interval_probability(lower: Array, upper: Array) -> Array:
    """Return Phi(upper) - Phi(lower), without cancellation in the upper tail."""
    flip = lower > 0
    low, high = np.where(flip, -upper, lower), np.where(flip, -lower, upper)
    probability: Array = ndtr(high) - ndtr(low)
    return probability


def _log_likelihood(theta: Array, codes: Codes, x: Array) -> float:
    location, slopes = np.split(theta, [len(theta) - x.shape[1]])
    if np.any(np.diff(location) <= 0):
        return -np.inf
    lower, upper = case_limits(codes, Margin(location, slopes, 1.0, len(location) + 1), x)
    probability = interval_probability(lower, upper)
    return float(np.sum(np.log(probability))) if np.all(probability > 0) else -np.inf


def _probit_derivatives(theta: Array, codes: Codes, x: Array) -> tuple[Array, Array]:
    """Gradient (k,) and Hessian (k, k) over all cases."""
    location, slopes = np.split(theta, [len(theta) - x.shape[1]])
    margin = Margin(location, slopes, 1.0, len(location) + 1)
    lower, upper = case_limits(codes, margin, x)
    probability = interval_probability(lower, upper)
    at_upper, at_lower = _limit_designs(codes, margin, x)
    up, low = normal_pdf(upper) / probability, normal_pdf(lower) / probability
    scores = at_upper * up[:, None] - at_lower * low[:, None]
    curvature = (at_lower * (lower * low)[:, None]).T @ at_lower
    curvature -= (at_upper * (upper * up)[:, None]).T @ at_upper
    return scores.sum(axis=0), curvature - scores.T @ scores


def _limit_designs(codes: Codes, margin: Margin, x: Array) -> tuple[Array, Array]:
    """Return the derivatives of each case's upper and lower limit by (thresholds, slopes)."""
    onehot = np.eye(margin.categories)[codes]
    return (
        np.column_stack([onehot[:, :-1], -x]),
        np.column_stack([onehot[:, 1:], -x]),
    )


def ordinal_scores(codes: Codes, margin: Margin, covariates: Array) -> tuple[Array, Array]:
    """Return each case's score for the thresholds (n, K - 1) and the slopes (n, x).

    The score is the derivative of the case's log-likelihood at the estimates; rows of missing
    cases (code -1) are 0. As lavaan's ``lav_uvord_scores``.
    """
    lower, upper = case_limits(codes, margin, covariates)
    probability = interval_probability(lower, upper)
    at_upper, at_lower = _limit_designs(codes, margin, covariates)
    up, low = normal_pdf(upper) / probability, normal_pdf(lower) / probability
    scores = at_upper * up[:, None] - at_lower * low[:, None]
    scores[codes < 0] = 0.0
    return scores[:, : len(margin.location)], scores[:, len(margin.location) :]


def numeric_scores(
    standardized: Array, margin: Margin, covariates: Array
) -> tuple[Array, Array, Array]:
    """Return each case's score for the intercept (n, 1), the slopes (n, x), the variance (n,).

    ``standardized`` (n,) are residuals divided by their standard deviation; rows of missing cases
    (NaN) are 0. As lavaan's ``lav_uvreg_scores``.
    """
    missing = np.isnan(standardized)
    location = np.where(missing, 0.0, standardized / np.sqrt(margin.variance))[:, None]
    spread = (np.square(standardized) - 1) / (2 * margin.variance)
    return location, location * covariates, np.where(missing, 0.0, spread)
