"""A fit replicated in semopy: parameter by parameter, index by index, with reasons for differences.

Estimates are compared at an optimum that our gradient has checked. Indices are those that semopy
itself prints there; where they differ, it is by definition, and the table says how.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from loyaltysem.estimation.second_engine import SOLVERS, run_semopy
from loyaltysem.estimation.semopy_model import quiet

if TYPE_CHECKING:
    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.estimation.second_engine import SemopyRun, Solvers

AGREED = 1e-3
"""Estimates that differ by less than this share of a standard error agree."""


INDICES = {
    "chisq": "chi2",
    "df": "DoF",
    "baseline.chisq": "chi2 Baseline",
    "baseline.df": "DoF Baseline",
    "cfi": "CFI",
    "tli": "TLI",
    "nfi": "NFI",
    "gfi": "GFI",
    "agfi": "AGFI",
    "rmsea": "RMSEA",
    "logl": "LogLik",
    "aic": "AIC",
    "bic": "BIC",
}
"""Indices under lavaan's and under semopy's names."""

WHY = {
    "stopped_short": "semopy stopped short of an optimum (the gradient there is not zero)",
    "worse": "semopy found another, worse local optimum",
    "better": "semopy found another, better local optimum: treat the fit with caution",
}
"""Why estimates differ."""

REASONS = {
    "cfi": "semopy does not truncate it at 1",
    "gfi": "semopy's GFI is 1 - chisq / baseline chisq, which is the NFI",
    "agfi": "semopy's AGFI is computed from its GFI, which is the NFI",
    "rmsea": "semopy divides by n - 1, lavaan by n",
    "logl": "semopy's 'LogLik' is the discrepancy, not a log-likelihood",
    "aic": "semopy takes the discrepancy for the log-likelihood",
    "bic": "semopy takes the discrepancy for the log-likelihood",
}
"""How semopy's definitions differ whatever the model."""

_FROM_CHISQ = frozenset({"chisq", "baseline.chisq", "cfi", "tli", "rmsea"})
_FROM_COVARIATES = frozenset({"df", "baseline.chisq", "baseline.df", "cfi", "tli", "nfi", "rmsea"})


def replicate_in_semopy(fit: Fit, *, solvers: Solvers = SOLVERS) -> pd.DataFrame:
    """Fit the same model to the same moments in semopy and tabulate the differences.

    Parameters
    ----------
    fit
        A fit that semopy can do: one group, complete numeric data, ML, GLS or ULS (or one of the
        robust variants, whose estimates are the same).
    solvers
        Solvers of semopy and their options, as in `run_semopy`.

    Returns
    -------
    One row per free parameter (``kind`` parameter) and index (``kind`` index) with ``name``,
    ``native``, ``semopy``, their ``difference`` (semopy less native), ``in_se`` (the difference in
    standard errors, for parameters), ``agrees`` and the ``reason`` where the two differ.

    Raises
    ------
    EstimationError
        semopy cannot fit such a model.
    """
    run = run_semopy(fit.problem, solvers=solvers)
    return pd.concat([_parameters(fit, run), _indices(fit, run)], ignore_index=True)


def _parameters(fit: Fit, run: SemopyRun) -> pd.DataFrame:
    rows = fit.table.free_rows
    errors = [fit.se[row.id - 1] for row in rows] if fit.vcov is not None else np.nan
    other = run.optimum.theta
    frame = _frame("parameter", [str(row) for row in rows], fit.theta, other)
    frame["in_se"] = frame["difference"] / errors
    scale = np.maximum(np.abs(fit.theta), 1.0)
    small = np.abs(frame["difference"]) <= 1e-4 * scale
    frame["agrees"] = (np.abs(frame["in_se"]) < AGREED) | small
    frame["reason"] = np.where(frame["agrees"], "", _why(fit, run))
    return frame


def _why(fit: Fit, run: SemopyRun) -> str:
    """Return why estimates differ; the value of the discrepancy tells which search is at fault."""
    if not run.optimum.converged:
        return WHY["stopped_short"]
    return WHY["worse"] if run.optimum.value > fit.fmin else WHY["better"]


def _indices(fit: Fit, run: SemopyRun) -> pd.DataFrame:
    native, printed = fit.measures(), semopy_indices(run.model)
    known = [name for name in INDICES if name in native]
    values = [native[name] for name in known]
    frame = _frame("index", known, values, [printed[INDICES[name]] for name in known])
    scale = np.maximum(np.abs(frame["native"]), 1.0)
    frame["agrees"] = np.abs(frame["difference"]) <= 1e-4 * scale
    frame["reason"] = np.where(frame["agrees"], "", [_index_reason(fit, name) for name in known])
    return frame


def _index_reason(fit: Fit, name: str) -> str:
    """Return why semopy's value of an index is another."""
    parts = [REASONS[name]] if name in REASONS else []
    if name in _FROM_CHISQ and fit.options.discrepancy != "ML":
        parts.append("semopy's GLS and ULS discrepancies are twice lavaan's")
    if name in _FROM_COVARIATES and fit.table.exogenous:
        parts.append("semopy counts the moments of fixed covariates as modelled")
    return "; ".join(parts) or "semopy's chi-square is another"


def _frame(kind: str, names: list[str], native: Any, other: Any) -> pd.DataFrame:
    frame = pd.DataFrame({"kind": kind, "name": names, "native": native, "semopy": other})
    return frame.assign(difference=frame["semopy"] - frame["native"], in_se=np.nan)


def semopy_indices(model: Any) -> dict[str, float]:
    """Return the indices that semopy computes for a fitted model, by its names for them.

    Its baseline model is told the number of rows, which semopy would count in the rows that it was
    loaded with.
    """
    from semopy import stats

    with quiet(), np.errstate(all="ignore"):
        base = stats.get_baseline_model(model)
        base.n_samples = model.n_samples
        base.fit(obj=model.last_result.name_obj)
        chi2, chi2_base = stats.calc_chi2(model)[0], stats.calc_chi2(base)[0]
        dof, dof_base = stats.calc_dof(model), stats.calc_dof(base)
        gfi = stats.calc_gfi(model, chi2, chi2_base)
        values = {
            "chi2": chi2,
            "DoF": dof,
            "chi2 Baseline": chi2_base,
            "DoF Baseline": dof_base,
            "CFI": stats.calc_cfi(model, dof, chi2, dof_base, chi2_base),
            "TLI": stats.calc_tli(model, dof, chi2, dof_base, chi2_base),
            "NFI": stats.calc_nfi(model, chi2, chi2_base),
            "GFI": gfi,
            "AGFI": stats.calc_agfi(model, dof, dof_base, gfi),
            "RMSEA": stats.calc_rmsea(model, chi2, dof) if dof > 0 else np.nan,
            "LogLik": stats.calc_likelihood(model),
            "AIC": stats.calc_aic(model),
            "BIC": stats.calc_bic(model),
        }
    return {name: float(value) for name, value in values.items()}
