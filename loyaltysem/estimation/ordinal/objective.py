r"""Least squares on the vector of ordinal moments: ULS, DWLS and WLS.

    F(theta) = (1/2) sum_g f_g (n_g - 1) / n_g (s_g - sigma_g)' V_g (s_g - sigma_g)

with f_g = n_g / N the share of a group and V_g the identity (ULS), the inverse diagonal of the
asymptotic covariance of s_g (DWLS) or its inverse (WLS). The chi-square is N times twice the
minimum.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.implied import adjoint, curvature, scatter_square
from loyaltysem.estimation.ordinal.implied import (
    ordinal_implied,
    ordinal_jacobian,
    response_levels,
    response_slopes,
    vector_jacobian,
)
from loyaltysem.estimation.ordinal.tables import pair_positions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from loyaltysem.estimation.ordinal.implied import (
        OrdinalImplied,
        OrdinalJacobian,
        OrdinalStructure,
    )

    Array = NDArray[np.float64]

# Step of the numerical derivative of the gradient.
_STEP = 1e-6


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


class OrdinalPoint:
    """The objective at one theta; everything beyond the value is computed when asked for."""

    def __init__(
        self,
        structures: tuple[OrdinalStructure, ...],
        targets: tuple[OrdinalTarget, ...],
        theta: Array,
    ) -> None:
        self.structures = structures
        self.targets = targets
        self.theta = theta
        self.groups = tuple(ordinal_implied(structure, theta) for structure in structures)

    @cached_property
    def value(self) -> float:
        """The discrepancy; inf where a response would have a negative variance."""
        total = 0.0
        for _, target, point in self._parts():
            residual = target.vector - point.vector
            part = 0.5 * float(residual @ target.weighted(residual))
            total += target.share * target.shrink * part
        return total if np.isfinite(total) else np.inf

    @cached_property
    def jacobians(self) -> tuple[OrdinalJacobian, ...]:
        """Derivatives of each group's quantities."""
        return tuple(
            ordinal_jacobian(structure, point)
            for structure, point in zip(self.structures, self.groups, strict=True)
        )

    @cached_property
    def deltas(self) -> tuple[Array, ...]:
        """Derivatives (s, q) of each group's moments, lavaan's Delta."""
        parts = zip(self.structures, self.groups, self.jacobians, strict=True)
        return tuple(vector_jacobian(*part) for part in parts)

    @cached_property
    def spreads(self) -> tuple[Array, ...]:
        """Gamma V Delta (s, q) of each group, for groups whose Gamma is known."""
        return tuple(
            target.gamma @ target.weighted(delta)
            for target, delta in zip(self.targets, self.deltas, strict=True)
            if target.gamma is not None
        )

    def gradient(self) -> Array:
        """Return the gradient (q,)."""
        total = np.zeros(len(self.theta))
        for structure, target, point in self._parts():
            slopes = adjoints(structure, point, pull_of(structure, target, point))
            total += target.share * target.shrink * _gradient(structure, point, slopes)
        return total

    def information(self) -> Array:
        """Return sum f Delta' V Delta (q, q)."""
        return self._squares(shrunk=False)

    def _squares(self, *, shrunk: bool) -> Array:
        q = len(self.theta)
        total = np.zeros((q, q))
        for (structure, target, _), delta in zip(self._parts(), self.deltas, strict=True):
            share = target.share * (target.shrink if shrunk else 1.0)
            total += share * _weighted_square(structure, target, delta)
        return total

    def hessian(self) -> Array:
        """Return the matrix of second derivatives (q, q)."""
        if any(len(structure.inner) for structure in self.structures):
            return self._numerical_hessian()
        total = self._squares(shrunk=True)
        for (structure, target, point), by in zip(self._parts(), self.jacobians, strict=True):
            pull = pull_of(structure, target, point)
            total += target.share * target.shrink * _bend(structure, point, by, pull)
        return total

    def _numerical_hessian(self) -> Array:
        """Differentiate the gradient (residual variances in psi make it too winding by hand)."""
        columns = []
        for k in range(len(self.theta)):
            step = np.zeros(len(self.theta))
            step[k] = _STEP
            ahead, behind = (
                OrdinalPoint(self.structures, self.targets, self.theta + s).gradient()
                for s in (step, -step)
            )
            columns.append((ahead - behind) / (2 * _STEP))
        hessian = np.array(columns)
        return 0.5 * (hessian + hessian.T)

    def _parts(self) -> Iterator[tuple[OrdinalStructure, OrdinalTarget, OrdinalImplied]]:
        return zip(self.structures, self.targets, self.groups, strict=True)


@dataclass(frozen=True, slots=True)
class OrdinalObjective:
    """The discrepancy as a function of theta."""

    structures: tuple[OrdinalStructure, ...]
    targets: tuple[OrdinalTarget, ...]

    def at(self, theta: Array) -> OrdinalPoint:
        """Return the objective at ``theta`` (q,)."""
        return OrdinalPoint(self.structures, self.targets, theta)


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


def _gradient(structure: OrdinalStructure, point: OrdinalImplied, by: Adjoints) -> Array:
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


def _weighted_square(structure: OrdinalStructure, target: OrdinalTarget, delta: Array) -> Array:
    """Return Delta' V Delta; with diagonal V block by block, where most derivatives are zero."""
    if target.weight.ndim == 2:
        return delta.T @ target.weighted(delta)
    q = delta.shape[1]
    total = np.zeros((q, q))
    cut = len(structure.variable)
    for rows in (slice(0, cut), slice(cut, None)):
        columns = np.flatnonzero(delta[rows].any(axis=0))
        block = np.ascontiguousarray(delta[rows, columns])
        total[np.ix_(columns, columns)] += (block.T * target.weight[rows]) @ block
    return total


def _bend(
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
    """Return the part of `_bend` that comes from scales that move together with the rest."""
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
