"""Derivatives of the implied moments of ordinal data, by theta."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.implied import jacobian
from loyaltysem.estimation.ordinal.implied import levels, response_slopes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.ordinal.implied import OrdinalImplied, OrdinalStructure
    from loyaltysem.syntax.matrices import Cells

    Array = NDArray[np.float64]
    Positions = NDArray[np.intp]


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
    level = levels(structure, point.tau, point.responses.mu)[:, None]
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
