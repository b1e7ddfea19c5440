r"""Two ways to solve with Sigma = Lambda E Lambda' + Theta, for a batch of draws.

Both return the slopes of the normal likelihood; its letters are in
`loyaltysem.estimation.bootstrapping.likelihood`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.bootstrapping.states import Slopes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.bootstrapping.states import BatchedGroup, SampleBatch, State

    Array = NDArray[np.float64]

SMALLEST_EIGENVALUE = 1e-12
"""As a share of the largest one: below, Sigma counts as singular."""


def by_woodbury(group: BatchedGroup, state: State, sample: SampleBatch) -> Slopes:
    """Solve with (m, m) inverses; Theta is diagonal and positive.

    With D = Theta^-1, W = D Lambda, G = Lambda' W, H = (I + E G)^-1, K = H E, C = S* W and
    R = W' C, Woodbury's identity Sigma^-1 = D - W K W' gives

        2 G_Sigma Lambda E = W (K + K R K) - D C K        Q = (G H - H' R H) / 2
        log|Sigma| = log|I + E G| - log|D|                tr(S* Sigma^-1) = tr(S* D) - tr(R K)
        diag G_Sigma = (D - D S* D)_ii / 2 + row sums of W * (D C K - W (K + K R K) / 2)

    The largest product is S* W, so that the work of a draw falls from p^3 to p^2 m. Woodbury
    (1950), Memorandum Report 42, Statistical Research Group, Princeton.
    """
    precision = 1.0 / state.residual
    weighted = precision[..., None] * state.loadings
    gram = state.loadings.swapaxes(-1, -2) @ weighted
    core = state.cov_lv @ gram
    core += np.eye(core.shape[-1])
    sign, log_core = np.linalg.slogdet(core)
    shrink = _inverse(core)
    kernel = shrink @ state.cov_lv
    distance = _distance(state, sample)
    carried, along = _carried(sample, distance, weighted)
    inner = weighted.swapaxes(-1, -2) @ carried
    outward = weighted @ (kernel + kernel @ inner @ kernel)
    carried *= precision[..., None]
    inward = carried @ kernel
    fitted = precision * _spread(sample, distance)
    log_det = log_core - np.log(precision).sum(-1)
    trace = fitted.sum(-1) - np.einsum("bij,bij->b", kernel, inner)
    value = 0.5 * (log_det + trace - sample.log_det - precision.shape[-1])
    by_loading = outward - inward
    slope = 0.5 * (
        precision * (1.0 - fitted) + np.einsum("bij,bij->bi", weighted, inward - by_loading)
    )
    return Slopes(
        value=np.where((sign > 0) & np.isfinite(value), value, np.inf),
        by_loading=by_loading,
        by_latent=0.5 * (gram @ shrink - shrink.swapaxes(-1, -2) @ inner @ shrink),
        by_residual=slope[..., group.matrices.theta.row],
        by_mean=(
            None
            if along is None or distance is None
            else (weighted @ (kernel @ along[..., None]))[..., 0] - precision * distance
        ),
    )


def _distance(state: State, sample: SampleBatch) -> Array | None:
    """Return m - mu (b, p) where means are modelled."""
    return None if state.mean is None else sample.mean - state.mean


def _carried(
    sample: SampleBatch, distance: Array | None, weighted: Array
) -> tuple[Array, Array | None]:
    """Return C = S* W (b, p, m), and (m - mu)' W (b, m) where means are modelled."""
    carried = sample.cov @ weighted
    if distance is None:
        return carried, None
    along = (distance[..., None, :] @ weighted)[..., 0, :]
    carried += distance[..., :, None] * along[..., None, :]
    return carried, along


def _spread(sample: SampleBatch, distance: Array | None) -> Array:
    """Return the diagonal of S* (b, p)."""
    return sample.variances if distance is None else sample.variances + distance**2


def _inverse(matrices: Array) -> Array:
    """Return inverses, NaN for a batch in which one is exactly singular."""
    try:
        return np.asarray(np.linalg.inv(matrices))
    except np.linalg.LinAlgError:
        return np.full_like(matrices, np.nan)


def by_inversion(group: BatchedGroup, state: State, sample: SampleBatch) -> Slopes:
    """Solve with (p, p) inverses, whatever Theta is."""
    loadings, cells = state.loadings, group.matrices.theta
    sigma = loadings @ state.cov_lv @ loadings.swapaxes(-1, -2) + cells.fill(state.theta)
    values = np.linalg.eigvalsh(sigma)
    possible = values[..., 0] > SMALLEST_EIGENVALUE * values[..., -1]
    sigma = np.where(possible[..., None, None], sigma, np.eye(sigma.shape[-1]))
    inverse = np.linalg.inv(sigma)
    cov, by_mean = sample.cov, None
    distance = _distance(state, sample)
    if distance is not None:
        cov = cov + distance[..., :, None] * distance[..., None, :]
        by_mean = -(inverse @ distance[..., None])[..., 0]
    product = inverse @ cov
    slope = 0.5 * (inverse - product @ inverse)
    trace = np.trace(product, axis1=-2, axis2=-1)
    log_det = np.linalg.slogdet(sigma)[1]
    value = 0.5 * (log_det + trace - sample.log_det - sigma.shape[-1])
    by_loading = slope @ loadings
    return Slopes(
        value=np.where(possible, value, np.inf),
        by_loading=2.0 * by_loading @ state.cov_lv,
        by_latent=loadings.swapaxes(-1, -2) @ by_loading,
        by_residual=np.asarray(slope[..., cells.row, cells.col]),
        by_mean=by_mean,
    )
