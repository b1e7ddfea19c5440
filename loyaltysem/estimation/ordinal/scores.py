"""Factor scores from ordinal answers: the mode of what the answers leave likely.

An answer between the thresholds a and b of item i has the probability Phi((b - mu_i) / s_i) -
Phi((a - mu_i) / s_i) with mu = nu + Lambda eta and residual standard deviation s; items are
independent given eta. The score maximises the sum of the logarithms, with the normal density of eta
as prior (empirical Bayes modal) or without (maximum likelihood). Both are concave, so Newton steps
find the one mode of every respondent at once. Skrondal & Rabe-Hesketh (2004, ch. 7).

As lavaan's ``lavPredict`` (EBM, ML), but for two slips of lavaan 0.6-14: in the theta
parameterization it takes thresholds in units of the response's standard deviation beside residuals
that are not, and with several groups the first one's parameters for all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import log_ndtr

from loyaltysem.errors import EstimationError, listed
from loyaltysem.estimation.moments import raw_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.moments import GroupMoments
    from loyaltysem.estimation.ordinal.implied import OrdinalImplied, OrdinalStructure

    Array = NDArray[np.float64]

RIDGE = 1e-5
"""Precision of the prior of maximum likelihood scores: keeps those of extreme answers finite."""

_STEPS, _CLOSE = 100, 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """Answers of one group and the model that they are scored with.

    ``loadings`` (p, m), ``spread`` (p,) residual standard deviations, ``is_ordinal`` (p,);
    distances from nu to the ``lower`` and ``upper`` threshold of each answer (n, p), of numeric
    variables ``upper`` to the answer itself; ``known`` (n, p) whether there is one.
    """

    loadings: Array
    spread: Array
    is_ordinal: NDArray[np.bool_]
    lower: Array
    upper: Array
    known: NDArray[np.bool_]

    def derivatives(self, eta: Array) -> tuple[Array, Array, Array]:
        """Return log-likelihood (n,), gradient (n, m) and negative Hessian (n, m, m) at eta."""
        mean = eta @ self.loadings.T
        value, slope, bend = _log_interval(
            (self.lower - mean) / self.spread, (self.upper - mean) / self.spread
        )
        z = (self.upper - mean) / self.spread
        numeric = ~self.is_ordinal
        value[:, numeric] = -0.5 * z[:, numeric] ** 2
        slope[:, numeric], bend[:, numeric] = z[:, numeric], 1.0
        value, slope, bend = (np.where(self.known, part, 0.0) for part in (value, slope, bend))
        steep = self.loadings / self.spread[:, None]
        hessian = np.einsum("np,pi,pj->nij", bend, steep, steep, optimize=True)
        return value.sum(axis=1), slope @ steep, hessian


def _log_interval(a: Array, b: Array) -> tuple[Array, Array, Array]:
    """Return log[Phi(b) - Phi(a)], its slope along a shift of the mean, and minus its curvature."""
    flip = a > 0  # both far in the upper tail: mirrored, where Phi keeps its digits
    low, high = np.where(flip, -b, a), np.where(flip, -a, b)
    log_high, log_low = log_ndtr(high), log_ndtr(low)
    with np.errstate(divide="ignore"):
        value = log_high + np.log1p(-np.exp(np.minimum(log_low - log_high, 0.0)))
    density_a, density_b = (np.exp(_log_density(x) - value) for x in (a, b))
    slope = density_a - density_b
    pull = _times(a, density_a) - _times(b, density_b)
    return value, slope, slope**2 - pull


def _log_density(x: Array) -> Array:
    return -0.5 * x**2 - 0.5 * math.log(2 * math.pi)


def _times(x: Array, density: Array) -> Array:
    product: Array = np.where(np.isfinite(x), x, 0.0) * density
    return product


def ordinal_scores(
    structure: OrdinalStructure,
    point: OrdinalImplied,
    theta: Array,
    group: GroupMoments,
    names: tuple[str, ...],
    *,
    prior: bool,
) -> Array:
    """Return the factor scores (n, m) of one group.

    Parameters
    ----------
    structure, point, theta
        The model of the group, its moments at the estimates, and these.
    group, names
        The answers, and the names of their columns.
    prior
        Whether the latent variables' distribution counts (empirical Bayes modal scores); otherwise
        maximum likelihood, with a prior so wide that only extreme answers feel it.

    Raises
    ------
    EstimationError
        An observed variable stands inside regressions, or a variance is not positive.
    """
    matrices = structure.matrices
    inside = [matrices.observed[k] for k in np.flatnonzero(matrices.stand_in >= 0)]
    if inside:
        raise EstimationError(
            f"Factor scores of ordinal data need all of {listed(inside)} to be indicators",
            remedy="Leave observed outcomes out of the model, or treat the items as numeric.",
        )
    rows = raw_rows(group)
    columns = [names.index(name) for name in matrices.observed]
    answers = _answers(structure, point, theta, rows[:, columns])
    outer = rows[:, [names.index(name) for name in matrices.covariates]]
    mean = np.tile(point.responses.mean_lv, (len(rows), 1))
    if outer.size:
        mean += outer @ np.stack([one.mean_lv for one in point.regressions])
    cov = point.responses.cov_lv
    return _modes(answers, mean, _precision(cov) if prior else RIDGE * np.eye(len(cov)))


def _precision(cov: Array) -> Array:
    if np.linalg.eigvalsh(cov)[0] <= 0:
        raise EstimationError(
            "There are no factor scores: the covariance matrix of the latent variables is not"
            " positive definite"
        )
    return np.asarray(np.linalg.inv(cov))


def _answers(
    structure: OrdinalStructure, point: OrdinalImplied, theta: Array, rows: Array
) -> _Answers:
    matrices, is_ordinal = structure.matrices, structure.sizes > 0
    variances = np.diagonal(matrices.theta.fill(theta)) * ~is_ordinal + point.residual
    bad = [matrices.observed[k] for k in np.flatnonzero(variances <= 0)]
    if bad:
        raise EstimationError(
            f"There are no factor scores: the residual variance of {listed(bad)} is not positive"
        )
    nu = matrices.nu.fill(theta)[:, 0]
    lower, upper = np.full_like(rows, -np.inf), rows - nu
    for k in np.flatnonzero(is_ordinal):
        tau = np.concatenate([[-np.inf], point.tau[structure.variable == k] - nu[k], [np.inf]])
        codes = np.nan_to_num(rows[:, k]).astype(np.intp)
        lower[:, k], upper[:, k] = tau[codes], tau[codes + 1]
    return _Answers(
        loadings=matrices.lambda_.fill(theta),
        spread=np.sqrt(variances),
        is_ordinal=is_ordinal,
        lower=lower,
        upper=upper,
        known=~np.isnan(rows),
    )


def _modes(answers: _Answers, mean: Array, precision: Array) -> Array:
    """Return each respondent's mode (n, m) by Newton steps, halved where they overshoot."""
    eta, length = np.array(mean), np.ones(len(mean))
    value, slope, bend = _posterior(answers, eta, mean, precision)
    for _ in range(_STEPS):
        step = np.linalg.solve(bend, slope[..., None])[..., 0]
        if np.abs(step).max(initial=0.0) < _CLOSE:
            break
        trial = eta + length[:, None] * step
        found = _posterior(answers, trial, mean, precision)
        better = found[0] >= value - 1e-12 * np.abs(value)
        eta = np.where(better[:, None], trial, eta)
        value, slope = np.where(better, found[0], value), np.where(better[:, None], found[1], slope)
        bend = np.where(better[:, None, None], found[2], bend)
        length = np.where(better, 1.0, length / 2)
    return eta


def _posterior(
    answers: _Answers, eta: Array, mean: Array, precision: Array
) -> tuple[Array, Array, Array]:
    value, slope, bend = answers.derivatives(eta)
    pulled = (eta - mean) @ precision
    return value - 0.5 * (pulled * (eta - mean)).sum(axis=1), slope - pulled, bend + precision
