"""One factor without iteration: loadings by instrumental variables, variance by least squares.

Hägglund (1982), FABIN 3, for four indicators and more; the just-identified solution for three. Used
for starting values.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


# Loadings on a marker of reliability .1 are no larger than this, in units of standard deviations.
WIDEST = math.sqrt(10.0)


def one_factor_loadings(
    cov: NDArray[np.float64], *, unit_variance: bool = False
) -> NDArray[np.float64]:
    """Return non-iterative loadings (p,) of one factor on covariance matrix ``cov`` (p, p).

    The first loading is 1, or the factor's variance is 1 with ``unit_variance``. Where the
    covariances allow no solution, all indicators count as equally reliable.
    """
    sd = np.sqrt(cov.diagonal())
    plain = sd * (0.7 if unit_variance else 1.0 / sd[0])
    if len(cov) < 3:
        return plain * np.where(cov[:, 0] < 0, -1.0, 1.0)
    loadings = _triad(cov) if len(cov) == 3 else _fabin(cov)
    if loadings is None or not math.isfinite(float(loadings.sum())):
        return plain
    bounds = sd * (WIDEST / sd[0])
    loadings = np.minimum(np.maximum(loadings, -bounds), bounds)
    if not unit_variance:
        return np.asarray(loadings)
    standardized: NDArray[np.float64] = loadings * np.sqrt(abs(factor_variance(cov, loadings)))
    return standardized


def _triad(cov: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return the just-identified solution of three indicators, None if it has a negative sign."""
    a, b, c = cov[1, 0], cov[2, 0], cov[2, 1]
    return np.array([1.0, c / b, c / a]) if a * b * c > 0 else None


def _fabin(cov: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return Hägglund's FABIN 3 loadings; the first is 1.

    The instruments of indicator i are all others but the marker. Each needs the inverse of the same
    matrix without row and column i, which one inverse gives by elimination.
    """
    others, first = cov[1:, 1:], cov[1:, 0]
    try:
        inverse = np.linalg.inv(others)
    except np.linalg.LinAlgError:
        return None
    solution = inverse @ first
    weights = solution[:, None] - inverse * (solution / np.diagonal(inverse))
    with np.errstate(divide="ignore", invalid="ignore"):
        loadings = (others * weights).sum(axis=0) / (first @ weights)
    return np.concatenate([[1.0], loadings])


def factor_variance(cov: NDArray[np.float64], loadings: NDArray[np.float64]) -> float:
    """Return the factor's variance given its loadings, by least squares on the covariances.

    With one indicator there are none; half of its variance counts as the factor's.
    """
    squares = loadings * loadings
    diagonal = cov.diagonal()
    shared = float(loadings @ cov @ loadings - squares @ diagonal)
    weight = float(squares.sum()) ** 2 - float(squares @ squares)
    if len(loadings) == 1 or weight <= 0:
        return 0.5 * float(diagonal[0] / squares[0])
    return shared / weight
