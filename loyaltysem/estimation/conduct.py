"""The stages of an estimation, the same for every kind of data: search, errors, tests, notices."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import ConvergenceError
from loyaltysem.estimation.admissibility import admissibility_notices, search_notices, size_notices
from loyaltysem.estimation.chisquare import standard_test
from loyaltysem.estimation.constrained import inverse_within
from loyaltysem.estimation.fitted import Fit
from loyaltysem.estimation.row_values import row_standard_errors
from loyaltysem.estimation.search import search, search_from
from loyaltysem.estimation.second_engine import search_with_semopy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.chisquare import ChiSquare
    from loyaltysem.estimation.optimise import Optimum
    from loyaltysem.estimation.options import Information
    from loyaltysem.estimation.problem import Problem
    from loyaltysem.syntax.constraints import Constraints


def conduct(problem: Problem, start: NDArray[np.float64] | None = None) -> Fit:
    """Estimate a model and everything that belongs to its `Fit`.

    Parameters
    ----------
    problem
        The model and its sample.
    start
        Starting values (q,) instead of computed ones.

    Raises
    ------
    ConvergenceError
        No theta with possible moments was found.
    IdentificationError
        The parameters have no unique solution whatever the data.
    """
    if problem.options.engine == "semopy":
        return fit_at(problem, search_with_semopy(problem))
    return fit_at(problem, search(problem) if start is None else search_from(problem, start))


def fit_at(problem: Problem, optimum: Optimum) -> Fit:
    """Return the fit at an optimum, wherever it came from."""
    theta, point = optimum.theta, optimum.point
    if not np.isfinite(point.value):
        raise _nothing_usable(problem)
    npar = count_parameters(problem.constraints, theta)
    df = problem.n_moments - npar
    bread = inverse_information(problem, optimum, problem.options.information[0])
    vcov = _vcov(problem, optimum, bread)
    fit = Fit(
        problem=problem,
        theta=_frozen(theta),
        point=point,
        vcov=vcov,
        est=_frozen(problem.row_estimates(theta)),
        se=_frozen(_row_errors(problem, theta, vcov)),
        converged=optimum.converged,
        iterations=optimum.iterations,
        gradient_max=optimum.gradient_max,
        npar=npar,
        df=df,
        tests=_tests(problem, optimum, df),
        baseline=problem.baseline_tests() if problem.options.tests else (),
        logl=problem.logl(point),
        unrestricted_logl=problem.saturated_logl(),
        notices=(*problem.table.notices, *problem.constraints.notices, *problem.moments.notices),
    )
    found = [*search_notices(fit, optimum, bread), *size_notices(fit), *problem.notices(point)]
    return replace(fit, notices=(*fit.notices, *found, *admissibility_notices(fit)))


def count_parameters(constraints: Constraints, theta: NDArray[np.float64]) -> int:
    """Return the number of free parameters after equality constraints (lavaan's npar)."""
    reduced = int(constraints.K.shape[1])
    if not len(constraints.nonlinear):
        return reduced
    along = constraints.nonlinear.jacobian(theta) @ constraints.K
    return reduced - int(np.linalg.matrix_rank(along))


def inverse_information(
    problem: Problem, optimum: Optimum, kind: Information
) -> NDArray[np.float64] | None:
    """Return the inverse unit information (q, q) within all constraints, None if singular."""
    if problem.options.se == "none" and problem.options.scaled_test is None:
        return None
    information = problem.information(optimum.point, kind)
    return inverse_within(problem.constraints, information, optimum.theta)


def _vcov(
    problem: Problem, optimum: Optimum, bread: NDArray[np.float64] | None
) -> NDArray[np.float64] | None:
    """Return the covariance matrix of the estimates that the options ask for."""
    kind = problem.options.se
    if kind == "none" or bread is None:
        return None
    if kind == "first.order":
        first = inverse_information(problem, optimum, "first.order")
        return None if first is None else _frozen(first / problem.n_divisor)
    if problem.options.sandwich:
        bread = bread @ problem.meat(optimum.point) @ bread
    return _frozen(0.5 * (bread + bread.T) / problem.n_divisor)


def _row_errors(
    problem: Problem, theta: NDArray[np.float64], vcov: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    if vcov is None:
        return np.full(len(problem.table.rows), np.nan)
    return row_standard_errors(problem.table, problem.constraints, theta, vcov)


def _tests(problem: Problem, optimum: Optimum, df: int) -> tuple[ChiSquare, ...]:
    """Return the tests of exact fit; none with ``test="none"`` or negative degrees of freedom."""
    options = problem.options
    if not options.tests or df < 0:
        return ()
    chisq = problem.chisq(optimum.theta, optimum.point)
    standard = standard_test(chisq, df, has_reference=options.discrepancy != "ULS")
    if options.scaled_test is None:
        return (standard,)
    bread = inverse_information(problem, optimum, options.information[1])
    if bread is None:
        return (standard,)
    return (standard, *problem.corrected_tests(optimum.point, bread, standard))


def _nothing_usable(problem: Problem) -> ConvergenceError:
    return ConvergenceError(
        "No estimates with a positive definite implied covariance matrix were found",
        remedy="Give starting values with start(...)*, or simplify the model.",
        found=f"{problem.moments.n} rows, {problem.table.n_free} free parameters",
    )


def _frozen(array: NDArray[np.float64]) -> NDArray[np.float64]:
    array = np.array(array)
    array.setflags(write=False)
    return array
