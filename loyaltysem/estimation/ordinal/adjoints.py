"""How the discrepancy of ordinal moments falls with what the moments are made of.

The chain rule backwards: from the weighted residuals to the responses' moments, thresholds and
scales, and from there to theta, without the Jacobian of the moments.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.implied import adjoint, curvature, scatter_square
from loyaltysem.estimation.ordinal.implied import response_levels, response_slopes
from loyaltysem.estimation.ordinal.tables import pair_positions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.ordinal.derivatives import OrdinalJacobian
    from loyaltysem.estimation.ordinal.implied import OrdinalImplied, OrdinalStructure

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalTarget:
    """What the objective aims at in one group.

    ``vector`` (s,) are the sample's moments, ``share`` that of the group in all rows, ``shrink``
    (n - 1) / n, ``weight`` V (s, s) or its diagonal (s,); ``gamma`` (s, s) their asymptotic
    covariance, where known.
    """

    vector: Array
    share: float
    shrink: float
    weight: Array
    gamma: Array | None = None

    def weighted(self, values: Array) -> Array:
        """Return V times ``values`` (s,) or (s, q)."""
        if self.weight.ndim == 2:
            return self.weight @ values
        return self.weight * values if values.ndim == 1 else self.weight[:, None] * values


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """The weighted residuals u = V (s - sigma) of one group, by kind of moment.

    ``level`` (t,) of thresholds (means with their sign), ``slope`` (p, x), ``cov`` U (p, p)
    symmetric with trace(U dC) = u' dc over the covariances c in C.
    """

    level: Array
    slope: Array
    cov: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjoints:
    """Derivatives of one group's F by what its moments are made of.

    ``sigma`` (p, p), ``mu`` (p,), ``regressions`` (p, x) of the responses, ``tau`` (t,),
    ``scale`` (p,).
    """

    sigma: Array
    mu: Array
    regressions: Array
    tau: Array
    scale: Array


def pull_of(structure: OrdinalStructure, target: OrdinalTarget, point: OrdinalImplied) -> Pull:
    """Return the weighted residuals of one group by kind of moment."""
    p, t, x = structure.p, len(structure.variable), len(structure.regressions)
    numeric = np.flatnonzero(structure.sizes == 0)
    u = target.weighted(target.vector - point.vector)
    level, slope, variances, pairs = np.split(u, np.cumsum([t, p * x, len(numeric)]))
    cov = np.zeros((p, p))
    first, second = pair_positions(p)
    cov[first, second] = 0.5 * pairs
    cov += cov.T
    cov[numeric, numeric] = variances
    return Pull(level=level, slope=slope.reshape(x, p).T, cov=cov)


def adjoints(structure: OrdinalStructure, point: OrdinalImplied, pull: Pull) -> Adjoints:
    """Return the derivatives of F by what the moments are made of."""
    scale, variable = point.scale, structure.variable
    paired = scale[:, None] * pull.cov * scale
    by_tau = -scale[variable] * pull.level
    by_scale = -_by_variable(structure, pull.level * response_levels(structure, point))
    by_scale -= (pull.slope * response_slopes(structure, point)).sum(axis=1)
    by_scale -= 2.0 * np.einsum("ij,ij,j->i", pull.cov, point.responses.sigma, scale)
    by_sigma = -paired
    if structure.theta_form:
        ordinal = structure.matrices.ordinal
        by_sigma[ordinal, ordinal] += -0.5 * scale[ordinal] ** 3 * by_scale[ordinal]
    else:
        _through_residuals(structure, point, by_sigma, by_scale)
    return Adjoints(
        sigma=by_sigma,
        mu=-_by_variable(structure, by_tau),
        regressions=-scale[:, None] * pull.slope,
        tau=by_tau,
        scale=by_scale,
    )


def _by_variable(structure: OrdinalStructure, values: Array) -> Array:
    """Add up values of thresholds (t,) by variable (p,)."""
    return np.bincount(structure.variable, values, minlength=structure.p).astype(float)


def _through_residuals(
    structure: OrdinalStructure, point: OrdinalImplied, by_sigma: Array, by_scale: Array
) -> None:
    """Add what residual variances in psi pass on when a variance or a scale moves (in place)."""
    inner = structure.inner
    if not len(inner):
        return
    reach = point.responses.basis[:, structure.inner_columns]
    by_psi = np.einsum("ik,ij,jk->k", reach, by_sigma, reach)
    passed = np.linalg.solve((reach[inner] ** 2).T, by_psi)
    by_sigma[inner, inner] -= passed
    by_scale[inner] += passed * -2.0 * point.scale[inner] ** -3.0


def group_gradient(structure: OrdinalStructure, point: OrdinalImplied, by: Adjoints) -> Array:
    """Return the gradient of one group by the chain rule, without its Jacobian."""
    matrices = structure.matrices
    gradient = adjoint(structure.responses, point.responses, by.sigma, by.mu)
    nothing = np.zeros_like(by.sigma)
    for k, (one, at) in enumerate(zip(structure.regressions, point.regressions, strict=True)):
        gradient += adjoint(one, at, nothing, by.regressions[:, k])
    of_tau = np.zeros(len(matrices.tau.base))
    ordinal = structure.tau >= 0
    of_tau[structure.tau[ordinal]] = by.tau[ordinal]
    np.add.at(gradient, matrices.tau.free, of_tau[matrices.tau.row])
    if not structure.theta_form:
        np.add.at(gradient, matrices.delta.free, by.scale[matrices.delta.row])
    return gradient


def group_bend(
    structure: OrdinalStructure, point: OrdinalImplied, by: OrdinalJacobian, pull: Pull
) -> Array:
    """Return -u' d2 sigma (q, q) of one group: what the Hessian has beyond Delta' V Delta."""
    towards = adjoints(structure, point, pull)
    bend = scatter_square(
        structure.responses,
        curvature(structure.responses, point.responses, towards.sigma, towards.mu),
    )
    nothing = np.zeros_like(towards.sigma)
    for k, (one, at) in enumerate(zip(structure.regressions, point.regressions, strict=True)):
        bend += scatter_square(one, curvature(one, at, nothing, towards.regressions[:, k]))
    if by.scale.any():
        bend += _scale_bend(structure, point, by, pull, towards)
    return bend


def _scale_bend(
    structure: OrdinalStructure,
    point: OrdinalImplied,
    by: OrdinalJacobian,
    pull: Pull,
    towards: Adjoints,
) -> Array:
    """Return the part of `group_bend` that comes from scales that move together with the rest."""
    scale, variable = point.scale, structure.variable
    mean = by.mu[variable]
    level = np.where((structure.tau >= 0)[:, None], by.tau - mean, -mean)
    along = np.zeros_like(by.scale)
    np.add.at(along, variable, pull.level[:, None] * level)
    along += np.einsum("ik,ikq->iq", pull.slope, by.slopes)
    rows, cols = structure.responses.rows, structure.responses.cols
    twice = np.where(rows == cols, 1.0, 2.0)[:, None] * by.vech
    np.add.at(along, rows, (pull.cov[rows, cols] * scale[cols])[:, None] * twice)
    off = rows != cols
    np.add.at(along, cols[off], (pull.cov[rows, cols] * scale[rows])[off, None] * twice[off])
    mixed = by.scale.T @ along
    bend = -(mixed + mixed.T)
    bend -= 2.0 * by.scale.T @ (pull.cov * point.responses.sigma) @ by.scale
    if structure.theta_form:
        ordinal = structure.matrices.ordinal
        variances = by.vech[structure.diagonal[ordinal]]
        turn = 0.75 * scale[ordinal] ** 5 * towards.scale[ordinal]
        bend += (variances.T * turn) @ variances
    return bend
