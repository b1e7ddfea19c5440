"""One factor without iteration: loadings by instrumental variables, variance by least squares.

Hagglund (1982), FABIN 3, for four indicators and more; the just-identified solution for three. Used
for starting values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def one_factor_loadings(
    cov: NDArray[np.float64], *, unit_variance: bool = False
) -> NDArray[np.float64]:
    """Return non-iterative loadings (p,) of one factor on covariance matrix ``cov`` (p, p).

    The first loading is 1, or the factor's variance is 1 with ``unit_variance``. Where the
    covariances allow no solution, all indicators count as equally reliable.
    """
    sd = np.sqrt(np.diagonal(cov))
    plain = sd * (0.7 if unit_variance else 1.0 / sd[0])
    if len(cov) < 3:
        return plain * np.where(cov[:, 0] < 0, -1.0, 1.0)
    loadings = _triad(cov) if len(cov) == 3 else _fabin(cov)
    if loadings is None or not np.isfinite(loadings).all():
        return plain
    bounds = sd / (np.sqrt(0.1) * sd[0])
    loadings = np.clip(loadings, -bounds, bounds)
    if not unit_variance:
        return loadings
    standardized: NDArray[np.float64] = loadings * np.sqrt(abs(factor_variance(cov, loadings)))
    return standardized


def _triad(cov: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return the just-identified solution of three indicators, None if it has a negative sign."""
    a, b, c = cov[1, 0], cov[2, 0], cov[2, 1]
    return np.array([1.0, c / b, c / a]) if a * b * c > 0 else None


def _fabin(cov: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Hagglund's FABIN 3 loadings; the first is 1."""
    p = len(cov)
    loadings = np.ones(p)
    for i in range(1, p):
        others = [j for j in range(1, p) if j != i]
        first = cov[others, 0]
        try:
            weights = np.linalg.solve(cov[np.ix_(others, others)], first)
        except np.linalg.LinAlgError:
            weights = first
        loadings[i] = (cov[i, others] @ weights) / (first @ weights)
    return loadings


def factor_variance(cov: NDArray[np.float64], loadings: NDArray[np.float64]) -> float:
    """Return the factor's variance given its loadings (Hagglund 1982), by least squares."""
    total = float(loadings @ loadings)
    projection = np.multiply.outer(loadings, loadings) / total
    try:
        unique = np.linalg.solve(
            np.eye(len(cov)) - projection**2, np.diagonal(cov - projection @ cov @ projection)
        )
    except np.linalg.LinAlgError:
        unique = 0.5 * np.diagonal(cov)
    return float(loadings @ (cov - np.diag(unique)) @ loadings) / total**2
