"""Contingency tables of all pairs of ordinal variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.ordinal.thresholds import OUTERMOST, threshold_estimates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Positions = NDArray[np.intp]
    Pairs = tuple[Positions, Positions]

# One-hot coded answers held in memory at a time.
_CHUNK_CELLS = 4_000_000


def pair_positions(p: int) -> Pairs:
    """Return the two variables of each pair, in the order of lavaan's ``vech`` without diagonal.

    The lower triangle column by column: (1, 0), (2, 0), … (p - 1, p - 2).
    """
    second, first = np.triu_indices(p, 1)
    return first, second


def symmetric(values: Array, p: int, diagonal: float = 1.0) -> Array:
    """Return the (p, p) matrix whose pairs (order of `pair_positions`) are ``values``."""
    matrix = np.full((p, p), diagonal)
    first, second = pair_positions(p)
    matrix[first, second] = values
    matrix[second, first] = values
    return matrix


def pair_tables(codes: Positions, sizes: Positions, pairs: Pairs) -> Array:
    """Count the answers of each pair of variables.

    Parameters
    ----------
    codes
        Categories (n, p) from 0, -1 where missing (such answers are not counted).
    sizes
        Number of categories of each variable (p,).
    pairs
        Positions of the first and second variables (pairs,).

    Returns
    -------
    Counts (pairs, K, K) with K the largest number of categories; cells beyond a variable's own
    categories are 0.
    """
    n, p = codes.shape
    most = int(sizes.max())
    # Row -1 of the coding is the row of zeros that missing answers take.
    coding = np.eye(most + 1, most, dtype=np.float32)
    total = np.zeros((p * most, p * most))
    rows = max(1, _CHUNK_CELLS // (p * most))
    for start in range(0, n, rows):
        onehot = coding[codes[start : start + rows]].reshape(-1, p * most)
        total += onehot.T @ onehot
    joint = total.reshape(p, most, p, most)
    tables: Array = joint[pairs[0], :, pairs[1], :]
    return tables


def close_single_gaps(tables: Array, sizes: Positions, pairs: Pairs) -> Array:
    """Move half an observation into the empty cell of 2 x 2 tables that have just one.

    The margins stay. This is lavaan's ``zero.add = c(0.5, 0)`` with ``zero.keep.margins = TRUE``;
    larger tables are left as they are.
    """
    closed = tables.copy()
    corner = tables[:, :2, :2]
    two_by_two = (sizes[pairs[0]] == 2) & (sizes[pairs[1]] == 2)
    single = two_by_two & (np.sum(corner == 0, axis=(1, 2)) == 1)
    on_diagonal = (corner[:, 0, 0] == 0) | (corner[:, 1, 1] == 0)
    shift = 0.5 * np.where(on_diagonal, 1.0, -1.0)[:, None, None]
    moved = corner + shift * np.array([[1.0, -1.0], [-1.0, 1.0]])
    closed[:, :2, :2] = np.where(single[:, None, None], moved, corner)
    return closed


def fill_gaps(tables: Array, sizes: Positions, pairs: Pairs, amount: float) -> Array:
    """Put ``amount`` into every empty cell of the tables."""
    category = np.arange(tables.shape[-1])
    exists = (category < sizes[pairs[0]][:, None])[:, :, None] & (
        category < sizes[pairs[1]][:, None]
    )[:, None, :]
    return np.where(exists & (tables == 0), amount, tables)


def has_gaps(tables: Array, sizes: Positions, pairs: Pairs) -> NDArray[np.bool_]:
    """Return which pairs (pairs,) have a combination of categories that nobody chose."""
    occupied = np.sum(tables > 0, axis=(1, 2))
    gaps: NDArray[np.bool_] = occupied < sizes[pairs[0]] * sizes[pairs[1]]
    return gaps


def padded_limits(thresholds: Sequence[Array]) -> Array:
    """Return category limits (p, K + 1) of variables with up to K categories.

    The first limit is far left; limits beyond a variable's own thresholds are far right.
    """
    most = max(len(cuts) for cuts in thresholds) + 1
    limits = np.full((len(thresholds), most + 1), OUTERMOST)
    limits[:, 0] = -OUTERMOST
    for row, cuts in zip(limits, thresholds, strict=True):
        row[1 : len(cuts) + 1] = cuts
    return limits


def table_limits(tables: Array) -> tuple[Array, Array]:
    """Return category limits (pairs, K + 1) of both variables from each table's own margins."""
    return _margin_limits(tables.sum(axis=2)), _margin_limits(tables.sum(axis=1))


def _margin_limits(counts: Array) -> Array:
    edge = np.full((len(counts), 1), OUTERMOST)
    inner = np.clip(threshold_estimates(counts), -OUTERMOST, OUTERMOST)
    return np.hstack([-edge, inner, edge])
