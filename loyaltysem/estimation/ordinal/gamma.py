"""The asymptotic covariance matrix of thresholds, slopes, variances and correlations.

The moments solve estimating equations: the scores of each variable's margin and of each pair's
correlation are 0 on average. With INNER the sum of outer products of all scores, A11 the blocks of
each margin, A21 the cross products of the pairs' scores with their own margins' scores and A22 the
diagonal of the pairs', the covariance is B^-1 INNER B^-T with B = [[A11, 0], [A21, A22]]
(Muthén, 1984; Muthén & Satorra, 1995). Time and memory grow linearly in respondents and not at all,
respectively: respondents are taken a chunk at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from loyaltysem.estimation.ordinal.numeric_pairs import pearson_scores, polyserial_scores
from loyaltysem.estimation.ordinal.pair_scores import case_scores, table_scores
from loyaltysem.estimation.ordinal.sample import category_limits, pattern_tables
from loyaltysem.estimation.ordinal.thresholds import numeric_scores, ordinal_scores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from loyaltysem.estimation.ordinal.pair_scores import Cross, PairScores, TableScores
    from loyaltysem.estimation.ordinal.sample import OrdinalSample
    from loyaltysem.estimation.ordinal.tables import Pairs, Positions

    Array = NDArray[np.float64]

# Numbers in one array of a chunk of respondents.
_CHUNK = 4_000_000


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each variable's margin parameters stand in the vector of moments.

    ``location`` holds a slice for each variable (thresholds, or the mean), ``slopes`` (p, x)
    positions, ``variance`` (p,) positions, -1 for ordinal variables; ``size`` is their number.
    """

    location: tuple[slice, ...]
    slopes: Positions
    variance: Positions
    size: int

    def margin(self, variable: int) -> Positions:
        """Return the positions of one variable's parameters: location, slopes, variance."""
        where = self.location[variable]
        own = self.variance[variable]
        variance = [own] if own >= 0 else []
        return np.concatenate(
            [np.arange(where.start, where.stop), self.slopes[variable], variance]
        ).astype(np.intp)


def layout_of(sizes: Positions, n_covariates: int) -> Layout:
    """Return the layout for variables with these numbers of categories (0: numeric)."""
    p = len(sizes)
    ends = np.cumsum(np.where(sizes > 0, sizes - 1, 1))
    starts = np.concatenate([[0], ends[:-1]])
    t = int(ends[-1])
    slopes = t + np.arange(p)[:, None] + p * np.arange(n_covariates)
    numeric = sizes == 0
    variance = np.where(numeric, t + p * n_covariates + np.cumsum(numeric) - 1, -1)
    return Layout(
        tuple(slice(int(a), int(b)) for a, b in zip(starts, ends, strict=True)),
        slopes,
        variance,
        t + p * n_covariates + int(numeric.sum()),
    )


def asymptotic_covariance(sample: OrdinalSample, rho: Array) -> Array:
    """Return n times the covariance matrix of the moments (s, s).

    Parameters
    ----------
    sample
        Prepared answers of one group.
    rho
        Correlations (pairs,) at their estimates.

    Returns
    -------
    (s, s) in the order of `loyaltysem.estimation.ordinal.moments`; lavaan's NACOV (``gamma``).
    """
    layout = layout_of(sample.sizes, sample.covariates.shape[1])
    tables = _tables(sample, rho)
    inner, a21 = _cross_products(sample, layout, rho, tables)
    a = layout.size
    a22 = np.diagonal(inner)[a:]
    a11_inverse = _block_inverses(inner[:a, :a], layout)
    to_margins, to_pairs, own = _moment_map(sample, layout, rho, a11_inverse, a21, a22)
    gamma = _mapped(inner, to_margins, to_pairs, own)
    return sample.n * gamma


def _tables(sample: OrdinalSample, rho: Array) -> TableScores | None:
    which = sample.ordinal_pairs
    if not (sample.tabulated and len(which)):
        return None
    first, second = sample.variables(which)
    limits = category_limits(sample)
    counts = pattern_tables(sample, (first, second))
    return table_scores(counts, limits[first], limits[second], sample.patterns, rho[which])


def _cross_products(
    sample: OrdinalSample, layout: Layout, rho: Array, tables: TableScores | None
) -> tuple[Array, Array]:
    """Return INNER (s, s) and A21 (pairs, margin parameters), summed over respondents."""
    s = layout.size + len(rho)
    inner, a21 = np.zeros((s, s)), np.zeros((len(rho), layout.size))
    if tables is not None:
        both = sample.ordinal_pairs
        _add_cross(a21, layout, both, sample.variables(both), tables)
    for rows in _chunks(sample, s, casewise=tables is None):
        scores = np.zeros((rows.stop - rows.start, s))
        scores[:, : layout.size] = _margin_scores(sample, layout, rows)
        _fill_pair_scores(scores[:, layout.size :], a21, sample, layout, rho, tables, rows)
        inner += scores.T @ scores
    return inner, a21


def _chunks(sample: OrdinalSample, s: int, *, casewise: bool) -> list[slice]:
    heaviest = max(s, 4 * len(sample.pairs[0]) if casewise else s, 1)
    size = max(1, _CHUNK // heaviest)
    return [slice(k, min(k + size, sample.n)) for k in range(0, sample.n, size)]


def _margin_scores(sample: OrdinalSample, layout: Layout, rows: slice) -> Array:
    covariates = sample.covariates[rows]
    scores = np.zeros((len(covariates), layout.size))
    for i, margin in enumerate(sample.margins):
        if margin.ordinal:
            location, slopes = ordinal_scores(sample.codes[rows, i], margin, covariates)
        else:
            location, slopes, spread = numeric_scores(
                sample.standardized[i, rows], margin, covariates
            )
            scores[:, layout.variance[i]] = spread
        scores[:, layout.location[i]] = location
        scores[:, layout.slopes[i]] = slopes
    return scores


def _fill_pair_scores(
    scores: Array,
    a21: Array,
    sample: OrdinalSample,
    layout: Layout,
    rho: Array,
    tables: TableScores | None,
    rows: slice,
) -> None:
    """Write the pairs' scores of the respondents ``rows``, and add their cross products to A21."""
    if tables is not None:
        both = sample.ordinal_pairs
        pattern = sample.pattern_of_row[rows]
        scores[:, both] = _looked_up(tables, sample.codes[rows], pattern, sample.variables(both))
    for which, pairs, found in _casewise(sample, rho, rows, tabulated=tables is not None):
        scores[:, which] = found.score
        _add_cross(a21, layout, which, pairs, found)


def _casewise(
    sample: OrdinalSample, rho: Array, rows: slice, *, tabulated: bool
) -> Iterator[tuple[Positions, Pairs, PairScores]]:
    """Yield the kinds of pairs that need the respondents themselves, with their scores."""
    codes, z, x = sample.codes[rows], sample.standardized[:, rows], sample.covariates[rows]
    margins = sample.margins
    if not tabulated and len(both := sample.ordinal_pairs):
        pairs = sample.variables(both)
        yield both, pairs, case_scores(codes, margins, x, pairs, rho[both])
    if len(mixed := sample.mixed_pairs):
        pairs = sample.numeric_first(mixed)
        yield mixed, pairs, polyserial_scores(z, codes, margins, x, pairs, rho[mixed])
    if len(none := sample.numeric_pairs):
        pairs = sample.variables(none)
        yield none, pairs, pearson_scores(z, margins, x, pairs, rho[none])


def _looked_up(tables: TableScores, codes: Positions, pattern: Positions, pairs: Pairs) -> Array:
    """Return each respondent's score for each pair (n, pairs), 0 where an answer is missing."""
    one, other = codes[:, pairs[0]], codes[:, pairs[1]]
    by_cell = tables.by_cell
    which = np.arange(len(by_cell))
    scores = by_cell[which, pattern[:, None], one, other]
    missing = (one < 0) | (other < 0)
    if missing.any():
        scores[missing] = 0.0
    return scores


def _add_cross(
    a21: Array,
    layout: Layout,
    which: Positions,
    pairs: Pairs,
    found: PairScores | TableScores,
) -> None:
    """Add cross products to the columns of each pair's two variables."""
    for variables, cross in zip(pairs, (found.first, found.second), strict=True):
        _add_side(a21, layout, which, variables, cross)


def _add_side(
    a21: Array, layout: Layout, which: Positions, variables: Positions, cross: Cross
) -> None:
    for row, variable, location in zip(which, variables, cross.location, strict=True):
        where = layout.location[variable]
        a21[row, where] += location[: where.stop - where.start]
    a21[which[:, None], layout.slopes[variables]] += cross.slopes
    numeric = layout.variance[variables] >= 0
    a21[which[numeric], layout.variance[variables[numeric]]] += cross.variance[numeric]


def _block_inverses(a11: Array, layout: Layout) -> Array:
    """Return the inverse of A11 with only each variable's own block kept."""
    inverse = np.zeros_like(a11)
    for variable in range(len(layout.location)):
        block = np.ix_(layout.margin(variable), layout.margin(variable))
        inverse[block] = np.linalg.pinv(a11[block], hermitian=True)
    return inverse


def _moment_map(
    sample: OrdinalSample,
    layout: Layout,
    rho: Array,
    a11_inverse: Array,
    a21: Array,
    a22: Array,
) -> tuple[Array, csr_array, Array]:
    """Return how scores move the moments: margins (a, a), pairs by margins (P, a), pairs (P,).

    Correlations with numeric variables become covariances; means enter with a minus.
    """
    first, second = sample.pairs
    sd = np.sqrt([margin.variance for margin in sample.margins])
    scale = sd[first] * sd[second]
    own = np.divide(scale, a22, out=np.zeros(len(rho)), where=a22 > 0)
    by_variance = np.zeros_like(a21)
    for one, other in ((first, second), (second, first)):
        numeric = np.flatnonzero(sample.sizes[one] == 0)
        where = layout.variance[one[numeric]]
        by_variance[numeric, where] += sd[other[numeric]] * rho[numeric] / (2 * sd[one[numeric]])
    # A pair touches two margins only, so nearly all of this matrix is zero.
    to_pairs = csr_array(by_variance - own[:, None] * a21) @ csr_array(a11_inverse)
    sign = np.ones(layout.size)
    sign[[layout.location[i].start for i in np.flatnonzero(sample.sizes == 0)]] = -1.0
    return sign[:, None] * a11_inverse, to_pairs, own


def _mapped(inner: Array, to_margins: Array, to_pairs: csr_array, own: Array) -> Array:
    """Return F INNER F' for F = [[to_margins, 0], [to_pairs, diag(own)]], using its zeros."""
    a = len(to_margins)
    i11, i21, i22 = inner[:a, :a], inner[a:, :a], inner[a:, a:]
    left = to_pairs @ i11 + own[:, None] * i21
    gamma = np.empty_like(inner)
    gamma[:a, :a] = to_margins @ i11 @ to_margins.T
    gamma[a:, :a] = left @ to_margins.T
    gamma[:a, a:] = gamma[a:, :a].T
    mixed = (to_pairs @ i21.T) * own
    gamma[a:, a:] = (to_pairs @ left.T).T + mixed + own[:, None] * i22 * own
    return gamma
