"""Heterotrait-monotrait ratios of correlations, with bootstrap intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from loyaltysem.errors import Notice, ResponsesError, listed
from loyaltysem.measurement.correlations import as_correlations, correlations, numeric_answers
from loyaltysem.measurement.resampling import resampled_covariances
from loyaltysem.records import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from loyaltysem.measurement.correlations import Method

    Array = NDArray[np.float64]

Mean = Literal["arithmetic", "geometric"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Htmt(Shown):
    """Ratios of all pairs of constructs.

    Attributes
    ----------
    ratios
        Symmetric, constructs by constructs, 1 in the diagonal.
    pairs
        One row per pair: ``first, second, htmt, ci_lower, ci_upper`` (percentile interval; NaN
        without bootstrap), and ``distinct``: the upper limit (without bootstrap the ratio itself)
        lies below ``threshold``.
    mean, threshold, draws, seed
        What was asked.
    notices
        What stands against the reading of the numbers.
    """

    ratios: pd.DataFrame
    pairs: pd.DataFrame
    mean: Mean
    threshold: float
    draws: int
    seed: int
    notices: tuple[Notice, ...] = ()


def htmt(
    answers: pd.DataFrame,
    constructs: Mapping[str, Sequence[str]],
    *,
    mean: Mean = "arithmetic",
    absolute: bool = True,
    correlation: Method = "pearson",
    threshold: float = 0.90,
    draws: int = 0,
    confidence: float = 0.95,
    seed: int = 0,
) -> Htmt:
    """Return the heterotrait-monotrait ratio of every pair of constructs.

    Parameters
    ----------
    answers
        One row per respondent, one column per item; rows with a missing answer are left out.
    constructs
        Items of each construct, two at least.
    mean
        ``arithmetic``: HTMT (Henseler, Ringle & Sarstedt 2015), which assumes equal loadings;
        ``geometric``: HTMT2 (Roemer, Schuberth & Henseler 2021), which does not.
    absolute
        Take correlations without their signs; HTMT2 always does.
    threshold
        What the ratio must stay below: 0.85, or 0.90 for constructs that are close in theory.
    draws, confidence, seed
        Bootstrap draws (0: none), level of the interval, seed. Draws use Pearson correlations.

    Raises
    ------
    ResponsesError
        A construct has fewer than two items, an item does not exist, or does not vary.

    Notes
    -----
    The mean correlation between items of two constructs over the geometric mean of their mean
    correlations within: ``semTools::htmt``. Checked against the golden cases
    ``reliability_validity_*``.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> constructs = {"price": ["PR1", "PR2", "PR3", "PR4"], "image": ["IM1", "IM2", "IM3", "IM4"]}
    >>> ls.htmt(answers, constructs).ratios.round(2)
           price  image
    price   1.00   0.34
    image   0.34   1.00
    """
    items = _items(answers, constructs)
    complete = numeric_answers(answers[items]).dropna()
    member = np.array([[item in own for item in items] for own in constructs.values()], float)
    R = correlations(complete, correlation, "listwise").to_numpy()
    ratios = htmt_of(R, member, mean=mean, absolute=absolute)
    drawn = _bootstrap(complete.to_numpy(), member, mean, absolute, draws, seed)
    names = list(constructs)
    pairs = _pairs(names, ratios, drawn, confidence, threshold)
    return Htmt(
        ratios=pd.DataFrame(ratios, index=names, columns=names),
        pairs=pairs,
        mean=mean,
        threshold=threshold,
        draws=draws,
        seed=seed,
        notices=_notices(pairs),
    )


def htmt_of(
    R: ArrayLike, member: ArrayLike, *, mean: Mean = "arithmetic", absolute: bool = True
) -> Array:
    """Return the ratios of constructs (..., c, c) from correlations of items (..., p, p).

    ``member`` (c, p) is 1 where an item belongs to a construct. NaN where the items of a construct
    correlate negatively on average.
    """
    matrix, G = np.asarray(R, dtype=np.float64), np.asarray(member, dtype=np.float64)
    geometric = mean == "geometric"
    if geometric:
        matrix = np.log(np.maximum(np.abs(matrix), 1e-300))
    elif absolute:
        matrix = np.abs(matrix)
    diagonal = np.arange(matrix.shape[-1])
    matrix = matrix.copy()
    matrix[..., diagonal, diagonal] = 0.0
    k = G.sum(axis=1)
    # an item is not compared with itself, within a construct or in two that share it
    means = G @ matrix @ G.T / (np.outer(k, k) - G @ G.T)
    means = np.exp(means) if geometric else means
    within = np.diagonal(means, axis1=-2, axis2=-1)
    root = np.sqrt(np.where(within > 0, within, np.nan))
    return np.asarray(means / (root[..., :, None] * root[..., None, :]))


def _items(answers: pd.DataFrame, constructs: Mapping[str, Sequence[str]]) -> list[str]:
    items = [item for own in constructs.values() for item in own]
    absent = [item for item in items if item not in answers.columns]
    if absent:
        raise ResponsesError("The answers lack items of the constructs", found=listed(absent))
    short = [name for name, own in constructs.items() if len(own) < 2]
    if short:
        raise ResponsesError("HTMT needs two items or more in each construct", found=listed(short))
    return list(dict.fromkeys(items))


def _bootstrap(
    rows: Array, member: Array, mean: Mean, absolute: bool, draws: int, seed: int
) -> Array:
    """Return the ratios of resampled respondents (draws, c, c)."""
    parts = (
        htmt_of(as_correlations(cov), member, mean=mean, absolute=absolute)
        for cov in resampled_covariances(rows, draws, seed)
    )
    return np.concatenate([np.empty((0, len(member), len(member))), *parts])


def _pairs(
    names: list[str], ratios: Array, drawn: Array, confidence: float, threshold: float
) -> pd.DataFrame:
    first, second = np.triu_indices(len(names), 1)
    value = ratios[first, second]
    limits = np.full((2, len(value)), np.nan)
    if len(drawn):
        tail = (1 - confidence) / 2
        limits = np.nanquantile(drawn[:, first, second], [tail, 1 - tail], axis=0)
    bound = np.where(np.isnan(limits[1]), value, limits[1])
    return pd.DataFrame(
        {
            "first": [names[i] for i in first],
            "second": [names[i] for i in second],
            "htmt": value,
            "ci_lower": limits[0],
            "ci_upper": limits[1],
            "distinct": bound < threshold,
        }
    )


def _notices(pairs: pd.DataFrame) -> tuple[Notice, ...]:
    unknown = pairs[pairs["htmt"].isna()]
    if unknown.empty:
        return ()
    text = (
        f"{len(unknown)} ratios do not exist because the items of a construct correlate negatively"
        " on average. Look for a reverse item that is not marked."
    )
    return (Notice("htmt_undefined", text, {"pairs": len(unknown)}),)
