"""Comparing nested models: plain and scaled chi-square difference tests."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, listed
from loyaltysem.estimation.chisquare import chisq_pvalue
from loyaltysem.estimation.constrained import inverse_within
from loyaltysem.estimation.fit_indices import aic, bic, rmsea
from loyaltysem.estimation.fit_summary import first_corrected
from loyaltysem.estimation.information import null_space
from loyaltysem.estimation.nesting import can_be_nested
from loyaltysem.estimation.robust import moment_meat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.chisquare import ChiSquare
    from loyaltysem.estimation.discrepancy import Point
    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.estimation.options import Information
    from loyaltysem.estimation.problem import Problem
    from loyaltysem.estimation.robust import MomentGroup
    from loyaltysem.syntax import Parameter

    Array = NDArray[np.float64]

DifferenceMethod = Literal[
    "default", "standard", "satorra.bentler.2001", "satorra.bentler.2010", "satorra.2000"
]
METHODS: tuple[DifferenceMethod, ...] = (
    "default",
    "standard",
    "satorra.bentler.2001",
    "satorra.bentler.2010",
    "satorra.2000",
)
MEAN_SCALED = ("satorra.bentler", "yuan.bentler", "yuan.bentler.mplus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A chi-square difference and its degrees of freedom; NaN where a correction fails."""

    statistic: float
    df: float

    @property
    def pvalue(self) -> float:
        """P(chi-square > statistic); NaN for df = 0."""
        value = chisq_pvalue(self.statistic, self.df)
        return math.nan if value is None else value


def compare(
    *fits: Fit, method: DifferenceMethod = "default", names: Sequence[str] | None = None
) -> pd.DataFrame:
    """Compare nested models, from the least to the most restricted.

    Parameters
    ----------
    fits
        Two or more fits of nested models to the same data with the same estimator.
    method
        How differences of corrected chi-squares are tested: ``satorra.bentler.2001`` (default
        after MLM and MLR), ``satorra.bentler.2010`` (never negative), ``satorra.2000`` (scaled and
        shifted; default after WLSMV, MLMV and the like), or ``standard`` for the plain
        difference, the only one without a correction.
    names
        Names of the models, in the order of ``fits``.

    Returns
    -------
    One row per model with lavaan's columns (``lavTestLRT``): ``Df, AIC, BIC, Chisq`` (always the
    uncorrected one), ``Chisq diff``, ``RMSEA`` of the difference (plain test only), ``Df diff`` and
    ``Pr(>Chisq)``. ``attrs["method"]`` names the test.

    Raises
    ------
    EstimationError
        The models cannot be compared: other data, other estimators, or not nested.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from loyaltysem import compare, fit
    >>> rng = np.random.default_rng(1)
    >>> answers = rng.normal(size=(200, 1)) + rng.normal(size=(200, 4))
    >>> data = pd.DataFrame(answers, columns=["x1", "x2", "x3", "x4"])
    >>> free = fit("f =~ x1 + x2 + x3 + x4", data)
    >>> equal = fit("f =~ x1 + a*x2 + a*x3 + a*x4", data)
    >>> compare(free, equal, names=["free", "equal"])["Df diff"].tolist()
    [nan, 2.0]
    """
    if method not in METHODS:
        raise EstimationError(
            "Unknown method of comparison", found=f"'{method}'", expected=listed(METHODS)
        )
    labels = _labels(fits, names)
    order = sorted(range(len(fits)), key=lambda k: fits[k].df)
    ordered, labels = [fits[k] for k in order], [labels[k] for k in order]
    _check_comparable(ordered, labels)
    chosen = chosen_method(fits[0], method)
    steps = [_difference(less, more, chosen) for less, more in pairwise(ordered)]
    frame = _frame(ordered, steps, plain=chosen == "standard")
    frame.index = pd.Index(labels, name="model")
    frame.attrs["method"] = chosen
    return frame


def _labels(fits: Sequence[Fit], names: Sequence[str] | None) -> list[str]:
    if len(fits) < 2:
        raise EstimationError("A comparison needs two fits or more", found=str(len(fits)))
    labels = [f"model {k}" for k in range(1, len(fits) + 1)] if names is None else list(names)
    if len(labels) != len(fits):
        raise EstimationError(
            "The number of names is not that of the models",
            found=f"{len(labels)} names, {len(fits)} models",
        )
    return labels


def _check_comparable(fits: Sequence[Fit], labels: Sequence[str]) -> None:
    """Refuse models that no difference test can relate."""
    first = fits[0]
    for fit, label in zip(fits, labels, strict=True):
        if not fit.tests:
            raise EstimationError(f"'{label}' has no chi-square to compare")
        if not same_data(first, fit):
            raise EstimationError(
                f"'{labels[0]}' and '{label}' are fitted to different data",
                remedy="Fit all models to the same variables, groups and rows.",
            )
        same = (
            fit.options.discrepancy == first.options.discrepancy
            and [t.name for t in fit.tests] == [t.name for t in first.tests]
            and fit.table.meanstructure == first.table.meanstructure
        )
        if not same:
            raise EstimationError(
                f"'{labels[0]}' and '{label}' differ in estimator, test or mean structure",
                found=f"{first.options.estimator} and {fit.options.estimator}",
                remedy="Fit all models with the same options.",
            )
    for k, (less, more) in enumerate(pairwise(fits)):
        if less.df < more.df and not can_be_nested(less, more):
            raise EstimationError(
                f"'{labels[k + 1]}' is not nested in '{labels[k]}': the less restricted model "
                "cannot reproduce what the more restricted one implies",
                remedy="Compare such models by AIC and BIC, see the fit measures of each.",
            )


def same_data(first: Fit, other: Fit) -> bool:
    """Tell whether two fits explain the same variables of the same rows in the same groups."""
    if set(first.table.observed) != set(other.table.observed):
        return False
    if first.n_per_group != other.n_per_group:
        return False
    order = [other.moments.names.index(name) for name in first.moments.names]
    return all(
        np.allclose(a.cov, b.cov[np.ix_(order, order)], rtol=1e-8)
        for a, b in zip(first.moments.groups, other.moments.groups, strict=True)
    )


def chosen_method(first: Fit, method: DifferenceMethod = "default") -> DifferenceMethod:
    """Return the method by which fits like ``first`` are compared: lavaan's choice by default.

    Raises
    ------
    EstimationError
        The method corrects chi-squares, and the fits have no corrected ones.
    """
    corrected = first_corrected(first.tests)
    if corrected is None or method == "standard":
        if method not in {"default", "standard"}:
            raise EstimationError(
                f'method="{method}" compares corrected chi-squares, which these fits do not have',
                remedy="Fit with MLM, MLR or WLSMV, or leave out the method.",
            )
        return "standard"
    if method != "default":
        return method
    return "satorra.bentler.2001" if corrected.name in MEAN_SCALED else "satorra.2000"


def _frame(fits: Sequence[Fit], steps: Sequence[Difference], *, plain: bool) -> pd.DataFrame:
    nothing = Difference(statistic=math.nan, df=math.nan)
    rows = [nothing, *steps]
    columns = {
        "Df": [fit.tests[0].df for fit in fits],
        "AIC": [math.nan if f.logl is None else aic(f.logl, f.npar) for f in fits],
        "BIC": [math.nan if f.logl is None else bic(f.logl, f.npar, f.n) for f in fits],
        "Chisq": [fit.tests[0].statistic for fit in fits],
        "Chisq diff": [row.statistic for row in rows],
    }
    if plain:
        first = fits[0]
        columns["RMSEA"] = [
            rmsea(row.statistic, row.df, first.n, n_groups=first.table.n_groups) for row in rows
        ]
    columns["Df diff"] = [row.df for row in rows]
    columns["Pr(>Chisq)"] = [math.nan if row is nothing else row.pvalue for row in rows]
    return pd.DataFrame(columns)


# --- differences -----------------------------------------------------------------------------


def difference_test(less: Fit, more: Fit, method: DifferenceMethod = "default") -> Difference:
    """Return the test of what ``more`` restricts beyond ``less``.

    For models that are nested by construction and fitted to the same sample with the same options:
    nothing of that is checked, see :func:`compare`. ``method`` is as there.
    """
    return _difference(less, more, chosen_method(less, method))


def held_parameter_test(less: Fit, more: Fit) -> Difference:
    """Return the test of one free parameter of ``less`` that ``more`` holds at a value.

    Where the estimator corrects chi-squares by their mean, the difference is divided by the ratio
    of the parameter's robust and normal-theory variances in ``less``: the factor of Satorra (2000)
    for one restriction. A difference of two scaling factors (Satorra & Bentler, 2001) is often
    negative or near zero when ``more`` fits badly; this ratio never is. Other estimators are
    compared as by :func:`difference_test`. Nothing is checked, see there.
    """
    chosen = chosen_method(less)
    if chosen != "satorra.bentler.2001" or less.vcov is None or not less.options.sandwich:
        return _difference(less, more, chosen)
    kept = {_place(row) for row in more.table.free_rows}
    (held,) = (k for k, row in enumerate(less.table.free_rows) if _place(row) not in kept)
    bread = _inverse(less.problem, less.point, less.theta, less.options.information[0])
    factor = float(less.vcov[held, held] * less.problem.n_divisor / bread[held, held])
    plain = _difference(less, more, "standard")
    return Difference(statistic=plain.statistic / factor, df=plain.df)


def _place(row: Parameter) -> tuple[int, str, str, str]:
    return (row.group, row.op, *_sides(row.op, row.lhs, row.rhs))


def _difference(less: Fit, more: Fit, method: DifferenceMethod) -> Difference:
    """Return the test of what ``more`` restricts beyond ``less``."""
    plain = more.tests[0].statistic - less.tests[0].statistic
    df = more.tests[0].df - less.tests[0].df
    if df == 0 or method == "standard":
        return Difference(statistic=plain, df=df)
    if method == "satorra.2000":
        return satorra_2000(less, more)
    known = scaling_of(less) if method == "satorra.bentler.2001" else scaling_at(less, more)
    factor = (more.tests[0].df * scaling_of(more) - less.tests[0].df * known) / df
    return Difference(statistic=plain / factor if factor > 0 else math.nan, df=df)


def scaling_of(fit: Fit) -> float:
    """Return the scaling factor of a fit's corrected test, 1 for a saturated model."""
    test = first_corrected(fit.tests)
    if fit.tests[0].df == 0 or test is None:
        return 1.0
    return math.nan if test.scaling_factor is None else test.scaling_factor


def scaling_at(less: Fit, more: Fit) -> float:
    """Return the scaling factor of ``less`` at the estimates of ``more``.

    Satorra & Bentler (2010): with it the difference of two corrected chi-squares cannot be
    negative.
    """
    problem = less.problem
    standard = less.tests[0]
    if standard.df == 0:
        return 1.0
    theta = _estimates_of(more, less)
    point = problem.objective.at(theta)
    bread = _inverse(problem, point, theta, problem.options.information[1])
    tests = problem.corrected_tests(point, bread, standard)
    return _factor(first_corrected(tests))


def _factor(test: ChiSquare | None) -> float:
    return math.nan if test is None or test.scaling_factor is None else test.scaling_factor


def _estimates_of(source: Fit, target: Fit) -> Array:
    """Return the theta of ``target`` at the estimates of ``source``, 0 where it has none."""
    known = {
        _place(row): value
        for row, value in zip(source.table.rows, source.est, strict=True)
        if not row.is_constraint
    }
    return np.array([known.get(_place(row), 0.0) for row in target.table.free_rows])


def _sides(op: str, lhs: str, rhs: str) -> tuple[str, str]:
    return (min(lhs, rhs), max(lhs, rhs)) if op == "~~" else (lhs, rhs)


def _inverse(problem: Problem, point: Point, theta: Array, kind: Information) -> Array:
    bread = inverse_within(problem.constraints, problem.information(point, kind), theta)
    if bread is None:
        raise EstimationError("The models cannot be compared: one of them is not identified")
    return bread


def satorra_2000(less: Fit, more: Fit) -> Difference:
    """Return the scaled and shifted difference test of Satorra (2000).

    The restrictions A that lead from ``less`` to ``more`` are taken from the two models' Jacobians
    (lavaan's ``A.method = "delta"``). With P the information and M = sum f Delta'V Gamma V Delta of
    ``less``, U Gamma reduces to P^-1 A'(A P^-1 A')^- A P^-1 M, a matrix of the order of the
    parameters; its traces correct the difference as in :func:`.scaled_shifted`.
    """
    problem = less.problem
    groups = problem.moment_groups(less.point)
    if groups is None:
        raise EstimationError(
            'method="satorra.2000" needs complete data',
            remedy='Use method="satorra.bentler.2001".',
        )
    inverse = _inverse(problem, less.point, less.theta, problem.options.information[0])
    restrictions = _restrictions(_reduced_jacobian(less, groups), more, less.problem.constraints.K)
    along = restrictions @ inverse
    middle = np.linalg.pinv(along @ restrictions.T, hermitian=True)
    product = along.T @ middle @ along @ moment_meat(groups)
    trace, trace_squared = float(np.trace(product)), float(np.sum(product * product.T))
    df = more.tests[0].df - less.tests[0].df
    slope = math.sqrt(df / trace_squared)
    plain = more.tests[0].statistic - less.tests[0].statistic
    return Difference(statistic=plain * slope + df - slope * trace, df=df)


def _restrictions(wide: Array, more: Fit, basis: Array) -> Array:
    """Return A (restrictions, q): directions of the wider model that ``more`` does not have.

    ``wide`` is the wider model's Jacobian by its reduced parameters, ``basis`` its K.
    """
    groups = more.problem.moment_groups(more.point)
    within = np.linalg.pinv(wide) @ _reduced_jacobian(more, groups or [])
    found: Array = null_space(within.T).T @ np.linalg.pinv(basis)
    return found


def _reduced_jacobian(fit: Fit, groups: Sequence[MomentGroup]) -> Array:
    """Return the Jacobian (moments of all groups, free parameters after equality constraints)."""
    return np.vstack([group.jacobian for group in groups]) @ fit.problem.constraints.K
