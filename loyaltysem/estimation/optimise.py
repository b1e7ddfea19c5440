"""Minimising a discrepancy: damped Fisher scoring that turns into Newton's method.

Far from the optimum the expected information is the safer metric; near it, or where scoring slows
down (badly fitting or ill-conditioned models), the observed Hessian converges quadratically. Steps
solve (B + lambda diag(information)) s = -g with Levenberg's and Marquardt's lambda steered by the
ratio of actual to predicted decrease. The metric is the information, so nothing depends on the
variables' scales.

Convergence is judged by the Newton decrement sqrt(g' B^-1 g): times sqrt(n) it is the distance to
the optimum in units of standard errors, whatever the scales and the conditioning.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg.lapack import dposv, dpotrs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.discrepancy import Objective, Point
    from loyaltysem.syntax.constraints import Constraints

DECREMENT = 1e-10
# A decrement that rounding may leave behind when a model is ill-conditioned.
ACCEPTABLE = 1e-6
MAX_ITERATIONS = 500
MAX_TRIALS = 60
# Share of the predicted decrease that a step must bring, and what rounding does to values of one.
LEAST_RATIO = 1e-4
ROUNDING = 1e-13
# Scoring gives way to Newton where the decrement is below NEAR or shrinks by less than SLOW.
NEAR = 0.3
# From here on the Hessian of one step serves to judge where the step has led.
NEARLY_THERE = 1e-4
SLOW = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reparameterisation:
    """Linear equality constraints as theta = K phi + c; ``basis`` K (q, q'), ``offset`` c (q,).

    ``basis`` is None when theta is free.
    """

    basis: NDArray[np.float64] | None
    offset: NDArray[np.float64]

    def theta(self, phi: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return theta (..., q) at phi (..., q')."""
        return phi if self.basis is None else phi @ self.basis.T + self.offset

    def phi(self, theta: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the phi whose theta is nearest to ``theta``."""
        if self.basis is None:
            return theta
        nearest = np.linalg.lstsq(self.basis, theta - self.offset, rcond=None)[0]
        return np.asarray(nearest, dtype=np.float64)

    def vector(self, gradient: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return K' g."""
        return gradient if self.basis is None else self.basis.T @ gradient

    def matrix(self, hessian: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return K' H K."""
        return hessian if self.basis is None else self.basis.T @ hessian @ self.basis


def reparameterisation(constraints: Constraints) -> Reparameterisation:
    """Return the linear equality constraints in the optimiser's form."""
    return Reparameterisation(
        basis=constraints.K if constraints.is_reduced else None, offset=constraints.c
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum:
    """Where the optimiser stopped.

    ``gradient_max`` is the largest element of the gradient by free (unconstrained) parameters, each
    divided by the square root of its information; ``decrement`` the Newton decrement there.
    """

    theta: NDArray[np.float64]
    value: float
    point: Point
    converged: bool
    iterations: int
    gradient_max: float
    decrement: float


@dataclass(slots=True)
class _State:
    """The search so far (the one mutable object of this module).

    ``scale`` is the information's diagonal where it was last computed, ``unit`` the size of a large
    value; ``newton`` tells that scoring has given way to Newton's method.
    """

    phi: NDArray[np.float64]
    point: Point
    value: float
    gradient: NDArray[np.float64]
    scale: NDArray[np.float64]
    unit: float
    damping: float = 0.0
    newton: bool = False
    decrement: float = np.inf


def minimise(
    objective: Objective,
    start: NDArray[np.float64],
    free: Reparameterisation,
    *,
    unit: float = 1.0,
    max_iterations: int = MAX_ITERATIONS,
) -> Optimum:
    """Minimise ``objective`` from ``start`` (q,) under linear equality constraints.

    ``unit`` is the size of a large value: 1 for discrepancies that do not depend on the variables'
    units. Returns the best point found, with ``converged`` telling whether it is an optimum; never
    raises for lack of convergence.
    """
    phi = free.phi(start)
    point = objective.at(free.theta(phi))
    if not np.isfinite(point.value):
        return Optimum(
            theta=free.theta(phi),
            value=point.value,
            point=point,
            converged=False,
            iterations=0,
            gradient_max=np.inf,
            decrement=np.inf,
        )
    gradient = free.vector(point.gradient())
    state = _State(phi, point, point.value, gradient, np.ones(len(phi)), unit)
    iteration = 0
    for iteration in range(1, max_iterations + 1):  # noqa: B007
        if not _iterate(state, objective, free):
            break
    return _optimum(state, free, iteration)


def _iterate(state: _State, objective: Objective, free: Reparameterisation) -> bool:
    """Take one step; return False when there is nothing left to gain."""
    newton = state.newton
    metric = free.matrix(state.point.hessian()) if newton else _information(state, free)
    for _ in range(MAX_TRIALS):
        step, decrement, factor = _damped_step(metric, state)
        if step is None:
            if newton:
                metric, newton = _information(state, free), False
            else:
                state.damping = max(10.0 * state.damping, 1e-4)
            continue
        if decrement <= DECREMENT:
            state.decrement = decrement
            if state.newton:
                return False
            state.newton = True
        if _advance(state, objective, free, step, metric, decrement):
            return not (newton and _has_arrived(state, factor))
        if decrement <= ACCEPTABLE**2:
            return False
        state.damping = max(10.0 * state.damping, 1e-3)
    return False


def _information(state: _State, free: Reparameterisation) -> NDArray[np.float64]:
    """Return the information at the current point, and note its diagonal as the scale."""
    information = free.matrix(state.point.information())
    diagonal = np.diagonal(information)
    state.scale = np.maximum(diagonal, 1e-12 * diagonal.max(initial=1e-300))
    return information


def _damped_step(
    metric: NDArray[np.float64], state: _State
) -> tuple[NDArray[np.float64] | None, float, NDArray[np.float64]]:
    """Return step, decrement and Cholesky factor; no step when the metric is indefinite."""
    if state.damping:
        metric = metric.copy()
        metric[np.diag_indices_from(metric)] += state.damping * state.scale
    factor, solution, failed = dposv(metric, state.gradient, lower=1)
    decrement = float(state.gradient @ solution)
    if failed or not decrement >= 0.0:
        return None, np.inf, factor
    return -solution, math.sqrt(decrement / state.unit), factor


def _has_arrived(state: _State, factor: NDArray[np.float64]) -> bool:
    """Tell, with the Hessian of the point before, whether a Newton step ended at the optimum."""
    if state.damping or state.decrement > NEARLY_THERE:
        return False
    solution, _ = dpotrs(factor, state.gradient, lower=1)
    decrement = math.sqrt(max(float(state.gradient @ solution), 0.0) / state.unit)
    if decrement > DECREMENT:
        return False
    state.decrement = decrement
    return True


def _advance(
    state: _State,
    objective: Objective,
    free: Reparameterisation,
    step: NDArray[np.float64],
    metric: NDArray[np.float64],
    decrement: float,
) -> bool:
    """Accept the step if it lowers the value as far as the quadratic model lets expect."""
    phi = state.phi + step
    point = objective.at(free.theta(phi))
    value = point.value
    if not np.isfinite(value):
        return False
    predicted = -float(state.gradient @ step) - 0.5 * float(step @ metric @ step)
    rounding = ROUNDING * (state.unit + abs(state.value))
    gained = state.value - value
    ratio = gained / predicted if predicted > rounding else 1.0
    if ratio < LEAST_RATIO or gained < -rounding:
        return False
    slow = decrement > SLOW * state.decrement
    state.newton = state.newton or slow or decrement < NEAR
    if ratio > 0.5:
        state.damping = 0.1 * state.damping if state.damping > 1e-5 else 0.0
    state.phi, state.point, state.value, state.decrement = phi, point, value, decrement
    state.gradient = free.vector(point.gradient())
    return True


def _optimum(state: _State, free: Reparameterisation, iterations: int) -> Optimum:
    information = np.diagonal(free.matrix(state.point.information()))
    scaled = np.abs(state.gradient) / np.sqrt(np.maximum(information * state.unit, 1e-300))
    gradient_max = float(scaled.max()) if len(scaled) else 0.0
    return Optimum(
        theta=free.theta(state.phi),
        value=state.value,
        point=state.point,
        converged=gradient_max <= ACCEPTABLE and state.decrement <= ACCEPTABLE,
        iterations=iterations,
        gradient_max=gradient_max,
        decrement=state.decrement,
    )
