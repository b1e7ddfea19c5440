"""Robust standard errors and tests for complete continuous data.

Maximum likelihood takes the short ways of :mod:`.casewise` and :mod:`.asymptotics`: no matrix of
order p(p+1)/2 is formed unless a test needs tr(U Gamma U Gamma). Least squares and that trace use
the distribution-free Gamma of the sample moments.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.asymptotics import (
    adf_gamma,
    inverse_of,
    normal_theory_gamma,
    normal_theory_weight,
    observed_weight,
)
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
    yuan_bentler,
)
from loyaltysem.estimation.discrepancy import LeastSquaresPoint, MomentPoint
from loyaltysem.estimation.implied import jacobian
from loyaltysem.estimation.moments import raw_rows
from loyaltysem.estimation.residual_indices import (
    ResidualGroup,
    goodness_of_fit,
    normal_theory_gfi,
)
from loyaltysem.estimation.robust import (
    MomentGroup,
    moment_meat,
    normal_theory_trace,
    ugamma_traces,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.chisquare import TestName
    from loyaltysem.estimation.continuous import ContinuousProblem
    from loyaltysem.estimation.discrepancy import Point, Sample
    from loyaltysem.estimation.implied import Implied, Structure
    from loyaltysem.estimation.moments import GroupMoments
    from loyaltysem.estimation.residual_indices import MomentPair

    Array = NDArray[np.float64]

ROBUST_TESTS = (
    "satorra.bentler",
    "mean.var.adjusted",
    "scaled.shifted",
    "yuan.bentler",
    "yuan.bentler.mplus",
)
NEEDS_SQUARE = ("mean.var.adjusted", "scaled.shifted")
YUAN_BENTLER = ("yuan.bentler", "yuan.bentler.mplus")


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


def implied_groups(point: Point) -> tuple[Implied, ...]:
    """Return the implied moments of every group at a point of the objective."""
    if isinstance(point, LeastSquaresPoint):
        return point.groups
    if isinstance(point, MomentPoint):
        return tuple(group.implied for group in point.groups)
    raise TypeError(type(point).__name__)


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
    groups = robust_groups(problem, point)
    if problem.options.se == "robust.huber.white":
        return _first_order(problem, groups)
    if problem.options.discrepancy == "ML":
        return _normal_theory(problem, groups)
    return moment_meat(moment_groups(problem, point))


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
        return tuple(corrected(name, standard, 0.0, 0.0) for name in names)
    groups = robust_groups(problem, point)
    return tuple(
        _yuan_bentler(problem, groups, bread, standard)
        if name in YUAN_BENTLER
        else corrected(name, standard, *_traces(problem, point, groups, bread, name))
        for name in names
    )


def corrected(name: TestName, standard: ChiSquare, trace: float, trace_squared: float) -> ChiSquare:
    """Return the correction called ``name`` from tr(U Gamma) and tr(U Gamma U Gamma)."""
    if name == "mean.var.adjusted":
        return mean_var_adjusted(standard, trace, trace_squared)
    if name == "scaled.shifted":
        return scaled_shifted(standard, trace, trace_squared)
    return satorra_bentler(standard, trace)


def weighted_moments(problem: ContinuousProblem, point: Point) -> list[MomentGroup]:
    """Return Jacobian and weight of every group's moments, without their Gamma (r, 0)."""
    means, fixed = problem.table.meanstructure, problem.fixed
    groups = []
    parts = zip(problem.structures, problem.samples, implied_groups(point), strict=True)
    for structure, sample, implied in parts:
        weight = _moment_weights(sample)
        if problem.options.discrepancy in {"ML", "GLS"}:
            inverse = inverse_of(implied.sigma) if sample.weights is None else sample.weights
            weight = normal_theory_weight(inverse, meanstructure=means, fixed=fixed)
        delta = jacobian(structure, implied, means=means)
        groups.append(
            MomentGroup(
                share=sample.weight, jacobian=delta, weight=weight, gamma=np.zeros((len(delta), 0))
            )
        )
    return groups


def moment_groups(problem: ContinuousProblem, point: Point) -> list[MomentGroup]:
    """Return Jacobian, weight and distribution-free Gamma of every group's sample moments.

    The weight of maximum likelihood is that of normal theory at the implied moments.
    """
    means, fixed = problem.table.meanstructure, problem.fixed
    parts = zip(weighted_moments(problem, point), problem.moments.groups, strict=True)
    return [
        replace(
            moments,
            gamma=adf_gamma(raw_rows(group), meanstructure=means, fixed=fixed, mean=group.mean),
        )
        for moments, group in parts
    ]


def _moment_weights(sample: Sample) -> Array:
    """Return the weight matrix of least squares, or its diagonal (r, r) or (r,)."""
    p = len(sample.cov)
    size = p * (p + 1) // 2 + (p if sample.means else 0)
    return np.ones(size) if sample.weights is None else sample.weights


def _yuan_bentler(
    problem: ContinuousProblem, groups: Sequence[RobustGroup], bread: Array, standard: ChiSquare
) -> ChiSquare:
    """Return Mplus's form: the saturated model's trace less the fitted model's."""
    means, fixed = problem.table.meanstructure, problem.fixed
    trace_h1: float = sum(
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
    return yuan_bentler(
        standard,
        trace_h1=trace_h1,
        trace_h0=float(np.sum(bread * _first_order(problem, groups))),
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
    if problem.options.discrepancy != "ML" or name in NEEDS_SQUARE:
        traces = ugamma_traces(moment_groups(problem, point), bread)
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


def continuous_gfi(problem: ContinuousProblem, point: Point) -> float:
    """Return GFI with the weights of the estimator; see :func:`.goodness_of_fit`."""
    pairs = problem.moment_pairs(point)
    discrepancy, means = problem.options.discrepancy, problem.table.meanstructure
    if discrepancy == "ML":
        inverses = [inverse_of(pair.implied_cov) for pair in pairs]
        return normal_theory_gfi(pairs, inverses, problem.fixed)
    if discrepancy == "GLS":
        inverses = [inverse_of(pair.cov) for pair in pairs]
        return normal_theory_gfi(pairs, inverses, problem.fixed)
    return goodness_of_fit(
        [pair.share for pair in pairs],
        [pair.vector(means=means) for pair in pairs],
        [pair.implied_vector(means=means) for pair in pairs],
        [_moment_weights(sample) for sample in problem.samples],
    )


def residual_groups(problem: ContinuousProblem, point: Point) -> tuple[ResidualGroup, ...]:
    """Return what the sampling error of the residual moments is computed from, by group.

    The sample moments' covariance is that of normal theory for ordinary standard errors and the
    distribution-free one for robust standard errors and for least squares.
    """
    pairs = problem.moment_pairs(point)
    parts = zip(
        problem.structures,
        pairs,
        problem.samples,
        problem.moments.groups,
        implied_groups(point),
        strict=True,
    )
    means = problem.table.meanstructure
    return tuple(
        ResidualGroup(
            pair=pair,
            moments=MomentGroup(
                share=pair.share,
                jacobian=jacobian(structure, at, means=means),
                weight=_structured_weight(problem, pair, sample, group),
                gamma=_sample_acov(problem, pair, group) / group.n,
            ),
        )
        for structure, pair, sample, group, at in parts
    )


def _structured_weight(
    problem: ContinuousProblem, pair: MomentPair, sample: Sample, group: GroupMoments
) -> Array:
    """Return the weight whose information the standard errors use, at the implied moments."""
    means, fixed = problem.table.meanstructure, problem.fixed
    discrepancy, kind = problem.options.discrepancy, problem.options.information[0]
    if discrepancy == "GLS":
        return normal_theory_weight(inverse_of(pair.cov), meanstructure=means, fixed=fixed)
    if discrepancy != "ML":
        return _moment_weights(sample)
    inverse = inverse_of(pair.implied_cov)
    weight = normal_theory_weight(inverse, meanstructure=means, fixed=fixed)
    if kind == "observed":
        return observed_weight(inverse, pair.cov, pair.mean_deviation, fixed=fixed)
    if kind == "first.order":
        centre = pair.implied_mean if means else group.mean
        spread = adf_gamma(raw_rows(group), meanstructure=means, mean=centre)
        bias = pair.moment_deviation
        return weight @ (spread + np.outer(bias, bias)) @ weight
    return weight


def _sample_acov(problem: ContinuousProblem, pair: MomentPair, group: GroupMoments) -> Array:
    """Return n times the asymptotic covariance of the sample moments (r, r)."""
    means, fixed, options = problem.table.meanstructure, problem.fixed, problem.options
    normal = normal_theory_gamma(pair.cov, meanstructure=means, fixed=fixed)
    first_order = options.information[0] == "first.order"
    if options.discrepancy in ("ML", "GLS") and not options.se.startswith("robust"):
        if not first_order:
            return normal
        gamma = adf_gamma(raw_rows(group), meanstructure=means, fixed=fixed)
        return normal @ np.linalg.solve(gamma, normal)
    return adf_gamma(raw_rows(group), meanstructure=means, fixed=fixed)
