"""Polychoric correlations from contingency tables, all pairs of items at once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from loyaltysem.errors import EstimationError, Notice, listed
from loyaltysem.estimation.ordinal.bivariate_normal import normal_pdf
from loyaltysem.estimation.ordinal.columns import (
    OrdinalColumns,
    check_categories_occur,
    ordinal_columns,
)
from loyaltysem.estimation.ordinal.rectangles import maximise_correlations, table_derivatives
from loyaltysem.estimation.ordinal.tables import (
    close_single_gaps,
    fill_gaps,
    padded_limits,
    pair_positions,
    pair_tables,
    symmetric,
    table_limits,
)
from loyaltysem.estimation.ordinal.thresholds import interval_probability, threshold_estimates

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from loyaltysem.estimation.ordinal.tables import Pairs, Positions

    Array = NDArray[np.float64]

# Polychoric correlations are sought within -0.999..0.999 (as in lavaan).
BOUND = 0.999
# Corners of tables that are worked on at a time.
_CHUNK_CORNERS = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Polychoric:
    """Polychoric correlations of ordinal items.

    Attributes
    ----------
    names
        The p items.
    correlations
        (p, p), ones in the diagonal.
    thresholds
        One array (K - 1,) for each item: standard normal cut points between its K categories.
    categories
        Each item's categories as they stand in the data, in order.
    n
        Respondents used (with ``missing="pairwise"``: all that answered anything).
    notices
        Correlations at the bound.
    """

    names: tuple[str, ...]
    correlations: Array
    thresholds: tuple[Array, ...]
    categories: tuple[tuple[object, ...], ...]
    n: int
    notices: tuple[Notice, ...] = ()


def polychoric(
    data: pd.DataFrame,
    items: Sequence[str] | None = None,
    *,
    missing: Literal["listwise", "pairwise"] = "listwise",
    correct: float = 0.0,
) -> Polychoric:
    """Estimate the polychoric correlations of ordinal items by two-step maximum likelihood.

    Each item is taken for a standard normal response cut at thresholds: first the thresholds from
    each item's own shares, then each pair's correlation given the thresholds (Olsson, 1979).

    Parameters
    ----------
    data
        One column per item: whole numbers (or an ordered categorical), at least two categories.
    items
        Columns to use; all by default.
    missing
        Leave out respondents with any missing answer, or use each pair's complete answers.
    correct
        What to put into the empty cells of a pair's table. Above 0 the thresholds of a pair come
        from its corrected table, as ``psych::polychoric`` does with ``global = FALSE``. The
        default is the definition of ``lavaan::lavCor``: tables as they are, except that the one
        empty cell of a 2 x 2 table gets half an observation while the margins stay.

    Returns
    -------
    Polychoric

    Raises
    ------
    EstimationError
        An item is not ordinal, has only one category, or a category is lost with the incomplete
        rows.

    Notes
    -----
    Checked against the golden case ``polychoric_loyalty``.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"a": [1, 1, 2, 2, 3, 3], "b": [1, 2, 1, 3, 2, 3]})
    >>> polychoric(answers).correlations.round(2).tolist()
    [[1.0, 0.56], [0.56, 1.0]]
    """
    columns = ordinal_columns(data, list(data.columns) if items is None else items)
    needed = len(columns.names) if missing == "listwise" else 1
    used = np.flatnonzero((columns.codes >= 0).sum(axis=1) >= needed)
    if not len(used):
        raise EstimationError("No respondent answered the items", found=listed(columns.names))
    codes = columns.codes[used]
    check_categories_occur(columns, codes, "")
    return _estimated(columns, codes, correct)


def _estimated(columns: OrdinalColumns, codes: Positions, correct: float) -> Polychoric:
    pairs = pair_positions(len(columns.names))
    tables = pair_tables(codes, columns.sizes, pairs)
    thresholds = item_thresholds(codes, columns.sizes)
    if correct > 0:
        tables = fill_gaps(tables, columns.sizes, pairs, correct)
        first, second = table_limits(tables)
    else:
        tables = close_single_gaps(tables, columns.sizes, pairs)
        limits = padded_limits(thresholds)
        first, second = limits[pairs[0]], limits[pairs[1]]
    rho, at_bound = table_correlations(tables[:, None], first[:, None], second[:, None])
    return Polychoric(
        names=columns.names,
        correlations=symmetric(rho, len(columns.names)),
        thresholds=tuple(thresholds),
        categories=columns.categories,
        n=len(codes),
        notices=bound_notices(columns.names, pairs, at_bound),
    )


def item_thresholds(codes: Positions, sizes: Positions) -> list[Array]:
    """Return each item's thresholds from its own answers; codes (n, p), -1 where missing."""
    return [
        threshold_estimates(np.bincount(column[column >= 0], minlength=size).astype(float))
        for column, size in zip(codes.T, sizes, strict=True)
    ]


def table_correlations(
    counts: Array, first: Array, second: Array
) -> tuple[Array, NDArray[np.bool_]]:
    """Return each pair's maximum-likelihood correlation given its category limits.

    Parameters
    ----------
    counts
        (pairs, patterns, a, b): answers in each rectangle.
    first, second
        Limits (pairs, patterns, a + 1) and (pairs, patterns, b + 1).

    Returns
    -------
    Correlations (pairs,), and which of them lie at the bound of 0.999.
    """
    rho, at_bound = np.zeros(len(counts)), np.zeros(len(counts), dtype=bool)
    size = max(1, _CHUNK_CORNERS // math.prod((*first.shape[1:], second.shape[-1])))
    for start in range(0, len(counts), size):
        block = slice(start, start + size)
        rho[block], at_bound[block] = _block_correlations(
            counts[block], first[block], second[block]
        )
    return rho, at_bound


def _block_correlations(
    counts: Array, first: Array, second: Array
) -> tuple[Array, NDArray[np.bool_]]:
    def derivatives(rho: Array, active: Positions) -> tuple[Array, Array, Array]:
        return table_derivatives(counts[active], first[active], second[active], rho)

    return maximise_correlations(derivatives, _score_correlations(counts, first, second), BOUND)


def _score_correlations(counts: Array, first: Array, second: Array) -> Array:
    """Return start values (pairs,): covariances of the responses' means within their categories.

    A mean m(category) keeps the share var(m) of the response's variance, so that
    cov(m_i, m_j) is about rho var(m_i) var(m_j).
    """
    one, other = _category_means(first), _category_means(second)
    n = counts.sum(axis=(1, 2, 3))
    product = n * np.einsum("pgab,pga,pgb->p", counts, one, other, optimize=True)
    kept = np.einsum("pgab,pga->p", counts, one**2, optimize=True)
    kept *= np.einsum("pgab,pgb->p", counts, other**2, optimize=True)
    start: Array = np.divide(product, kept, out=np.zeros(len(n)), where=kept > 0)
    return start


def _category_means(limits: Array) -> Array:
    """Return E(y* | category): (phi(lower) - phi(upper)) / probability, 0 for empty intervals."""
    lower, upper = limits[..., :-1], limits[..., 1:]
    probability = interval_probability(lower, upper)
    numerator = normal_pdf(lower) - normal_pdf(upper)
    means: Array = np.divide(
        numerator, probability, out=np.zeros(lower.shape), where=probability > 0
    )
    return means


def bound_notices(
    names: Sequence[str], pairs: Pairs, at_bound: NDArray[np.bool_]
) -> tuple[Notice, ...]:
    """Return a notice for each pair whose correlation lies at the bound."""
    return tuple(
        _bound_notice(names[i], names[j])
        for i, j in zip(pairs[0][at_bound], pairs[1][at_bound], strict=True)
    )


def _bound_notice(one: str, other: str) -> Notice:
    text = (
        f"The polychoric correlation of '{other}' and '{one}' lies at the bound of {BOUND}: the "
        "answers are (almost) perfectly related, so one of the two items adds nothing."
    )
    return Notice("correlation_at_bound", text, {"first": other, "second": one, "bound": BOUND})
