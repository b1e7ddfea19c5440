"""Whether single items tell high from low scorers."""

from __future__ import annotations

import pandas as pd

from loyaltysem.errors import ResponsesError
from loyaltysem.measurement.correlations import varying_answers


def item_discrimination(
    answers: pd.DataFrame, *, share: float = 0.27, scale: tuple[float, float] | None = None
) -> pd.DataFrame:
    """Compare the answers of the highest and the lowest scorers, item by item.

    Parameters
    ----------
    answers
        Answers to the items of one scale, reverse items recoded; complete respondents are used.
    share
        Size of each group; 27 % gives the sharpest contrast (Kelley 1939). Respondents tied with
        the last of a group belong to it, so that the order of the rows does not matter.
    scale
        Lowest and highest answer; by default those that occur.

    Returns
    -------
    DataFrame
        By item: ``mean_low, mean_high``; ``critical_ratio`` with ``df`` and ``pvalue`` (Welch's t
        of their difference); ``discrimination`` (the difference over the range of the scale, below
        0.20 poor, from 0.40 good: Ebel & Frisbie 1991); ``difficulty`` (mean of all over the
        range); ``item_total`` (corrected).

    Raises
    ------
    ResponsesError
        The share lies outside 0 to 0.5, fewer than two items, too few respondents, or an item does
        not vary.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> price = answers[["PR1", "PR2", "PR3", "PR4"]]
    >>> ls.item_discrimination(price).shape[0]
    4
    """
    if not 0 < share <= 0.5:
        raise ResponsesError("A group is more than none and at most half", found=share)
    complete = varying_answers(answers.dropna())
    if complete.shape[1] < 2:
        raise ResponsesError("Item analysis needs two items or more")
    total = complete.sum(axis=1)
    low = complete[total <= total.quantile(share)]
    high = complete[total >= total.quantile(1 - share)]
    if min(len(low), len(high)) < 2 or total.min() == total.max():
        raise ResponsesError(
            "There are too few respondents, or too little between them, to form two groups",
            found=f"{len(complete)} complete respondents",
        )
    lowest, highest = scale or (complete.min().min(), complete.max().max())
    span = highest - lowest
    return pd.DataFrame(
        {
            "mean_low": low.mean(),
            "mean_high": high.mean(),
            **_welch(low, high),
            "discrimination": (high.mean() - low.mean()) / span,
            "difficulty": (complete.mean() - lowest) / span,
            "item_total": [complete[item].corr(total - complete[item]) for item in complete],
        },
        index=complete.columns,
    )


def _welch(low: pd.DataFrame, high: pd.DataFrame) -> dict[str, pd.Series]:
    """Return Welch's t of each column, its degrees of freedom and two-sided p.

    NaN where neither group varies.
    """
    from scipy.special import stdtr

    first, second = low.var() / len(low), high.var() / len(high)
    error = (first + second).where(first + second > 0)
    t: pd.Series = (high.mean() - low.mean()) / error**0.5
    df = error**2 / (first**2 / (len(low) - 1) + second**2 / (len(high) - 1))
    pvalue = pd.Series(2 * stdtr(df, -t.abs()), index=t.index)
    return {"critical_ratio": t, "df": df, "pvalue": pvalue}
