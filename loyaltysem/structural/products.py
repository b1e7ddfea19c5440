"""Product indicators of latent interactions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Centring = Literal["double_mean", "mean", "residual", "none"]


def product_indicators(
    data: pd.DataFrame,
    first: Sequence[str],
    second: Sequence[str],
    *,
    matched: bool = True,
    centring: Centring = "double_mean",
) -> pd.DataFrame:
    """Return the data with products of two constructs' indicators as further columns.

    Parameters
    ----------
    data
        One row per respondent; NaN where missing.
    first, second
        Indicators of the two constructs.
    matched
        Whether the i-th indicator of one meets the i-th of the other (Marsh, Wen & Hau 2004);
        otherwise all pairs are made.
    centring
        ``mean`` centres the indicators; ``double_mean`` centres their products too (Lin, Wen,
        Marsh & Lin 2010); ``residual`` keeps of each product what the indicators do not explain
        (Little, Bovaird & Widaman 2006); ``none`` multiplies the answers as they are.

    Returns
    -------
    DataFrame
        A copy with columns ``<first>.<second>``, named and computed as by ``semTools::indProd``.

    Raises
    ------
    EstimationError
        An indicator is not in the data, matched lists differ in length, or a product's column
        exists already.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> ls.product_indicators(answers, ["PR1", "PR2"], ["IM1", "IM2"]).columns[-2:].tolist()
    ['PR1.IM1', 'PR2.IM2']
    """
    _check(data, first, second, matched=matched, centring=centring)
    left, right = (data[list(names)].to_numpy(dtype=float) for names in (first, second))
    if centring != "none":
        left, right = left - np.nanmean(left, axis=0), right - np.nanmean(right, axis=0)
    pairs = _pairs(len(first), len(second), matched=matched)
    products = np.column_stack([left[:, i] * right[:, j] for i, j in pairs])
    if centring == "double_mean":
        products = products - np.nanmean(products, axis=0)
    elif centring == "residual":
        products = _residuals(products, np.hstack([left, right]))
    names = [f"{first[i]}.{second[j]}" for i, j in pairs]
    _refuse_existing(data, names)
    return pd.concat([data, pd.DataFrame(products, columns=names, index=data.index)], axis=1)


def _pairs(n_first: int, n_second: int, *, matched: bool) -> list[tuple[int, int]]:
    if matched:
        return [(k, k) for k in range(n_first)]
    return [(i, j) for i in range(n_first) for j in range(n_second)]


def _residuals(
    products: NDArray[np.float64], indicators: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the products less their regression on all indicators, over complete rows."""
    complete = ~np.isnan(indicators).any(axis=1)
    design = np.column_stack([np.ones(complete.sum()), indicators[complete]])
    slopes = np.linalg.lstsq(design, products[complete], rcond=None)[0]
    residuals = np.full_like(products, np.nan)
    residuals[complete] = products[complete] - design @ slopes
    return residuals


def _check(
    data: pd.DataFrame,
    first: Sequence[str],
    second: Sequence[str],
    *,
    matched: bool,
    centring: str,
) -> None:
    columns = [str(name) for name in data.columns]
    for name in (*first, *second):
        if name not in columns:
            raise EstimationError(
                f"Indicator '{name}' is not in the data",
                expected=listed(columns),
                remedy=did_you_mean(name, columns),
            )
    if matched and len(first) != len(second):
        raise EstimationError(
            "Matched products need as many indicators on both sides",
            found=f"{len(first)} and {len(second)}",
            remedy="Leave some out, or make all pairs (matched=False; products: all_pairs).",
        )
    if centring not in get_args(Centring):
        raise EstimationError(
            "Unknown centring", found=centring, expected=listed(get_args(Centring))
        )


def _refuse_existing(data: pd.DataFrame, names: Sequence[str]) -> None:
    there = [name for name in names if name in data.columns]
    if there:
        raise EstimationError(f"The data already have a column {listed(there)}")
