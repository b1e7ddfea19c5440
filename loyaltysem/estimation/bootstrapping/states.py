"""What the batched objectives hand on: a batch of samples, a group's model, its matrices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.syntax.matrices import Cells, GroupMatrices

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleBatch:
    """The moments of one group in every draw: ``cov`` (b, p, p), ``mean`` (b, p), log|S| (b,)."""

    cov: Array
    mean: Array
    log_det: Array

    def __len__(self) -> int:
        return len(self.log_det)

    def take(self, draws: NDArray[np.intp]) -> SampleBatch:
        """Return some of the draws."""
        return SampleBatch(cov=self.cov[draws], mean=self.mean[draws], log_det=self.log_det[draws])

    @property
    def variances(self) -> Array:
        """Variances of the observed variables (b, p)."""
        return np.asarray(np.diagonal(self.cov, axis1=-2, axis2=-1))


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchedGroup:
    """One group's matrices, ready for batches.

    Attributes
    ----------
    gather
        Adds the derivatives by cells into those by phi (cells, q').
    weight
        The group's share of all rows.
    means
        Whether means are modelled.
    is_diagonal
        Whether Theta has no free or fixed covariance.
    depth
        The largest power of B that is not zero; None where B has a loop.
    """

    matrices: GroupMatrices
    gather: Array
    weight: float
    means: bool
    is_diagonal: bool
    depth: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A group's matrices at theta (b, q).

    Attributes
    ----------
    theta
        The parameters (b, q).
    loadings, total, cov_lv, mean_lv
        Lambda (b, p, m), T = (I - B)^-1 and E = T Psi T' (b, m, m), eta (b, m).
    residual
        The diagonal of Theta (b, p).
    mean
        mu (b, p); None without a mean structure.
    """

    theta: Array
    loadings: Array
    total: Array
    cov_lv: Array
    mean_lv: Array
    residual: Array
    mean: Array | None

    def take(self, draws: NDArray[np.intp]) -> State:
        """Return some of the draws."""
        return State(
            theta=self.theta[draws],
            loadings=self.loadings[draws],
            total=self.total[draws],
            cov_lv=self.cov_lv[draws],
            mean_lv=self.mean_lv[draws],
            residual=self.residual[draws],
            mean=None if self.mean is None else self.mean[draws],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Slopes:
    """The likelihood and its derivatives by what the matrices make.

    Attributes
    ----------
    value
        (b,); inf where the implied moments cannot be.
    by_loading
        2 G_Sigma Lambda E (b, p, m).
    by_latent
        Q = Lambda' G_Sigma Lambda (b, m, m).
    by_residual
        G_Sigma at the free cells of Theta (b, cells).
    by_mean
        d_mu (b, p); None without a mean structure.
    """

    value: Array
    by_loading: Array
    by_latent: Array
    by_residual: Array
    by_mean: Array | None


def state_at(group: BatchedGroup, theta: Array) -> State:
    """Return the matrices of a group at ``theta`` (b, q)."""
    matrices = group.matrices
    loadings = matrices.lambda_.fill(theta)
    total = _total_effects(group, theta)
    mean_lv = (total @ matrices.alpha.fill(theta))[..., 0] if group.means else theta[:, :0]
    mean = None
    if group.means:
        mean = matrices.nu.fill(theta)[..., 0] + (loadings @ mean_lv[..., None])[..., 0]
    return State(
        theta=theta,
        loadings=loadings,
        total=total,
        cov_lv=total @ matrices.psi.fill(theta) @ total.swapaxes(-1, -2),
        mean_lv=mean_lv,
        residual=_diagonal(matrices.theta, theta),
        mean=mean,
    )


def longest_path(beta: Cells) -> int | None:
    """Return the largest power of B that is not zero, None where B has a loop."""
    arrows = (beta.base != 0).astype(float)
    arrows[beta.row, beta.col] = 1.0
    power, depth = arrows, 0
    while power.any():
        depth += 1
        if depth > len(arrows):
            return None
        power = power @ arrows
    return depth


def _total_effects(group: BatchedGroup, theta: Array) -> Array:
    """Return (I - B)^-1 (b, m, m), by powers of B where no feedback loop can be."""
    beta = group.matrices.beta
    identity = np.eye(len(beta.base))
    if group.depth is None:
        return np.asarray(np.linalg.inv(identity - beta.fill(theta)))
    if not group.depth:
        return np.broadcast_to(identity, (len(theta), *identity.shape))
    power = filled = beta.fill(theta)
    total = identity + filled
    for _ in range(group.depth - 1):
        power = power @ filled
        total += power
    return np.asarray(total)


def _diagonal(cells: Cells, theta: Array) -> Array:
    """Return the diagonal of a square matrix at ``theta``."""
    own = cells.row == cells.col
    filled = np.repeat(np.diagonal(cells.base)[None], len(theta), axis=0)
    filled[:, cells.row[own]] = theta[:, cells.free[own]]
    return filled
