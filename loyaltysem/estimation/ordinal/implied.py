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

from loyaltysem.estimation.implied import Implied, implied_moments
from loyaltysem.estimation.ordinal.moments import moment_vector
from loyaltysem.estimation.structure import Structure, structure
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
    thresholds = levels(structure, tau, responses.mu) * scale[structure.variable]
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


def levels(structure: OrdinalStructure, tau: Array, mu: Array) -> Array:
    """Return tau - mu of ordinal variables and mu of numeric ones (t,)."""
    mean = mu[structure.variable]
    return np.where(structure.tau >= 0, tau - mean, mean)


def response_levels(structure: OrdinalStructure, point: OrdinalImplied) -> Array:
    """Return tau - mu of the responses of ordinal variables, minus mu of numeric ones (t,)."""
    values = levels(structure, point.tau, point.responses.mu)
    return np.where(structure.tau >= 0, values, -values)


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
