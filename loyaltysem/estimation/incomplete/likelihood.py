"""Full-information maximum likelihood: the normal likelihood of incomplete data.

Everything is a function of a group's missing-data patterns and of a mean (p,) and covariance matrix
(p, p), implied by a model or saturated. All quantities are per respondent (divided by n), as in
lavaan. With y_i the deviations of respondent i from the mean, O its observed variables, P_i the
inverse of its observed covariance matrix (zero where it lacks a variable) and x_i = P_i y_i:

    F          = 1/n sum_i { log|Sigma_OO| + y_i' P_i y_i }
    dF/dmu     = -2/n sum_i x_i
    dF/dSigma  = 1/n sum_i { P_i - x_i x_i' }

and the information matrices sum Kronecker products of P_i and x_i x_i'. Sources: Arbuckle (1996);
Savalei & Bentler (2009) for the information; functions ``lav_mvnorm_missing_*`` of lavaan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.asymptotics import block_diagonal, moments_among, vech
from loyaltysem.estimation.incomplete.saturated import Completion, complete

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.incomplete.patterns import MissingPatterns, PatternBlock

    Array = NDArray[np.float64]

CHUNK_CELLS = 2_000_000


def fiml_discrepancy(
    patterns: MissingPatterns, mean: Array, cov: Array
) -> tuple[float, Array, Array]:
    """Return F = -2 log L / n without its constant, dF/dmu (p,) and dF/dSigma (p, p).

    dF = trace(dF/dSigma dSigma), so that an off-diagonal entry holds half of the derivative by a
    covariance, which stands twice in Sigma. Twice lavaan's ``fmin`` is F less its saturated value.

    Raises
    ------
    numpy.linalg.LinAlgError
        When ``cov`` is not positive definite.
    """
    state = complete(patterns, mean, cov)
    d_mean = -2.0 / patterns.n * (patterns.root_weight @ state.weighted)
    d_cov = mean_precision(patterns, state) - state.weighted.T @ state.weighted / patterns.n
    return state.deviance / patterns.n, d_mean, d_cov


def fiml_loglik(patterns: MissingPatterns, mean: Array, cov: Array) -> float:
    """Return the log-likelihood of the observed values."""
    n_values = float(patterns.counts @ patterns.observed.sum(axis=1))
    return -0.5 * (complete(patterns, mean, cov).deviance + n_values * float(np.log(2.0 * np.pi)))


def mean_precision(patterns: MissingPatterns, state: Completion) -> Array:
    """Return the average of P_i over respondents (p, p)."""
    share = state.conditional / patterns.n
    average: Array = state.precision - state.precision @ share @ state.precision
    return average


def observed_information(
    patterns: MissingPatterns, mean: Array, cov: Array, *, fixed: Sequence[int] = ()
) -> Array:
    """Return the observed information of (mu, vech Sigma), (r, r) with r = p + p(p+1)/2.

    Minus the second derivative of log L / n. Rows and columns of the moments among the ``fixed``
    variables (exogenous covariates) are zero.

    Formula: in block (mu, mu) the average P_i, in (Sigma, mu) D'(x_i kron P_i), in (Sigma, Sigma)
    1/2 D'(P_i kron (2 x_i x_i' - P_i))D; lavaan's ``lav_mvnorm_missing_logl_hessian_samplestats``.
    """
    state, p = complete(patterns, mean, cov), patterns.n_variables
    pairs, mixed = np.zeros((p * (p + 1) // 2,) * 2), np.zeros((p, p, p))
    for part in pattern_parts(patterns, state):
        precision = vech(part.precision)
        scores, squares = _sums(patterns, state, part)
        pairs += precision.T @ (2.0 * vech(squares) - part.counts[:, np.newaxis] * precision)
        mixed += np.tensordot(scores, part.precision, axes=(0, 0))
    lower = _pairs_by_single(mixed) / patterns.n
    blocks = [
        [mean_precision(patterns, state), lower.T],
        [lower, _pairs_by_pairs(pairs, p) / patterns.n],
    ]
    return _without(np.block(blocks), fixed, p)


def expected_information(
    patterns: MissingPatterns, cov: Array, *, fixed: Sequence[int] = ()
) -> Array:
    """Return the expected information of (mu, vech Sigma) given which values are missing, (r, r).

    Blocks: the average P_i, and 1/2 D'(P_i kron P_i)D averaged; they are unrelated. As
    `observed_information` otherwise; lavaan's ``lav_mvnorm_missing_information_expected``.
    """
    p = patterns.n_variables
    state, pairs = complete(patterns, np.zeros(p), cov), np.zeros((p * (p + 1) // 2,) * 2)
    for part in pattern_parts(patterns, state):
        precision = vech(part.precision)
        pairs += precision.T @ (part.counts[:, np.newaxis] * precision)
    blocks = mean_precision(patterns, state), _pairs_by_pairs(pairs, p) / patterns.n
    return _without(block_diagonal(*blocks), fixed, p)


def expected_form(patterns: MissingPatterns, cov: Array, d_mean: Array, d_cov: Array) -> float:
    """Return v' W v for the expected information W at ``cov`` and v = (d_mean, vech d_cov).

    Without forming W: the average of d_mean' P_i d_mean + 1/2 tr[(P_i d_cov)^2].
    """
    state = complete(patterns, np.zeros(len(cov)), cov)
    total = 0.0
    for part in pattern_parts(patterns, state):
        turned = part.precision @ d_cov
        forms = 0.5 * np.einsum("kij,kji->k", turned, turned) + part.precision @ d_mean @ d_mean
        total += float(part.counts @ forms)
    return total / patterns.n


def first_order_information(
    patterns: MissingPatterns, mean: Array, cov: Array, *, fixed: Sequence[int] = ()
) -> Array:
    """Return the average cross-product of the respondents' scores of (mu, vech Sigma), (r, r).

    ``patterns`` must hold one row for each respondent (``missing_patterns(..., compress=False)``).
    """
    total: Array = sum(
        (block.T @ block for _, block in casewise_moment_scores(patterns, mean, cov)),
        start=np.zeros(()),
    )
    return _without(total / patterns.n, fixed, patterns.n_variables)


def casewise_moment_scores(
    patterns: MissingPatterns, mean: Array, cov: Array
) -> Iterator[tuple[NDArray[np.intp], Array]]:
    """Yield the respondents' derivatives of log L by (mu, vech Sigma), chunk by chunk.

    Parameters
    ----------
    patterns
        With one row for each respondent (``missing_patterns(..., compress=False)``).

    Yields
    ------
    The respondents' positions in the data (k,) and their scores (k, p + p(p+1)/2).
    """
    state = complete(patterns, mean, cov)
    first, second = np.triu_indices(patterns.n_variables)
    doubled = np.where(first == second, 0.5, 1.0)
    for part in pattern_parts(patterns, state):
        weighted = state.weighted[part.rows]
        squares = weighted[:, first] * weighted[:, second] - vech(part.precision)[part.owner]
        yield patterns.cases[part.rows], np.concatenate([weighted, squares * doubled], axis=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternPart:
    """Some of the patterns, with what information matrices need of them.

    Attributes
    ----------
    counts
        (K,) respondents of each pattern.
    precision
        (K, p, p) inverse of the observed covariance matrix, 0 where a variable is missing.
    rows, owner
        (R,) their rows, and for each row the pattern's position in this part.
    """

    counts: Array
    precision: Array
    rows: NDArray[np.intp]
    owner: NDArray[np.intp]


def pattern_parts(patterns: MissingPatterns, state: Completion) -> Iterator[PatternPart]:
    """Yield all patterns in parts small enough to hold a few p x p matrices for every row."""
    limit = max(1, CHUNK_CELLS // patterns.n_variables**2)
    for block, inverse in zip(patterns.blocks, state.inverses, strict=True):
        last_row = np.searchsorted(block.owner, np.arange(len(block.pattern)), side="right")
        start = 0
        while start < len(block.pattern):
            done = last_row[start - 1] if start else 0
            stop = max(start + 1, int(np.searchsorted(last_row, done + limit, side="right")))
            yield _part(state, block, inverse, slice(start, stop), slice(done, last_row[stop - 1]))
            start = stop


def _part(
    state: Completion, block: PatternBlock, inverse: Array, chosen: slice, rows: slice
) -> PatternPart:
    """Assemble the part of a block that holds the chosen patterns, whose rows are given too."""
    reach = state.precision[block.missing[chosen]]
    return PatternPart(
        counts=block.counts[chosen],
        precision=state.precision - reach.swapaxes(1, 2) @ (inverse[chosen] @ reach),
        rows=block.rows[rows],
        owner=block.owner[rows] - chosen.start,
    )


def _sums(patterns: MissingPatterns, state: Completion, part: PatternPart) -> tuple[Array, Array]:
    """Return for each pattern of a part the sums of x_i (K, p) and of x_i x_i' (K, p, p)."""
    weighted = state.weighted[part.rows]
    starts = np.searchsorted(part.owner, np.arange(len(part.counts)))
    centred = patterns.root_weight[part.rows, np.newaxis] * weighted
    squares = weighted[:, :, np.newaxis] * weighted[:, np.newaxis, :]
    return np.add.reduceat(centred, starts), np.add.reduceat(squares, starts)


def _pairs_by_single(products: Array) -> Array:
    """Return D'(sum x kron P) (p(p+1)/2, p) from the sums of x_a P_bc (p, p, p)."""
    first, second = np.triu_indices(len(products))
    doubled = np.where(first == second, 0.5, 1.0)
    both: Array = products[first, second] + products[second, first]
    return both * doubled[:, np.newaxis]


def _pairs_by_pairs(products: Array, p: int) -> Array:
    """Return 1/2 D'(sum P kron Q)D from the sums of vech(P) vech(Q)'; both p(p+1)/2 square."""
    first, second = np.triu_indices(p)
    place = np.empty((p, p), dtype=np.intp)
    place[first, second] = place[second, first] = np.arange(first.size)
    both = products + products.T
    crossed = both[place[np.ix_(first, first)], place[np.ix_(second, second)]]
    crossed += both[place[np.ix_(first, second)], place[np.ix_(second, first)]]
    doubled = np.where(first == second, 0.5, 1.0)
    halved: Array = 0.5 * np.outer(doubled, doubled) * crossed
    return halved


def _without(information: Array, fixed: Sequence[int], p: int) -> Array:
    """Zero the rows and columns of the moments among fixed variables."""
    if len(fixed):
        among = moments_among(fixed, p, meanstructure=True)
        information[among] = 0.0
        information[:, among] = 0.0
    return information
