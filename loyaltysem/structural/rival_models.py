"""Several models of the same answers side by side: how each fits, and what each step changes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, IdentificationError
from loyaltysem.estimation.comparison import difference_test
from loyaltysem.structural.measurement_model import fit_to_moments, refit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from loyaltysem.estimation import Fit
    from loyaltysem.syntax import ParameterTable

State = Literal["proper", "improper", "not_identified", "not_converged", "failed"]
"""What became of a fit.

``improper``: a variance or correlation that cannot be; ``not_identified``: the information matrix
is singular, so that there are no standard errors; ``failed``: no estimates at all.
"""

MEASURES = ("cfi", "tli", "rmsea", "srmr")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A model that was tried; ``fit`` is None where there are no estimates to speak of."""

    name: str
    fit: Fit | None
    state: State

    @property
    def usable(self) -> bool:
        """Whether its fit indices mean something."""
        return self.fit is not None and self.state in {"proper", "improper"}


def rival(name: str, fit: Fit) -> Rival:
    """Return a fitted model with the state of its solution."""
    if not fit.converged:
        return Rival(name=name, fit=None, state="not_converged")
    if fit.vcov is None and fit.options.se != "none":
        return Rival(name=name, fit=fit, state="not_identified")
    return Rival(name=name, fit=fit, state="proper" if fit.admissible else "improper")


def try_model(name: str, fit: Fit, table: ParameterTable, *known: Fit | None) -> Rival:
    """Fit another table to the answers of a fit; a search that fails is a state, no error.

    ``known`` are fits of similar models to start from, one after the other until one leads to a
    solution; after them, computed starts are tried.
    """
    for start in (*(one for one in known if one), None):
        found = _tried(name, fit, table, start)
        if found.usable:
            break
    return found


def _tried(name: str, fit: Fit, table: ParameterTable, start: Fit | None) -> Rival:
    try:
        return rival(name, refit(fit, table, start))
    except (EstimationError, IdentificationError):
        return Rival(name=name, fit=None, state="failed")


def best_model(name: str, fit: Fit, table: ParameterTable, *known: Fit | None) -> Rival:
    """Return the best solution that any of the known fits leads to, as :func:`try_model`.

    For models whose surface is flat and has local optima. Computed starts are tried only where none
    of the known fits leads to a solution.
    """
    if fit.options.missing in {"ml", "ml.x"}:
        return _from_moments(name, fit, table, known)
    tried = [_tried(name, fit, table, start) for start in known if start]
    usable = [one for one in tried if one.usable]
    return min(usable, key=_misfit) if usable else try_model(name, fit, table)


def _from_moments(name: str, fit: Fit, table: ParameterTable, known: Iterable[Fit | None]) -> Rival:
    """Return the solution for incomplete answers that the one for their moments leads to.

    Where the moments have no solution, the answers behind them are not searched either: that can
    take minutes.
    """
    try:
        like = fit_to_moments(fit, fit.table)
    except (EstimationError, IdentificationError):
        return Rival(name=name, fit=None, state="failed")
    found = best_model(name, like, table, *known)
    return _tried(name, fit, table, found.fit) if found.fit else found


def _misfit(one: Rival) -> float:
    return one.fit.fmin if one.fit else np.inf


def rivals_table(rivals: Sequence[Rival]) -> pd.DataFrame:
    """Return one row per model, indexed by name.

    Returns
    -------
    DataFrame
        ``state, n, npar, chisq, df, pvalue, cfi, tli, rmsea, rmsea_lower, rmsea_upper, srmr, aic,
        bic``; corrected values where the estimator corrects (robust before scaled). NaN for models
        that cannot be read.
    """
    rows = {one.name: {"state": one.state} | _indices(one) for one in rivals}
    columns = ["state", *_columns()]
    return pd.DataFrame.from_dict(rows, orient="index").reindex(columns=columns)


def steps_table(pairs: Iterable[tuple[Rival, Rival]]) -> pd.DataFrame:
    """Return what each restriction changes: one row per (wider model, narrower model).

    The models must be nested by construction, which is not checked.

    Returns
    -------
    DataFrame
        ``less, more`` (names; ``more`` has the greater number of restrictions), ``chisq, df,
        pvalue`` of the difference test that belongs to the estimator, and ``cfi, tli, rmsea,
        srmr``: the value of ``more`` minus that of ``less``. NaN where a model cannot be read.
    """
    rows = [_step(less, more) for less, more in pairs]
    return pd.DataFrame(rows, columns=["less", "more", "chisq", "df", "pvalue", *MEASURES])


def in_steps(rivals: Sequence[Rival]) -> list[tuple[Rival, Rival]]:
    """Return each model with the next."""
    return list(pairwise(rivals))


def _columns() -> tuple[str, ...]:
    head = ("n", "npar", "chisq", "df", "pvalue", "cfi", "tli", "rmsea")
    return (*head, "rmsea_lower", "rmsea_upper", "srmr", "aic", "bic")


def _indices(one: Rival) -> dict[str, float]:
    if one.fit is None or not one.usable:
        return {}
    measures = one.fit.measures()
    values = {name: measure(measures, name) for name in ("chisq", "df", "pvalue", *MEASURES)}
    return {
        "n": one.fit.n,
        "npar": one.fit.npar,
        **values,
        "rmsea_lower": measure(measures, "rmsea.ci.lower"),
        "rmsea_upper": measure(measures, "rmsea.ci.upper"),
        "aic": measures.get("aic", np.nan),
        "bic": measures.get("bic", np.nan),
    }


def measure(measures: dict[str, float], name: str) -> float:
    """Return a fit measure in its most corrected form: robust, scaled, plain; NaN for none."""
    for suffix in (".robust", ".scaled", ""):
        value = measures.get(name + suffix)
        if value is not None and np.isfinite(value):
            return float(value)
    return float("nan")


def _step(less: Rival, more: Rival) -> dict[str, object]:
    row: dict[str, object] = {"less": less.name, "more": more.name}
    if not (less.usable and more.usable):
        return row
    before, after = _indices(less), _indices(more)
    row |= {name: after[name] - before[name] for name in MEASURES}
    return row | _difference(less, more)


def _difference(less: Rival, more: Rival) -> dict[str, float]:
    """Return the chi-square difference test; NaN where the estimator allows none."""
    if less.fit is None or more.fit is None or more.fit.df <= less.fit.df:
        return {}
    try:
        found = difference_test(less.fit, more.fit)
    except EstimationError:
        return {}
    return {"chisq": found.statistic, "df": found.df, "pvalue": found.pvalue}
