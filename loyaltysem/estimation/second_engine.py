"""The second engine: semopy's optimiser, driven until our gradient vanishes at its estimates.

semopy stops early and reports success (its default tolerance leaves loadings off in the third
digit), so its answer is taken only for what it is worth: the discrepancy's own gradient is computed
there, and the search goes on, with other solvers of semopy, until it is zero or nothing helps.
Standard errors, tests and fit measures are ours, computed at semopy's estimates.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from loyaltysem.estimation.optimise import Optimum
from loyaltysem.estimation.semopy_model import (
    OBJECTIVES,
    check_supported,
    estimates_by_owner,
    intercepts,
    loaded_model,
    quiet,
    translate,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.discrepancy import Point
    from loyaltysem.estimation.problem import Problem
    from loyaltysem.estimation.semopy_model import Translation

Solvers: TypeAlias = "Sequence[tuple[str, Mapping[str, float]]]"

SOLVERS: Solvers = (
    ("SLSQP", {"ftol": 1e-15, "maxiter": 300}),
    ("BFGS", {"gtol": 1e-9, "maxiter": 500}),
    ("SLSQP", {"ftol": 1e-16, "maxiter": 300}),
    ("L-BFGS-B", {"ftol": 1e-16, "gtol": 1e-10, "maxcor": 50, "maxiter": 2000}),
)
"""What is tried in turn, each from where the one before it stopped."""

CHECKED = 1e-3
"""Distance to the optimum, in standard errors, at which semopy's estimates pass the check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SemopyRun:
    """Where semopy ended: the checked optimum, and its own model object there."""

    optimum: Optimum
    model: Any


def search_with_semopy(problem: Problem) -> Optimum:
    """Return the estimates of semopy as `run_semopy` does, without its model."""
    return run_semopy(problem).optimum


def run_semopy(problem: Problem, *, solvers: Solvers = SOLVERS) -> SemopyRun:
    """Let semopy search until its estimates pass the check or nothing helps.

    Parameters
    ----------
    problem
        One group, complete numeric data, ML, GLS or ULS; free or equal parameters.
    solvers
        Solvers of semopy and their options, tried in turn until the check is passed.

    Returns
    -------
    SemopyRun
        ``converged`` of its optimum is judged by our gradient, not by semopy's report.

    Raises
    ------
    EstimationError
        semopy cannot fit such a model.
    """
    check_supported(problem)
    translation = translate(problem)
    model = loaded_model(problem, translation)
    optimum = _reached(problem, translation, model, 0)
    for solver, settings in solvers:
        iterations = optimum.iterations + _advance(model, problem, solver, settings)
        optimum = _reached(problem, translation, model, iterations)
        if optimum.converged:
            break
    return SemopyRun(optimum=optimum, model=model)


def _reached(problem: Problem, translation: Translation, model: Any, iterations: int) -> Optimum:
    return _optimum(problem, _theta(problem, translation, model), iterations)


def _advance(model: Any, problem: Problem, solver: str, settings: Mapping[str, float]) -> int:
    """Let one of semopy's solvers run from the current estimates; return its iterations."""
    objective = OBJECTIVES[problem.options.discrepancy]
    before = model.param_vals.copy()
    with quiet(), np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of scipy, on bounds that are not there
        result = model.fit(obj=objective, solver=solver, options=dict(settings))
    if not np.isfinite(result.fun):
        model.param_vals = before
    return int(result.n_it) if np.isfinite(result.n_it) else 0


def _theta(problem: Problem, translation: Translation, model: Any) -> NDArray[np.float64]:
    """Return theta at semopy's estimates; intercepts follow from the sample means."""
    values = estimates_by_owner(model)
    theta = np.array([values.get(int(k), 0.0) for k in translation.owner])
    rows = intercepts(problem.table)
    if rows:
        theta[[row.free - 1 for row in rows]] = _intercepts(problem, theta, rows)
    return theta


def _intercepts(problem: Problem, theta: NDArray[np.float64], rows: list[Any]) -> Any:
    """Solve mu(theta) = sample means, which is linear in the intercepts."""
    mean = problem.moments.groups[0].mean
    base = problem.implied(problem.objective.at(theta))[0].mu
    steps = theta + np.eye(len(theta))[[row.free - 1 for row in rows]]
    slopes = np.stack([problem.implied(problem.objective.at(s))[0].mu - base for s in steps])
    return np.linalg.lstsq(slopes.T, mean - base, rcond=None)[0]


def _optimum(problem: Problem, theta: NDArray[np.float64], iterations: int) -> Optimum:
    point = problem.objective.at(theta)
    if not np.isfinite(point.value):
        gradient_max = decrement = np.inf
    else:
        gradient_max, decrement = _distance(problem, point)
    return Optimum(
        theta=theta,
        value=point.value,
        point=point,
        converged=bool(decrement * np.sqrt(problem.n_divisor) < CHECKED),
        iterations=iterations,
        gradient_max=float(gradient_max),
        decrement=float(decrement),
    )


def _distance(problem: Problem, point: Point) -> tuple[float, float]:
    """Return the largest scaled gradient element and the Newton decrement at a point."""
    K = problem.constraints.K
    gradient, metric = K.T @ point.gradient(), K.T @ point.information() @ K
    roots = np.sqrt(np.maximum(np.diagonal(metric), np.finfo(float).tiny))
    step = np.linalg.lstsq(metric, gradient, rcond=None)[0]
    squared = max(float(gradient @ step), 0.0)
    return float(np.abs(gradient / roots).max()), float(np.sqrt(squared))
