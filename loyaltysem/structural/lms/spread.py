"""Variances that a moderated model implies, and standardized estimates that follow from them.

Outcomes of products are not normal, but their first two moments follow from the linear models at
given moderators: the variance is the mean of the conditional variances plus the variance of the
conditional means. These are polynomials in the moderators, so that a Gauss-Hermite rule of few
nodes is exact.

A product is standardized as the product of its standardized factors (Wen, Marsh & Hau 2010), not by
its own standard deviation: beta = omega sd(a) sd(b) / sd(y).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.implied import implied_moments
from loyaltysem.estimation.standardized import Spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.structural.lms.problem import LmsProblem

    Array = NDArray[np.float64]

POINTS = 9
"""Gauss-Hermite nodes per latent moderator: exact for polynomials up to degree 17."""

STEP = 1e-5
"""Relative step of the numerical derivatives of variances."""


def moderated_spread(problem: LmsProblem, theta: Array, *, derivatives: bool = True) -> Spread:
    """Return implied variances by name, of products too, with their derivatives by theta.

    The variance that stands for a product is that of its standardization, var(a) var(b). Without
    ``derivatives`` they are left at zero, which is enough for estimates without their errors.
    """
    names = _names(problem)
    latent, variances = problem.table.latent, _variances(problem, theta)
    slopes = np.zeros((len(variances), len(theta)))
    if derivatives:
        slopes = _derivatives(problem, theta)
    return Spread(
        latent={name: k for k, name in enumerate(names) if _all_latent(name, latent)},
        observed={name: k for k, name in enumerate(names) if not _all_latent(name, latent)},
        variances=variances,
        jacobian=slopes,
    )


def latent_moments(problem: LmsProblem, theta: Array) -> tuple[Array, Array]:
    """Return means (m,) and covariance matrix (m, m) of the latent variables, stand-ins too."""
    conditional = problem.conditional
    nodes, weights = _population(problem, theta)
    at = implied_moments(conditional.structure, conditional.extended(theta, nodes))
    places = conditional.places
    across = at.cov_lv[:, :, places]
    slopes = np.linalg.solve(across[:, places], across.swapaxes(-1, -2)).swapaxes(-1, -2)
    shift = nodes - at.mean_lv[:, places]
    means = at.mean_lv + (slopes @ shift[..., None])[..., 0]
    within = at.cov_lv - slopes @ across.swapaxes(-1, -2)
    mean = weights @ means
    centred = means - mean
    cov = np.einsum("k,kij->ij", weights, within) + (weights * centred.T) @ centred
    return mean, cov


def _population(problem: LmsProblem, theta: Array) -> tuple[Array, Array]:
    """Return nodes (K, r) and weights of the moderators' distribution in the population.

    Observed moderators keep the values of the sample; latent ones are normal given these.
    """
    conditional = problem.conditional
    origin = np.zeros((1, len(conditional.moderators)))
    at = implied_moments(conditional.structure, conditional.extended(theta, origin))
    mean = at.mean_lv[0][conditional.places]
    cov = at.cov_lv[0][np.ix_(conditional.places, conditional.places)]
    known, latent = problem.known, conditional.latent
    values, counts = np.unique(problem.known_values, axis=0, return_counts=True)
    if not len(known):
        values, counts = np.zeros((1, 0)), np.array([problem.n])
    slopes = cov[np.ix_(latent, known)] @ np.linalg.pinv(cov[np.ix_(known, known)])
    inner = cov[np.ix_(latent, latent)] - slopes @ cov[np.ix_(known, latent)]
    standard, weights = _hermite(len(latent))
    centre = mean[latent] + (values - mean[known]) @ slopes.T
    nodes = np.empty((len(values), len(standard), len(mean)))
    nodes[:, :, known] = values[:, None, :]
    nodes[:, :, latent] = centre[:, None, :] + standard @ _root(inner).T
    shares = (counts / counts.sum())[:, None] * weights
    return nodes.reshape(-1, len(mean)), shares.ravel()


def _root(cov: Array) -> Array:
    values, vectors = np.linalg.eigh(cov)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)), dtype=np.float64)


@lru_cache(maxsize=8)
def _hermite(dimensions: int) -> tuple[Array, Array]:
    """Return nodes (K, dimensions) and weights (K,) of independent standard normal variables."""
    points, weights = np.polynomial.hermite_e.hermegauss(POINTS)
    weights = weights / weights.sum()
    if not dimensions:
        return np.empty((1, 0)), np.ones(1)
    mesh = np.meshgrid(*[points] * dimensions, indexing="ij")
    shares = np.meshgrid(*[weights] * dimensions, indexing="ij")
    return np.stack([axis.ravel() for axis in mesh], axis=1), np.prod(
        [share.ravel() for share in shares], axis=0
    )


def _all_latent(name: str, latent: Sequence[str]) -> bool:
    """Tell whether a variable, or both factors of a product, are latent."""
    return all(factor in latent for factor in name.split(":"))


def _names(problem: LmsProblem) -> list[str]:
    """Return latent variables, observed ones, products: the order of the variances."""
    products = list(dict.fromkeys(term.name for term in problem.model.terms))
    return [*problem.table.latent, *problem.table.observed, *products]


def _variances(problem: LmsProblem, theta: Array) -> Array:
    """Return the variances (v,) of everything that `_names` lists."""
    conditional = problem.conditional
    _, cov = latent_moments(problem, theta)
    matrices = conditional.structure.matrices
    extended = np.concatenate([theta, conditional.base])
    p = len(problem.table.observed)
    loadings = matrices.lambda_.fill(extended)[:p]
    errors = np.diagonal(matrices.theta.fill(extended))[:p]
    observed = ((loadings @ cov) * loadings).sum(axis=1) + errors
    latent = np.diagonal(cov)
    by_name = dict(zip(matrices.latent, latent, strict=True))
    products = dict.fromkeys(term.name for term in problem.model.terms)
    scales = [np.prod([by_name[name] for name in product.split(":")]) for product in products]
    own = [by_name[name] for name in problem.table.latent]
    return np.concatenate([own, observed, scales])


def _derivatives(problem: LmsProblem, theta: Array) -> Array:
    """Return the derivatives of `_variances` by theta (v, q), by central differences."""
    columns = []
    for k, value in enumerate(theta):
        step = STEP * max(1.0, abs(value))
        up, down = theta.copy(), theta.copy()
        up[k] += step
        down[k] -= step
        columns.append((_variances(problem, up) - _variances(problem, down)) / (2 * step))
    return np.column_stack(columns)
