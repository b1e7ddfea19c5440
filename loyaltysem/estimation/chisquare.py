"""Tests of a model's fit: the standard chi-square and its corrections for non-normal data.

A correction takes the standard test and the traces of U Gamma (see :mod:`.robust`), and nothing
else, so that the same functions serve continuous, incomplete and ordinal data, a model and its
baseline.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from scipy.special import chdtrc

TestName = Literal[
    "none",
    "standard",
    "satorra.bentler",
    "yuan.bentler",
    "yuan.bentler.mplus",
    "mean.var.adjusted",
    "scaled.shifted",
    "bollen.stine",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChiSquare:
    """One test of exact fit.

    ``pvalue`` is None when the statistic has no known reference distribution (unweighted least
    squares, or df = 0). Of a corrected test, ``scaling_factor`` is lavaan's
    ``chisq.scaling.factor``, ``shift`` the constant of a shifted test, ``trace`` and
    ``trace_squared`` are tr(U Gamma) and tr(U Gamma U Gamma), and ``scaling_h1`` and
    ``scaling_h0`` the factors of the saturated and of the fitted model's log-likelihood.
    """

    name: TestName
    statistic: float
    df: float
    pvalue: float | None
    scaling_factor: float | None = None
    shift: float | None = None
    trace: float | None = None
    trace_squared: float | None = None
    scaling_h1: float | None = None
    scaling_h0: float | None = None


def chisq_pvalue(statistic: float, df: float) -> float | None:
    """Return P(chi-square with ``df`` degrees of freedom > statistic), None for df = 0."""
    if df <= 0 or not math.isfinite(statistic):
        return None
    return float(chdtrc(df, max(statistic, 0.0)))


def standard_test(statistic: float, df: int, *, has_reference: bool = True) -> ChiSquare:
    """Return the uncorrected test; negative rounding error is cut at 0.

    ``has_reference`` is False for unweighted least squares, whose statistic follows no chi-square.
    """
    statistic = max(statistic, 0.0)
    pvalue = chisq_pvalue(statistic, df) if has_reference else None
    return ChiSquare(name="standard", statistic=statistic, df=df, pvalue=pvalue)


def satorra_bentler(standard: ChiSquare, trace: float) -> ChiSquare:
    """Return the mean-scaled test T / c with c = tr(U Gamma) / df (Satorra & Bentler 1994)."""
    return _scaled(standard, "satorra.bentler", trace)


def yuan_bentler(
    standard: ChiSquare,
    *,
    trace_h1: float,
    trace_h0: float,
    n_moments: int,
    n_free: int,
    trace: float | None = None,
    name: TestName = "yuan.bentler.mplus",
) -> ChiSquare:
    """Return the mean-scaled test of MLR (Yuan & Bentler 2000).

    Parameters
    ----------
    standard
        The uncorrected test.
    trace_h1
        tr(A1^-1 B1) of the saturated model, ``n_moments`` its number of moments over all groups.
    trace_h0
        tr(A0^-1 B0) of the fitted model, ``n_free`` its free parameters before constraints.
    trace
        tr(U Gamma); left out in Mplus's form, where it is the difference of the two traces.
    name
        Which of lavaan's two versions the traces belong to.
    """
    test = _scaled(standard, name, trace_h1 - trace_h0 if trace is None else trace)
    return ChiSquare(
        name=name,
        statistic=test.statistic,
        df=test.df,
        pvalue=test.pvalue,
        scaling_factor=test.scaling_factor,
        trace=test.trace,
        scaling_h1=trace_h1 / n_moments,
        scaling_h0=trace_h0 / n_free if n_free else None,
    )


def mean_var_adjusted(standard: ChiSquare, trace: float, trace_squared: float) -> ChiSquare:
    """Return the mean- and variance-adjusted test, with fractional degrees of freedom.

    df* = tr(UG)^2 / tr(UGUG), T* = T df* / tr(UG) (Satterthwaite; Satorra & Bentler 1994).
    """
    if standard.df <= 0:
        return without_df(standard, "mean.var.adjusted")
    df = trace**2 / trace_squared
    factor = trace / df
    statistic = standard.statistic / factor
    return ChiSquare(
        name="mean.var.adjusted",
        statistic=statistic,
        df=df,
        pvalue=chisq_pvalue(statistic, df),
        scaling_factor=factor if factor > 0 else None,
        trace=trace,
        trace_squared=trace_squared,
    )


def scaled_shifted(standard: ChiSquare, trace: float, trace_squared: float) -> ChiSquare:
    """Return the scaled and shifted test T a + b (Asparouhov & Muthén 2010).

    a = sqrt(df / tr(UGUG)), b = df - a tr(UG); the scaling factor reported is 1 / a.
    """
    if standard.df <= 0:
        return without_df(standard, "scaled.shifted")
    slope = math.sqrt(standard.df / trace_squared)
    shift = standard.df - slope * trace
    statistic = standard.statistic * slope + shift
    return ChiSquare(
        name="scaled.shifted",
        statistic=statistic,
        df=standard.df,
        pvalue=chisq_pvalue(statistic, standard.df),
        scaling_factor=1.0 / slope,
        shift=shift,
        trace=trace,
        trace_squared=trace_squared,
    )


def _scaled(standard: ChiSquare, name: TestName, trace: float) -> ChiSquare:
    if standard.df <= 0:
        return without_df(standard, name)
    factor = trace / standard.df
    if factor <= 0:
        return ChiSquare(name=name, statistic=math.nan, df=standard.df, pvalue=None, trace=trace)
    statistic = standard.statistic / factor
    return ChiSquare(
        name=name,
        statistic=statistic,
        df=standard.df,
        pvalue=chisq_pvalue(statistic, standard.df),
        scaling_factor=factor,
        trace=trace,
    )


def without_df(standard: ChiSquare, name: TestName) -> ChiSquare:
    """Return the standard test under another name: with df = 0 there is nothing to correct."""
    return ChiSquare(name=name, statistic=standard.statistic, df=standard.df, pvalue=None)
