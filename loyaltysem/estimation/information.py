"""From information to standard errors: inverses under constraints, delta method.

With theta = K phi + c, the inverse information of theta is K (K' I K)^-1 K'. Non-linear equalities
and active inequalities with derivatives H take their directions out of it: only steps along the
null space of H K remain. That is the block of the inverse of lavaan's augmented information
(Aitchison & Silvey 1958).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotri

from loyaltysem.errors import EstimationError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.optimise import Reparameterisation

# Reciprocal condition (information scaled to unit diagonal) below which parameters count as
# not identified; lavaan's solve() gives up near machine precision.
SINGULAR = 1e-13


def constrained_inverse(
    information: NDArray[np.float64],
    free: Reparameterisation,
    active: NDArray[np.float64] | None = None,
) -> NDArray[np.float64] | None:
    """Return the inverse of the information (q, q) within the constraints, None if singular.

    Parameters
    ----------
    information
        Unit information by theta (q, q).
    free
        Linear equalities.
    active
        Derivatives (k, q) of constraints beyond them, zero or more.
    """
    basis = free.basis
    if active is not None and len(active):
        along = active if basis is None else active @ basis
        within = null_space(along)
        basis = within if basis is None else basis @ within
    inner = information if basis is None else basis.T @ information @ basis
    inverse = symmetric_inverse(inner)
    if inverse is None or basis is None:
        return inverse
    return basis @ inverse @ basis.T


def null_space(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return an orthonormal basis (q, q - rank) of the vectors that ``matrix`` (k, q) maps to 0."""
    _, values, rows = np.linalg.svd(matrix)
    rank = int((values > 1e-12 * values.max(initial=0.0)).sum())
    return rows[rank:].T


def symmetric_inverse(matrix: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return the inverse of a symmetric matrix, None when it is numerically singular.

    Scaled to a unit diagonal first, so that the units of the variables do not matter. An indefinite
    matrix (an observed information at a saddle) is inverted as it is.
    """
    diagonal = np.abs(np.diagonal(matrix))
    if not np.isfinite(matrix).all() or (diagonal == 0).any():
        return None
    root = np.sqrt(diagonal)
    scale = np.multiply.outer(root, root)
    scaled = matrix / scale
    factor, failed = dpotrf(scaled, lower=1, clean=1)
    if not failed and factor.diagonal().min() ** 2 > SINGULAR:
        lower, _ = dpotri(factor, lower=1, overwrite_c=1)
        full: NDArray[np.float64] = lower + lower.T
        full.flat[:: len(full) + 1] *= 0.5
        return full / scale
    values, vectors = np.linalg.eigh(scaled)
    if np.abs(values).min() <= SINGULAR * np.abs(values).max():
        return None
    inverse: NDArray[np.float64] = (vectors / values) @ vectors.T / scale
    return inverse


def delta_method(jacobian: NDArray[np.float64], vcov: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return standard errors (k,) of functions with derivatives ``jacobian`` (k, q)."""
    variances = ((jacobian @ vcov) * jacobian).sum(axis=1)
    return np.sqrt(np.where(variances >= 0, variances, np.nan))


def standard_errors(vcov: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the roots of the variances (q,); NaN where a variance is negative."""
    variances = np.diagonal(vcov)
    return np.sqrt(np.where(variances >= 0, variances, np.nan))


class Estimated(Protocol):
    """Estimates whose covariance matrix (q, q) may be missing."""

    @property
    def vcov(self) -> NDArray[np.float64] | None:
        """Covariance matrix of the free parameters."""
        ...


def require_vcov(fit: Estimated) -> NDArray[np.float64]:
    """Return the covariance matrix of the estimates.

    Raises
    ------
    EstimationError
        There is none.
    """
    if fit.vcov is None:
        raise EstimationError(
            "This fit has no covariance matrix of the estimates",
            remedy='Fit with se="standard"; if that was done, the model is not identified.',
        )
    return fit.vcov
