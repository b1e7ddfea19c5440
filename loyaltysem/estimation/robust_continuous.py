"""Robust standard errors and tests for complete continuous data.

Maximum likelihood takes the short ways of :mod:`.casewise` and :mod:`.asymptotics`: no matrix of
order p(p+1)/2 is formed unless a test needs tr(U Gamma U Gamma). Least squares and that trace use
the distribution-free Gamma of the sample moments.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.asymptotics import inverse_of
from loyaltysem.estimation.casewise import (
    casewise_scores,
    first_order_information,
    normal_theory_meat,
)
from loyaltysem.estimation.chisquare import (
    ChiSquare,
    mean_var_adjusted,
    satorra_bentler,
    scaled_shifted,
    without_df,
    yuan_bentler,
)
from loyaltysem.estimation.continuous_moments import implied_groups, moment_groups
from loyaltysem.estimation.information import constrained_inverse
from loyaltysem.estimation.moments import raw_rows
from loyaltysem.estimation.optimise import reparameterisation
from loyaltysem.estimation.options import ROBUST_TESTS
from loyaltysem.estimation.robust import (
    moment_information,
    moment_meat,
    normal_theory_trace,
    ugamma_traces,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.chisquare import TestName
    from loyaltysem.estimation.continuous import ContinuousProblem
    from loyaltysem.estimation.discrepancy import Point
    from loyaltysem.estimation.implied import Implied
    from loyaltysem.estimation.robust import MomentGroup
    from loyaltysem.estimation.structure import Structure

    Array = NDArray[np.float64]

NEEDS_SQUARE = ("mean.var.adjusted", "scaled.shifted")


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustGroup:
    """One group's rows, sample moments (divisor n) and implied moments at the estimates."""

    share: float
    data: Array
    mean: Array
    cov: Array
    structure: Structure
    implied: Implied

    @property
    def inverse(self) -> Array:
        """Inverse of the implied covariance matrix (p, p)."""
        return inverse_of(self.implied.sigma)


def robust_groups(problem: ContinuousProblem, point: Point) -> list[RobustGroup]:
    """Return what the corrections need of every group at a point of the objective."""
    parts = zip(
        problem.moments.groups,
        problem.samples,
        problem.structures,
        implied_groups(point),
        strict=True,
    )
    return [
        RobustGroup(
            share=sample.weight,
            data=raw_rows(group),
            mean=group.mean,
            cov=group.cov,
            structure=structure,
            implied=at,
        )
        for group, sample, structure, at in parts
    ]


def robust_meat(problem: ContinuousProblem, point: Point) -> Array:
    """Return the middle of the sandwich (q, q) for the standard errors that were asked for."""
    kind = problem.options.information[0]
    if problem.options.se == "robust.huber.white":
        return _first_order(problem, robust_groups(problem, point))
    if problem.options.discrepancy == "ML" and kind == "expected":
        return _normal_theory(problem, robust_groups(problem, point))
    return moment_meat(moment_groups(problem, point, kind))


def corrected_tests(
    problem: ContinuousProblem, point: Point, bread: Array, standard: ChiSquare
) -> tuple[ChiSquare, ...]:
    """Return the corrected tests that were asked for.

    Parameters
    ----------
    problem, point
        The model with its data, and the objective at the estimates.
    bread
        Inverse unit information (q, q), of the kind used for tests.
    standard
        The uncorrected test.
    """
    names = [name for name in problem.options.tests if name in ROBUST_TESTS]
    if standard.df <= 0:
        return tuple(without_df(standard, name) for name in names)
    groups = robust_groups(problem, point)
    tests = []
    for name in names:
        if name == "yuan.bentler.mplus":
            tests.append(_yuan_bentler_mplus(problem, groups, bread, standard))
        elif name == "yuan.bentler":
            tests.append(_yuan_bentler(problem, point, groups, standard))
        else:
            traces = _traces(problem, point, groups, bread, name)
            tests.append(corrected(name, standard, *traces))
    return tuple(tests)


def corrected(name: TestName, standard: ChiSquare, trace: float, trace_squared: float) -> ChiSquare:
    """Return the correction called ``name`` from tr(U Gamma) and tr(U Gamma U Gamma)."""
    if name == "mean.var.adjusted":
        return mean_var_adjusted(standard, trace, trace_squared)
    if name == "scaled.shifted":
        return scaled_shifted(standard, trace, trace_squared)
    return satorra_bentler(standard, trace)


def _yuan_bentler(
    problem: ContinuousProblem, point: Point, groups: Sequence[RobustGroup], standard: ChiSquare
) -> ChiSquare:
    """Return the original form: tr(U Gamma) with the weights of the chosen information."""
    moments = moment_groups(problem, point, problem.options.information[1])
    bread = _bread_of(problem, moments)
    trace_h0 = float(np.sum(bread * _first_order(problem, groups)))
    return yuan_bentler(
        standard,
        trace=ugamma_traces(moments, bread).trace,
        trace_h1=_saturated_trace(problem, groups),
        trace_h0=trace_h0,
        n_moments=problem.n_moments,
        n_free=problem.table.n_free,
        name="yuan.bentler",
    )


def _bread_of(problem: ContinuousProblem, moments: Sequence[MomentGroup]) -> Array:
    """Return the inverse of the information that the moments' weights make (q, q)."""
    information = moment_information(moments)
    bread = constrained_inverse(information, reparameterisation(problem.constraints))
    return np.full_like(information, np.nan) if bread is None else bread


def _saturated_trace(problem: ContinuousProblem, groups: Sequence[RobustGroup]) -> float:
    """Return tr(A1^-1 B1) of the saturated model, over all groups."""
    means, fixed = problem.table.meanstructure, problem.fixed
    total: float = sum(
        normal_theory_trace(
            group.data,
            group.mean,
            group.cov,
            inverse_of(group.cov),
            meanstructure=means,
            fixed=fixed,
        )
        for group in groups
    )
    return total


def _yuan_bentler_mplus(
    problem: ContinuousProblem, groups: Sequence[RobustGroup], bread: Array, standard: ChiSquare
) -> ChiSquare:
    """Return Mplus's form: the saturated model's trace less the fitted model's."""
    trace_h1 = _saturated_trace(problem, groups)
    trace_h0 = float(np.sum(bread * _first_order(problem, groups)))
    return yuan_bentler(
        standard,
        trace_h1=trace_h1,
        trace_h0=trace_h0,
        n_moments=problem.n_moments,
        n_free=problem.table.n_free,
    )


def _traces(
    problem: ContinuousProblem,
    point: Point,
    groups: Sequence[RobustGroup],
    bread: Array,
    name: TestName,
) -> tuple[float, float]:
    """Return tr(U Gamma) and, where the test needs it, tr(U Gamma U Gamma)."""
    kind = problem.options.information[1]
    if problem.options.discrepancy != "ML" or name in NEEDS_SQUARE or kind != "expected":
        moments = moment_groups(problem, point, kind)
        bread = bread if kind == "expected" else _bread_of(problem, moments)
        traces = ugamma_traces(moments, bread)
        return traces.trace, traces.trace_squared
    means, fixed = problem.table.meanstructure, problem.fixed
    straight = sum(
        normal_theory_trace(
            group.data, group.mean, group.cov, group.inverse, meanstructure=means, fixed=fixed
        )
        for group in groups
    )
    return straight - float(np.sum(bread * _normal_theory(problem, groups))), 0.0


def _first_order(problem: ContinuousProblem, groups: Sequence[RobustGroup]) -> Array:
    """Return the cross-products of casewise scores, sum_g f_g / n_g sum s s' (q, q)."""
    means = problem.table.meanstructure
    total: Array = np.zeros(())
    for group in groups:
        scores = casewise_scores(
            group.data,
            group.implied.mu if means else group.mean,
            group.inverse,
            group.structure,
            group.implied,
            meanstructure=means,
        )
        total = total + group.share * first_order_information(scores, len(group.data))
    return total


def _normal_theory(problem: ContinuousProblem, groups: Sequence[RobustGroup]) -> Array:
    """Return sum_g f_g Delta' V Gamma V Delta (q, q) at the implied moments."""
    total: Array = np.zeros(())
    for group in groups:
        total = total + group.share * normal_theory_meat(
            group.data,
            group.inverse,
            group.structure,
            group.implied,
            meanstructure=problem.table.meanstructure,
            fixed=problem.fixed,
        )
    return total
