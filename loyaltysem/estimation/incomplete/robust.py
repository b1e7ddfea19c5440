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

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.implied import Implied, Structure
    from loyaltysem.estimation.incomplete.objective import IncompleteGroup
    from loyaltysem.estimation.incomplete.patterns import MissingPatterns
    from loyaltysem.estimation.incomplete.saturated import IncompleteData

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


def saturated_trace(
    data: IncompleteData,
    rows: Array,
    *,
    information: str,
    fixed: Sequence[int] = (),
) -> float:
    """Return tr(A1^-1 B1) of one group's saturated model, for the Yuan-Bentler test.

    Parameters
    ----------
    data
        The group's patterns and saturated moments.
    rows
        The data themselves (n, p), with NaN.
    information
        Kind of A1, ``observed`` or ``expected``; B1 is the cross-product of casewise scores.
    fixed
        Columns of fixed covariates, whose own moments do not count.
    """
    mean, cov = data.saturated.mean, data.saturated.cov
    bread = saturated_information(data, information, fixed=fixed)
    respondents = missing_patterns(rows, compress=False)
    meat = first_order_information(respondents, mean, cov, fixed=fixed)
    counted = np.flatnonzero(np.diagonal(bread))
    inner = np.ix_(counted, counted)
    return float(np.trace(np.linalg.solve(bread[inner], meat[inner])))


def saturated_information(data: IncompleteData, kind: str, *, fixed: Sequence[int] = ()) -> Array:
    """Return the information of a group's saturated moments, ``observed`` or ``expected``."""
    if kind == "expected":
        return expected_information(data.patterns, data.saturated.cov, fixed=fixed)
    return observed_information(data.patterns, data.saturated.mean, data.saturated.cov, fixed=fixed)
