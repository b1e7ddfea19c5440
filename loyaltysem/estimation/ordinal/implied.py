r"""Implied moments of ordinal (and mixed) data, with their derivatives.

Behind every ordinal variable stands a normal response y*, for which the model of `..implied` holds.
What is observed of it is known up to scale, so moments are those of delta_i y*_i:

    thresholds    delta_i (tau_ik - mu_i)        (minus mu_i of a numeric variable)
    slopes        delta_i [Lambda (I - B)^-1 Gamma]_i
    covariances   delta_i delta_j Sigma_ij       (delta = 1 for numeric variables)

In the *delta* parameterization the scales delta are parameters (1 by default) and the residual
variances of ordinal variables follow from Sigma_ii = 1 / delta_i^2. In the *theta* parameterization
the residual variances are parameters (1 by default) and delta_i = Sigma_ii^(-1/2). Muthén &
Asparouhov (2002); as lavaan's ``computeTH``, ``computePI``, ``setResidualElements`` and
``setDeltaElements``.

An ordinal variable that stands inside regressions has its residual variance in psi. Where such a
variable explains others, that variance moves theirs: here all variances are exactly 1 / delta_i^2
and the derivatives know it. lavaan 0.6-14 leaves both out, so that a chain of ordinal outcomes has
implied variances above 1 there, and mediators have other standard errors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.implied import (
    Implied,
    Structure,
    implied_moments,
    jacobian,
    structure,
)
from loyaltysem.estimation.ordinal.moments import moment_vector
from loyaltysem.syntax.matrices import Cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.syntax.matrices import GroupMatrices

    Array = NDArray[np.float64]
    Positions = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalStructure:
    """Where a group's parameters enter the implied moments.

    Attributes
    ----------
    responses
        The structure of the responses y*.
    regressions
        For each covariate the structure in which its effects play the part of latent means, so that
        the implied means are its slopes.
    sizes
        Number of categories of each variable (p,), 0 for numeric ones.
    variable
        The variable of each threshold or mean (t,).
    tau
        Position of each of them in the matrices' tau (t,), -1 for means.
    theta_form
        Whether the parameterization is theta.
    """

    responses: Structure
    regressions: tuple[Structure, ...]
    sizes: Positions
    variable: Positions
    tau: Positions
    theta_form: bool

    @property
    def matrices(self) -> GroupMatrices:
        """The matrices of the model."""
        return self.responses.matrices

    @property
    def n_free(self) -> int:
        """Length q of theta."""
        return self.responses.n_free

    @property
    def p(self) -> int:
        """Number of variables."""
        return len(self.sizes)

    @property
    def inner(self) -> Positions:
        """Ordinal variables whose residual variance stands in psi (delta parameterization)."""
        if self.theta_form:
            return np.empty(0, dtype=np.intp)
        ordinal = self.matrices.ordinal
        return ordinal[self.matrices.stand_in[ordinal] >= 0]

    @property
    def inner_columns(self) -> Positions:
        """Columns of the basis that belong to the stand-ins of `inner`."""
        return self.p + self.matrices.stand_in[self.inner]

    @property
    def diagonal(self) -> Positions:
        """Positions of the variances in vech Sigma (p,)."""
        return np.flatnonzero(self.responses.rows == self.responses.cols)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalImplied:
    """Implied moments of one group at theta.

    Attributes
    ----------
    responses
        Moments of the responses y*; in ``sigma`` the ordinal ones have variance 1 / delta^2.
    regressions
        For each covariate its slopes, as the ``mu`` of a record of their own.
    scale
        delta (p,).
    tau
        Thresholds of the model (t,), zero where a mean stands.
    residual
        Residual variances of the ordinal variables (p,), zero for the others.
    thresholds
        Implied thresholds (means) (t,).
    slopes
        (p, x).
    cov
        (p, p).
    vector
        All of them as the vector of moments (s,).
    """

    responses: Implied
    regressions: tuple[Implied, ...]
    scale: Array
    tau: Array
    residual: Array
    thresholds: Array
    slopes: Array
    cov: Array
    vector: Array


def ordinal_structure(
    matrices: GroupMatrices, sizes: Positions, n_free: int, *, theta_form: bool
) -> OrdinalStructure:
    """Return the structure of one group.

    Parameters
    ----------
    matrices
        The model's matrices.
    sizes
        Number of categories of each variable (p,), 0 for numeric ones.
    n_free
        Length of theta.
    theta_form
        Whether the parameterization is theta.
    """
    if not theta_form:
        matrices = _without_residuals(matrices)
    variable = np.repeat(np.arange(len(sizes)), np.where(sizes > 0, sizes - 1, 1))
    tau = np.full(len(variable), -1)
    tau[sizes[variable] > 0] = np.argsort(matrices.tau_variable, kind="stable")
    regressions = tuple(
        structure(_regression(matrices, k), n_free) for k in range(len(matrices.covariates))
    )
    return OrdinalStructure(
        responses=structure(matrices, n_free),
        regressions=regressions,
        sizes=sizes,
        variable=variable,
        tau=tau,
        theta_form=theta_form,
    )


def _without_residuals(matrices: GroupMatrices) -> GroupMatrices:
    """Set the residual variances of ordinal variables to zero; they are computed."""
    ordinal = matrices.ordinal
    inner = matrices.stand_in[ordinal]
    return replace(
        matrices,
        theta=_with_variances(matrices.theta, ordinal, np.zeros(len(ordinal))),
        psi=_with_variances(matrices.psi, inner[inner >= 0], np.zeros(int((inner >= 0).sum()))),
    )


def _with_variances(cells: Cells, where: Positions, variances: Array) -> Cells:
    base = cells.base.copy()
    base[where, where] = variances
    base.flags.writeable = False
    return replace(cells, base=base)


def _regression(matrices: GroupMatrices, covariate: int) -> GroupMatrices:
    """Return matrices whose latent means are the effects of one covariate."""
    gamma = matrices.gamma
    mine = gamma.col == covariate
    effects = Cells(
        base=gamma.base[:, [covariate]],
        row=gamma.row[mine],
        col=np.zeros(int(mine.sum()), dtype=np.intp),
        free=gamma.free[mine],
    )
    none = np.empty(0, dtype=np.intp)
    nothing = Cells(base=np.zeros((len(matrices.observed), 1)), row=none, col=none, free=none)
    return replace(matrices, alpha=effects, nu=nothing)


def ordinal_implied(structure: OrdinalStructure, theta: Array) -> OrdinalImplied:
    """Return the implied moments of one group at ``theta`` (q,).

    Scales are NaN where the theta parameterization implies a negative variance.
    """
    if structure.theta_form:
        responses, scale, residual = _by_residuals(structure, theta)
    else:
        responses, scale, residual = _by_scales(structure, theta)
    regressions = tuple(implied_moments(one, theta) for one in structure.regressions)
    tau = _thresholds(structure, theta)
    thresholds = _levels(structure, tau, responses.mu) * scale[structure.variable]
    slopes = _slopes(structure, regressions) * scale[:, None]
    cov = responses.sigma * np.outer(scale, scale)
    return OrdinalImplied(
        responses=responses,
        regressions=regressions,
        scale=scale,
        tau=tau,
        residual=residual,
        thresholds=thresholds,
        slopes=slopes,
        cov=cov,
        vector=moment_vector(thresholds, slopes, cov, structure.sizes, structure.variable),
    )


def _thresholds(structure: OrdinalStructure, theta: Array) -> Array:
    tau = structure.matrices.tau.fill(theta)[:, 0]
    return np.where(structure.tau >= 0, tau[structure.tau], 0.0) if len(tau) else np.zeros(0)


def _levels(structure: OrdinalStructure, tau: Array, mu: Array) -> Array:
    mean = mu[structure.variable]
    return np.where(structure.tau >= 0, tau - mean, mean)


def response_levels(structure: OrdinalStructure, point: OrdinalImplied) -> Array:
    """Return tau - mu of the responses of ordinal variables, minus mu of numeric ones (t,)."""
    levels = _levels(structure, point.tau, point.responses.mu)
    return np.where(structure.tau >= 0, levels, -levels)


def _slopes(structure: OrdinalStructure, regressions: tuple[Implied, ...]) -> Array:
    if not regressions:
        return np.zeros((structure.p, 0))
    return np.stack([one.mu for one in regressions], axis=-1)


def response_slopes(structure: OrdinalStructure, point: OrdinalImplied) -> Array:
    """Return the slopes of the responses on the covariates (p, x)."""
    return _slopes(structure, point.regressions)


def _by_residuals(structure: OrdinalStructure, theta: Array) -> tuple[Implied, Array, Array]:
    """Theta parameterization: scales follow from residual variances."""
    ordinal = structure.matrices.ordinal
    responses = implied_moments(structure.responses, theta)
    variances = np.diagonal(responses.sigma)[ordinal]
    scale = np.ones(structure.p)
    scale[ordinal] = np.where(variances > 0, variances, np.nan) ** -0.5
    residual = np.zeros(structure.p)
    residual[ordinal] = np.diagonal(structure.matrices.theta.fill(theta))[ordinal]
    return responses, scale, residual


def _by_scales(structure: OrdinalStructure, theta: Array) -> tuple[Implied, Array, Array]:
    """Delta parameterization: residual variances follow from scales."""
    matrices = structure.matrices
    ordinal, inner = matrices.ordinal, structure.inner
    scale = matrices.delta.fill(theta)[:, 0]
    responses = implied_moments(structure.responses, theta)
    residual = np.zeros(structure.p)
    if len(inner):
        lacking = scale[inner] ** -2.0 - np.diagonal(responses.sigma)[inner]
        weights = responses.basis[inner][:, structure.inner_columns] ** 2
        residual[inner] = np.linalg.solve(weights, lacking)
        psi = _with_variances(matrices.psi, matrices.stand_in[inner], residual[inner])
        filled = replace(structure.responses, matrices=replace(matrices, psi=psi))
        responses = implied_moments(filled, theta)
    outer = np.setdiff1d(ordinal, inner)
    sigma = np.array(responses.sigma)
    residual[outer] = scale[outer] ** -2.0 - sigma[outer, outer]
    sigma[outer, outer] = scale[outer] ** -2.0
    return replace(responses, sigma=sigma), scale, residual


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalJacobian:
    """Derivatives by theta of one group's quantities.

    ``mu`` (p, q), ``vech`` (p(p+1)/2, q) of the responses, ``scale`` (p, q), ``residual`` (p, q),
    ``tau`` (t, q), ``slopes`` (p, x, q) of the responses.
    """

    mu: Array
    vech: Array
    scale: Array
    residual: Array
    tau: Array
    slopes: Array


def ordinal_jacobian(structure: OrdinalStructure, point: OrdinalImplied) -> OrdinalJacobian:
    """Return the derivatives of everything that the moments are made of."""
    p, matrices = structure.p, structure.matrices
    both = jacobian(structure.responses, point.responses, means=True)
    mu, vech = both[:p], both[p:]
    scale, residual = np.zeros((p, structure.n_free)), np.zeros((p, structure.n_free))
    ordinal = matrices.ordinal
    variances = structure.diagonal[ordinal]
    if structure.theta_form:
        scale[ordinal] = -0.5 * point.scale[ordinal, None] ** 3 * vech[variances]
        _place(residual, matrices.theta, diagonal=ordinal)
    else:
        _place(scale, matrices.delta)
        by_scale = -2.0 * point.scale[:, None] ** -3.0 * scale
        _fill_residuals(structure, point, vech, by_scale, residual)
    tau = np.zeros((len(structure.variable), structure.n_free))
    _place_thresholds(tau, structure)
    return OrdinalJacobian(
        mu=mu,
        vech=vech,
        scale=scale,
        residual=residual,
        tau=tau,
        slopes=_slope_jacobian(structure, point),
    )


def _place(target: Array, cells: Cells, diagonal: Positions | None = None) -> None:
    """Put ones where a cell's row is a free parameter; only diagonal cells of ``diagonal``."""
    rows, free = cells.row, cells.free
    if diagonal is not None:
        kept = (cells.row == cells.col) & np.isin(cells.row, diagonal)
        rows, free = rows[kept], free[kept]
    target[rows, free] = 1.0


def _place_thresholds(target: Array, structure: OrdinalStructure) -> None:
    cells = structure.matrices.tau
    place = np.full(len(cells.base), -1)
    place[structure.tau[structure.tau >= 0]] = np.flatnonzero(structure.tau >= 0)
    target[place[cells.row], cells.free] = 1.0


def _fill_residuals(
    structure: OrdinalStructure,
    point: OrdinalImplied,
    vech: Array,
    by_scale: Array,
    residual: Array,
) -> None:
    """Let residual variances take up what would move the variances away from 1 / delta^2."""
    inner, responses = structure.inner, structure.responses
    variances = structure.diagonal
    if len(inner):
        reach = point.responses.basis[:, structure.inner_columns]
        moved = np.linalg.solve(reach[inner] ** 2, by_scale[inner] - vech[variances[inner]])
        vech += (reach[responses.rows] * reach[responses.cols]) @ moved
        residual[inner] = moved
    outer = np.setdiff1d(structure.matrices.ordinal, inner)
    residual[outer] = by_scale[outer] - vech[variances[outer]]
    vech[variances[outer]] = by_scale[outer]


def _slope_jacobian(structure: OrdinalStructure, point: OrdinalImplied) -> Array:
    """Return the derivatives (p, x, q) of the responses' slopes."""
    slopes = np.zeros((structure.p, len(structure.regressions), structure.n_free))
    for k, (one, at) in enumerate(zip(structure.regressions, point.regressions, strict=True)):
        slopes[:, k, one.free] = at.basis[:, one.left] * at.slope
    return slopes


def vector_jacobian(
    structure: OrdinalStructure, point: OrdinalImplied, by: OrdinalJacobian
) -> Array:
    """Return the derivatives (s, q) of the vector of moments, lavaan's Delta."""
    scale, variable = point.scale, structure.variable
    mean = by.mu[variable]
    inside = np.where((structure.tau >= 0)[:, None], by.tau - mean, mean)
    level = _levels(structure, point.tau, point.responses.mu)[:, None]
    thresholds = scale[variable, None] * inside + level * by.scale[variable]
    slopes = scale[:, None, None] * by.slopes
    slopes += response_slopes(structure, point)[:, :, None] * by.scale[:, None, :]
    return _stacked(structure, thresholds, slopes, _cov_jacobian(structure, point, by))


def _cov_jacobian(structure: OrdinalStructure, point: OrdinalImplied, by: OrdinalJacobian) -> Array:
    """Return the derivatives of vech of the covariances of delta y*."""
    rows, cols = structure.responses.rows, structure.responses.cols
    scale = point.scale
    cov = (scale[rows] * scale[cols])[:, None] * by.vech
    if by.scale.any():
        sigma = point.responses.sigma[rows, cols]
        cov += (sigma * scale[cols])[:, None] * by.scale[rows]
        cov += (sigma * scale[rows])[:, None] * by.scale[cols]
    return cov


def _stacked(structure: OrdinalStructure, thresholds: Array, slopes: Array, vech: Array) -> Array:
    """Stack derivatives in the order of the vector of moments."""
    rows, cols = structure.responses.rows, structure.responses.cols
    numeric = structure.sizes == 0
    sign = np.where(structure.tau >= 0, 1.0, -1.0)[:, None]
    by_covariate = slopes.swapaxes(0, 1).reshape(-1, structure.n_free)
    variances = vech[structure.diagonal[numeric]]
    return np.concatenate([thresholds * sign, by_covariate, variances, vech[rows != cols]])
