"""Unrotated loadings from correlation matrices: minres, maximum likelihood, principal axes.

Minres and maximum likelihood minimise a function of the uniquenesses alone, whose derivatives
follow from eigenvalues and eigenvectors; Newton's method then needs a handful of steps. All
matrices may carry leading axes: many samples are one call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from loyaltysem.measurement.bounded_newton import minimise_within
from loyaltysem.measurement.correlations import squared_multiple_correlations

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from loyaltysem.measurement.bounded_newton import Objective

    Array = NDArray[np.float64]

ExtractionMethod = Literal["minres", "ml", "pa", "pca"]

LOWEST_UNIQUENESS = 0.005
"""Least uniqueness that minres and ML allow, as in psych and R's factanal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """Loadings before rotation, columns by descending eigenvalue, column sums not negative.

    Attributes
    ----------
    loadings
        (..., p, k).
    communalities, uniquenesses
        (..., p); they sum to 1.
    reduced_eigenvalues
        (..., p) of the correlation matrix with communalities in its diagonal, descending.
    converged
        (...,) whether the search ended at an optimum.
    at_bound
        (..., p) whether a uniqueness was stopped at its least value: a Heywood case.
    """

    loadings: Array
    communalities: Array
    uniquenesses: Array
    reduced_eigenvalues: Array
    converged: NDArray[np.bool_]
    at_bound: NDArray[np.bool_]


def extract(R: Array, k: int, method: ExtractionMethod = "minres") -> Extraction:
    """Return k factors of correlation matrices.

    Parameters
    ----------
    R
        Correlation matrices (..., p, p).
    k
        Number of factors, 1 to p.
    method
        ``minres`` (unweighted least squares), ``ml``, ``pa`` (iterated principal axes from squared
        multiple correlations) or ``pca`` (principal components).

    Notes
    -----
    Harman & Jones (1966), Psychometrika 31, 351-368; Jöreskog (1967), Psychometrika 32, 443-482;
    Jöreskog (1977). Definitions as ``psych::fa`` and ``psych::principal``; the optima here are
    exact to rounding, and the best of those reached from several starts. Checked against the golden
    cases ``efa_*``.
    """
    matrices = np.asarray(R, dtype=np.float64)
    batch, p = matrices.shape[:-2], matrices.shape[-1]
    flat = matrices.reshape(-1, p, p)
    loadings, converged, at_bound = _METHODS[method](flat, k)
    loadings = loadings * np.where(loadings.sum(axis=-2, keepdims=True) < 0, -1.0, 1.0)
    communalities = (loadings**2).sum(axis=-1)
    reduced = flat.copy()
    reduced[:, np.arange(p), np.arange(p)] = communalities
    return Extraction(
        loadings=loadings.reshape(*batch, p, k),
        communalities=communalities.reshape(*batch, p),
        uniquenesses=(1 - communalities).reshape(*batch, p),
        reduced_eigenvalues=np.asarray(np.linalg.eigvalsh(reduced)[:, ::-1].reshape(*batch, p)),
        converged=converged.reshape(batch),
        at_bound=at_bound.reshape(*batch, p),
    )


# --- methods ---------------------------------------------------------------------------------

Outcome: TypeAlias = "tuple[Array, NDArray[np.bool_], NDArray[np.bool_]]"


def _minres(R: Array, k: int) -> Outcome:
    """Return least-squares loadings: those of R - Psi that belong to its k largest eigenvalues."""
    p = R.shape[-1]
    start = 1 - squared_multiple_correlations(R)

    def objective(psi: Array, where: NDArray[np.intp]) -> tuple[Array, Array, Array]:
        values, vectors = np.linalg.eigh(R[where] - _diagonal(psi))
        rest = values[:, : p - k]
        gradient = -np.einsum("bm,bim->bi", rest, vectors[..., : p - k] ** 2)
        weights = 2 * rest[..., None] / _apart(rest[..., None] - values[:, None, p - k :])
        hessian = _hessian(vectors, np.ones_like(rest), weights)
        return 0.5 * (rest**2).sum(axis=-1), gradient, hessian

    shrunken = (1 - 0.5 * k / p) * start
    starts = [start] if k == 1 else [start, shrunken]  # one factor has hardly a second optimum
    psi, converged = _best_within(objective, starts, LOWEST_UNIQUENESS, 1.0)
    values, vectors = np.linalg.eigh(R - _diagonal(psi))
    loadings = vectors[..., ::-1][..., :k] * np.sqrt(np.maximum(values[:, None, ::-1][..., :k], 0))
    return loadings, converged, psi <= LOWEST_UNIQUENESS * (1 + 1e-9)


def _maximum_likelihood(R: Array, k: int) -> Outcome:
    """Return maximum-likelihood loadings, by Newton steps in the logarithms of the uniquenesses."""
    p = R.shape[-1]
    start = 1 - squared_multiple_correlations(R)
    least_squares = 1 - (_minres(R, k)[0] ** 2).sum(axis=-1)
    starts = [
        np.log(np.clip(psi, LOWEST_UNIQUENESS, 1.0))
        for psi in (start, (1 - 0.5 * k / p) * start, least_squares)
    ]

    def scaled(logs: Array, where: NDArray[np.intp]) -> tuple[Array, Array]:
        root = np.exp(-logs / 2)
        values, vectors = np.linalg.eigh(R[where] * root[:, :, None] * root[:, None, :])
        return np.maximum(values, 1e-12), vectors

    def objective(logs: Array, where: NDArray[np.intp]) -> tuple[Array, Array, Array]:
        values, vectors = scaled(logs, where)
        rest, top = values[:, : p - k], values[:, None, p - k :]
        gradient = np.einsum("bm,bim->bi", 1 - rest, vectors[..., : p - k] ** 2)
        each = rest[..., None]
        weights = (1 - each) * (each + top) / _apart(top - each)
        value = (rest - np.log(rest) - 1).sum(axis=-1)
        return value, gradient, _hessian(vectors, rest, weights)

    logs, converged = _best_within(objective, starts, np.log(LOWEST_UNIQUENESS), 0.0)
    values, vectors = scaled(logs, np.arange(len(R)))
    size = np.sqrt(np.maximum(values[:, None, ::-1][..., :k] - 1, 0))
    loadings = np.exp(logs / 2)[..., None] * vectors[..., ::-1][..., :k] * size
    return loadings, converged, logs <= np.log(LOWEST_UNIQUENESS) + 1e-9


def _best_within(
    objective: Objective, starts: Sequence[Array], lowest: float, highest: float
) -> tuple[Array, NDArray[np.bool_]]:
    """Return the lowest of the optima reached from several starts, and whether it is one.

    In small samples both criteria have several local optima, and one start often ends in a poor
    one; squared multiple correlations and factanal's shrunken ones rarely miss the best together.
    """
    here = np.arange(len(starts[0]))
    ends = [minimise_within(objective, start, lowest, highest) for start in starts]
    values = np.stack([objective(points, here)[0] for points, _ in ends])
    best = np.argmin(values, axis=0)
    points = np.stack([points for points, _ in ends])[best, here]
    return points, np.stack([flat for _, flat in ends])[best, here]


def _principal_axes(R: Array, k: int, tolerance: float = 1e-10, limit: int = 5000) -> Outcome:
    """Return principal-axis loadings: communalities in the diagonal until they repeat."""
    communalities = squared_multiple_correlations(R)
    loadings = np.zeros((*R.shape[:-1], k))
    going = np.ones(len(R), dtype=bool)
    for _ in range(limit):
        values, vectors = np.linalg.eigh(R[going] - _diagonal(1 - communalities[going]))
        size = np.sqrt(np.maximum(values[:, None, ::-1][..., :k], 0))
        loadings[going] = vectors[..., ::-1][..., :k] * size
        found = (loadings[going] ** 2).sum(axis=-1)
        change = np.abs(found - communalities[going]).max(axis=-1)
        communalities[going] = found
        going[np.flatnonzero(going)[change < tolerance]] = False
        if not going.any():
            break
    return loadings, ~going, communalities > 1


def _principal_components(R: Array, k: int) -> Outcome:
    values, vectors = np.linalg.eigh(R)
    size = np.sqrt(np.maximum(values[:, None, ::-1][..., :k], 0))
    shape = R.shape[:-1]
    return vectors[..., ::-1][..., :k] * size, np.ones(len(R), bool), np.zeros(shape, bool)


_METHODS: dict[ExtractionMethod, Callable[[Array, int], Outcome]] = {
    "minres": _minres,
    "ml": _maximum_likelihood,
    "pa": _principal_axes,
    "pca": _principal_components,
}


def _diagonal(values: Array) -> Array:
    return values[..., :, None] * np.eye(values.shape[-1])


def _apart(difference: Array) -> Array:
    """Return differences of eigenvalues, kept away from 0."""
    return np.where(np.abs(difference) < 1e-10, np.copysign(1e-10, difference), difference)


def _hessian(vectors: Array, inner: Array, weights: Array) -> Array:
    """Return the second derivatives of a sum over the smaller eigenvalues.

    ``inner`` (b, p - k) weighs the pairs among the smaller eigenvectors, ``weights`` (b, p - k, k)
    those of a smaller with a larger one.
    """
    split = inner.shape[-1]
    rest, top = vectors[..., :split], vectors[..., split:]
    transposed = rest.swapaxes(-1, -2)
    hessian = ((rest * inner[:, None, :]) @ transposed) * (rest @ transposed)
    for n in range(top.shape[-1]):
        mixed = (rest * weights[:, None, :, n]) @ transposed
        hessian += mixed * (top[..., n, None] * top[..., None, :, n])
    return hessian
