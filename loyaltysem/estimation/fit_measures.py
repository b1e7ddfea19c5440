"""All fit measures of a model, under the names of lavaan's ``fitMeasures``.

A measure that the estimator does not have, or that is not defined for the model, is absent from the
result: nothing here is NaN.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from loyaltysem.estimation import fit_indices as index
from loyaltysem.estimation.fit_indices import ModelPair

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.estimation.chisquare import ChiSquare

RMSEA_LEVEL = 0.90
CLOSE_FIT = 0.05
NOT_CLOSE_FIT = 0.08
HAVE_ROBUST_INDICES = ("satorra.bentler", "yuan.bentler", "yuan.bentler.mplus", "scaled.shifted")


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustBasis:
    """The chi-squares and scaling factors that ``*.robust`` indices stand on.

    ``chisq`` and ``c_hat`` of the model, ``null_chisq`` and ``null_c_hat`` of its baseline;
    ``scaled_chisq`` and ``interval_c_hat`` serve the interval and p-values of RMSEA.
    """

    chisq: float
    c_hat: float
    scaled_chisq: float
    interval_c_hat: float
    null_chisq: float
    null_c_hat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FitSummary:
    """What the fit measures are computed from.

    Parameters
    ----------
    npar
        Free parameters after equality constraints.
    n
        Respondents; ``n_divisor`` is the n in the chi-square (n, or n - groups where it has
        divisor n - 1).
    fmin
        Minimum of the discrepancy function, on lavaan's scale (chi-square / 2n).
    standard, scaled
        The tests of the model, ``scaled`` None without a correction.
    baseline, baseline_scaled
        The same of the independence model; None when it was not fitted.
    logl, unrestricted_logl
        Log-likelihoods of the model and of the saturated model, for ML only.
    robust
        Basis of the robust indices where it is not the scaled tests themselves (incomplete and
        ordinal data).
    has_robust
        False where robust indices are not defined although a scaled test exists.
    residual_measures
        RMR, SRMR and variants.
    gfi, n_moments
        Goodness of fit and the number of sample moments over all groups.
    wrmr_moments
        Number of sample moments of the first group when there are ordinal variables, else None.
    """

    npar: int
    n: int
    n_divisor: int
    n_groups: int
    fmin: float
    standard: ChiSquare
    scaled: ChiSquare | None = None
    baseline: ChiSquare | None = None
    baseline_scaled: ChiSquare | None = None
    logl: float | None = None
    unrestricted_logl: float | None = None
    robust: RobustBasis | None = None
    has_robust: bool = True
    residual_measures: Mapping[str, float] = field(default_factory=dict)
    gfi: float | None = None
    n_moments: int = 0
    wrmr_moments: int | None = None


def fit_measures(summary: FitSummary) -> dict[str, float]:
    """Return every fit measure that the model has, in lavaan's order and under its names."""
    basis = _robust_basis(summary)
    measures: dict[str, float | None] = {"npar": summary.npar, "fmin": summary.fmin}
    measures |= _tests("", summary.standard, summary.scaled)
    if summary.baseline is not None:
        measures |= _tests("baseline.", summary.baseline, summary.baseline_scaled)
        measures |= _incremental(summary, summary.baseline, basis)
    measures |= _likelihood(summary)
    measures |= _rmsea(summary, basis)
    measures |= summary.residual_measures
    measures |= _other(summary)
    return {
        name: float(value)
        for name, value in measures.items()
        if value is not None and math.isfinite(value)
    }


def _robust_basis(summary: FitSummary) -> RobustBasis | None:
    """Return the given basis, or the one that the scaled tests of complete data make."""
    if summary.robust is not None or not summary.has_robust:
        return summary.robust
    scaled, null = summary.scaled, summary.baseline_scaled
    if scaled is None or scaled.name not in HAVE_ROBUST_INDICES:
        return None
    return RobustBasis(
        chisq=summary.standard.statistic,
        c_hat=effective_scaling(scaled),
        scaled_chisq=scaled.statistic,
        interval_c_hat=math.nan if scaled.scaling_factor is None else scaled.scaling_factor,
        null_chisq=summary.baseline.statistic if summary.baseline else math.nan,
        null_c_hat=effective_scaling(null) if null else math.nan,
    )


def effective_scaling(test: ChiSquare) -> float:
    """Return the factor by which a correction shrinks the expectation of the chi-square.

    For a shifted test 1/a and b: (1/a) (df - b) / df = tr(U Gamma) / df; NaN when not available.
    """
    if test.scaling_factor is None:
        return math.nan
    if test.shift is None:
        return test.scaling_factor
    return test.scaling_factor * (test.df - test.shift) / test.df


def _tests(prefix: str, standard: ChiSquare, scaled: ChiSquare | None) -> dict[str, float | None]:
    measures: dict[str, float | None] = {
        f"{prefix}chisq": standard.statistic,
        f"{prefix}df": standard.df,
        f"{prefix}pvalue": standard.pvalue,
    }
    if scaled is not None:
        measures |= {
            f"{prefix}chisq.scaled": scaled.statistic,
            f"{prefix}df.scaled": scaled.df,
            f"{prefix}pvalue.scaled": scaled.pvalue,
            f"{prefix}chisq.scaling.factor": scaled.scaling_factor,
        }
    return measures


def _incremental(
    summary: FitSummary, baseline: ChiSquare, basis: RobustBasis | None
) -> dict[str, float | None]:
    scaled, null_scaled = summary.scaled, summary.baseline_scaled
    pairs = {"": _pair(summary.standard, baseline)}
    if scaled is not None and null_scaled is not None:
        pairs[".scaled"] = _pair(scaled, null_scaled)
    measures: dict[str, float | None] = {}
    for suffix, pair in pairs.items():
        measures |= _noncentrality_indices(suffix, pair)
        measures |= {f"rfi{suffix}": index.rfi(pair), f"nfi{suffix}": index.nfi(pair)}
        measures |= {f"pnfi{suffix}": index.pnfi(pair), f"ifi{suffix}": index.ifi(pair)}
    if basis is not None:
        robust = _robust_pair(summary.standard, baseline, basis)
        measures |= _noncentrality_indices(".robust", robust)
    return {name: measures[name] for name in INCREMENTAL_ORDER if name in measures}


INCREMENTAL_ORDER = (
    *("cfi", "tli", "cfi.scaled", "tli.scaled", "cfi.robust", "tli.robust"),
    *("nnfi", "rfi", "nfi", "pnfi", "ifi", "rni"),
    *("nnfi.scaled", "rfi.scaled", "nfi.scaled", "pnfi.scaled", "ifi.scaled", "rni.scaled"),
    *("nnfi.robust", "rni.robust"),
)


def _noncentrality_indices(suffix: str, pair: ModelPair) -> dict[str, float | None]:
    tli = index.tli(pair)
    return {
        f"cfi{suffix}": index.cfi(pair),
        f"tli{suffix}": tli,
        f"nnfi{suffix}": tli,
        f"rni{suffix}": index.rni(pair),
    }


def _pair(test: ChiSquare, null: ChiSquare) -> ModelPair:
    return ModelPair(chisq=test.statistic, df=test.df, null_chisq=null.statistic, null_df=null.df)


def _robust_pair(standard: ChiSquare, baseline: ChiSquare, basis: RobustBasis) -> ModelPair:
    return ModelPair(
        chisq=basis.chisq,
        df=standard.df,
        null_chisq=basis.null_chisq,
        null_df=baseline.df,
        c_hat=basis.c_hat,
        null_c_hat=basis.null_c_hat,
    )


def _likelihood(summary: FitSummary) -> dict[str, float | None]:
    if summary.logl is None:
        return {}
    measures: dict[str, float | None] = {
        "logl": summary.logl,
        "unrestricted.logl": summary.unrestricted_logl,
        "aic": index.aic(summary.logl, summary.npar),
        "bic": index.bic(summary.logl, summary.npar, summary.n),
        "ntotal": summary.n,
        "bic2": index.sabic(summary.logl, summary.npar, summary.n),
    }
    if summary.scaled is not None:
        measures["scaling.factor.h1"] = summary.scaled.scaling_h1
        measures["scaling.factor.h0"] = summary.scaled.scaling_h0
    return measures


def _rmsea(summary: FitSummary, basis: RobustBasis | None) -> dict[str, float | None]:
    standard, n, groups = summary.standard, summary.n_divisor, summary.n_groups
    measures = _rmsea_family("", summary, standard.statistic, standard.df)
    measures |= {
        "rmsea.ci.level": RMSEA_LEVEL,
        "rmsea.close.h0": CLOSE_FIT,
        "rmsea.notclose.h0": NOT_CLOSE_FIT,
    }
    if summary.scaled is not None:
        chisq, df = _rmsea_scaled_inputs(standard, summary.scaled)
        measures |= _rmsea_family(".scaled", summary, chisq, df)
    if basis is not None:
        factor, scaled = basis.interval_c_hat, basis.scaled_chisq
        measures |= _rmsea_family(".robust", summary, scaled, standard.df, factor)
        measures["rmsea.robust"] = index.rmsea(
            basis.chisq, standard.df, n, n_groups=groups, c_hat=basis.c_hat
        )
    return {name: measures[name] for name in RMSEA_ORDER if name in measures}


RMSEA_ORDER = (
    *("rmsea", "rmsea.ci.lower", "rmsea.ci.upper", "rmsea.ci.level", "rmsea.pvalue"),
    *("rmsea.close.h0", "rmsea.notclose.pvalue", "rmsea.notclose.h0"),
    *("rmsea.scaled", "rmsea.ci.lower.scaled", "rmsea.ci.upper.scaled"),
    *("rmsea.pvalue.scaled", "rmsea.notclose.pvalue.scaled"),
    *("rmsea.robust", "rmsea.ci.lower.robust", "rmsea.ci.upper.robust"),
    *("rmsea.pvalue.robust", "rmsea.notclose.pvalue.robust"),
)


def _rmsea_family(
    suffix: str, summary: FitSummary, chisq: float, df: float, c_hat: float = 1.0
) -> dict[str, float | None]:
    n, groups = summary.n_divisor, summary.n_groups
    lower, upper = index.rmsea_interval(
        chisq, df, n, n_groups=groups, c_hat=c_hat, level=RMSEA_LEVEL
    )
    return {
        f"rmsea{suffix}": index.rmsea(chisq, df, n, n_groups=groups),
        f"rmsea.ci.lower{suffix}": lower,
        f"rmsea.ci.upper{suffix}": upper,
        f"rmsea.pvalue{suffix}": index.rmsea_close_pvalue(
            chisq, df, n, n_groups=groups, c_hat=c_hat, h0=CLOSE_FIT
        ),
        f"rmsea.notclose.pvalue{suffix}": index.rmsea_notclose_pvalue(
            chisq, df, n, n_groups=groups, c_hat=c_hat, h0=NOT_CLOSE_FIT
        ),
    }


def _rmsea_scaled_inputs(standard: ChiSquare, scaled: ChiSquare) -> tuple[float, float]:
    """Return the chi-square and df behind rmsea.scaled: T with tr(U Gamma), or the shifted T."""
    if scaled.name == "scaled.shifted":
        return scaled.statistic, standard.df
    return standard.statistic, scaled.trace or math.nan


def _other(summary: FitSummary) -> dict[str, float | None]:
    chisq, df, n = summary.standard.statistic, summary.standard.df, summary.n_divisor
    measures: dict[str, float | None] = {
        "cn_05": index.critical_n(chisq, df, n, 0.05),
        "cn_01": index.critical_n(chisq, df, n, 0.01),
    }
    if summary.gfi is not None:
        measures["gfi"] = summary.gfi
        measures["agfi"] = index.agfi(summary.gfi, summary.n_moments, df)
        measures["pgfi"] = index.pgfi(summary.gfi, summary.n_moments, df)
    measures["mfi"] = index.mfi(chisq, df, n)
    if summary.wrmr_moments is None:
        measures["ecvi"] = index.ecvi(chisq, summary.npar, n)
    else:
        measures["wrmr"] = index.wrmr(chisq, summary.wrmr_moments)
    return measures
