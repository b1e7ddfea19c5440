"""Means and covariances of incomplete data: maximum likelihood by EM, with nothing else assumed.

These are the sufficient statistics of the unrestricted model (h1), against which a model fitted by
full information is tested, and good moments for any procedure that needs a covariance matrix.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.incomplete.patterns import MissingPatterns, missing_patterns

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = 1e-12
MAX_ITERATIONS = 2000
_MEMORY = 6
_SLACK = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """The E-step at one mean and covariance: what the observed values say about the missing ones.

    Attributes
    ----------
    completed
        (R, p) deviations from the mean, missing ones replaced by their conditional expectation
        (times the row's weight, as in ``MissingPatterns.rows``).
    weighted
        (R, p) ``completed`` times the inverse covariance: each row's deviations times the inverse
        of its own observed covariance matrix, 0 where it lacks the variable.
    conditional
        (p, p) sum over respondents of the conditional covariance of their missing values.
    precision
        (p, p) inverse covariance.
    inverses
        For each block of patterns the (K, m, m) conditional covariances of the missing variables.
    logdet
        Sum over respondents of the log determinant of their observed covariance matrix.
    """

    completed: NDArray[np.float64]
    weighted: NDArray[np.float64]
    conditional: NDArray[np.float64]
    precision: NDArray[np.float64]
    inverses: tuple[NDArray[np.float64], ...]
    logdet: float

    @property
    def deviance(self) -> float:
        """Minus twice the log-likelihood, without its constant n p log(2 pi)."""
        return self.logdet + float(np.vdot(self.completed, self.weighted))


def complete(
    patterns: MissingPatterns, mean: NDArray[np.float64], cov: NDArray[np.float64]
) -> Completion:
    """Compute the conditional expectation of the missing values, for all patterns at once.

    With P the inverse covariance and M the missing variables of a pattern, the missing deviations
    are expected at ``-P_MM^-1 P_MO d_O`` with covariance ``P_MM^-1``, and the determinant of the
    observed covariance is ``|cov| |P_MM|``: nothing larger than m x m is inverted for a pattern.

    Raises
    ------
    numpy.linalg.LinAlgError
        When ``cov`` is not positive definite.
    """
    precision, own = _inverse(cov)
    logdet = patterns.n * float(own)
    completed = patterns.rows - patterns.centre * mean
    product = completed @ precision
    conditional = np.zeros_like(precision)
    inverses: list[NDArray[np.float64]] = []
    for block in patterns.blocks:
        here, there = block.missing[:, :, np.newaxis], block.missing[:, np.newaxis, :]
        inverse, own = _inverse(precision[here, there])
        logdet += float(block.counts @ own)
        np.add.at(conditional, (here, there), block.counts[:, np.newaxis, np.newaxis] * inverse)
        cells = block.rows[:, np.newaxis], block.missing[block.owner]
        expected = inverse[block.owner] @ product[cells][:, :, np.newaxis]
        completed[cells] = -expected[:, :, 0]
        inverses.append(inverse)
    return Completion(
        completed=completed,
        weighted=completed @ precision,
        conditional=conditional,
        precision=precision,
        inverses=tuple(inverses),
        logdet=logdet,
    )


def _inverse(
    matrix: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return inverse and log determinant of positive definite matrices (..., m, m)."""
    root = np.linalg.cholesky(matrix)
    half = np.linalg.inv(root)
    diagonal = np.diagonal(root, axis1=-2, axis2=-1)
    return half.swapaxes(-1, -2) @ half, 2.0 * np.log(diagonal).sum(axis=-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaturatedMoments:
    """Maximum-likelihood mean and covariance of incomplete data.

    Attributes
    ----------
    mean, cov
        (p,) and (p, p); the covariance has divisor n.
    loglik
        Log-likelihood there.
    iterations
        EM steps taken.
    converged
        Whether the last step changed no standardized moment by more than the tolerance.
    degenerate
        The singular covariance (p, p) that the steps ran into, None as a rule. The likelihood then
        has no maximum, and ``mean`` and ``cov`` are the last possible ones.
    """

    mean: NDArray[np.float64]
    cov: NDArray[np.float64]
    loglik: float
    iterations: int
    converged: bool
    degenerate: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncompleteData:
    """A group's incomplete data together with its saturated model."""

    patterns: MissingPatterns
    saturated: SaturatedMoments

    @property
    def deviance(self) -> float:
        """Minus twice the saturated log-likelihood per respondent, without its constant."""
        n_values = float(self.patterns.counts @ self.patterns.observed.sum(axis=1))
        constant = n_values * float(np.log(2.0 * np.pi))
        return (-2.0 * self.saturated.loglik - constant) / self.patterns.n


def em_moments(
    data: NDArray[np.float64],
    *,
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> SaturatedMoments:
    """Estimate mean and covariance of a data matrix with missing values (NaN) by EM.

    Assumes that values are missing at random and that the variables are jointly normal.

    Parameters
    ----------
    data
        (n, p); rows without any value are ignored.
    tolerance
        Largest change of a standardized moment in the last EM step.
    max_iterations
        Steps after which to stop unconverged.

    Returns
    -------
    SaturatedMoments

    Notes
    -----
    EM for the normal distribution (Little & Rubin, 2002, section 11.2; ``lavaan`` uses the same
    for its unrestricted model), accelerated by Anderson mixing of the last few steps (Walker & Ni,
    2011), which falls back to a plain step whenever mixing would lower the likelihood. Checked
    against the golden cases ``fiml_*``.
    """
    return saturated_moments(
        missing_patterns(data), tolerance=tolerance, max_iterations=max_iterations
    )


def saturated_moments(
    patterns: MissingPatterns,
    *,
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> SaturatedMoments:
    """Estimate mean and covariance from missing-data patterns; see `em_moments`."""
    location, scale = _available_moments(patterns)
    climb = _accelerated_em(patterns.rescaled(location, scale), tolerance, max_iterations)
    mean, cov = _moments_of(climb.point, scale.size)
    broken = None if climb.broken is None else _moments_of(climb.broken, scale.size)[1]
    constant = float(patterns.counts @ (patterns.observed @ np.log(2.0 * np.pi * scale**2)))
    return SaturatedMoments(
        mean=location + scale * mean,
        cov=cov * np.outer(scale, scale),
        loglik=-0.5 * (climb.deviance + constant),
        iterations=climb.iterations,
        converged=climb.converged,
        degenerate=None if broken is None else broken * np.outer(scale, scale),
    )


def _available_moments(
    patterns: MissingPatterns,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and standard deviation of each variable over the respondents who have it."""
    answered = patterns.counts @ patterns.observed
    mean = (patterns.root_weight @ patterns.rows) / answered
    deviations = patterns.rows - patterns.centre * mean
    scale = np.sqrt((deviations**2).sum(axis=0) / answered)
    return mean, np.where(scale > 0, scale, 1.0)


@dataclass(frozen=True, slots=True)
class _Climb:
    """How far EM has come: the moments as one vector, their deviance, and what it broke on."""

    point: NDArray[np.float64]
    deviance: float
    iterations: int
    converged: bool = False
    broken: NDArray[np.float64] | None = None


def _accelerated_em(patterns: MissingPatterns, tolerance: float, max_iterations: int) -> _Climb:
    """Iterate EM from independence; a mixed step that does not help gives way to the plain one."""
    p = patterns.n_variables
    plain = candidate = _point(np.zeros(p), np.eye(p))
    best = _Climb(candidate, np.inf, 0)
    mixing = _Mixing(_MEMORY)
    for iteration in range(1, max_iterations + 1):
        following, deviance = _em_step(patterns, candidate)
        if deviance <= best.deviance + _SLACK * abs(best.deviance):
            settled = bool(np.abs(following - candidate).max() <= tolerance)
            best = _Climb(following if settled else candidate, deviance, iteration, settled)
            plain, candidate = following, mixing.next(candidate, following)
        elif candidate is plain:
            return replace(best, broken=plain)
        else:
            mixing, candidate = _Mixing(_MEMORY), plain
        if best.converged:
            break
    return best


def _em_step(
    patterns: MissingPatterns, point: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Return the moments of the completed data, and the deviance before the step.

    The deviance is infinite where the covariance is not positive definite.
    """
    mean, cov = _moments_of(point, patterns.n_variables)
    try:
        state = complete(patterns, mean, cov)
    except np.linalg.LinAlgError:
        return point, np.inf
    shift = (patterns.root_weight @ state.completed) / patterns.n
    second = (state.completed.T @ state.completed + state.conditional) / patterns.n
    return _point(mean + shift, second - np.outer(shift, shift)), state.deviance


def _point(mean: NDArray[np.float64], cov: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return mean and covariance as one vector."""
    return np.concatenate([mean, cov.ravel()])


def _moments_of(
    point: NDArray[np.float64], p: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Take that vector apart again."""
    return point[:p], point[p:].reshape(p, p)


class _Mixing:
    """Anderson mixing: the next point from the last few points and their images."""

    def __init__(self, memory: int) -> None:
        self._images: deque[NDArray[np.float64]] = deque(maxlen=memory)
        self._residuals: deque[NDArray[np.float64]] = deque(maxlen=memory)

    def next(self, point: NDArray[np.float64], image: NDArray[np.float64]) -> NDArray[np.float64]:
        """Remember the pair, and combine the images so that the residuals cancel best."""
        self._images.append(image)
        self._residuals.append(image - point)
        if len(self._images) == 1:
            return image
        images, residuals = np.diff(self._images, axis=0), np.diff(self._residuals, axis=0)
        weights = np.linalg.lstsq(residuals.T, self._residuals[-1], rcond=None)[0]
        return image - weights @ images
