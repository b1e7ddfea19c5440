"""Pooled likelihood-ratio tests of several imputed data sets: D2 and D3."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

PoolMethod = Literal["D3", "D2"]
METHODS: tuple[PoolMethod, ...] = ("D3", "D2")


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledTest:
    """A chi-square test pooled over imputed data sets.

    Attributes
    ----------
    method
        ``D2`` or ``D3``.
    statistic, df, df_error, pvalue
        The F statistic, its degrees of freedom, and p.
    chisq, chisq_pvalue
        ``df`` times F, and its p when it is read as a chi-square (many data sets); fit indices
        stand on it.
    riv, fmi
        Average relative increase in variance, and the fraction of missing information from it.
    """

    method: PoolMethod
    statistic: float
    df: int
    df_error: float
    pvalue: float
    chisq: float
    chisq_pvalue: float
    riv: float
    fmi: float


def d2(statistics: Sequence[float], df: int) -> PooledTest:
    """Pool the chi-squares of the data sets.

    Li, Meng, Raghunathan & Rubin (1991), Statistica Sinica 1, 65-92; as ``lavTestLRT.mi(test =
    "D2")`` of semTools. It needs nothing but the chi-squares, and is less exact than D3.

    Parameters
    ----------
    statistics
        One chi-square (or difference of two) per data set.
    df
        Its degrees of freedom.
    """
    w = np.asarray(statistics, dtype=np.float64)
    m = len(w)
    riv = float((1.0 + 1.0 / m) * np.sqrt(np.maximum(w, 0.0)).var(ddof=1))
    value = (w.mean() / df - (m + 1) / (m - 1) * riv) / (1.0 + riv) if df else math.nan
    error = df ** (-3.0 / m) * (m - 1) * (1.0 + _inverse(riv)) ** 2 if df else math.nan
    return _test("D2", value, df, error, riv)


def d3(at_pooled: Sequence[float], own: Sequence[float], df: int) -> PooledTest:
    """Pool likelihood-ratio statistics by way of the pooled estimates.

    Meng & Rubin (1992), Biometrika 79, 103-111; as ``lavTestLRT.mi(test = "D3")`` of semTools.

    Parameters
    ----------
    at_pooled
        Per data set, twice the difference of the log-likelihoods of the two models, each at its
        estimates averaged over the data sets.
    own
        The same at the data set's own estimates: its chi-square.
    df
        Degrees of freedom.
    """
    m, k = len(own), df
    constrained, average = float(np.mean(at_pooled)), float(np.mean(own))
    if not k:
        return _test("D3", math.nan, 0, math.nan, math.nan)
    a = k * (m - 1)
    riv = (m + 1) / a * (average - constrained)
    value = constrained / (k * (1.0 + riv))
    inverse = _inverse(riv)
    if a > 4:
        error = 4.0 + (a - 4.0) * (1.0 + (1.0 - 2.0 / a) * inverse) ** 2
    else:
        error = a * (1.0 + 1.0 / k) * (1.0 + inverse) ** 2 / 2.0
    return _test("D3", value, k, error, riv)


def _inverse(riv: float) -> float:
    return math.inf if riv == 0 else 1.0 / riv


def _test(method: PoolMethod, value: float, df: int, error: float, riv: float) -> PooledTest:
    """Return the test; a negative statistic means as good a fit as can be and counts as 0."""
    from scipy.special import chdtrc, fdtrc

    value = float(max(value, 0.0)) if not math.isnan(value) else value
    return PooledTest(
        method=method,
        statistic=value,
        df=df,
        df_error=error,
        pvalue=float(fdtrc(df, min(error, 1e12), value)) if df else math.nan,
        chisq=value * df if df else 0.0,
        chisq_pvalue=float(chdtrc(df, value * df)) if df else math.nan,
        riv=riv,
        fmi=riv / (1.0 + riv),
    )
