"""From a problem to its optimum: which starting values, which optimiser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.constrained import minimise_constrained
from loyaltysem.estimation.optimise import Optimum, minimise, reparameterisation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.problem import Problem


def search(problem: Problem) -> Optimum:
    """Return the optimum from the computed start, or from the plain one where that fails."""
    first = search_from(problem, problem.start())
    if first.converged:
        return first
    second = search_from(problem, problem.start(plain=True))
    return second if second.converged or not first.value <= second.value else first


def search_from(problem: Problem, start: NDArray[np.float64]) -> Optimum:
    """Return the optimum that is reached from ``start`` (q,) within the constraints."""
    constraints = problem.constraints
    free = reparameterisation(constraints)
    if len(constraints.nonlinear) or len(constraints.inequalities):
        return minimise_constrained(
            problem.objective, start, free, constraints, unit=value_unit(problem)
        )
    return minimise(problem.objective, start, free, unit=value_unit(problem))


def value_unit(problem: Problem) -> float:
    """Return the size of a large discrepancy: only unweighted least squares has a unit."""
    if problem.options.discrepancy != "ULS":
        return 1.0
    groups = problem.moments.groups
    squares = [float((np.tril(group.cov) ** 2).sum()) for group in groups]
    return 0.5 * float(problem.moments.weights @ squares)
