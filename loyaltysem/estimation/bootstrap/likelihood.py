r"""The normal likelihood of one model at many samples at once: value and gradient, draw by draw.

With G_Sigma = (Sigma^-1 - Sigma^-1 S* Sigma^-1) / 2, S* = S + (m - mu)(m - mu)', the derivatives
by the cells of the matrices are (see `loyaltysem.estimation.implied` for the letters)

    Lambda: 2 G_Sigma Lambda E + d_mu eta'       B: 2 T' Q E + T' Lambda' d_mu eta'
    Psi:    T' Q T                               Theta: G_Sigma
    nu:     d_mu                                 alpha: T' Lambda' d_mu

with T = (I - B)^-1, E = T Psi T', Q = Lambda' G_Sigma Lambda and d_mu = -Sigma^-1 (m - mu). Only
G_Sigma Lambda (p, m), Q and the entries of G_Sigma at free cells of Theta are needed. Where Theta
is diagonal and positive, Sigma^-1 = D - D Lambda K Lambda' D with K = (I + E G)^-1 E and
G = Lambda' D Lambda, D = Theta^-1 (Woodbury), so that no (p, p) matrix is inverted and the work
per draw falls from p^3 to p^2 m.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.discrepancy import Sample
    from loyaltysem.estimation.optimise import Reparameterisation
    from loyaltysem.syntax.matrices import Cells, GroupMatrices

    Array = NDArray[np.float64]

SMALLEST_SHARE = 1e-6
"""Residual variance, as a share of the sample's variance, from which Woodbury's form is stable."""

_CELLS = ("lambda_", "beta", "psi", "theta", "nu", "alpha")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleBatch:
    """The moments of one group in every draw: ``cov`` (b, p, p), ``mean`` (b, p), log|S| (b,)."""

    cov: Array
    mean: Array
    log_det: Array

    def take(self, draws: NDArray[np.intp]) -> SampleBatch:
        """Return some of the draws."""
        return SampleBatch(cov=self.cov[draws], mean=self.mean[draws], log_det=self.log_det[draws])


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchedGroup:
    """One group's matrices, ready for batches.

    ``gather`` (cells, q') adds the derivatives by cells into those by phi; ``weight`` is the
    group's share of all rows; ``is_diagonal`` tells that Theta has no free or fixed covariance.
    """

    matrices: GroupMatrices
    gather: Array
    weight: float
    means: bool
    is_diagonal: bool


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
            gather=_gather(one, free),
            weight=sample.weight,
            means=sample.means,
            is_diagonal=_is_diagonal(one.theta),
        )
        for one, sample in zip(matrices, samples, strict=True)
    )
    return BatchedLikelihood(groups=groups, free=free)


def _is_diagonal(theta: Cells) -> bool:
    off_diagonal = theta.base - np.diag(np.diagonal(theta.base))
    return not off_diagonal.any() and bool((theta.row == theta.col).all())


def _gather(matrices: GroupMatrices, free: Reparameterisation) -> Array:
    """Return the matrix that adds the derivatives by all cells, in order, into those by phi."""
    indices = np.concatenate([getattr(matrices, name).free for name in _CELLS])
    by_theta = np.zeros((len(indices), len(free.offset)))
    by_theta[np.arange(len(indices)), indices] = 1.0
    return by_theta if free.basis is None else by_theta @ free.basis


def _group_value_and_gradient(
    group: BatchedGroup, theta: Array, sample: SampleBatch
) -> tuple[Array, Array]:
    state = _state(group, theta, sample)
    variances = np.diagonal(state.residual, axis1=-2, axis2=-1)
    least = SMALLEST_SHARE * np.diagonal(sample.cov, axis1=-2, axis2=-1)
    fast = (variances > least).all(axis=-1) & group.is_diagonal
    if fast.all():
        return _finish(group, state, _by_woodbury(group, state, sample))
    value, gradient = np.empty(len(theta)), np.empty((len(theta), group.gather.shape[1]))
    for draws, method in ((np.flatnonzero(fast), _by_woodbury), (np.flatnonzero(~fast), _dense)):
        if len(draws):
            part = state.take(draws)
            solved = method(group, part, sample.take(draws))
            value[draws], gradient[draws] = _finish(group, part, solved)
    return value, gradient


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """The matrices at theta: Lambda, T = (I - B)^-1, E, Theta, eta, and m - mu (None: no means)."""

    loadings: Array
    total: Array
    cov_lv: Array
    residual: Array
    mean_lv: Array
    distance: Array | None

    def take(self, draws: NDArray[np.intp]) -> _State:
        return _State(
            loadings=self.loadings[draws],
            total=self.total[draws],
            cov_lv=self.cov_lv[draws],
            residual=self.residual[draws],
            mean_lv=self.mean_lv[draws],
            distance=None if self.distance is None else self.distance[draws],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Solved:
    """What the gradient needs: the value, G_Sigma Lambda, G_Sigma at free cells of Theta, d_mu."""

    value: Array
    slope_loadings: Array
    slope_residual: Array
    slope_mean: Array | None


def _state(group: BatchedGroup, theta: Array, sample: SampleBatch) -> _State:
    matrices = group.matrices
    loadings = matrices.lambda_.fill(theta)
    total = _total_effects(matrices.beta, theta)
    mean_lv = (total @ matrices.alpha.fill(theta))[..., 0]
    distance = None
    if group.means:
        implied = matrices.nu.fill(theta)[..., 0] + (loadings @ mean_lv[..., None])[..., 0]
        distance = sample.mean - implied
    return _State(
        loadings=loadings,
        total=total,
        cov_lv=total @ matrices.psi.fill(theta) @ total.swapaxes(-1, -2),
        residual=matrices.theta.fill(theta),
        mean_lv=mean_lv,
        distance=distance,
    )


def _total_effects(beta: Cells, theta: Array) -> Array:
    """Return (I - B)^-1 (b, m, m), by powers of B where no feedback loop can be."""
    m = len(beta.base)
    if not len(beta.free) and not beta.base.any():
        return np.broadcast_to(np.eye(m), (len(theta), m, m))
    filled = beta.fill(theta)
    depth = _longest_path(beta)
    if depth is None:
        return np.asarray(np.linalg.inv(np.eye(m) - filled))
    total = np.eye(m) + filled
    power = filled
    for _ in range(depth - 1):
        power = power @ filled
        total = total + power
    return np.asarray(total)


def _longest_path(beta: Cells) -> int | None:
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


def _by_woodbury(group: BatchedGroup, state: _State, sample: SampleBatch) -> _Solved:
    """Solve with (m, m) inverses; Theta is diagonal and positive."""
    precision = 1.0 / np.diagonal(state.residual, axis1=-2, axis2=-1)
    scaled = precision[..., None] * state.loadings
    gram = state.loadings.swapaxes(-1, -2) @ scaled
    m = gram.shape[-1]
    core = np.eye(m) + state.cov_lv @ gram
    sign, log_core = np.linalg.slogdet(core)
    inverse = _inverse(core)
    kernel = inverse @ state.cov_lv
    shrink = np.eye(m) - kernel @ gram
    carried = sample.cov @ scaled
    if state.distance is not None:
        along = (state.distance[..., None, :] @ scaled)[..., 0, :]
        carried = carried + state.distance[..., :, None] * along[..., None, :]
    inner = scaled.swapaxes(-1, -2) @ carried
    spread = scaled @ kernel
    # Sigma^-1 Lambda and Sigma^-1 S* Sigma^-1 Lambda
    solved = scaled @ shrink
    twice = (precision[..., None] * carried - spread @ inner) @ shrink
    variances = np.diagonal(sample.cov, axis1=-2, axis2=-1)
    if state.distance is not None:
        variances = variances + state.distance**2
    fitted = precision * variances
    diagonal: Array = precision - (spread * scaled).sum(-1)
    squared = (
        precision * fitted
        - 2.0 * (spread * (precision[..., None] * carried)).sum(-1)
        + ((spread @ inner) * spread).sum(-1)
    )
    trace = fitted.sum(-1) - (kernel * inner).sum((-2, -1))
    log_det = log_core - np.log(precision).sum(-1)
    value = 0.5 * (log_det + trace - sample.log_det - precision.shape[-1])
    slope_mean = None
    if state.distance is not None:
        plain = precision * state.distance
        slope_mean = -(plain - (spread @ (along[..., None]))[..., 0])
    at = group.matrices.theta.row
    return _Solved(
        value=np.where((sign > 0) & np.isfinite(value), value, np.inf),
        slope_loadings=0.5 * (solved - twice),
        slope_residual=np.asarray(0.5 * (diagonal - squared)[..., at]),
        slope_mean=slope_mean,
    )


def _inverse(matrices: Array) -> Array:
    """Return inverses, NaN for a batch in which one is exactly singular."""
    try:
        return np.asarray(np.linalg.inv(matrices))
    except np.linalg.LinAlgError:
        return np.full_like(matrices, np.nan)


def _dense(group: BatchedGroup, state: _State, sample: SampleBatch) -> _Solved:
    """Solve with (p, p) inverses, whatever Theta is."""
    loadings = state.loadings
    sigma = loadings @ state.cov_lv @ loadings.swapaxes(-1, -2) + state.residual
    values = np.linalg.eigvalsh(sigma)
    possible = (values[..., 0] > 1e-12 * values[..., -1]) & np.isfinite(values[..., 0])
    sigma = np.where(possible[..., None, None], sigma, np.eye(sigma.shape[-1]))
    inverse = np.linalg.inv(sigma)
    log_det = np.linalg.slogdet(sigma)[1]
    cov = sample.cov
    slope_mean = None
    if state.distance is not None:
        cov = cov + state.distance[..., :, None] * state.distance[..., None, :]
        slope_mean = -(inverse @ state.distance[..., None])[..., 0]
    product = inverse @ cov
    slope = 0.5 * (inverse - product @ inverse)
    trace = np.diagonal(product, axis1=-2, axis2=-1).sum(-1)
    value = 0.5 * (log_det + trace - sample.log_det - sigma.shape[-1])
    cells = group.matrices.theta
    return _Solved(
        value=np.where(possible, value, np.inf),
        slope_loadings=slope @ loadings,
        slope_residual=np.asarray(slope[..., cells.row, cells.col]),
        slope_mean=slope_mean,
    )


def _finish(group: BatchedGroup, state: _State, solved: _Solved) -> tuple[Array, Array]:
    """Return value and gradient by phi from the derivatives by the cells."""
    turned = state.total.swapaxes(-1, -2)
    inner = state.loadings.swapaxes(-1, -2) @ solved.slope_loadings
    by_loading = 2.0 * solved.slope_loadings @ state.cov_lv
    pulled = turned @ inner
    by_path = 2.0 * pulled @ state.cov_lv
    by_latent = pulled @ state.total
    matrices = group.matrices
    if solved.slope_mean is None:
        by_nu = np.zeros((len(solved.value), 0))
        by_alpha = np.zeros((len(solved.value), 0))
    else:
        reached = turned @ (state.loadings.swapaxes(-1, -2) @ solved.slope_mean[..., None])
        by_loading = by_loading + solved.slope_mean[..., :, None] * state.mean_lv[..., None, :]
        by_path = by_path + reached * state.mean_lv[..., None, :]
        by_nu = solved.slope_mean[..., matrices.nu.row]
        by_alpha = reached[..., matrices.alpha.row, 0]
    cells = np.concatenate(
        [
            by_loading[..., matrices.lambda_.row, matrices.lambda_.col],
            by_path[..., matrices.beta.row, matrices.beta.col],
            by_latent[..., matrices.psi.row, matrices.psi.col],
            solved.slope_residual,
            by_nu,
            by_alpha,
        ],
        axis=-1,
    )
    return solved.value, cells @ group.gather
