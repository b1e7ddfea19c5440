"""Internal consistency of a scale in full: what ``psych::alpha`` prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import ResponsesError
from loyaltysem.measurement.correlations import (
    as_correlations,
    squared_multiple_correlations,
    varying_answers,
)
from loyaltysem.measurement.reliability import alpha_of, feldt_interval
from loyaltysem.measurement.resampling import resampled_covariances
from loyaltysem.records import Shown

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

_TWO_SIDED = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyOf:
    """Consistency of one set of items, from their covariances.

    Attributes
    ----------
    alpha, alpha_standardized
        Cronbach's alpha from covariances and from correlations.
    guttman6
        Guttman's lambda 6, from squared multiple correlations.
    mean_r, median_r, var_r
        Of the correlations between items; ``var_r`` is NaN for two items.
    signal_to_noise
        ``k mean_r / (1 - mean_r)``.
    se
        Asymptotic standard error of alpha (Duhachek & Iacobucci 2004); NaN without n.
    """

    alpha: float
    alpha_standardized: float
    guttman6: float
    mean_r: float
    median_r: float
    var_r: float
    signal_to_noise: float
    se: float


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AlphaAnalysis(Shown):
    """Consistency of a scale, of the scale without each item, and each item beside the scale.

    Attributes
    ----------
    n
        Number of respondents.
    scale
        Of all items.
    mean, sd
        Of the respondents' mean answers.
    feldt_ci, duhachek_ci
        95 % intervals of alpha by the F distribution and by its standard error.
    if_deleted
        By item, the columns of `ConsistencyOf` for the other items. Of two items only one is left:
        as in psych, ``alpha`` is then its regression weight on the other, the rest their
        correlation.
    items
        By item: ``n, mean, sd``; its correlation with the mean of all items (``raw_r``), with
        their sum when standardized (``std_r``), the latter corrected for overlap and reliability
        (``r_cor``), and with the sum of the others (``r_drop``, CITC).
    """

    n: int
    scale: ConsistencyOf
    mean: float
    sd: float
    feldt_ci: tuple[float, float] | None
    duhachek_ci: tuple[float, float]
    if_deleted: pd.DataFrame
    items: pd.DataFrame


def alpha_analysis(answers: pd.DataFrame) -> AlphaAnalysis:
    """Return everything about the internal consistency of a scale.

    Parameters
    ----------
    answers
        Answers to the items of one scale, at least two, reverse items recoded. Covariances come
        from each pair's complete answers.

    Raises
    ------
    ResponsesError
        There are fewer than two items; one is not numeric, was not answered, or does not vary.

    Notes
    -----
    As ``psych::alpha``. Checked against the golden cases ``alpha_*``. `reliability` is the short
    account, for complete respondents, that a report prints.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> price = answers[["PR1", "PR2", "PR3", "PR4"]]
    >>> found = ls.alpha_analysis(price)
    >>> round(found.scale.alpha, 3)
    0.853
    >>> found.items["r_drop"].round(2).to_dict()
    {'PR1': 0.73, 'PR2': 0.71, 'PR3': 0.68, 'PR4': 0.66}
    """
    numbers = varying_answers(answers)
    if numbers.shape[1] < 2:
        raise ResponsesError(
            "A single item has no internal consistency", found=", ".join(numbers.columns)
        )
    n, C = len(numbers), numbers.cov().to_numpy()
    means = numbers.mean(axis=1)
    whole = consistency(C, n)
    return AlphaAnalysis(
        n=n,
        scale=whole,
        mean=float(means.mean()),
        sd=float(means.std()),
        feldt_ci=feldt_interval(whole.alpha, n, len(C)),
        duhachek_ci=(
            whole.alpha - _TWO_SIDED * whole.se,
            whole.alpha + _TWO_SIDED * whole.se,
        ),
        if_deleted=_if_deleted(C, n, numbers.columns),
        items=_items(numbers, C, means),
    )


def bootstrap_alpha(
    answers: pd.DataFrame, *, draws: int = 1000, confidence: float = 0.95, seed: int = 0
) -> tuple[float, float]:
    """Return the bootstrap percentile interval of alpha, for complete respondents.

    Raises
    ------
    ResponsesError
        As `alpha_analysis`, or fewer than three complete respondents.
    """
    rows = varying_answers(answers.dropna()).to_numpy()
    k = rows.shape[1]
    if k < 2 or len(rows) < 3:
        raise ResponsesError(
            "Alpha needs two items and three complete respondents at least",
            found=f"{k} items, {len(rows)} complete respondents",
        )
    parts = []
    for cov in resampled_covariances(rows, draws, seed):
        total = cov.sum(axis=(1, 2))
        trace = np.trace(cov, axis1=1, axis2=2)
        parts.append(k / (k - 1) * (1 - trace / np.where(total > 0, total, np.nan)))
    tail = (1 - confidence) / 2
    lower, upper = np.nanquantile(np.concatenate(parts), [tail, 1 - tail])
    return float(lower), float(upper)


def consistency(cov: ArrayLike, n: int | None = None) -> ConsistencyOf:
    """Return the consistency of k >= 2 items from their covariance matrix (k, k) of n rows.

    Examples
    --------
    >>> round(consistency([[1.0, 0.5], [0.5, 1.0]]).alpha, 4)
    0.6667
    """
    C = np.asarray(cov, dtype=np.float64)
    R = as_correlations(C)
    k = len(C)
    between = R[np.tril_indices(k, -1)]
    mean_r = float(between.mean())
    return ConsistencyOf(
        alpha=alpha_of(C),
        alpha_standardized=alpha_of(R),
        guttman6=guttman_lambda6(R),
        mean_r=mean_r,
        median_r=float(np.median(between)),
        var_r=float(between.var(ddof=1)) if len(between) > 1 else np.nan,
        signal_to_noise=k * mean_r / (1 - mean_r) if mean_r < 1 else np.nan,
        se=alpha_se(C, n) if n else np.nan,
    )


def alpha_se(cov: ArrayLike, n: int) -> float:
    """Return the asymptotic standard error of alpha from the covariances of n respondents.

    Duhachek & Iacobucci (2004), Journal of Applied Psychology 89, 792-808, eq. 3. NaN when the
    items cancel out.
    """
    C = np.asarray(cov, dtype=np.float64)
    k, total, trace = len(C), C.sum(), np.trace(C)
    inner = total * (np.trace(C @ C) + trace**2) - 2 * trace * (C @ C).sum()
    if total <= 0:
        return np.nan
    return float(_root(2 * k**2 / ((k - 1) ** 2 * total**3) * inner / n))


def guttman_lambda6(R: ArrayLike) -> float:
    """Return Guttman's lambda 6, ``1 - sum(1 - smc) / sum(R)``, of a correlation matrix.

    NaN when the items cancel out.
    """
    matrix = np.asarray(R, dtype=np.float64)
    total = matrix.sum()
    if total <= 1e-12:
        return np.nan
    return float(1 - (1 - squared_multiple_correlations(matrix)).sum() / total)


def _if_deleted(C: Array, n: int, names: pd.Index) -> pd.DataFrame:
    k = len(C)
    if k == 2:
        parts = [_single_left(C, other) for other in (1, 0)]
    else:
        size = n if n > k else None
        others = [np.delete(np.arange(k), i) for i in range(k)]
        parts = [consistency(C[np.ix_(rest, rest)], size) for rest in others]
    columns = ConsistencyOf.__dataclass_fields__
    table = {name: [getattr(part, name) for part in parts] for name in columns}
    return pd.DataFrame(table, index=names)


def _single_left(C: Array, other: int) -> ConsistencyOf:
    r = float(C[0, 1] / np.sqrt(C[0, 0] * C[1, 1]))
    return ConsistencyOf(
        alpha=float(C[0, 1] / C[other, other]),
        alpha_standardized=r,
        guttman6=r**2,
        mean_r=r,
        median_r=r,
        var_r=0.0,
        signal_to_noise=r / (1 - r) if r < 1 else np.nan,
        se=np.nan,
    )


def _items(numbers: pd.DataFrame, C: Array, means: pd.Series) -> pd.DataFrame:
    R = as_correlations(C)
    corrected = R.copy()
    np.fill_diagonal(corrected, squared_multiple_correlations(R))
    variances, with_total = np.diag(C), C.sum(axis=0)
    rest = C.sum() - 2 * with_total + variances
    return pd.DataFrame(
        {
            "n": numbers.notna().sum(),
            "mean": numbers.mean(),
            "sd": numbers.std(),
            "raw_r": numbers.corrwith(means),
            "std_r": R.sum(axis=0) / _root(R.sum()),
            "r_cor": corrected.sum(axis=0) / _root(corrected.sum()),
            "r_drop": (with_total - variances) / _root(variances * rest),
        }
    )


def _root(value: ArrayLike) -> Array:
    """Return the square root, NaN where the value is not positive: items that cancel out."""
    number = np.asarray(value, dtype=np.float64)
    return np.sqrt(np.where(number > 0, number, np.nan))
