"""Minimising a discrepancy: Fisher scoring that turns into Newton's method.

Far from the optimum the expected information is the safer metric; near it, or where scoring slows
down (badly fitting or ill-conditioned models), the observed Hessian converges quadratically. Steps
that do not keep what the quadratic model promises, or where the Hessian is indefinite, are confined
to a trust region (see :mod:`.trust_region`). Lengths are measured by the information, so nothing
depends on the variables' scales.

Convergence is judged by the Newton decrement sqrt(g' B^-1 g): times sqrt(n) it is the distance to
the optimum in units of standard errors, whatever the scales and the conditioning.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg.lapack import dposv, dpotrs

from loyaltysem.estimation.trust_region import quadratic

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
# The trust region grows or shrinks with the ratio of actual to promised decrease.
GOOD_RATIO, POOR_RATIO = 0.75, 0.25
GROW, SHRINK = 2.0, 0.25
FIRST_RADIUS = 1.0
SMALLEST = 1e-300
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

    ``scale`` is the information's largest diagonal so far, ``unit`` the size of a large value,
    ``radius`` that of the trust region; ``newton`` tells that scoring has given way to Newton's
    method.
    """

    phi: NDArray[np.float64]
    point: Point
    value: float
    gradient: NDArray[np.float64]
    scale: NDArray[np.float64]
    unit: float
    radius: float = np.inf
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
    state = _State(phi, point, point.value, gradient, np.full(len(phi), SMALLEST), unit)
    iteration = 0
    for iteration in range(1, max_iterations + 1):  # noqa: B007
        if not _iterate(state, objective, free):
            break
    return _optimum(state, free, iteration)


def _iterate(state: _State, objective: Objective, free: Reparameterisation) -> bool:
    """Take one step; return False when there is nothing left to gain."""
    newton = state.newton
    metric = free.matrix(state.point.hessian()) if newton else _information(state, free)
    factor, solution, failed = dposv(metric, state.gradient, lower=1)
    squared = float(state.gradient @ solution)
    if failed or not squared >= 0.0:
        return _advance_within(state, objective, free, metric)
    decrement = math.sqrt(squared / state.unit)
    if decrement <= DECREMENT:
        state.decrement = decrement
        if newton:
            return False
        state.newton = True
    length = float(np.sqrt((solution * solution) @ state.scale))
    if length > state.radius:
        return _advance_within(state, objective, free, metric)
    if _advance(state, objective, free, -solution, 0.5 * squared, length):
        return not (newton and _has_arrived(state, factor))
    if decrement <= ACCEPTABLE**2:
        return False
    state.radius = SHRINK * length
    return _advance_within(state, objective, free, metric)


def _advance_within(
    state: _State, objective: Objective, free: Reparameterisation, metric: NDArray[np.float64]
) -> bool:
    """Take the best step within the trust region, which shrinks until a step is accepted."""
    _information(state, free)
    scale = _filled(state.scale, metric)
    curved = quadratic(metric, state.gradient, scale)
    if not math.isfinite(state.radius):
        state.radius = FIRST_RADIUS
    for _ in range(MAX_TRIALS):
        step, promised = curved.step(state.radius)
        if promised <= 0.5 * state.unit * DECREMENT**2:
            state.decrement = math.sqrt(max(2.0 * promised, 0.0) / state.unit)
            return False
        length = float(np.sqrt((step * step) @ scale))
        if _advance(state, objective, free, step, promised, length):
            return True
        state.radius = SHRINK * min(length, state.radius)
    return False


def _filled(scale: NDArray[np.float64], metric: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the scale with the curvature's size for parameters that have no information.

    Two paths in a row that both start at zero (a phantom variable) have none: only together do they
    change the moments, and the way out of such a saddle is along negative curvature.
    """
    size = np.abs(metric).max(axis=0)
    return np.where(scale > SMALLEST, scale, np.where(size > 0.0, size, 1.0))


def _information(state: _State, free: Reparameterisation) -> NDArray[np.float64]:
    """Return the information at the current point; its largest diagonal so far is the scale.

    So a parameter on its way to infinity, whose information fades, does not get ever longer steps.
    """
    information = free.matrix(state.point.information())
    state.scale = np.maximum(state.scale, np.diagonal(information))
    return information


def _has_arrived(state: _State, factor: NDArray[np.float64]) -> bool:
    """Tell, with the Hessian of the point before, whether a Newton step ended at the optimum."""
    if state.decrement > NEARLY_THERE:
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
    promised: float,
    length: float,
) -> bool:
    """Accept the step if it lowers the value as far as the quadratic model promises."""
    phi = state.phi + step
    point = objective.at(free.theta(phi))
    value = point.value
    if not np.isfinite(value):
        return False
    rounding = ROUNDING * (state.unit + abs(state.value))
    gained = state.value - value
    ratio = gained / promised if promised > rounding else 1.0
    if ratio < LEAST_RATIO or gained < -rounding:
        return False
    decrement = math.sqrt(2.0 * promised / state.unit)
    slow = decrement > SLOW * state.decrement
    state.newton = state.newton or slow or decrement < NEAR
    if ratio > GOOD_RATIO:
        state.radius = max(state.radius, GROW * length)
    elif ratio < POOR_RATIO:
        state.radius = SHRINK * length
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
