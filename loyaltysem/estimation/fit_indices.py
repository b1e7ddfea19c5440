"""Formulas of the fit indices, one function each, under lavaan's names.

Arguments everywhere: ``chisq`` and ``df`` of the model, ``null_chisq`` and ``null_df`` of the
baseline (independence) model, ``n`` the number of respondents (n - groups where the chi-square has
divisor n - 1). ``c_hat`` and ``null_c_hat`` are the scaling factors of the two models; given and
not 1, they turn an index into its robust form (Brosseau-Liard & Savalei 2014, Brosseau-Liard,
Savalei & Li 2012). NaN means that the index is not defined for the input.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import chdtri, chndtr, chndtrinc

ZERO = 1.5e-8
"""Differences below this count as zero, as in R's ``all.equal``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPair:
    """Chi-squares of a model and of its baseline, with scaling factors for robust indices."""

    chisq: float
    df: float
    null_chisq: float
    null_df: float
    c_hat: float = 1.0
    null_c_hat: float = 1.0

    @property
    def is_defined(self) -> bool:
        """Whether all six numbers are there."""
        numbers = (self.chisq, self.df, self.null_chisq, self.null_df, self.c_hat, self.null_c_hat)
        return not any(math.isnan(number) for number in numbers)

    @property
    def excess(self) -> float:
        """Estimated noncentrality of the model, T - c df."""
        return self.chisq - self._factors[0] * self.df

    @property
    def null_excess(self) -> float:
        """Estimated noncentrality of the baseline model."""
        return self.null_chisq - self._factors[1] * self.null_df

    @property
    def _factors(self) -> tuple[float, float]:
        robust = self.df > 0 and self.c_hat != 1 and self.null_c_hat != 1
        return (self.c_hat, self.null_c_hat) if robust else (1.0, 1.0)


def cfi(pair: ModelPair) -> float:
    """Return the comparative fit index, 1 - max(T - df, 0) / max(T0 - df0, T - df, 0).

    Source: Bentler (1990).
    """
    if not pair.is_defined:
        return math.nan
    misfit = max(pair.excess, 0.0)
    worst = max(pair.excess, pair.null_excess, 0.0)
    return 1.0 if misfit < ZERO and worst < ZERO else 1.0 - misfit / worst


def tli(pair: ModelPair) -> float:
    """Return the Tucker-Lewis index (also NNFI), not truncated.

    1 - [(T - df) df0] / [(T0 - df0) df]; Tucker & Lewis (1973).
    """
    if not pair.is_defined:
        return math.nan
    denominator = pair.null_excess * pair.df
    if pair.df > 0 and denominator != 0:
        return 1.0 - pair.excess * pair.null_df / denominator
    return 1.0


def rni(pair: ModelPair) -> float:
    """Return the relative noncentrality index, CFI without truncation (McDonald & Marsh 1990)."""
    if not pair.is_defined or abs(pair.null_excess) < ZERO:
        return math.nan
    return 1.0 - pair.excess / pair.null_excess


def nfi(pair: ModelPair) -> float:
    """Return the normed fit index (T0 - T) / T0 (Bentler & Bonett 1980)."""
    if not pair.is_defined or pair.df > pair.null_df or abs(pair.null_chisq) < ZERO:
        return math.nan
    return (pair.null_chisq - pair.chisq) / pair.null_chisq if pair.df > 0 else 1.0


def pnfi(pair: ModelPair) -> float:
    """Return the parsimony normed fit index, (df / df0) NFI (James, Mulaik & Brett 1982)."""
    if not pair.is_defined or pair.null_df <= 0 or pair.null_chisq <= 0:
        return math.nan
    return pair.df / pair.null_df * (pair.null_chisq - pair.chisq) / pair.null_chisq


def rfi(pair: ModelPair) -> float:
    """Return the relative fit index, 1 - (T / df) / (T0 / df0) (Bollen 1986)."""
    if not pair.is_defined or pair.df > pair.null_df:
        return math.nan
    if pair.df <= 0 or pair.null_df <= 0:
        return 1.0
    ratio, null_ratio = pair.chisq / pair.df, pair.null_chisq / pair.null_df
    if null_ratio < ratio or null_ratio < 0:
        return 1.0
    return (null_ratio - ratio) / null_ratio if null_ratio else math.nan


def ifi(pair: ModelPair) -> float:
    """Return the incremental fit index (T0 - T) / (T0 - df) (Bollen 1989)."""
    if not pair.is_defined:
        return math.nan
    denominator = pair.null_chisq - pair.df
    if abs(denominator) < ZERO:
        return math.nan
    return 1.0 if denominator < 0 else (pair.null_chisq - pair.chisq) / denominator


def rmsea(chisq: float, df: float, n: float, *, n_groups: int = 1, c_hat: float = 1.0) -> float:
    """Return the root mean square error of approximation.

    sqrt{max[T / (n df) - c / n, 0]} sqrt(groups); Steiger (1990, 1998). 0 when df = 0.
    """
    if math.isnan(chisq) or math.isnan(df):
        return math.nan
    if df <= 0:
        return 0.0
    return math.sqrt(max(chisq / (n * df) - c_hat / n, 0.0)) * math.sqrt(n_groups)


def rmsea_interval(
    chisq: float,
    df: float,
    n: float,
    *,
    n_groups: int = 1,
    c_hat: float = 1.0,
    level: float = 0.90,
) -> tuple[float, float]:
    """Return the confidence limits of RMSEA.

    The noncentrality whose chi-square distribution has ``chisq`` at its upper (lower) tail, turned
    into RMSEA by sqrt(c lambda / (n df)); Browne & Cudeck (1993).
    """
    if math.isnan(chisq) or math.isnan(df):
        return math.nan, math.nan
    tail = (1 - level) / 2
    limits = (noncentrality(chisq, df, 1 - tail), noncentrality(chisq, df, tail))
    largest = max(n, 4 * chisq)
    lower, upper = (
        math.sqrt(c_hat * limit * n_groups / (n * df)) if 0 < limit <= largest else 0.0
        for limit in limits
    )
    return lower, upper


def noncentrality(chisq: float, df: float, probability: float) -> float:
    """Return lambda with P(noncentral chi-square(df, lambda) < chisq) = probability, at least 0."""
    if df < 1 or chndtr(chisq, df, 0.0) <= probability:
        return 0.0
    return float(chndtrinc(chisq, df, probability))


def rmsea_close_pvalue(
    chisq: float,
    df: float,
    n: float,
    *,
    n_groups: int = 1,
    c_hat: float = 1.0,
    h0: float = 0.05,
) -> float:
    """Return the p-value of close fit, H0: RMSEA <= ``h0`` (MacCallum, Browne & Sugawara 1996)."""
    return 1.0 - rmsea_notclose_pvalue(chisq, df, n, n_groups=n_groups, c_hat=c_hat, h0=h0)


def rmsea_notclose_pvalue(
    chisq: float,
    df: float,
    n: float,
    *,
    n_groups: int = 1,
    c_hat: float = 1.0,
    h0: float = 0.08,
) -> float:
    """Return the p-value of not-close fit, H0: RMSEA >= ``h0``."""
    if math.isnan(chisq) or math.isnan(df) or df <= 0:
        return math.nan
    return float(chndtr(chisq, df, n * df * h0**2 / (c_hat * n_groups)))


def critical_n(chisq: float, df: float, n: float, alpha: float) -> float:
    """Return Hoelter's critical n: where this misfit would just be rejected at ``alpha``.

    1 for a saturated model, whose critical chi-square is 0.
    """
    if df <= 0:
        return 1.0
    return float(chdtri(df, alpha)) / (chisq / n) + 1 if chisq > 0 else math.nan


def agfi(gfi: float, n_moments: int, df: float) -> float:
    """Return the adjusted goodness-of-fit index 1 - (moments / df) (1 - GFI)."""
    return 1 - n_moments / df * (1 - gfi) if df > 0 else 1.0


def pgfi(gfi: float, n_moments: int, df: float) -> float:
    """Return the parsimony goodness-of-fit index (df / moments) GFI (Mulaik et al. 1989)."""
    return df / n_moments * gfi


def mfi(chisq: float, df: float, n: float) -> float:
    """Return McDonald's (1989) noncentrality index exp[-(T - df) / (2n)]."""
    return math.exp(-0.5 * (chisq - df) / n)


def ecvi(chisq: float, npar: int, n: float) -> float:
    """Return the expected cross-validation index T / n + 2 npar / n (Browne & Cudeck 1989)."""
    return (chisq + 2 * npar) / n


def wrmr(chisq: float, n_moments: int) -> float:
    """Return the weighted root mean square residual sqrt(T / moments) (Yu 2002)."""
    return math.sqrt(chisq / n_moments)


def aic(logl: float, npar: int) -> float:
    """Return Akaike's information criterion -2 log L + 2 npar."""
    return -2 * logl + 2 * npar


def bic(logl: float, npar: int, n: int) -> float:
    """Return Schwarz's information criterion -2 log L + npar log n."""
    return -2 * logl + npar * math.log(n)


def sabic(logl: float, npar: int, n: int) -> float:
    """Return the sample-size adjusted BIC, with (n + 2) / 24 for n (Sclove 1987)."""
    return -2 * logl + npar * math.log((n + 2) / 24)
