"""Asymptotic covariances of sample moments, and the weights that belong to them.

Moments of a group stand in one vector: the p means first (with a mean structure), then
``vech(S)``, the lower triangle of the covariance matrix taken column by column, as in lavaan.
Gamma denotes the asymptotic covariance of sqrt(n) times that vector.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

CHUNK_CELLS = 4_000_000
"""Upper bound of the doubles held at once while casewise products are summed (32 MB)."""


def vech(matrix: Array) -> Array:
    """Return the lower triangle of symmetric matrices (..., p, p), column by column.

    Returns
    -------
    Array of shape (..., p(p+1)/2).
    """
    first, second = np.triu_indices(matrix.shape[-1])
    return matrix[..., first, second]


def unvech(vector: Array) -> Array:
    """Return the symmetric matrices (..., p, p) whose :func:`vech` is ``vector``."""
    size = int((np.sqrt(8 * vector.shape[-1] + 1) - 1) / 2)
    first, second = np.triu_indices(size)
    matrix = np.empty((*vector.shape[:-1], size, size))
    matrix[..., first, second] = vector
    matrix[..., second, first] = vector
    return matrix


def inverse_of(matrix: Array) -> Array:
    """Return the inverse of a positive definite matrix (p, p)."""
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def block_diagonal(*blocks: Array) -> Array:
    """Return a matrix with the square ``blocks`` along its diagonal and zeros elsewhere."""
    total = sum(len(block) for block in blocks)
    matrix = np.zeros((total, total))
    start = 0
    for block in blocks:
        stop = start + len(block)
        matrix[start:stop, start:stop] = block
        start = stop
    return matrix


def normal_theory_gamma(
    cov: Array, *, meanstructure: bool = False, fixed: Sequence[int] = ()
) -> Array:
    """Return Gamma of normally distributed data with covariance ``cov`` (p, p).

    ``fixed`` lists the columns that are held fixed (exogenous covariates); the moments among them
    have no variance. Formula: Gamma_ij,kl = s_ik s_jl + s_il s_jk (Browne 1974), less the same
    with the covariance that the fixed columns explain; lavaan's ``lav_samplestats_Gamma_NT``.
    """
    gamma = _pair_products(cov)
    residual = residual_cov(cov, fixed)
    if len(fixed):
        gamma -= _pair_products(cov - residual)
    return block_diagonal(residual, gamma) if meanstructure else gamma


def normal_theory_weight(
    inverse: Array, *, meanstructure: bool = False, fixed: Sequence[int] = ()
) -> Array:
    """Return the inverse of :func:`normal_theory_gamma` from an inverse covariance matrix (p, p).

    It is the expected information of the moments themselves, 1/2 D'(S^-1 x S^-1)D with the
    duplication matrix D; rows and columns of moments among ``fixed`` columns are zero (lavaan's
    ``lav_samplestats_Gamma_inverse_NT``).
    """
    first, second = np.triu_indices(len(inverse))
    doubled = np.where(first == second, 0.5, 1.0)
    weight: Array = _pair_products(inverse) * np.outer(doubled, doubled)
    if meanstructure:
        weight = block_diagonal(inverse, weight)
    return _without_fixed(weight, fixed, len(inverse), meanstructure=meanstructure)


def observed_weight(
    inverse: Array, cov: Array, deviation: Array | None, *, fixed: Sequence[int] = ()
) -> Array:
    """Return the observed information of normal moments at implied ones (r, r).

    Parameters
    ----------
    inverse
        Inverse of the implied covariance matrix (p, p).
    cov
        Sample covariance matrix (p, p).
    deviation
        Sample minus implied means (p,); None without a mean structure.
    fixed
        Columns of exogenous covariates held fixed.

    Formula: 1/2 D'(W x W(2T - Sigma)W)D with T = S + dd', bordered by D'(Wd x W) and W; lavaan's
    ``lav_mvnorm_information_observed_samplestats``. At the sample's own moments it is
    :func:`normal_theory_weight`.
    """
    first, second = np.triu_indices(len(inverse))
    halves = np.where(first == second, 0.5, 1.0)
    spread = cov if deviation is None else cov + np.outer(deviation, deviation)
    bent = 2 * inverse @ spread @ inverse - inverse
    crossed = _pair_products(inverse, bent) + _pair_products(bent, inverse)
    weight: Array = 0.5 * crossed * np.outer(halves, halves)
    if deviation is not None:
        lean = inverse @ deviation
        border = lean[first, None] * inverse[second] + lean[second, None] * inverse[first]
        border *= halves[:, None]
        weight = np.block([[inverse, border.T], [border, weight]])
    return _without_fixed(weight, fixed, len(inverse), meanstructure=deviation is not None)


def _without_fixed(weight: Array, fixed: Sequence[int], size: int, *, meanstructure: bool) -> Array:
    if len(fixed):
        among = moments_among(fixed, size, meanstructure=meanstructure)
        weight[among] = 0.0
        weight[:, among] = 0.0
    return weight


def moments_among(columns: Sequence[int], size: int, *, meanstructure: bool) -> NDArray[np.bool_]:
    """Mark the moments that involve nothing but the given ``columns`` of ``size`` variables."""
    inside = np.isin(np.arange(size), np.asarray(columns, dtype=np.intp))
    first, second = np.triu_indices(size)
    pairs = inside[first] & inside[second]
    return np.concatenate([inside, pairs]) if meanstructure else pairs


def adf_gamma(
    data: Array,
    *,
    meanstructure: bool = False,
    fixed: Sequence[int] = (),
    mean: Array | None = None,
) -> Array:
    """Return the distribution-free Gamma of complete ``data`` (n, p), divisor n.

    Parameters
    ----------
    data
        One row per respondent, no missing values.
    meanstructure
        Whether the means stand before the covariances.
    fixed
        Columns of exogenous covariates held fixed: what they explain is taken out of the products.
    mean
        Column means, when known.

    Returns
    -------
    Array (r, r), r = p(p+1)/2 (+ p). Products are summed over chunks of rows, so memory does not
    grow with n. Formula: covariance of (y, vech((y - m)(y - m)')), Browne (1984); lavaan's
    ``lav_samplestats_Gamma``.
    """
    n, size = data.shape
    width = size * (size + 1) // 2 + (size if meanstructure else 0)
    total = np.zeros(width)
    products = np.zeros((width, width))
    for centred, fitted in centred_chunks(data, mean, fixed, width=width):
        block = _casewise_moments(centred, meanstructure)
        if fitted is not None:
            block -= _casewise_moments(fitted, meanstructure)
        total += block.sum(axis=0)
        products += block.T @ block
    gamma: Array = products / n - np.outer(total / n, total / n)
    return gamma


def centred_chunks(
    data: Array, mean: Array | None = None, fixed: Sequence[int] = (), *, width: int
) -> Iterator[tuple[Array, Array | None]]:
    """Yield blocks of centred rows and, with ``fixed`` columns, what those columns predict.

    ``width`` is the number of doubles that the caller makes of one row; blocks are cut so that
    ``CHUNK_CELLS`` of them exist at once. The prediction of a fixed column is the column itself.
    """
    mean = data.mean(axis=0) if mean is None else mean
    slopes = _slopes_on_fixed(data, mean, fixed)
    step = max(1, CHUNK_CELLS // width)
    for start in range(0, len(data), step):
        centred = data[start : start + step] - mean
        fitted = None if slopes is None else centred[:, list(fixed)] @ slopes
        yield centred, fitted


def quartic_trace(data: Array, mean: Array, weight: Array, fixed: Sequence[int] = ()) -> float:
    """Return tr(V Gamma) for the covariance moments, V = 1/2 D'(W x W)D, without forming either.

    With z = vech(yy' - S) of a centred row y, z'Vz = 1/2 tr[(W(yy' - S))^2], so that the mean over
    rows needs only quadratic forms in y: 1/2 {mean (y'Wy)^2 - tr[(WS)^2]}. With ``fixed`` columns
    yy' becomes yy' - ŷŷ'. ``weight`` W is (p, p), ``data`` (n, p).

    For W = S^-1 the first term is Mardia's multivariate kurtosis.
    """
    n, size = data.shape
    squares = 0.0
    centre = np.zeros((size, size))
    for centred, fitted in centred_chunks(data, mean, fixed, width=3 * size):
        weighted = centred @ weight
        form = np.einsum("ij,ij->i", weighted, centred)
        squares += float(form @ form)
        centre += centred.T @ centred
        if fitted is not None:
            cross = np.einsum("ij,ij->i", weighted, fitted)
            inner = np.einsum("ij,ij->i", fitted @ weight, fitted)
            squares += float(inner @ inner - 2 * cross @ cross)
            centre -= fitted.T @ fitted
    product = weight @ centre / n
    second_moment = float((product * product.T).sum())
    fourth_moment: float = squares / n
    return 0.5 * (fourth_moment - second_moment)


def residual_cov(cov: Array, fixed: Sequence[int]) -> Array:
    """Return ``cov`` (p, p) given the ``fixed`` columns: what they explain is taken out."""
    if not len(fixed):
        return cov
    columns = list(fixed)
    slopes = np.linalg.solve(cov[np.ix_(columns, columns)], cov[columns])
    residual: Array = cov - cov[:, columns] @ slopes
    return residual


def _pair_products(one: Array, other: Array | None = None) -> Array:
    """Return a_ik b_jl + a_il b_jk for all pairs of moments ij, kl; b = a when left out."""
    other = one if other is None else other
    first, second = np.triu_indices(len(one))
    straight = one[np.ix_(first, first)] * other[np.ix_(second, second)]
    return straight + one[np.ix_(first, second)] * other[np.ix_(second, first)]


def _slopes_on_fixed(data: Array, mean: Array, fixed: Sequence[int]) -> Array | None:
    if not len(fixed):
        return None
    columns = list(fixed)
    step = max(1, CHUNK_CELLS // data.shape[1])
    cross = np.zeros((len(columns), data.shape[1]))
    for start in range(0, len(data), step):
        centred = data[start : start + step] - mean
        cross += centred[:, columns].T @ centred
    slopes = np.asarray(np.linalg.solve(cross[:, columns], cross), dtype=np.float64)
    slopes[:, columns] = np.eye(len(columns))
    return slopes


def _casewise_moments(centred: Array, meanstructure: bool) -> Array:
    first, second = np.triu_indices(centred.shape[1])
    products = centred[:, first] * centred[:, second]
    return np.hstack([centred, products]) if meanstructure else products
