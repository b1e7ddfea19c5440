r"""The normal likelihood of one model at many samples at once: value and gradient, draw by draw.

With G_Sigma = (Sigma^-1 - Sigma^-1 S* Sigma^-1) / 2, S* = S + (m - mu)(m - mu)', the derivatives
by the cells of the matrices are (see `loyaltysem.estimation.implied` for the letters)

    Lambda: 2 G_Sigma Lambda E + d_mu eta'       B: 2 T' Q E + T' Lambda' d_mu eta'
    Psi:    T' Q T                               Theta: G_Sigma
    nu:     d_mu                                 alpha: T' Lambda' d_mu

with T = (I - B)^-1, E = T Psi T', Q = Lambda' G_Sigma Lambda and d_mu = -Sigma^-1 (m - mu). Only
G_Sigma Lambda (p, m), Q and the entries of G_Sigma at free cells of Theta are needed, so that no
(p, p) matrix need be inverted where Theta is diagonal and positive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.bootstrapping.solvers import by_inversion, by_woodbury
from loyaltysem.estimation.bootstrapping.states import BatchedGroup, longest_path, state_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.bootstrapping.states import SampleBatch, Slopes, State
    from loyaltysem.estimation.discrepancy import Sample
    from loyaltysem.estimation.optimise import Reparameterisation
    from loyaltysem.syntax.matrices import Cells, GroupMatrices

    Array = NDArray[np.float64]

SMALLEST_SHARE = 1e-6
"""Residual variance, as a share of the sample's variance, from which Woodbury's form is stable."""

CELLS = ("lambda_", "beta", "psi", "theta", "nu", "alpha")
"""Whose derivatives `gathered` takes together, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchedLikelihood:
    """The likelihood of all groups as a function of phi (b, q') for a batch of draws."""

    groups: tuple[BatchedGroup, ...]
    free: Reparameterisation

    def value_and_gradient(self, phi: Array, samples: Sequence[SampleBatch]) -> tuple[Array, Array]:
        """Return values (b,) and gradients (b, q'); inf where the implied moments cannot be."""
        theta = self.free.theta(phi)
        value, gradient = np.zeros(len(phi)), np.zeros_like(phi)
        for group, sample in zip(self.groups, samples, strict=True):
            part, slope = _group_value_and_gradient(group, theta, sample)
            value += group.weight * part
            gradient += group.weight * slope
        return value, gradient


def batched_likelihood(
    matrices: Sequence[GroupMatrices], samples: Sequence[Sample], free: Reparameterisation
) -> BatchedLikelihood:
    """Return the likelihood of a model for batches of samples.

    Parameters
    ----------
    matrices
        Of each group.
    samples
        The original sample of each group: its weight, and whether means are modelled.
    free
        The linear equality constraints.
    """
    groups = tuple(
        BatchedGroup(
            matrices=one,
            gather=gather(one, free, CELLS),
            weight=sample.weight,
            means=sample.means,
            is_diagonal=_is_diagonal(one.theta),
            depth=longest_path(one.beta),
        )
        for one, sample in zip(matrices, samples, strict=True)
    )
    return BatchedLikelihood(groups=groups, free=free)


def _is_diagonal(theta: Cells) -> bool:
    off_diagonal = theta.base - np.diag(np.diagonal(theta.base))
    return not off_diagonal.any() and bool((theta.row == theta.col).all())


def gather(matrices: GroupMatrices, free: Reparameterisation, names: Sequence[str]) -> Array:
    """Return what adds the derivatives by the cells of these matrices into those by phi."""
    indices = np.concatenate([getattr(matrices, name).free for name in names])
    by_theta = np.zeros((len(indices), len(free.offset)))
    by_theta[np.arange(len(indices)), indices] = 1.0
    return by_theta if free.basis is None else by_theta @ free.basis


def _group_value_and_gradient(
    group: BatchedGroup, theta: Array, sample: SampleBatch
) -> tuple[Array, Array]:
    state = state_at(group, theta)
    stable = (state.residual > SMALLEST_SHARE * sample.variances).all(axis=-1) & group.is_diagonal
    if stable.all():
        return gathered(group, state, by_woodbury(group, state, sample))
    value, gradient = np.empty(len(theta)), np.empty((len(theta), group.gather.shape[1]))
    for draws, solve in (
        (np.flatnonzero(stable), by_woodbury),
        (np.flatnonzero(~stable), by_inversion),
    ):
        if len(draws):
            part = state.take(draws)
            slopes = solve(group, part, sample.take(draws))
            value[draws], gradient[draws] = gathered(group, part, slopes)
    return value, gradient


def gathered(group: BatchedGroup, state: State, slopes: Slopes) -> tuple[Array, Array]:
    """Return value and gradient by phi from the derivatives by the cells."""
    matrices = group.matrices
    turned = state.total.swapaxes(-1, -2)
    pulled = turned @ slopes.by_latent
    by_loading, by_path = slopes.by_loading, 2.0 * pulled @ state.cov_lv
    by_nu = by_alpha = np.zeros((len(slopes.value), 0))
    if slopes.by_mean is not None:
        reached = turned @ (state.loadings.swapaxes(-1, -2) @ slopes.by_mean[..., None])
        by_loading = by_loading + slopes.by_mean[..., :, None] * state.mean_lv[..., None, :]
        by_path = by_path + reached * state.mean_lv[..., None, :]
        by_nu = slopes.by_mean[..., matrices.nu.row]
        by_alpha = reached[..., matrices.alpha.row, 0]
    parts = [
        _at(matrices.lambda_, by_loading),
        _at(matrices.beta, by_path),
        _at(matrices.psi, pulled @ state.total),
        slopes.by_residual,
        by_nu,
        by_alpha,
    ]
    return slopes.value, np.concatenate(parts, axis=-1) @ group.gather


def _at(cells: Cells, matrices: Array) -> Array:
    """Return the entries at the free cells (b, cells)."""
    flat = matrices.reshape(len(matrices), -1)
    return np.asarray(flat[:, cells.row * matrices.shape[-1] + cells.col])
