"""Agreement of repeated measurements: intraclass correlations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.errors import ResponsesError
from loyaltysem.measurement.correlations import numeric_answers

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Retest:
    """Intraclass correlations of one measurement, two-way.

    Attributes
    ----------
    n, k
        Respondents who were measured each time, and number of times.
    agreement, agreement_ci
        ICC(2,1), also called ICC(A,1): do they get the same score each time? With its interval.
    consistency, consistency_ci
        ICC(3,1), also called ICC(C,1): do they keep their order, whatever all gained?
    f, pvalue
        Test that respondents do not differ.
    """

    n: int
    k: int
    agreement: float
    agreement_ci: tuple[float, float]
    consistency: float
    consistency_ci: tuple[float, float]
    f: float
    pvalue: float


def retest_reliability(scores: pd.DataFrame, *, confidence: float = 0.95) -> Retest:
    """Return the test-retest reliability of scores.

    Parameters
    ----------
    scores
        One row per respondent, one column per occasion; incomplete rows are left out.
    confidence
        Level of the intervals.

    Raises
    ------
    ResponsesError
        There are fewer than two occasions or three complete respondents, or nobody differs.

    Notes
    -----
    Shrout & Fleiss (1979), Psychological Bulletin 86, 420-428; McGraw & Wong (1996), Psychological
    Methods 1, 30-46; ``psych::ICC(lmer = FALSE)``.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"first": [1, 2, 3, 4, 5], "again": [1, 2, 4, 4, 5]})
    >>> round(ls.retest_reliability(scores).agreement, 2)
    0.96
    """
    from scipy.special import fdtrc, fdtri

    values = numeric_answers(scores).dropna().to_numpy()
    n, k = values.shape
    if k < 2 or n < 3:
        raise ResponsesError(
            "Test-retest reliability needs two occasions and three complete respondents",
            found=f"{k} occasions, {n} complete respondents",
        )
    rows, columns, error = _mean_squares(values)
    if rows <= 0 or error <= 0:
        raise ResponsesError("The respondents do not differ, or answered alike each time")
    df1, df2, tail = n - 1, (n - 1) * (k - 1), (1 + confidence) / 2
    f = rows / error
    low, high = f / fdtri(df1, df2, tail), f * fdtri(df2, df1, tail)
    agreement = (rows - error) / (rows + (k - 1) * error + k * (columns - error) / n)
    freedom = _agreement_df(agreement, columns / error, n, k)
    lower_f, upper_f = fdtri(df1, freedom, tail), fdtri(freedom, df1, tail)
    spread = k * columns + (k * n - k - n) * error
    return Retest(
        n=n,
        k=k,
        agreement=float(agreement),
        agreement_ci=(
            float(n * (rows - lower_f * error) / (lower_f * spread + n * rows)),
            float(n * (upper_f * rows - error) / (spread + n * upper_f * rows)),
        ),
        consistency=float((f - 1) / (f + k - 1)),
        consistency_ci=(float((low - 1) / (low + k - 1)), float((high - 1) / (high + k - 1))),
        f=float(f),
        pvalue=float(fdtrc(df1, df2, f)),
    )


def _mean_squares(values: np.ndarray) -> tuple[float, float, float]:
    """Return the mean squares of respondents, of occasions and of what is left."""
    n, k = values.shape
    by_row, by_column = values.mean(axis=1), values.mean(axis=0)
    rows = k * by_row.var(ddof=1)
    columns = n * by_column.var(ddof=1)
    residual = values - by_row[:, None] - by_column + values.mean()
    return float(rows), float(columns), float((residual**2).sum() / ((n - 1) * (k - 1)))


def _agreement_df(agreement: float, ratio: float, n: int, k: int) -> float:
    """Return the degrees of freedom of the error of agreement (Satterthwaite; Shrout & Fleiss)."""
    between = n * (1 + (k - 1) * agreement) - k * agreement
    above = (n - 1) * (k - 1) * (k * agreement * ratio + between) ** 2
    return float(above / ((n - 1) * k**2 * agreement**2 * ratio**2 + between**2))
