r"""The nodes over which latent moderators are integrated.

Two rules, both with the weights of an integral over dz:

- ``adapted`` (default): equally spaced nodes over the region where respondents' moderators can be,
  in the axes of their posterior distribution in the model without products. For a posterior of
  standard deviation one and spacing h, the error of the sum is about 2 exp(-2 pi^2 / h^2)
  (trapezoidal rule on the normal density; Trefethen & Weideman 2014): 1e-10 at the default h = 0.9.
- ``gauss_hermite``: a fixed number of nodes per moderator, placed for the moderators' own normal
  distribution (Klein & Moosbrugger 2000), which is coarse where indicators are reliable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from loyaltysem.errors import EstimationError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Integration = Literal["adapted", "gauss_hermite"]

SPACING = 0.9
"""Distance of adapted nodes in posterior standard deviations."""

REACH = 6.0
"""Posterior standard deviations that adapted nodes reach beyond the respondents."""

MOST_NODES = 20_000
"""Nodes beyond which an integral is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """What respondents' answers say of the moderators under the linear model.

    ``means`` (n, r) differ by respondent, ``cov`` (r, r) does not; ``prior_mean`` (r,) and
    ``prior_cov`` (r, r) are the moderators' own moments; ``weights`` (p, r) is what each answer
    counts in the means.
    """

    means: Array
    cov: Array
    prior_mean: Array
    prior_cov: Array
    weights: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Nodes (K, r) with the logarithms of their weights (K,)."""

    nodes: Array
    log_weights: Array


def make_grid(posterior: Posterior, integration: Integration, nodes: int | None) -> Grid:
    """Return the nodes of a rule.

    Parameters
    ----------
    posterior
        Where the moderators are.
    integration
        The rule.
    nodes
        Nodes per moderator; None for as many as the spacing asks (``adapted``) or 24.

    Raises
    ------
    EstimationError
        The integral would need more than ``MOST_NODES`` nodes.
    """
    if integration == "gauss_hermite":
        return _gauss_hermite(posterior, nodes or 24)
    return _adapted(posterior, nodes)


def _gauss_hermite(posterior: Posterior, count: int) -> Grid:
    points, weights = np.polynomial.hermite_e.hermegauss(count)
    root = np.linalg.cholesky(posterior.prior_cov)
    standard = _product([points] * len(root))
    log_density = -0.5 * (standard**2).sum(axis=1)  # N(z) up to the constant that weights hold
    log_weights = _product([np.log(weights)] * len(root)).sum(axis=1) - log_density
    scale = np.log(np.diagonal(root)).sum()
    return Grid(nodes=posterior.prior_mean + standard @ root.T, log_weights=log_weights + scale)


def _adapted(posterior: Posterior, count: int | None) -> Grid:
    root = np.linalg.cholesky(posterior.cov)
    centre = posterior.means.mean(axis=0)
    rotated = np.linalg.solve(root, (posterior.means - centre).T).T
    low, high = rotated.min(axis=0) - REACH, rotated.max(axis=0) + REACH
    counts = [count or int(np.ceil(width / SPACING)) + 1 for width in high - low]
    if np.prod(counts) > MOST_NODES:
        raise EstimationError(
            f"The integral over {len(counts)} moderators needs {np.prod(counts)} nodes",
            expected=f"at most {MOST_NODES}",
            remedy="Give a smaller number of nodes, or use product indicators.",
        )
    axes = [np.linspace(a, b, k) for a, b, k in zip(low, high, counts, strict=True)]
    standard = _within_reach(_product(axes), rotated)
    steps = [axis[1] - axis[0] for axis in axes]
    log_volume = float(np.log(steps).sum() + np.log(np.diagonal(root)).sum())
    return Grid(nodes=centre + standard @ root.T, log_weights=np.full(len(standard), log_volume))


def _product(axes: list[Array]) -> Array:
    """Return all combinations of the axes' values (K, r)."""
    return np.stack([mesh.ravel() for mesh in np.meshgrid(*axes, indexing="ij")], axis=1)


def _within_reach(nodes: Array, centres: Array) -> Array:
    """Return the nodes that lie near some respondent; with one moderator all do."""
    if nodes.shape[1] == 1:
        return nodes
    keep = np.zeros(len(nodes), dtype=bool)
    for start in range(0, len(centres), 256):
        part = centres[start : start + 256]
        squares = ((nodes[:, None, :] - part) ** 2).sum(axis=2)
        keep |= squares.min(axis=1) < (REACH + 1.0) ** 2
    return nodes[keep]
