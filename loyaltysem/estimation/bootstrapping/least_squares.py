r"""Least squares on ordinal moments at many samples at once: value and gradient, draw by draw.

    F(theta) = (1/2) sum_g f_g (n_g - 1) / n_g (s_g - sigma_g)' V_g (s_g - sigma_g)

with diagonal V_g, for variables that are all ordinal. With u = V (s - sigma), U (p, p) the
correlations' part of u halved onto both sides of the diagonal, and delta the responses' scales, the
derivatives are (see `loyaltysem.estimation.ordinal.implied` for the letters)

    Sigma: -delta_i U_ij delta_j      tau: -delta u      mu: delta u, summed by variable
    delta: -(u (tau - mu), summed by variable) - 2 (U Sigma delta)_i

and, where delta = Sigma_ii^(-1/2) (theta parameterization), Sigma_ii takes -delta_i^3 / 2 times the
derivative by delta_i. From Sigma and mu they go on to the cells like those of the likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.bootstrapping.likelihood import CELLS, gather, gathered
from loyaltysem.estimation.bootstrapping.states import (
    BatchedGroup,
    Slopes,
    longest_path,
    state_at,
)
from loyaltysem.estimation.ordinal.tables import pair_positions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.bootstrapping.states import State
    from loyaltysem.estimation.optimise import Reparameterisation
    from loyaltysem.estimation.ordinal.adjoints import OrdinalTarget
    from loyaltysem.estimation.ordinal.implied import OrdinalStructure

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentBatch:
    """Moments of one group in every draw, with the weights of their squares: both (b, s)."""

    vector: Array
    weight: Array

    def __len__(self) -> int:
        return len(self.vector)

    def take(self, draws: NDArray[np.intp]) -> MomentBatch:
        """Return some of the draws."""
        return MomentBatch(vector=self.vector[draws], weight=self.weight[draws])


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalGroup:
    """One group's model: its structure, its matrices ready for batches, what gathers tau and delta.

    ``gather`` adds the derivatives by the free cells of tau and delta into those by phi.
    """

    structure: OrdinalStructure
    group: BatchedGroup
    gather: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchedLeastSquares:
    """The discrepancy of all groups as a function of phi (b, q') for a batch of draws."""

    groups: tuple[OrdinalGroup, ...]
    free: Reparameterisation

    def value_and_gradient(self, phi: Array, samples: Sequence[MomentBatch]) -> tuple[Array, Array]:
        """Return values (b,) and gradients (b, q'); inf where a variance would be negative."""
        theta = self.free.theta(phi)
        value, gradient = np.zeros(len(phi)), np.zeros_like(phi)
        for one, sample in zip(self.groups, samples, strict=True):
            part, slope = _group_value_and_gradient(one, theta, sample)
            value += one.group.weight * part
            gradient += one.group.weight * slope
        return value, gradient


def batched_least_squares(
    structures: Sequence[OrdinalStructure],
    targets: Sequence[OrdinalTarget],
    free: Reparameterisation,
) -> BatchedLeastSquares:
    """Return the discrepancy of a model for batches of samples.

    Parameters
    ----------
    structures
        Of each group: all variables ordinal, no covariates, no residual variance in psi.
    targets
        The original sample of each group.
    free
        The linear equality constraints.
    """
    groups = tuple(
        OrdinalGroup(
            structure=one,
            group=BatchedGroup(
                matrices=one.matrices,
                gather=gather(one.matrices, free, CELLS),
                weight=target.share * target.shrink,
                means=True,
                is_diagonal=False,
                depth=longest_path(one.matrices.beta),
            ),
            gather=gather(one.matrices, free, ("tau", "delta")),
        )
        for one, target in zip(structures, targets, strict=True)
    )
    return BatchedLeastSquares(groups=groups, free=free)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """One group at theta: matrices, Sigma (b, p, p), delta (b, p), tau - mu (b, t)."""

    state: State
    sigma: Array
    scale: Array
    level: Array

    def moments(self, structure: OrdinalStructure) -> Array:
        """Return the implied moments (b, s)."""
        first, second = pair_positions(structure.p)
        thresholds = self.level * self.scale[:, structure.variable]
        pairs = self.scale[:, first] * self.sigma[:, first, second] * self.scale[:, second]
        return np.concatenate([thresholds, pairs], axis=1)


def _point(one: OrdinalGroup, theta: Array) -> _Point:
    structure, matrices = one.structure, one.structure.matrices
    state = state_at(one.group, theta)
    assert state.mean is not None
    sigma = state.loadings @ state.cov_lv @ state.loadings.swapaxes(-1, -2)
    sigma += matrices.theta.fill(theta)
    tau = matrices.tau.fill(theta)[:, structure.tau, 0]
    return _Point(
        state=state,
        sigma=sigma,
        scale=_scales(structure, theta, sigma),
        level=tau - state.mean[:, structure.variable],
    )


def _scales(structure: OrdinalStructure, theta: Array, sigma: Array) -> Array:
    """Return delta (b, p); NaN where the theta parameterization implies a negative variance."""
    if not structure.theta_form:
        return structure.matrices.delta.fill(theta)[..., 0]
    variances = np.diagonal(sigma, axis1=-2, axis2=-1)
    scales: Array = np.where(variances > 0, variances, np.nan) ** -0.5
    return scales


def _group_value_and_gradient(
    one: OrdinalGroup, theta: Array, sample: MomentBatch
) -> tuple[Array, Array]:
    structure, matrices = one.structure, one.structure.matrices
    point = _point(one, theta)
    residual = sample.vector - point.moments(structure)
    pull = sample.weight * residual
    value = 0.5 * np.einsum("bs,bs->b", pull, residual)
    of_level, cov = _by_kind(structure, pull)
    by_tau = -point.scale[:, structure.variable] * of_level
    by_scale = -_by_variable(structure, of_level * point.level)
    by_scale -= 2.0 * np.einsum("bij,bij,bj->bi", cov, point.sigma, point.scale)
    by_sigma = -point.scale[:, :, None] * cov * point.scale[:, None, :]
    if structure.theta_form:
        own = np.arange(structure.p)
        by_sigma[:, own, own] -= 0.5 * point.scale**3 * by_scale
    by_loading = by_sigma @ point.state.loadings
    slopes = Slopes(
        value=np.where(np.isfinite(value), value, np.inf),
        by_loading=2.0 * by_loading @ point.state.cov_lv,
        by_latent=point.state.loadings.swapaxes(-1, -2) @ by_loading,
        by_residual=by_sigma[:, matrices.theta.row, matrices.theta.col],
        by_mean=-_by_variable(structure, by_tau),
    )
    value, gradient = gathered(one.group, point.state, slopes)
    of_tau = np.empty_like(by_tau)
    of_tau[:, structure.tau] = by_tau
    cells = [of_tau[:, matrices.tau.row], by_scale[:, matrices.delta.row]]
    return value, gradient + np.concatenate(cells, axis=1) @ one.gather


def _by_kind(structure: OrdinalStructure, pull: Array) -> tuple[Array, Array]:
    """Return the thresholds' part of u (b, t), and U (b, p, p)."""
    t, p = len(structure.variable), structure.p
    first, second = pair_positions(p)
    cov = np.zeros((len(pull), p, p))
    cov[:, first, second] = cov[:, second, first] = 0.5 * pull[:, t:]
    return pull[:, :t], cov


def _by_variable(structure: OrdinalStructure, values: Array) -> Array:
    """Add up values of thresholds (b, t) by variable (b, p)."""
    first = np.searchsorted(structure.variable, np.arange(structure.p))
    return np.asarray(np.add.reduceat(values, first, axis=1))
