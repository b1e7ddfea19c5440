r"""Model-implied moments and their derivatives, for one theta or for many at once.

    Sigma = Lambda E Lambda' + Theta,   E = (I - B)^-1 Psi (I - B)^-T
    mu    = nu + Lambda (I - B)^-1 alpha

Every derivative of Sigma has rank two. With A = Lambda (I - B)^-1 and the *basis*
C = [I, A, Lambda E] (p, p + 2m), each free parameter i has a column l, a column r and a weight w:

    dSigma/dtheta_i = w (C_l C_r' + C_r C_l')          dmu/dtheta_i = s C_l

    ============  =======  ================  ==============================  ====================
    parameter     C_l      C_r               w                               s
    ============  =======  ================  ==============================  ====================
    Lambda[i, j]  I[:, i]  (Lambda E)[:, j]  1                               eta_mean[j]
    B[i, j]       A[:, i]  (Lambda E)[:, j]  1                               eta_mean[j]
    Psi[i, j]     A[:, i]  A[:, j]           1/2 on the diagonal, else 1     0
    Theta[i, j]   I[:, i]  I[:, j]           1/2 on the diagonal, else 1     0
    nu[i]         I[:, i]  (none)            0                               1
    alpha[i]      A[:, i]  (none)            0                               1
    ============  =======  ================  ==============================  ====================

Hence every trace that an estimator needs (gradient, expected information, Hessian) is a lookup in
the small matrix C' X C, without a loop over parameters and without forming the Jacobian. The second
derivatives follow from dC_c/dtheta_j = P[j, c] C_l(j) + Q[j, c] w_j C_r(j) (see `curvature`).

The formulas are those of Jöreskog (1970) and Bollen (1989, appendix 4A), arranged for speed. All
functions accept leading batch axes in theta.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.structure import Structure
    from loyaltysem.syntax.matrices import Cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Implied:
    """Implied moments of one group at theta (..., q), with what the derivatives need.

    ``sigma`` (..., p, p), ``mu`` (..., p), ``basis`` C (..., p, r), ``slope`` s (..., k),
    ``inverse`` (I - B)^-1 (..., m, m), ``cov_lv`` E (..., m, m), ``mean_lv`` (..., m). What no free
    parameter touches comes without batch axes.
    """

    sigma: NDArray[np.float64]
    mu: NDArray[np.float64]
    basis: NDArray[np.float64]
    slope: NDArray[np.float64]
    inverse: NDArray[np.float64]
    cov_lv: NDArray[np.float64]
    mean_lv: NDArray[np.float64]


def implied_moments(structure: Structure, theta: NDArray[np.float64]) -> Implied:
    """Return the implied moments of one group at ``theta`` (..., q)."""
    matrices = structure.matrices
    loadings = _fill(matrices.lambda_, theta)
    inverse = _inverse(matrices.beta, theta)
    cov_lv = inverse @ _fill(matrices.psi, theta) @ inverse.swapaxes(-1, -2)
    reach = loadings @ inverse
    shared = loadings @ cov_lv
    sigma = shared @ loadings.swapaxes(-1, -2) + _fill(matrices.theta, theta)
    mean_lv = (inverse @ _fill(matrices.alpha, theta))[..., 0]
    mu = _fill(matrices.nu, theta)[..., 0] + (loadings @ mean_lv[..., None])[..., 0]
    return Implied(
        sigma=sigma,
        mu=mu,
        basis=_basis(structure, reach, shared, theta.shape[:-1]),
        slope=_slope(structure, mean_lv),
        inverse=inverse,
        cov_lv=cov_lv,
        mean_lv=mean_lv,
    )


def _fill(cells: Cells, theta: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the matrix at theta; without a batch axis when nothing in it is free."""
    if not len(cells.free):
        return cells.base
    if theta.ndim > 1:
        return cells.fill(theta)
    filled = cells.base.copy()
    filled[cells.row, cells.col] = theta[cells.free]
    return filled


def _inverse(beta: Cells, theta: NDArray[np.float64]) -> NDArray[np.float64]:
    identity = np.eye(beta.base.shape[0])
    if not len(beta.free) and not beta.base.any():
        return identity
    effects = identity - _fill(beta, theta)
    try:
        return np.asarray(np.linalg.inv(effects), dtype=np.float64)
    except np.linalg.LinAlgError:  # a feedback loop of strength one: no moments exist
        return np.full_like(effects, np.nan)


def _basis(
    structure: Structure,
    reach: NDArray[np.float64],
    shared: NDArray[np.float64],
    batch: tuple[int, ...],
) -> NDArray[np.float64]:
    p, m = structure.p, structure.m
    basis = np.empty((*batch, p, p + 2 * m))
    basis[..., :p] = np.eye(p)
    basis[..., p : p + m] = reach
    basis[..., p + m :] = shared
    return basis


def _slope(structure: Structure, mean_lv: NDArray[np.float64]) -> NDArray[np.float64]:
    padded = np.empty((*mean_lv.shape[:-1], structure.m + 2))
    padded[..., : structure.m] = mean_lv
    padded[..., structure.m] = 1.0
    padded[..., structure.m + 1] = 0.0
    return padded[..., structure.slope_of]


def adjoint(
    structure: Structure,
    point: Implied,
    d_sigma: NDArray[np.float64],
    d_mu: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return dF/dtheta (..., q) from dF/dSigma and dF/dmu: the chain rule without the Jacobian.

    Parameters
    ----------
    d_sigma
        Symmetric (..., p, p) with dF = trace(d_sigma dSigma), i.e. every off-diagonal entry holds
        half of the derivative by the covariance that stands twice in Sigma.
    d_mu
        (..., p) with dF = d_mu' dmu; None when means play no part.
    """
    return pulled_back(structure, point, compress(point, d_sigma), d_mu)


def pulled_back(
    structure: Structure,
    point: Implied,
    table: NDArray[np.float64],
    d_mu: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return `adjoint` from the `compress`-ed dF/dSigma."""
    entries = 2.0 * structure.weight * table[..., structure.left, structure.right]
    if d_mu is not None:
        along = (d_mu[..., None, :] @ point.basis)[..., 0, structure.left]
        entries = entries + point.slope * along
    return scatter(structure, entries)


def scatter(structure: Structure, entries: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a vector over theta (..., q) from one over the group's free parameters (..., k)."""
    if structure.owns_all:
        return entries
    full = np.zeros((*entries.shape[:-1], structure.n_free))
    full[..., structure.free] = entries
    return full


def scatter_square(structure: Structure, entries: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a matrix over theta (..., q, q) from one over the group's free parameters."""
    if structure.owns_all:
        return entries
    q = structure.n_free
    full = np.zeros((*entries.shape[:-2], q, q))
    full[..., structure.free[:, None], structure.free] = entries
    return full


def jacobian(structure: Structure, point: Implied, *, means: bool) -> NDArray[np.float64]:
    """Return d(mu, vech Sigma)/dtheta (..., p + p(p+1)/2, q), lavaan's Delta of one group.

    Means come first and are left out unless ``means``; vech runs down the columns of the lower
    triangle.
    """
    left = point.basis[..., structure.left]
    right = point.basis[..., structure.right] * structure.weight
    rows, cols = structure.rows, structure.cols
    cov = left[..., rows, :] * right[..., cols, :] + right[..., rows, :] * left[..., cols, :]
    parts = [left * point.slope[..., None, :], cov] if means else [cov]
    entries = np.concatenate(parts, axis=-2)
    full = np.zeros((*entries.shape[:-1], structure.n_free))
    full[..., structure.free] = entries
    return full


def compress(point: Implied, inner: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return C' X C (..., r, r) for symmetric X (..., p, p): the table of all traces with X.

    The basis starts with the identity, so that only its other columns are multiplied.
    """
    p = inner.shape[-1]
    columns = point.basis[..., p:]
    across = inner @ columns
    batch = np.broadcast_shapes(inner.shape[:-2], across.shape[:-2])
    table = np.empty((*batch, point.basis.shape[-1], point.basis.shape[-1]))
    table[..., :p, :p] = inner
    table[..., :p, p:] = across
    table[..., p:, :p] = across.swapaxes(-1, -2)
    table[..., p:, p:] = columns.swapaxes(-1, -2) @ across
    return table


def trace_products(
    structure: Structure, first: NDArray[np.float64], second: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return trace(dSigma_i X dSigma_j Z) for all pairs, a symmetric matrix (..., k, k).

    Parameters
    ----------
    first, second
        `compress`-ed X and Z (..., r, r); Z = X when left out.
    """
    pairs, k = structure.pairs, len(structure.free)
    x = first.reshape(*first.shape[:-2], -1)
    shape = (*x.shape[:-1], k, k)
    x_ll, x_lr, x_rr = (
        x.take(index, axis=-1).reshape(shape) for index in (pairs.ll, pairs.lr, pairs.rr)
    )
    if second is None:
        total = x_ll * x_rr
        total += x_lr * x_lr.swapaxes(-1, -2)
        total *= 2.0
    else:
        z = second.reshape(*second.shape[:-2], -1)
        z_ll, z_lr, z_rr = (
            z.take(index, axis=-1).reshape(shape) for index in (pairs.ll, pairs.lr, pairs.rr)
        )
        across = x_lr * z_lr.swapaxes(-1, -2)
        total = x_rr * z_ll
        total += x_ll * z_rr
        total += across
        total += across.swapaxes(-1, -2)
    total *= pairs.weight
    return total


def mean_products(
    structure: Structure, point: Implied, table: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return dmu_i' X dmu_j for all pairs (..., k, k); ``table`` is the `compress`-ed X."""
    k = len(structure.free)
    flat = table.reshape(*table.shape[:-2], -1).take(structure.pairs.ll, axis=-1)
    outer = point.slope[..., :, None] * point.slope[..., None, :]
    return flat.reshape(*flat.shape[:-1], k, k) * outer


def mean_cov_products(
    structure: Structure,
    point: Implied,
    table: NDArray[np.float64],
    vector: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return dmu_i' X dSigma_j e (..., k, k): X `compress`-ed, ``vector`` e (..., p)."""
    pairs, k = structure.pairs, len(structure.free)
    projected = (vector[..., None, :] @ point.basis)[..., 0, :]
    flat = table.reshape(*table.shape[:-2], -1)
    shape = (*flat.shape[:-1], k, k)
    by_left = flat.take(pairs.ll, axis=-1).reshape(shape)
    by_right = flat.take(pairs.lr, axis=-1).reshape(shape)
    e_left = projected[..., None, structure.left]
    e_right = projected[..., None, structure.right]
    inner = (by_left * e_right + by_right * e_left) * structure.weight
    return point.slope[..., :, None] * inner


def curvature(
    structure: Structure,
    point: Implied,
    d_sigma: NDArray[np.float64],
    d_mu: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return trace(dF/dSigma d2Sigma_ij) + dF/dmu' d2mu_ij for all pairs (..., k, k).

    With it, the Hessian of any discrepancy is the quadratic part (`trace_products`,
    `mean_products`) plus this. ``d_sigma`` and ``d_mu`` as in `adjoint`.
    """
    table = compress(point, d_sigma)
    along_mu = None if d_mu is None else (d_mu[..., None, :] @ point.basis)[..., 0, structure.left]
    return bending(structure, point, table, along_mu)


def bending(
    structure: Structure,
    point: Implied,
    table: NDArray[np.float64],
    along_mu: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return `curvature` from the `compress`-ed dF/dSigma and C_l' dF/dmu (..., k)."""
    k = len(structure.free)
    along_left, along_right = _basis_derivatives(structure, point)
    flat = table.reshape(*table.shape[:-2], -1)
    shape = (*flat.shape[:-1], k, k)
    g_ll = flat.take(structure.pairs.ll, axis=-1).reshape(shape)
    g_lr = flat.take(structure.pairs.lr, axis=-1).reshape(shape)
    p_left = along_left.take(structure.left, axis=-1).swapaxes(-1, -2)
    p_right = along_left.take(structure.right, axis=-1).swapaxes(-1, -2)
    q_right = along_right.take(structure.right, axis=-1).swapaxes(-1, -2)
    second = p_left * g_lr.swapaxes(-1, -2) + p_right * g_ll + q_right * (g_lr * structure.weight)
    total = (2.0 * structure.weight[:, None]) * second
    if along_mu is not None:
        slope = point.slope
        total = total + p_left * slope[..., :, None] * along_mu[..., None, :]
        total = total + q_right * along_mu[..., :, None] * slope[..., None, :]
    return total


def _basis_derivatives(
    structure: Structure, point: Implied
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return P, Q (..., k, r) with dC_c/dtheta_j = P[j, c] C_l(j) + Q[j, c] w_j C_r(j).

    A moves with Lambda and B only: dA = C_l(j) (I - B)^-1[latent of C_r(j), :]. Lambda E moves
    along both columns, by the latent parts of the opposite columns.
    """
    p, m = structure.p, structure.m
    k = len(structure.free)
    latent = _latent_basis(structure, point)
    along_left = np.zeros((*latent.shape[:-2], k, p + 2 * m))
    along_right = np.zeros_like(along_left)
    reaches = structure.right >= p + m
    along_left[..., reaches, p : p + m] = point.inverse[..., structure.right[reaches] - p - m, :]
    weighted = latent[..., structure.right] * structure.weight
    along_left[..., p + m :] = weighted.swapaxes(-1, -2)
    along_right[..., p + m :] = latent[..., structure.left].swapaxes(-1, -2)
    return along_left, along_right


def _latent_basis(structure: Structure, point: Implied) -> NDArray[np.float64]:
    """Return (..., m, r): the basis before Lambda is applied; zero under the identity block."""
    p, m = structure.p, structure.m
    latent = np.zeros((*point.cov_lv.shape[:-2], m, p + 2 * m))
    latent[..., p : p + m] = point.inverse
    latent[..., p + m :] = point.cov_lv
    return latent
