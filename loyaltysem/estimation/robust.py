"""Sandwich covariances and the traces behind robust tests.

Conventions of lavaan: with f_g the share of group g in all rows, V_g the weight of its moments,
Delta_g their Jacobian, Gamma_g the asymptotic covariance of the sample moments and E^-1 the inverse
of the information sum_g f_g Delta_g' V_g Delta_g (constraints included),

    U_gh = 1(g = h) f_g V_g - f_g V_g Delta_g E^-1 Delta_h' V_h f_h,   Gamma enters as Gamma_g / f_g

and the sandwich is E^-1 [sum_g f_g Delta_g' V_g Gamma_g V_g Delta_g] E^-1. U and the block matrix
Gamma are never formed. Moments, weights and Gamma may be those of means and covariances or of
thresholds and polychoric correlations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.asymptotics import quartic_trace, residual_cov

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentGroup:
    """What one group brings to a robust test: r moments, q parameters before constraints.

    ``share`` is n_g / N, ``jacobian`` Delta (r, q), ``weight`` V (r, r) or its diagonal (r,),
    ``gamma`` (r, r); ``spread`` Gamma V Delta (r, q) where it is known already.
    """

    share: float
    jacobian: Array
    weight: Array
    gamma: Array
    spread: Array | None = None

    def pulled_and_spread(self) -> tuple[Array, Array]:
        """Return V Delta and Gamma V Delta (r, q)."""
        pulled = weighted(self.weight, self.jacobian)
        return pulled, self.gamma @ pulled if self.spread is None else self.spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """tr(U Gamma), tr(U Gamma U Gamma) and the meat of the sandwich (q, q)."""

    trace: float
    trace_squared: float
    meat: Array


def weighted(weight: Array, matrix: Array) -> Array:
    """Return V M for a weight matrix (r, r) or its diagonal (r,)."""
    return weight[:, None] * matrix if weight.ndim == 1 else weight @ matrix


def moment_information(groups: Sequence[MomentGroup]) -> Array:
    """Return sum_g f_g Delta_g' V_g Delta_g (q, q), the information without constraints."""
    total: Array = sum(
        (g.share * (g.jacobian.T @ weighted(g.weight, g.jacobian)) for g in groups),
        start=np.zeros(()),
    )
    return total


def ugamma_traces(groups: Sequence[MomentGroup], bread: Array) -> Traces:
    """Return the traces of U Gamma and of its square, and the sandwich's meat.

    Parameters
    ----------
    groups
        Moments of every group.
    bread
        E^-1 (q, q): inverse information, with the constraints' directions projected out.

    Notes
    -----
    With A = V Gamma, B = V Delta, C = Gamma B and M = sum f B'C,
    tr(U Gamma) = sum tr(A) - tr(E^-1 M) and
    tr(U Gamma U Gamma) = sum tr(AA) - 2 tr(E^-1 sum f C'VC) + tr(E^-1 M E^-1 M).
    """
    q = len(bread)
    straight = squared = 0.0
    meat, crossed = np.zeros((q, q)), np.zeros((q, q))
    for group in groups:
        straight_g, squared_g = _weight_gamma_traces(group)
        straight += straight_g
        squared += squared_g
        pulled, spread = group.pulled_and_spread()
        meat += group.share * (pulled.T @ spread)
        crossed += group.share * (spread.T @ weighted(group.weight, spread))
    inner = bread @ meat
    return Traces(
        trace=straight - float(np.trace(inner)),
        trace_squared=squared - 2 * _trace_product(bread, crossed) + _trace_product(inner, inner),
        meat=meat,
    )


def sandwich(bread: Array, meat: Array) -> Array:
    """Return bread meat bread, made exactly symmetric (q, q); divide by N for a covariance."""
    product = bread @ meat @ bread
    return (product + product.T) / 2


def moment_meat(groups: Sequence[MomentGroup]) -> Array:
    """Return sum_g f_g Delta_g' V_g Gamma_g V_g Delta_g (q, q)."""
    total: Array = np.zeros(())
    for group in groups:
        pulled, spread = group.pulled_and_spread()
        total = total + group.share * (pulled.T @ spread)
    return total


def normal_theory_trace(
    data: Array,
    mean: Array,
    cov: Array,
    inverse: Array,
    *,
    meanstructure: bool,
    fixed: Sequence[int] = (),
) -> float:
    """Return tr(V Gamma) of one group for the normal-theory weight V at ``inverse`` = Sigma^-1.

    With ``inverse`` = S^-1 it is the trace tr(A1^-1 B1) of the saturated model, which the
    Yuan-Bentler correction needs. ``data`` (n, p) is complete, ``mean`` (p,) and ``cov`` (p, p)
    its moments (divisor n); ``fixed`` lists the columns of fixed covariates, whose moments do not
    count.
    """
    trace = quartic_trace(data, mean, inverse, fixed)
    if meanstructure:
        trace += _trace_product(inverse, residual_cov(cov, fixed))
    return trace


def _weight_gamma_traces(group: MomentGroup) -> tuple[float, float]:
    """Return tr(V Gamma) and tr(V Gamma V Gamma) of one group."""
    if group.weight.ndim == 1:
        straight = float(group.weight @ np.diagonal(group.gamma))
        return straight, float(group.weight @ (group.gamma**2) @ group.weight)
    product = group.weight @ group.gamma
    return float(np.trace(product)), _trace_product(product, product)


def _trace_product(first: Array, second: Array) -> float:
    """Return tr(first second) without the product."""
    return float((first * second.T).sum())
