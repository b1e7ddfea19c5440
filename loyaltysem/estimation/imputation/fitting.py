"""A model fitted to every imputed data set, and the results pooled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import stdtr, stdtrit

from loyaltysem.errors import ConvergenceError, EstimationError, Notice
from loyaltysem.estimation.chisquare import ChiSquare, chisq_pvalue, standard_test
from loyaltysem.estimation.conduct import fit_at
from loyaltysem.estimation.continuous import ContinuousProblem, continuous_problem
from loyaltysem.estimation.estimates import is_shown
from loyaltysem.estimation.fit_summary import first_corrected
from loyaltysem.estimation.fitting import fit
from loyaltysem.estimation.imputation.average import Misfits, averaged_moments, misfits
from loyaltysem.estimation.imputation.draws import Imputations
from loyaltysem.estimation.imputation.pooled_tests import METHODS, PooledTest, PoolMethod, d2, d3
from loyaltysem.estimation.imputation.rules import PooledEstimates, rubin
from loyaltysem.estimation.moments import read_only
from loyaltysem.estimation.optimise import Optimum

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.estimation.options import Information, Options
    from loyaltysem.syntax.statements import Statements
    from loyaltysem.syntax.table import ParameterTable

    Array = NDArray[np.float64]

FEW_USED = 0.8
"""Share of data sets with estimates below which the pooled results are doubted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImputedFit:
    """A model fitted to several imputed data sets.

    Attributes
    ----------
    fits
        The fits of the data sets that gave estimates and standard errors.
    used
        Their positions among the data sets.
    n_datasets
        Data sets given.
    pooled
        The pooled result as a fit: estimates and their covariance by Rubin's rules, pooled
        chi-squares of model and baseline, moments averaged over the data sets. What is asked of a
        fit can be asked of it: measures, standardized estimates, residuals, effects.
    rows
        Rubin's rules for every row of the parameter table.
    test, baseline
        Pooled tests of the model and of the independence model.
    misfits
        How far each data set is from the pooled estimates; what D3 is made of.
    """

    fits: tuple[Fit, ...]
    used: tuple[int, ...]
    n_datasets: int
    pooled: Fit
    rows: PooledEstimates
    test: PooledTest
    baseline: PooledTest
    misfits: Misfits

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What a reader must know."""
        return self.pooled.notices

    def estimates(self, level: float = 0.95) -> pd.DataFrame:
        """Return one row per parameter, pooled by Rubin's rules.

        The columns of `Fit.estimates` with ``t`` and its ``df`` in place of z, and ``riv`` and
        ``fmi``, the relative increase in variance and the fraction of missing information. p and
        the confidence limits are those of the t distribution.
        """
        frame = self.pooled.estimates(level).drop(columns="z")
        shown = [k for k, row in enumerate(self.pooled.table.rows) if is_shown(row)]
        est, se = frame["est"].to_numpy(), frame["se"].to_numpy()
        moves, df = se > 0, self.rows.df[shown]
        t = np.divide(est, se, out=np.full(len(est), np.nan), where=moves)
        width = np.where(moves, stdtrit(np.minimum(df, 1e9), 0.5 + level / 2), 0.0) * se
        at = frame.columns.get_loc("pvalue")
        frame.insert(int(at), "t", t)  # type: ignore[arg-type]
        frame.insert(int(at) + 1, "df", np.where(moves, df, np.nan))  # type: ignore[arg-type]
        return frame.assign(
            pvalue=2.0 * stdtr(np.minimum(df, 1e9), -np.abs(t)),
            ci_lower=est - width,
            ci_upper=est + width,
            riv=np.where(moves, self.rows.riv[shown], np.nan),
            fmi=np.where(moves, self.rows.fmi[shown], np.nan),
        )

    def measures(self) -> dict[str, float]:
        """Return the fit measures that stand on the pooled chi-squares and averaged moments."""
        return self.pooled.measures()


def fit_imputed(
    model: str | Statements | ParameterTable,
    datasets: Imputations | Sequence[pd.DataFrame],
    *,
    test: PoolMethod = "D3",
    complete_df: float | None = None,
    **options: Any,
) -> ImputedFit:
    """Fit a model to every imputed data set and pool the results.

    Parameters
    ----------
    model
        As for `fit`.
    datasets
        What `impute` made, or complete data sets from elsewhere.
    test
        How chi-squares are pooled: ``D3`` (Meng & Rubin 1992), for maximum likelihood, or ``D2``
        (Li, Meng, Raghunathan & Rubin 1991).
    complete_df
        Degrees of freedom of the complete data, for Barnard and Rubin's (1999) degrees of freedom
        of the pooled estimates; by default rows less free parameters. ``math.inf`` gives Rubin's
        (1987), which semTools prints.
    options
        Further arguments of `fit`: estimator, group, std_lv, …

    Raises
    ------
    EstimationError
        Fewer than two data sets, an option that cannot be pooled (ordered variables, bootstrap
        errors, missing), or D3 without maximum likelihood.
    ConvergenceError
        Fewer than two data sets gave estimates with standard errors.

    Notes
    -----
    As semTools' ``runMI`` with ``asymptotic = TRUE``: T = W + (1 + 1/m) B. Defined parameters are
    pooled like all others. Corrected chi-squares are the pooled one divided by the average
    scaling factor.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from loyaltysem import fit_imputed, impute
    >>> rng = np.random.default_rng(1)
    >>> answers = rng.normal(size=(200, 1)) + rng.normal(size=(200, 4))
    >>> answers[rng.random(answers.shape) < 0.1] = np.nan
    >>> data = pd.DataFrame(answers, columns=["x1", "x2", "x3", "x4"])
    >>> pooled = fit_imputed("f =~ x1 + x2 + x3 + x4", impute(data, datasets=5))
    >>> pooled.test.method, pooled.test.df
    ('D3', 2)
    """
    frames = list(datasets.frames if isinstance(datasets, Imputations) else datasets)
    _check_asked(frames, test, options)
    found = [_fitted(model, frame, options) for frame in frames]
    used = tuple(k for k, one in enumerate(found) if one is not None)
    fits = tuple(one for one in found if one is not None)
    if len(fits) < 2:
        raise ConvergenceError(
            f"The model gave estimates in {len(fits)} of {len(frames)} imputed data sets",
            remedy="Fit it to one data set alone to see what is wrong with it.",
        )
    _check_poolable(fits[0], test)
    return _pooled(fits, used, len(frames), test, complete_df)


def _check_asked(frames: Sequence[pd.DataFrame], test: PoolMethod, options: dict[str, Any]) -> None:
    if len(frames) < 2:
        raise EstimationError("Pooling needs two data sets or more", found=str(len(frames)))
    if test not in METHODS:
        raise EstimationError("Unknown pooled test", found=f"'{test}'", expected=", ".join(METHODS))
    refused = [
        name
        for name in ("ordered", "sample_cov", "engine")
        if options.get(name) and options[name] != "native"
    ]
    if options.get("se") in {"bootstrap", "none"}:
        refused.append(f"se={options['se']}")
    if refused:
        raise EstimationError(
            "Imputed data sets cannot be pooled with these options",
            found=", ".join(refused),
            remedy="Use ML or MLR; for ordered variables use WLSMV with missing='pairwise'.",
        )


def _check_poolable(first: Fit, test: PoolMethod) -> None:
    if not isinstance(first.problem, ContinuousProblem) or not first.tests:
        raise EstimationError("Only fits to complete continuous data with a test can be pooled")
    if test == "D3" and first.options.discrepancy != "ML":
        raise EstimationError(
            f"D3 needs maximum likelihood, not {first.options.estimator}",
            remedy='Use test="D2".',
        )


def _fitted(
    model: str | Statements | ParameterTable, frame: pd.DataFrame, options: dict[str, Any]
) -> Fit | None:
    try:
        fitted = fit(model, frame, **options)
    except ConvergenceError:
        return None
    return fitted if fitted.converged and fitted.vcov is not None else None


def _pooled(
    fits: tuple[Fit, ...],
    used: tuple[int, ...],
    n_datasets: int,
    test: PoolMethod,
    complete_df: float | None,
) -> ImputedFit:
    first = fits[0]
    most = float(first.n - first.npar) if complete_df is None else complete_df
    rows = rubin(
        np.array([one.est for one in fits]), np.array([one.se for one in fits]), complete_df=most
    )
    average = _average_problem(fits)
    theta = np.mean([one.theta for one in fits], axis=0)
    apart = misfits(fits, average, theta)
    own = [one.tests[0].statistic for one in fits]
    null = [one.baseline[0].statistic for one in fits]
    found = _test(test, apart.deviances, own, int(first.df))
    baseline = _test(test, apart.baseline_deviances, null, int(first.baseline[0].df))
    tests = (
        _chisquares([one.tests for one in fits], found),
        _chisquares([one.baseline for one in fits], baseline),
    )
    pooled = _pooled_fit(fits, average, theta, rows, apart)
    return ImputedFit(
        fits=fits,
        used=used,
        n_datasets=n_datasets,
        pooled=replace(
            pooled,
            tests=tests[0],
            baseline=tests[1],
            notices=(*pooled.notices, *_notices(len(fits), n_datasets)),
        ),
        rows=rows,
        test=found,
        baseline=baseline,
        misfits=apart,
    )


def _test(method: PoolMethod, at_pooled: Array, own: Sequence[float], df: int) -> PooledTest:
    return d2(own, df) if method == "D2" else d3(at_pooled.tolist(), own, df)


def _average_problem(fits: Sequence[Fit]) -> ContinuousProblem:
    """Return the problem of fitting the model to the moments averaged over the data sets."""
    first = fits[0]
    silent = replace(first.options, se="none", tests=())
    moments = averaged_moments([one.moments for one in fits])
    return continuous_problem(first.table, moments, silent)


def _pooled_fit(
    fits: Sequence[Fit],
    average: ContinuousProblem,
    theta: Array,
    rows: PooledEstimates,
    apart: Misfits,
) -> Fit:
    """Return the pooled results in the form of a fit."""
    point = average.objective.at(theta)
    optimum = Optimum(
        theta=theta,
        value=point.value,
        point=point,
        converged=True,
        iterations=max(one.iterations for one in fits),
        gradient_max=max(one.gradient_max for one in fits),
        decrement=0.0,
    )
    plain = fit_at(average, optimum)
    covs = np.array([one.vcov for one in fits])
    between = np.cov(np.array([one.theta for one in fits]), rowvar=False).reshape(covs[0].shape)
    logls = [one.unrestricted_logl for one in fits if one.unrestricted_logl is not None]
    return replace(
        plain,
        problem=replace(average, options=_without_rows(fits[0].options)),
        vcov=read_only(covs.mean(axis=0) + (1.0 + 1.0 / len(fits)) * between),
        est=read_only(rows.est),
        se=read_only(rows.se),
        logl=float(np.mean(logls - apart.model)) if logls else None,
        unrestricted_logl=float(np.mean(logls - apart.saturated)) if logls else None,
    )


def _without_rows(options: Options) -> Options:
    """Return options for whatever is fitted to the averaged moments next: they have no rows."""
    if not options.sandwich and options.scaled_test is None:
        return options
    plain: tuple[Information, Information] = ("expected", "expected")
    return replace(options, se="standard", tests=("standard",), information=plain)


def _chisquares(own: Sequence[Sequence[ChiSquare]], pooled: PooledTest) -> tuple[ChiSquare, ...]:
    """Return the pooled chi-square, and its correction by the average scaling factor."""
    standard = standard_test(pooled.chisq, pooled.df)
    corrections = [test for tests in own if (test := first_corrected(tests)) is not None]
    if not corrections:
        return (standard,)
    factor = _mean(test.scaling_factor for test in corrections)
    shift = _mean(test.shift for test in corrections)
    if factor is None:
        return (standard,)
    statistic = pooled.chisq / factor + (shift or 0.0)
    df = float(np.mean([test.df for test in corrections]))
    corrected = replace(
        corrections[0],
        statistic=statistic,
        df=df,
        pvalue=chisq_pvalue(statistic, df),
        scaling_factor=factor,
        shift=shift,
    )
    return (standard, corrected)


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _notices(n_used: int, n_datasets: int) -> tuple[Notice, ...]:
    if n_used == n_datasets:
        return ()
    text = f"The model gave estimates in {n_used} of {n_datasets} imputed data sets."
    if n_used < FEW_USED * n_datasets:
        text += " The pooled results may not stand for all of them."
    return (Notice("imputations_without_estimates", text, {"n_used": n_used, "n": n_datasets}),)
