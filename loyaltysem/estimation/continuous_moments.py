"""Moments of complete continuous data with the weights that estimators give them.

What residuals, goodness of fit, score tests and the general form of robust tests are made of: the
Jacobian of the moments, their weight matrix and their asymptotic covariance, by group.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.asymptotics import (
    adf_gamma,
    inverse_of,
    normal_theory_gamma,
    normal_theory_weight,
    observed_weight,
)
from loyaltysem.estimation.discrepancy import LeastSquaresPoint, MomentPoint
from loyaltysem.estimation.implied import jacobian
from loyaltysem.estimation.moments import raw_rows
from loyaltysem.estimation.residual_indices import (
    ResidualGroup,
    goodness_of_fit,
    normal_theory_gfi,
)
from loyaltysem.estimation.robust import MomentGroup

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.continuous import ContinuousProblem
    from loyaltysem.estimation.discrepancy import Point, Sample
    from loyaltysem.estimation.implied import Implied
    from loyaltysem.estimation.moments import GroupMoments
    from loyaltysem.estimation.options import Information
    from loyaltysem.estimation.residual_indices import MomentPair

    Array = NDArray[np.float64]


def implied_groups(point: Point) -> tuple[Implied, ...]:
    """Return the implied moments of every group at a point of the objective."""
    if isinstance(point, LeastSquaresPoint):
        return point.groups
    if isinstance(point, MomentPoint):
        return tuple(group.implied for group in point.groups)
    raise TypeError(type(point).__name__)


def weighted_moments(
    problem: ContinuousProblem, point: Point, kind: Information = "expected"
) -> list[MomentGroup]:
    """Return Jacobian and weight of every group's moments, without their Gamma (r, 0).

    ``kind`` is that of the information which the weights of maximum likelihood make: ``expected``
    at the implied moments, ``observed``, or ``first.order``.
    """
    means = problem.table.meanstructure
    parts = zip(
        problem.structures,
        problem.samples,
        problem.moments.groups,
        problem.moment_pairs(point),
        implied_groups(point),
        strict=True,
    )
    groups = []
    for structure, sample, group, pair, implied in parts:
        delta = jacobian(structure, implied, means=means)
        weight = _weight(problem, sample, group, pair, kind)
        empty = np.zeros((len(delta), 0))
        groups.append(MomentGroup(share=sample.weight, jacobian=delta, weight=weight, gamma=empty))
    return groups


def moment_groups(
    problem: ContinuousProblem, point: Point, kind: Information = "expected"
) -> list[MomentGroup]:
    """Return Jacobian, weight and distribution-free Gamma of every group's sample moments."""
    means, fixed = problem.table.meanstructure, problem.fixed
    parts = zip(weighted_moments(problem, point, kind), problem.moments.groups, strict=True)
    return [
        replace(
            moments,
            gamma=adf_gamma(raw_rows(group), meanstructure=means, fixed=fixed, mean=group.mean),
        )
        for moments, group in parts
    ]


def _weight(
    problem: ContinuousProblem,
    sample: Sample,
    group: GroupMoments,
    pair: MomentPair,
    kind: Information,
) -> Array:
    means, fixed = problem.table.meanstructure, problem.fixed
    if problem.options.discrepancy == "GLS" and sample.weights is not None:
        return normal_theory_weight(sample.weights, meanstructure=means, fixed=fixed)
    if problem.options.discrepancy != "ML":
        return least_squares_weight(sample)
    inverse = inverse_of(pair.implied_cov)
    if kind == "observed":
        return observed_weight(inverse, pair.cov, pair.mean_deviation, fixed=fixed)
    weight = normal_theory_weight(inverse, meanstructure=means, fixed=fixed)
    if kind == "expected":
        return weight
    centre = pair.implied_mean if means else group.mean
    bias = pair.moment_deviation
    spread = adf_gamma(raw_rows(group), meanstructure=means, mean=centre) + np.outer(bias, bias)
    return weight @ spread @ weight


def least_squares_weight(sample: Sample) -> Array:
    """Return the weight matrix of least squares (r, r), or its diagonal (r,)."""
    p = len(sample.cov)
    size = p * (p + 1) // 2 + (p if sample.means else 0)
    return np.ones(size) if sample.weights is None else sample.weights


def residual_groups(problem: ContinuousProblem, point: Point) -> tuple[ResidualGroup, ...]:
    """Return what the sampling error of the residual moments is computed from, by group.

    The sample moments' covariance is that of normal theory for ordinary standard errors and the
    distribution-free one for robust standard errors and for least squares.
    """
    weighted = weighted_moments(problem, point, problem.options.information[0])
    parts = zip(weighted, problem.moment_pairs(point), problem.moments.groups, strict=True)
    return tuple(
        ResidualGroup(
            pair=pair,
            moments=replace(moments, gamma=_sample_acov(problem, pair, group) / group.n),
        )
        for moments, pair, group in parts
    )


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
        [least_squares_weight(sample) for sample in problem.samples],
    )
