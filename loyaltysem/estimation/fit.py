"""Fitting a model: one function, with lavaan's options and defaults."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, Notice
from loyaltysem.estimation.conduct import conduct
from loyaltysem.estimation.continuous import continuous_problem
from loyaltysem.estimation.incomplete.problem import incomplete_problem
from loyaltysem.estimation.incomplete.sample import pairwise_sample
from loyaltysem.estimation.matrix_moments import moments_from_matrix
from loyaltysem.estimation.moments import (
    group_labels_of_rows,
    moments_from_data,
)
from loyaltysem.estimation.options import Options, resolve
from loyaltysem.estimation.ordinal.problem import needs_gamma, ordinal_problem
from loyaltysem.estimation.ordinal.reading import read_ordinal_moments, threshold_counts
from loyaltysem.syntax.build import build_table
from loyaltysem.syntax.identification import check_identification
from loyaltysem.syntax.parser import parse_model
from loyaltysem.syntax.statements import Statements

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.estimation.moments import Moments
    from loyaltysem.estimation.problem import Problem
    from loyaltysem.syntax.table import ParameterTable


def fit(
    model: str | Statements | ParameterTable,
    data: pd.DataFrame | None = None,
    *,
    estimator: str | None = None,
    missing: str = "listwise",
    group: str | None = None,
    group_equal: Sequence[str] | str = (),
    group_partial: Sequence[str] | str = (),
    ordered: Sequence[str] | str | bool = (),
    std_lv: bool = False,
    meanstructure: bool | None = None,
    fixed_x: bool | None = None,
    orthogonal: bool = False,
    se: str | None = None,
    test: str | Sequence[str] | None = None,
    information: str | Sequence[str] | None = None,
    likelihood: str = "normal",
    parameterization: str = "delta",
    conditional_x: bool | None = None,
    sample_cov: ArrayLike | pd.DataFrame | Mapping[str, ArrayLike] | None = None,
    sample_mean: ArrayLike | Sequence[ArrayLike] | None = None,
    sample_sd: ArrayLike | None = None,
    n: int | Sequence[int] | None = None,
    bootstrap: int = 1000,
    seed: int | None = None,
    engine: str = "native",
    **build: Any,
) -> Fit:
    """Fit a structural equation model.

    Parameters
    ----------
    model
        Model text in lavaan's syntax, what `parse_model` made of it, or a parameter table.
    data
        One row per respondent; only the model's variables (and ``group``) are used.
    estimator
        ML (default), MLM, MLMV, MLMVS, MLR, MLF, GLS, ULS, ULSM, ULSMV, WLS, DWLS, WLSM, WLSMV
        (default with ``ordered``).
    missing
        ``listwise``; ``fiml`` (full-information ML); ``fiml.x`` (covariates with missing values
        kept); ``pairwise`` (each moment from the rows that have it; meant for ordinal estimators).
    group, group_equal, group_partial
        Grouping column, kinds of parameters equal across groups, and exceptions (``"x3~1"``).
    ordered
        Ordinal variables; True for all indicators and outcomes.
    std_lv, meanstructure, fixed_x, orthogonal, parameterization, conditional_x
        As in lavaan's ``sem``; None follows lavaan's default.
    se, test, information
        Override what the estimator's name implies, e.g. ``se="robust"``, ``se="bootstrap"``,
        ``test="satorra.bentler"``, ``information="observed"``.
    likelihood
        ``normal`` (divisor n) or ``wishart`` (n - 1).
    sample_cov, sample_mean, sample_sd, n
        Covariance matrix (a DataFrame, or an array in the model's order of variables), means,
        standard deviations that turn correlations into covariances, and number of rows, instead of
        ``data``; a list of each for several groups.
    bootstrap, seed
        Draws and seed of ``se="bootstrap"``.
    engine
        ``native``, or ``semopy`` for estimates by the second engine.
    build
        Further options of the parameter table, e.g. ``int_lv_free=True``; see `BuildOptions`. As
        in lavaan's ``sem``, ``auto_fix_first`` cannot be turned off: free a loading with ``NA*``.

    Returns
    -------
    Fit
        Immutable; its tables are DataFrames.

    Raises
    ------
    ModelSpecificationError
        The model text cannot be understood, names unknown variables, or is not identified.
    EstimationError
        The data do not allow what was asked; ConvergenceError when no estimates were found.

    Examples
    --------
    >>> import pandas as pd
    >>> cov = pd.DataFrame([[1.0, 0.5, 0.4], [0.5, 1.0, 0.3], [0.4, 0.3, 1.0]])
    >>> cov.columns = ["x1", "x2", "x3"]
    >>> fit("f =~ x1 + x2 + x3", sample_cov=cov, n=100).df
    0
    """
    if isinstance(model, str):
        model = parse_model(model)
    thresholds = threshold_counts(model, data, ordered)
    options = resolve(
        estimator,
        missing=missing,
        ordinal=bool(thresholds),
        se=se,
        test=test,
        information=information,
        likelihood=likelihood,
        fixed_x=fixed_x,
        conditional_x=conditional_x,
        bootstrap=bootstrap,
        seed=seed,
        engine=engine,
    )
    source = Source(
        data=data,
        group=group,
        cov=sample_cov,
        mean=sample_mean,
        sd=sample_sd,
        n=n,
    )
    settings = {
        "ordered": thresholds,
        "std_lv": std_lv,
        "meanstructure": True if options.missing in {"ml", "ml.x"} else meanstructure,
        "orthogonal": orthogonal,
        "parameterization": parameterization,
        "group_equal": group_equal,
        "group_partial": group_partial,
        "fixed_x": options.fixed_x,
        "conditional_x": options.conditional_x,
        **build,
    }
    return conduct(make_problem(model, source, options, settings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the moments come from: rows, or matrices from a paper."""

    data: pd.DataFrame | None = None
    group: str | None = None
    cov: Any = None
    mean: Any = None
    sd: Any = None
    n: int | Sequence[int] | None = None

    def __post_init__(self) -> None:
        if (self.data is None) == (self.cov is None):
            raise EstimationError(
                "A fit needs either data or a covariance matrix",
                found="both" if self.data is not None else "neither",
            )
        if self.cov is not None and self.n is None:
            raise EstimationError(
                "A covariance matrix needs the number of rows it was computed from",
                remedy="Give n=…",
            )

    @property
    def group_labels(self) -> tuple[str, ...]:
        """Labels of the groups, in order of first appearance."""
        if self.data is None:
            n_groups = len(np.atleast_1d(self.n)) if self.n is not None else 1
            named = isinstance(self.cov, dict)
            if named:
                return tuple(str(label) for label in self.cov)
            return ("",) if n_groups == 1 else tuple(f"Group {k + 1}" for k in range(n_groups))
        return tuple(label for label, _ in group_labels_of_rows(self.data, self.group))

    @property
    def columns(self) -> list[str] | None:
        """Names of the variables there are; None for a matrix without names."""
        frame = self.data if self.data is not None else self.cov
        return [str(name) for name in frame.columns] if isinstance(frame, pd.DataFrame) else None


def make_problem(
    model: Statements | ParameterTable,
    source: Source,
    options: Options,
    settings: dict[str, Any],
) -> Problem:
    """Return the problem of fitting a model to a source of moments.

    Raises
    ------
    ModelSpecificationError, EstimationError
        As `fit`.
    """
    table = _table(model, source, settings) if isinstance(model, Statements) else model
    if options.ordinal:
        return ordinal_problem(table, _ordinal_moments(table, source, options), options)
    if options.missing in {"ml", "ml.x"}:
        rows = _moments(table, source, listwise=False)
        return incomplete_problem(table, rows, options)
    if options.missing == "pairwise":
        rows = _moments(table, source, listwise=False)
        return continuous_problem(table, pairwise_sample(rows, table.exogenous, options), options)
    return continuous_problem(table, _moments(table, source, listwise=True), options)


def _table(model: Statements, source: Source, settings: dict[str, Any]) -> ParameterTable:
    given = {key: value for key, value in settings.items() if value is not None}
    unheard = _markers_kept() if given.pop("auto_fix_first", True) is False else ()
    table = build_table(
        model, observed_names=source.columns, group_labels=source.group_labels, **given
    )
    notices = check_identification(table)
    return replace(table, notices=(*table.notices, *notices, *unheard))


def _markers_kept() -> tuple[Notice, ...]:
    text = (
        "auto_fix_first is always on, as in lavaan's sem and cfa: the first loading of each latent "
        "variable is fixed at 1. Free it with NA*, or use std_lv."
    )
    return (Notice("first_loading_fixed", text),)


def _ordinal_moments(table: ParameterTable, source: Source, options: Options) -> Moments:
    if source.data is None:
        raise EstimationError("Ordinal variables need the data themselves, not a covariance matrix")
    return read_ordinal_moments(
        source.data,
        table,
        group=source.group,
        pairwise=options.missing == "pairwise",
        with_gamma=needs_gamma(options),
    )


def _moments(table: ParameterTable, source: Source, *, listwise: bool) -> Moments:
    if source.data is not None:
        return moments_from_data(source.data, table.observed, group=source.group, listwise=listwise)
    return moments_from_matrix(
        source.cov,
        table.observed,
        n=source.n if source.n is not None else 0,
        mean=source.mean,
        sd=source.sd,
    )
