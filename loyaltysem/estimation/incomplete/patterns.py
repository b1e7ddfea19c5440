"""Which values are missing together: incomplete data reduced to what the likelihood needs.

Respondents who answered the same variables form a *pattern*. Within a pattern the normal likelihood
depends on the data through their mean and covariance only, so a pattern with many respondents is
kept as a few weighted rows with the same mean and cross-products, and one with few respondents as
it is. The estimator's cost then depends on the number of patterns, not of respondents.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WORD = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternBlock:
    """All patterns in which the same number m of variables is missing.

    Attributes
    ----------
    pattern
        (K,) positions of these patterns in ``MissingPatterns.observed``.
    missing
        (K, m) the variables that each of them lacks.
    counts
        (K,) respondents of each.
    rows
        (R,) the rows of ``MissingPatterns.rows`` that belong to them.
    owner
        (R,) for each such row, its pattern's position within this block.
    """

    pattern: NDArray[np.intp]
    missing: NDArray[np.intp]
    counts: NDArray[np.float64]
    rows: NDArray[np.intp]
    owner: NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPatterns:
    """Incomplete data as weighted rows, sorted by pattern (the most frequent pattern first).

    A sum over respondents of ``(y - mu)(y - mu)'`` equals the sum over rows of ``d d'`` with
    ``d = rows - centre * mu``; entries of variables that a row lacks are 0 in both arrays.

    Attributes
    ----------
    observed
        (K, p) True where the pattern has the variable.
    counts
        (K,) respondents per pattern, in descending order.
    rows
        (R, p) values times the square root of the row's weight.
    root_weight
        (R,) that square root; 0 for rows that carry only deviations from their pattern's mean.
    centre
        (R, p) ``root_weight`` where the row has the variable, else 0.
    row_pattern
        (R,) the pattern of each row, in ascending order.
    blocks
        The patterns grouped by how many variables they lack.
    cases
        (n,) positions in the data of the respondents kept, sorted by pattern as the rows are.
    n_empty
        Rows of the data that had no value at all, and were dropped.
    """

    observed: NDArray[np.bool_]
    counts: NDArray[np.intp]
    rows: NDArray[np.float64]
    root_weight: NDArray[np.float64]
    centre: NDArray[np.float64]
    row_pattern: NDArray[np.intp]
    blocks: tuple[PatternBlock, ...]
    cases: NDArray[np.intp]
    n_empty: int

    @property
    def n(self) -> int:
        """Respondents with at least one value."""
        return int(self.counts.sum())

    @property
    def n_variables(self) -> int:
        """Number of variables p."""
        return int(self.observed.shape[1])

    @property
    def n_patterns(self) -> int:
        """Number of distinct patterns K."""
        return int(self.observed.shape[0])

    @property
    def complete(self) -> bool:
        """Whether nothing is missing (apart from the empty rows that were dropped)."""
        return bool(self.observed.all())

    def coverage(self) -> NDArray[np.float64]:
        """Return the (p, p) share of respondents who have both variables."""
        observed = self.observed.astype(np.float64)
        return (observed.T * (self.counts / self.n)) @ observed

    def rescaled(
        self, location: NDArray[np.float64], scale: NDArray[np.float64]
    ) -> MissingPatterns:
        """Return the same patterns for the variables ``(y - location) / scale``; both (p,)."""
        return replace(
            self,
            rows=(self.rows - self.centre * location) / scale,
        )


def missing_patterns(data: NDArray[np.float64], *, compress: bool = True) -> MissingPatterns:
    """Find the missing-data patterns of a data matrix.

    Parameters
    ----------
    data
        (n, p); a missing value is NaN.
    compress
        Whether frequent patterns are reduced to p + 1 rows. Without it there is one row for each
        respondent, which casewise scores need.

    Returns
    -------
    MissingPatterns
        Rows without any value are left out and counted.
    """
    observed = ~np.isnan(data)
    kept = np.flatnonzero(observed.any(axis=1))
    code = _pattern_codes(observed[kept])
    _, first, code, counts = np.unique(
        code, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.lexsort((first, -counts))
    position = np.empty_like(rank)
    position[rank] = np.arange(rank.size)
    by_pattern = np.argsort(position[code], kind="stable")
    cases, row_pattern = kept[by_pattern], position[code][by_pattern]
    values = np.where(observed[cases], data[cases], 0.0)
    seen = observed[kept[first[rank]]]
    rows, root_weight, row_pattern = (
        _compressed(values, seen, counts[rank])
        if compress
        else (values, np.ones(len(values)), row_pattern)
    )
    return MissingPatterns(
        observed=seen,
        counts=counts[rank],
        rows=rows,
        root_weight=root_weight,
        centre=root_weight[:, np.newaxis] * seen[row_pattern],
        row_pattern=row_pattern,
        blocks=_blocks(seen, counts[rank], row_pattern),
        cases=cases,
        n_empty=len(data) - kept.size,
    )


def _pattern_codes(observed: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return equal integers for equal rows; 64 columns at a time are packed into one word."""
    codes = np.zeros(len(observed), dtype=np.intp)
    for start in range(0, observed.shape[1], _WORD):
        bits = np.zeros((len(observed), _WORD), dtype=bool)
        columns = observed[:, start : start + _WORD]
        bits[:, : columns.shape[1]] = columns
        words = np.packbits(bits, axis=1).view(np.uint64)[:, 0]
        distinct, word = np.unique(words, return_inverse=True)
        codes = np.unique(codes * distinct.size + word, return_inverse=True)[1]
    return codes


def _compressed(
    values: NDArray[np.float64], observed: NDArray[np.bool_], counts: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Replace the rows of every pattern that has more rows than variables by its moments.

    The mean becomes one row of weight n_k; a square root of n_k S_k becomes rows without centre.
    """
    ends = np.cumsum(counts)
    frequent = counts > observed.sum(axis=1) + 1
    single = np.repeat(~frequent, counts)
    rows, root_weight = [values[single]], [np.ones(int(single.sum()))]
    owner = [np.repeat(np.arange(counts.size), counts)[single]]
    for k in np.flatnonzero(frequent):
        root, mean = _moment_rows(values[ends[k] - counts[k] : ends[k]])
        weight = np.sqrt(counts[k])
        rows += [weight * mean[np.newaxis], root]
        root_weight += [np.array([weight]), np.zeros(len(root))]
        owner.append(np.full(len(root) + 1, k))
    owners = np.concatenate(owner)
    order = np.argsort(owners, kind="stable")
    return np.concatenate(rows)[order], np.concatenate(root_weight)[order], owners[order]


def _moment_rows(
    values: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a matrix whose cross-product is that of the deviations from the mean, and the mean.

    The root is taken of the correlation matrix, so that no variable's scale drowns another's.
    """
    mean = values.mean(axis=0)
    deviations = values - mean
    product = deviations.T @ deviations
    scale = np.sqrt(np.diag(product))
    unit = np.where(scale > 0, scale, 1.0)
    size, vectors = np.linalg.eigh(product / np.outer(unit, unit))
    kept = size > np.finfo(np.float64).eps
    return (vectors[:, kept] * np.sqrt(size[kept])).T * scale, mean


def _blocks(
    observed: NDArray[np.bool_], counts: NDArray[np.intp], row_pattern: NDArray[np.intp]
) -> tuple[PatternBlock, ...]:
    """Group the patterns by how many variables they lack."""
    lacking = observed.shape[1] - observed.sum(axis=1)
    return tuple(
        _block(observed, counts, row_pattern, np.flatnonzero(lacking == m), int(m))
        for m in np.unique(lacking)
    )


def _block(
    observed: NDArray[np.bool_],
    counts: NDArray[np.intp],
    row_pattern: NDArray[np.intp],
    pattern: NDArray[np.intp],
    m: int,
) -> PatternBlock:
    """Collect the patterns named by their positions, which lack m variables each."""
    rows = np.flatnonzero(np.isin(row_pattern, pattern))
    return PatternBlock(
        pattern=pattern,
        missing=np.nonzero(~observed[pattern])[1].reshape(pattern.size, m),
        counts=counts[pattern].astype(np.float64),
        rows=rows,
        owner=np.searchsorted(pattern, row_pattern[rows]),
    )
