"""Residuals of incomplete data: what their standard errors and GFI are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.implied import jacobian
from loyaltysem.estimation.incomplete.likelihood import expected_form, expected_information
from loyaltysem.estimation.incomplete.robust import moment_information, saturated_covariance
from loyaltysem.estimation.incomplete.sample import pairwise_moments
from loyaltysem.estimation.moments import raw_rows
from loyaltysem.estimation.residual_indices import ResidualGroup
from loyaltysem.estimation.robust import MomentGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.implied import Implied
    from loyaltysem.estimation.incomplete.objective import FimlPoint
    from loyaltysem.estimation.incomplete.patterns import MissingPatterns
    from loyaltysem.estimation.incomplete.problem import IncompleteProblem

    Array = NDArray[np.float64]


def residual_groups(problem: IncompleteProblem, point: FimlPoint) -> tuple[ResidualGroup, ...]:
    """Return what the sampling error of the residual moments is computed from, by group.

    The saturated moments have the covariance that their own information gives them, sandwiched
    where the standard errors are (``lav_model_h1_acov`` of lavaan).
    """
    kind, fixed = problem.options.information[0], problem.fixed
    robust = problem.options.se.startswith("robust")
    pairs = problem.moment_pairs(point)
    parts = zip(problem.structures, pairs, problem.moments.groups, point.groups, strict=True)
    return tuple(
        ResidualGroup(
            pair=pair,
            moments=MomentGroup(
                share=pair.share,
                jacobian=jacobian(places, at.implied, means=True),
                weight=moment_information(
                    group, kind, mean=at.implied.mu, cov=at.implied.sigma, fixed=fixed
                ),
                gamma=saturated_covariance(group, kind, robust=robust, fixed=fixed),
            ),
        )
        for places, pair, group, at in parts
    )


def information_beside_covariates(problem: IncompleteProblem, point: FimlPoint) -> Array:
    """Return the expected unit information (q, q) without the moments of fixed covariates."""
    total: Array = np.zeros(())
    samples = problem.objective.samples
    for places, sample, at in zip(problem.structures, samples, point.groups, strict=True):
        delta = jacobian(places, at.implied, means=True)
        weight = expected_information(sample.patterns, at.implied.sigma, fixed=problem.fixed)
        total = total + sample.weight * (delta.T @ weight @ delta)
    return total


def fiml_gfi(problem: IncompleteProblem, point: FimlPoint) -> float:
    """Return the goodness-of-fit index, 1 - (s - sigma)'W(s - sigma) / s'Ws, averaged over groups.

    As in lavaan, s are the pairwise means and covariances, and W the expected information at the
    implied moments.
    """
    total = 0.0
    parts = zip(problem.moments.groups, problem.objective.samples, point.groups, strict=True)
    for group, sample, at in parts:
        moments = pairwise_moments(raw_rows(group))
        total += sample.weight * _gfi(sample.patterns, moments, at.implied, problem.fixed)
    return total


def _gfi(
    patterns: MissingPatterns, sample: tuple[Array, Array], point: Implied, fixed: Sequence[int]
) -> float:
    mean, cov = sample
    missed = _without(mean - point.mu, cov - point.sigma, fixed)
    whole = _without(mean, cov, fixed)
    forms = [expected_form(patterns, point.sigma, *moments) for moments in (missed, whole)]
    return 1.0 - forms[0] / forms[1]


def _without(mean: Array, cov: Array, fixed: Sequence[int]) -> tuple[Array, Array]:
    """Return moments with zeros for those among fixed covariates."""
    inside = np.isin(np.arange(len(mean)), fixed)
    return np.where(inside, 0.0, mean), np.where(np.outer(inside, inside), 0.0, cov)
