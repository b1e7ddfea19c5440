"""Moments of many bootstrap samples of ordinal answers at once, from tables of counts.

A bootstrap sample is how often each respondent was drawn, so its tables are weighted counts, and
everything that weighted least squares with a diagonal weight needs follows from the tables alone:
thresholds, polychoric correlations, and the variance of each of them. A moment's variance is the
mean square of its influence function, which takes one value in each cell: that of a threshold is

    (1{answer <= k} - F_k) / phi(tau_k),

that of a correlation its own score and what it inherits from its two variables' thresholds. They
are the diagonal of `loyaltysem.estimation.ordinal.gamma.asymptotic_covariance`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from loyaltysem.estimation.ordinal.bivariate_normal import normal_pdf
from loyaltysem.estimation.ordinal.pair_scores import table_scores
from loyaltysem.estimation.ordinal.polychoric import table_correlations
from loyaltysem.estimation.ordinal.tables import close_single_gaps, pair_positions
from loyaltysem.estimation.ordinal.thresholds import OUTERMOST, threshold_estimates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.ordinal.tables import Pairs, Positions

    Array = NDArray[np.float64]

# Pairs of answers that are looked at together.
_BLOCK = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TableBatch:
    """Counts of the answers in b samples of one group.

    Attributes
    ----------
    sizes
        Number of categories of each variable (p,).
    margins
        Answers by variable and category (b, p, K), K the largest number of categories.
    tables
        Answers by pair and both categories (b, pairs, K, K).
    n
        Respondents of a sample.
    """

    sizes: Positions
    margins: Array
    tables: Array
    n: int

    @property
    def pairs(self) -> Pairs:
        """First and second variable of all pairs."""
        return pair_positions(len(self.sizes))

    @property
    def complete(self) -> NDArray[np.bool_]:
        """Whether every category occurs (b,)."""
        exists = np.arange(self.margins.shape[-1]) < self.sizes[:, None]
        return np.asarray(((self.margins > 0) | ~exists).all(axis=(1, 2)))

    def take(self, samples: Positions) -> TableBatch:
        """Return some of the samples."""
        return TableBatch(
            sizes=self.sizes,
            margins=self.margins[samples],
            tables=self.tables[samples],
            n=self.n,
        )


def table_batch(codes: Positions, sizes: Positions, counts: NDArray[np.intp]) -> TableBatch:
    """Count the answers of every sample.

    Parameters
    ----------
    codes
        Categories (n, p) from 0, -1 where missing.
    sizes
        Number of categories of each variable (p,).
    counts
        How often each respondent was drawn (b, n).
    """
    n, p = codes.shape
    most, pairs = int(sizes.max()), pair_positions(p)
    margins = np.zeros((p * most, len(counts)))
    tables = np.zeros((len(pairs[0]) * most**2, len(counts)))
    size = max(1, _BLOCK // max(len(pairs[0]), p))
    for rows in (slice(start, start + size) for start in range(0, n, size)):
        block, weights = codes[rows], counts[:, rows].T.astype(float)
        margins += _indicator(block, most) @ weights
        tables += _indicator(_crossed(block, pairs, most), most**2) @ weights
    return TableBatch(
        sizes=sizes,
        margins=margins.T.reshape(-1, p, most),
        tables=np.ascontiguousarray(tables.T).reshape(-1, len(pairs[0]), most, most),
        n=n,
    )


def _crossed(codes: Positions, pairs: Pairs, most: int) -> Positions:
    """Return the cell of each pair's table (n, pairs) that each respondent is in, or -1."""
    one, other = codes[:, pairs[0]], codes[:, pairs[1]]
    crossed: Positions = np.where((one < 0) | (other < 0), -1, one * most + other)
    return crossed


def _indicator(codes: Positions, categories: int) -> csr_array:
    """Return which respondents (columns) chose which category of which variable (rows)."""
    respondent, variable = np.nonzero(codes >= 0)
    chosen = variable * categories + codes[respondent, variable]
    shape = (codes.shape[1] * categories, len(codes))
    return csr_array((np.ones(len(chosen)), (chosen, respondent)), shape=shape)


def batch_moments(batch: TableBatch, *, with_variances: bool) -> tuple[Array, Array | None]:
    """Estimate thresholds and polychoric correlations of every sample.

    Parameters
    ----------
    batch
        Samples in which every category occurs.
    with_variances
        Whether to estimate the variances of the moments as well.

    Returns
    -------
    The moments (b, s) in the order of `loyaltysem.estimation.ordinal.moments`, and n times their
    asymptotic variances (b, s), None where not wanted.
    """
    b, p, most = batch.margins.shape
    first, second = batch.pairs
    inner = np.clip(threshold_estimates(batch.margins), -OUTERMOST, OUTERMOST)
    edge = np.full((b, p, 1), OUTERMOST)
    limits = np.concatenate([-edge, inner, edge], axis=-1)
    flat = batch.tables.reshape(-1, most, most)
    owners = np.tile(first, b), np.tile(second, b)
    closed = close_single_gaps(flat, batch.sizes, owners)[:, None]
    one, other = (limits[:, side].reshape(-1, 1, most + 1) for side in (first, second))
    rho, _ = table_correlations(closed, one, other)
    own = np.arange(most - 1) < batch.sizes[:, None] - 1
    vector = np.concatenate([inner[:, own], rho.reshape(b, len(first))], axis=1)
    if not with_variances:
        return vector, None
    influence = _threshold_influence(batch, inner)
    of_thresholds = np.einsum("bpc,bpck->bpk", batch.margins, np.square(influence))
    of_correlations = _correlation_variances(batch, (one, other), rho, influence)
    return vector, batch.n * np.concatenate([of_thresholds[:, own], of_correlations], axis=1)


def _threshold_influence(batch: TableBatch, thresholds: Array) -> Array:
    """Return what an answer in category c adds to threshold k, (b, p, K, K - 1)."""
    answers = batch.margins.sum(axis=-1, keepdims=True)
    below = np.cumsum(batch.margins, axis=-1)[..., :-1] / answers
    category = np.arange(batch.margins.shape[-1])
    reached = category[:, None] <= category[:-1]
    distance = reached - below[..., None, :]
    steepness = (answers * normal_pdf(thresholds))[..., None, :]
    influence: Array = np.divide(
        distance, steepness, out=np.zeros(distance.shape), where=steepness > 0
    )
    return influence


def _correlation_variances(
    batch: TableBatch, limits: tuple[Array, Array], rho: Array, influence: Array
) -> Array:
    """Return the variances (b, pairs) of the correlations."""
    b, n_pairs, most, _ = batch.tables.shape
    first, second = batch.pairs
    found = table_scores(batch.tables.reshape(-1, 1, most, most), *limits, np.zeros((1, 0)), rho)
    score = found.by_cell.reshape(b, n_pairs, most, most)
    curvature = np.einsum("bpij,bpij->bp", batch.tables, np.square(score))
    gain = np.divide(1.0, curvature, out=np.zeros(curvature.shape), where=curvature > 0)
    inherited = [
        -np.einsum(
            "bpk,bpck->bpc", cross.location.reshape(b, n_pairs, most - 1), influence[:, side]
        )
        for cross, side in ((found.first, first), (found.second, second))
    ]
    joint = score + inherited[0][..., :, None] + inherited[1][..., None, :]
    total = np.einsum("bpij,bpij->bp", batch.tables, np.square(joint))
    for side, axis, part in ((first, 3, inherited[0]), (second, 2, inherited[1])):
        # Who answered one question of a pair only counts in that question's thresholds.
        alone = batch.margins[:, side] - batch.tables.sum(axis=axis)
        total += np.einsum("bpc,bpc->bp", alone, np.square(part))
    variances: Array = np.square(gain) * total
    return variances
