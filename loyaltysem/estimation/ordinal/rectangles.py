"""Step two of ordinal estimation: one correlation for each pair, given the pair's margins.

The likelihood of a pair is a product over rectangles of the bivariate normal distribution. Arrays
carry all pairs at once: axis 0 is the pair, axis 1 the covariate pattern (one pattern without
covariates), then come the categories of the first and of the second variable. The same functions
serve single respondents (pattern = respondent, one rectangle each) when covariates are continuous.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from loyaltysem.estimation.ordinal.bivariate_normal import (
    bivariate_normal_cdf,
    bivariate_normal_pdf,
    log_density_slope,
    normal_pdf,
)
from loyaltysem.estimation.ordinal.thresholds import OUTERMOST

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

# Probabilities below this are set to it, and such cells have no score (as in lavaan).
FLOOR = float(np.sqrt(np.finfo(float).eps))
_MAX_ITERATIONS = 100
# Newton's next step would be about the square of this.
_TOLERANCE = 1e-7


def rectangle_probabilities(first: Array, second: Array, rho: Array) -> Array:
    """Return the probability of each rectangle.

    Parameters
    ----------
    first, second
        Limits of the rectangles, increasing along the last axis: (pairs, patterns, a + 1) and
        (pairs, patterns, b + 1).
    rho
        Correlation of each pair (pairs,).

    Returns
    -------
    Probabilities (pairs, patterns, a, b), never below ``FLOOR``.
    """
    x, y, r = _corners(first, second, rho)
    at_corner = ndtr(x) * ndtr(y)
    inner = (np.abs(x) < OUTERMOST) & (np.abs(y) < OUTERMOST)
    at_corner[inner] = bivariate_normal_cdf(x[inner], y[inner], r[inner])
    probability: Array = np.maximum(_differences(at_corner), FLOOR)
    return probability


def rectangle_slopes(first: Array, second: Array, rho: Array) -> tuple[Array, Array]:
    """Return first and second derivatives of the rectangles' probabilities by ``rho``.

    Arguments and shapes as in `rectangle_probabilities`.
    """
    x, y, r = _corners(first, second, rho)
    density = bivariate_normal_pdf(x, y, r)
    return _differences(density), _differences(density * log_density_slope(x, y, r))


def limit_slopes(first: Array, second: Array, rho: Array) -> Array:
    """Return how the probability left of each limit of ``first`` grows with that limit.

    Returns
    -------
    (pairs, patterns, a + 1, b): phi(u) [Phi((v2 - r u) / R) - Phi((v1 - r u) / R)] with
    R = sqrt(1 - r^2), for limit u and the strip v1..v2 of the second variable.
    """
    x, y, r = _corners(first, second, rho)
    below = ndtr((y - r * x) / np.sqrt(1 - r * r))
    slopes: Array = normal_pdf(x[..., 1:]) * np.diff(below, axis=-1)
    return slopes


def _corners(first: Array, second: Array, rho: Array) -> tuple[Array, Array, Array]:
    x, y, r = np.broadcast_arrays(
        first[..., :, None], second[..., None, :], rho[:, None, None, None]
    )
    return x, y, r


def _differences(at_corner: Array) -> Array:
    return np.diff(np.diff(at_corner, axis=-1), axis=-2)


def table_derivatives(
    counts: Array, first: Array, second: Array, rho: Array
) -> tuple[Array, Array, Array]:
    """Return gradient, Hessian and outer-product curvature of each pair's log-likelihood.

    Parameters
    ----------
    counts
        Respondents in each rectangle (pairs, patterns, a, b).
    first, second, rho
        As in `rectangle_probabilities`.

    Returns
    -------
    Three arrays (pairs,); the last is minus the sum of squared scores, never positive.
    """
    probability = rectangle_probabilities(first, second, rho)
    slope, bend = rectangle_slopes(first, second, rho)
    score = slope / probability
    axes = (1, 2, 3)
    outer = -np.sum(counts * score * score, axis=axes)
    hessian = np.sum(counts * bend / probability, axis=axes) + outer
    return np.sum(counts * score, axis=axes), hessian, outer


def maximise_correlations(
    derivatives: Callable[[Array, NDArray[np.intp]], tuple[Array, Array, Array]],
    start: Array,
    bound: float,
) -> tuple[Array, NDArray[np.bool_]]:
    """Maximise each pair's log-likelihood in its correlation, all pairs at once.

    Newton steps, kept inside an interval that the sign of the gradient narrows.

    Parameters
    ----------
    derivatives
        Takes correlations and the positions of their pairs; returns gradient, Hessian and an
        always negative curvature to fall back on.
    start
        Starting correlations (pairs,).
    bound
        The correlations are sought within -bound..bound.

    Returns
    -------
    The correlations (pairs,), and which of them lie at the bound.
    """
    rho = np.clip(start, -0.9 * bound, 0.9 * bound)
    low, high = np.full(len(rho), -bound), np.full(len(rho), bound)
    active = np.arange(len(rho))
    for _ in range(_MAX_ITERATIONS):
        if not len(active):
            break
        moved = _newton_step(derivatives, active, rho, (low, high), bound)
        active = active[moved > _TOLERANCE]
    return rho, np.abs(rho) >= bound


def _newton_step(
    derivatives: Callable[[Array, NDArray[np.intp]], tuple[Array, Array, Array]],
    active: NDArray[np.intp],
    rho: Array,
    interval: tuple[Array, Array],
    bound: float,
) -> Array:
    """Move ``rho`` and narrow ``interval`` for the active pairs; return the distances moved."""
    here = rho[active]
    low, high = interval
    gradient, hessian, outer = derivatives(here, active)
    rising = gradient > 0
    low[active] = np.where(rising, here, low[active])
    high[active] = np.where(rising, high[active], here)
    curvature = np.where(hessian < 0, hessian, np.minimum(outer, -1e-300))
    target = here - gradient / curvature
    edge = np.where(rising, high[active], low[active])
    inside = np.where(rising, target < edge, target > edge)
    # An edge that was visited before is not tried again: the middle is.
    instead = np.where(np.abs(edge) < bound, 0.5 * (here + edge), edge)
    rho[active] = np.where(inside, target, instead)
    return np.abs(rho[active] - here)
