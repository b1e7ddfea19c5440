"""Fitting a model: one function, with lavaan's options and defaults."""

from __future__ import annotations

from dataclasses import replace
from inspect import signature
from typing import TYPE_CHECKING, Any, Protocol

from loyaltysem.errors import EstimationError, ModelSpecificationError, Notice, did_you_mean, listed
from loyaltysem.estimation.bootstrapping import with_bollen_stine, with_bootstrap_errors
from loyaltysem.estimation.conduct import conduct
from loyaltysem.estimation.options import resolve
from loyaltysem.estimation.ordinal.reading import threshold_counts
from loyaltysem.estimation.problems import Source, make_problem
from loyaltysem.syntax.build import build_table
from loyaltysem.syntax.identification import check_identification
from loyaltysem.syntax.options import BuildOptions
from loyaltysem.syntax.parser import parse_model
from loyaltysem.syntax.statements import Statements
from loyaltysem.syntax.table import ParameterTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import ArrayLike

    from loyaltysem.estimation.fitted import Fit


def fit(
    model: str | Statements | ParameterTable | HasStatements,
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
    workers: int = 1,
    tell: Callable[[int, int], None] | None = None,
    engine: str = "native",
    **build: Any,
) -> Fit:
    """Fit a structural equation model.

    Parameters
    ----------
    model
        Model text in lavaan's syntax, what `parse_model` or `read_model` made of it, or a
        parameter table.
    data
        One row per respondent; only the model's variables (and ``group``) are used.
    estimator
        ML (default), MLM, MLMV, MLMVS, MLR, MLF, GLS, ULS, ULSM, ULSMV, ULSMVS, WLS, DWLS, WLSM,
        WLSMV (default with ``ordered``), WLSMVS.
    missing
        ``listwise``; ``fiml`` (full-information ML); ``fiml.x`` (covariates with missing values
        kept); ``two.stage`` and ``robust.two.stage`` (EM moments, then ML with standard errors and
        a test that know of the gaps); ``pairwise`` (each moment from the rows that have it; meant
        for ordinal estimators).
    group, group_equal, group_partial
        Grouping column, kinds of parameters equal across groups, and exceptions (``"x3~1"``).
    ordered
        Ordinal variables; True for all indicators and outcomes.
    std_lv, meanstructure, fixed_x, orthogonal, parameterization, conditional_x
        As in lavaan's ``sem``; None follows lavaan's default: means are modelled in several groups,
        with gaps or ordinal variables, and when ``sample_mean`` gives them.
    se, test, information
        Override what the estimator's name implies, e.g. ``se="robust"``, ``se="bootstrap"``,
        ``test="satorra.bentler"``, ``test="bollen.stine"`` (a p value from bootstrap draws),
        ``information="observed"``.
    likelihood
        ``normal`` (divisor n) or ``wishart`` (n - 1).
    sample_cov, sample_mean, sample_sd, n
        Covariance matrix (a DataFrame, or an array in the model's order of variables), means,
        standard deviations that turn correlations into covariances, and number of rows, instead of
        ``data``; a list of each for several groups. Means and standard deviations without names
        stand in the order of the matrix.
    bootstrap, seed
        Draws and seed of ``se="bootstrap"`` and ``test="bollen.stine"``.
    workers, tell
        Processes that share the draws (-1 for all cores; the numbers do not depend on it), and a
        function called as ``tell(done, draws)``.
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
    _check_options(build)
    model = _understood(model)
    source = Source(data=data, group=group, cov=sample_cov, mean=sample_mean, sd=sample_sd, n=n)
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
    settings = {
        "ordered": thresholds,
        "std_lv": std_lv,
        "meanstructure": True if options.models_gaps else _with_means(meanstructure, source),
        "orthogonal": orthogonal,
        "parameterization": parameterization,
        "group_equal": group_equal,
        "group_partial": group_partial,
        "fixed_x": options.fixed_x,
        "conditional_x": options.conditional_x,
        **build,
    }
    table = _table(model, source, settings) if isinstance(model, Statements) else model
    fitted = conduct(make_problem(table, source, options))
    if "bollen.stine" in options.tests:
        fitted = with_bollen_stine(fitted, workers=workers, tell=tell)
    if options.se == "bootstrap":
        fitted = with_bootstrap_errors(fitted, workers=workers, tell=tell)
    return fitted


class HasStatements(Protocol):
    """What holds a model among other things, such as a model definition with its hypotheses."""

    @property
    def statements(self) -> Statements:
        """What the model text says."""


def _check_options(names: Iterable[str]) -> None:
    """Refuse options that nobody knows."""
    mine = {*signature(fit).parameters, *BuildOptions.__slots__}
    known = sorted(mine - {"model", "data", "build"})
    for name in names:
        if name not in known:
            raise EstimationError(
                f"fit has no option '{name}'",
                remedy=did_you_mean(name, known) or f"The options are {listed(known, 60)}.",
            )


def _understood(model: object) -> Statements | ParameterTable:
    """Return the model as statements or table; a model definition holds its statements."""
    if isinstance(model, str):
        return parse_model(model)
    if isinstance(model, ParameterTable):
        return model
    statements = getattr(model, "statements", model)
    if isinstance(statements, Statements):
        return statements
    raise ModelSpecificationError(
        "The model is not a model",
        found=type(model).__name__,
        expected="model text such as 'satisfaction =~ q1 + q2 + q3', a model definition or a"
        " parameter table",
        remedy="The model comes first, then the data.",
    )


def _with_means(asked: bool | None, source: Source) -> bool | None:
    """Return whether means are modelled; a matrix brings them or not, as in lavaan."""
    if asked is not None or source.cov is None:
        return asked
    return source.mean is not None


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
