"""The standard bivariate normal distribution, element by element over whole arrays.

Polychoric correlations need it at every pair of thresholds of every pair of items; the functions
here take arrays of any broadcastable shapes and are accurate to about 1e-15.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, owens_t

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

# Beyond 38 the normal distribution function is 0 or 1 in double precision.
FAR = 38.0
# Owen's second argument divides by the limit; this stands for zero.
_NEAREST = 1e-200


def normal_pdf(x: Array) -> Array:
    """Return the standard normal density at ``x`` (any shape)."""
    density: Array = np.exp(-0.5 * np.square(x)) / np.sqrt(2 * np.pi)
    return density


def bivariate_normal_pdf(x: Array, y: Array, rho: Array | float) -> Array:
    """Return the standard bivariate normal density.

    Parameters
    ----------
    x, y
        Points, any broadcastable shapes.
    rho
        Correlation, strictly between -1 and 1.

    Returns
    -------
    Density; it is also d Phi2(x, y; rho) / d rho (Plackett, 1954).
    """
    free = 1.0 - np.square(rho)
    exponent = (np.square(x) - 2 * rho * x * y + np.square(y)) / (-2 * free)
    density: Array = np.exp(exponent) / (2 * np.pi * np.sqrt(free))
    return density


def log_density_slope(x: Array, y: Array, rho: Array | float) -> Array:
    """Return d log phi2(x, y; rho) / d rho for the bivariate normal density phi2.

    Shapes as in `bivariate_normal_pdf`. With r = rho:
    [x y (1 + r^2) - r (x^2 + y^2) + r (1 - r^2)] / (1 - r^2)^2.
    """
    free = 1.0 - np.square(rho)
    slope: Array = (
        x * y * (1 + np.square(rho)) - rho * (np.square(x) + np.square(y)) + rho * free
    ) / np.square(free)
    return slope


def bivariate_normal_cdf(x: Array, y: Array, rho: Array | float) -> Array:
    """Return P(X <= x, Y <= y) for standard normal X and Y with correlation ``rho``.

    Parameters
    ----------
    x, y
        Upper limits (infinite ones allowed), any broadcastable shapes.
    rho
        Correlation, strictly between -1 and 1.

    Returns
    -------
    Probabilities, absolute error about 1e-15.

    Notes
    -----
    Owen (1956): Phi2(h, k; r) = [Phi(h) + Phi(k)] / 2 - T(h, a) - T(k, b) - c, where
    a = (k - r h) / (h sqrt(1 - r^2)), b = (h - r k) / (k sqrt(1 - r^2)), T is Owen's function
    and c = 1/2 when h and k have different signs, else 0.
    """
    h, k = _within_reach(x), _within_reach(y)
    root = np.sqrt(1.0 - np.square(rho))
    tails = owens_t(h, (k - rho * h) / (h * root)) + owens_t(k, (h - rho * k) / (k * root))
    probability: Array = 0.5 * (ndtr(h) + ndtr(k)) - tails - 0.5 * ((h < 0) != (k < 0))
    return probability


def _within_reach(limit: Array) -> Array:
    """Replace infinite limits by far ones, and zeros by next to nothing."""
    near = np.clip(limit, -FAR, FAR)
    reached: Array = np.where(np.abs(near) < _NEAREST, np.copysign(_NEAREST, near), near)
    return reached
