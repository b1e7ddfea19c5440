"""Casewise scores of incomplete data, and what the robust standard errors and test make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.casewise import half_trace, linear_scores, quadratic_scores
from loyaltysem.estimation.implied import scatter
from loyaltysem.estimation.incomplete.likelihood import (
    expected_information,
    first_order_information,
    observed_information,
)
from loyaltysem.estimation.incomplete.objective import feature_parts, group_point
from loyaltysem.estimation.incomplete.patterns import missing_patterns
from loyaltysem.estimation.incomplete.sample import incomplete_data
from loyaltysem.estimation.moments import raw_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.implied import Implied
    from loyaltysem.estimation.incomplete.objective import IncompleteGroup
    from loyaltysem.estimation.incomplete.patterns import MissingPatterns
    from loyaltysem.estimation.moments import GroupMoments
    from loyaltysem.estimation.options import Information
    from loyaltysem.estimation.structure import Structure

    Array = NDArray[np.float64]

CHUNK_CELLS = 4_000_000


def casewise_scores(
    structure: Structure, patterns: MissingPatterns, point: Implied
) -> Iterator[Array]:
    """Yield the respondents' derivatives of their log-likelihood, in chunks of rows (rows, q).

    Parameters
    ----------
    structure, point
        Structure of the group, and its implied moments at the estimates.
    patterns
        With one row for each respondent (``missing_patterns(..., compress=False)``); the scores
        come in the order of ``patterns.cases``.
    """
    group = group_point(patterns, point)
    trace = _half_traces(structure, patterns, group)
    step = max(1, CHUNK_CELLS // (3 * len(structure.free) + structure.n_free))
    for start in range(0, patterns.n, step):
        weighted = group.state.weighted[start : start + step]
        block = quadratic_scores(structure, group.implied, weighted)
        block += linear_scores(structure, group.implied, weighted)
        block -= trace[patterns.row_pattern[start : start + step]]
        yield block


def _half_traces(structure: Structure, patterns: MissingPatterns, group: IncompleteGroup) -> Array:
    """Return 1/2 tr(P_k dSigma/dtheta) for every pattern (K, q)."""
    removed = np.zeros((patterns.n_patterns, len(structure.free)))
    for part in feature_parts(structure, patterns, group):
        left, right = part.reach[..., structure.left], part.reach[..., structure.right]
        removed[part.pattern] = structure.weight * (left * right).sum(axis=1)
    whole = half_trace(structure, group.implied, group.state.precision)
    return whole - scatter(structure, removed)


def moment_information(
    group: GroupMoments,
    kind: Information,
    *,
    mean: Array,
    cov: Array,
    fixed: Sequence[int] = (),
) -> Array:
    """Return the unit information of a group's moments (mu, vech Sigma) at given values (r, r).

    Parameters
    ----------
    group
        Moments that `incomplete_moments` made.
    kind
        ``observed``, ``expected`` or ``first.order``.
    mean, cov
        Where to evaluate it: implied or saturated moments.
    fixed
        Columns of fixed covariates; rows and columns of the moments among them are zero.
    """
    if kind == "first.order":
        respondents = missing_patterns(raw_rows(group), compress=False)
        return first_order_information(respondents, mean, cov, fixed=fixed)
    patterns = incomplete_data(group).patterns
    if kind == "expected":
        return expected_information(patterns, cov, fixed=fixed)
    return observed_information(patterns, mean, cov, fixed=fixed)


def saturated_trace(group: GroupMoments, kind: Information, fixed: Sequence[int] = ()) -> float:
    """Return tr(A1^-1 B1) of one group's saturated model, for the Yuan-Bentler test.

    A1 is the information of the given kind, B1 the cross-product of casewise scores; the moments
    among ``fixed`` covariates do not count.
    """
    bread = moment_information(group, kind, mean=group.mean, cov=group.cov, fixed=fixed)
    meat = moment_information(group, "first.order", mean=group.mean, cov=group.cov, fixed=fixed)
    counted = np.flatnonzero(np.diagonal(bread))
    inner = np.ix_(counted, counted)
    return float(np.trace(np.linalg.solve(bread[inner], meat[inner])))


def saturated_covariance(
    group: GroupMoments, kind: Information, *, robust: bool, fixed: Sequence[int] = ()
) -> Array:
    """Return the asymptotic covariance of a group's saturated moments (r, r).

    The inverse information over n, or the sandwich; 0 for the moments among ``fixed`` covariates.
    """
    bread = moment_information(group, kind, mean=group.mean, cov=group.cov, fixed=fixed)
    counted = np.flatnonzero(np.diagonal(bread))
    inner = np.ix_(counted, counted)
    inverse = np.linalg.inv(bread[inner])
    if robust:
        meat = moment_information(group, "first.order", mean=group.mean, cov=group.cov, fixed=fixed)
        inverse = inverse @ meat[inner] @ inverse
    covariance = np.zeros_like(bread)
    covariance[inner] = inverse / group.n
    return covariance
