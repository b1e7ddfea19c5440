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

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.discrepancy import cholesky_or_none

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.discrepancy import Objective, Point

DECREMENT = 1e-10
# A decrement that rounding may leave behind when a model is ill-conditioned.
ACCEPTABLE = 1e-6
MAX_ITERATIONS = 500


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
        return np.linalg.lstsq(self.basis, theta - self.offset, rcond=None)[0]

    def vector(self, gradient: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return K' g."""
        return gradient if self.basis is None else self.basis.T @ gradient

    def matrix(self, hessian: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return K' H K."""
        return hessian if self.basis is None else self.basis.T @ hessian @ self.basis


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
    """The search so far (the one mutable object of this module)."""

    phi: NDArray[np.float64]
    point: Point
    gradient: NDArray[np.float64]
    damping: float = 0.0
    newton: bool = False
    decrement: float = np.inf
    value: float = np.inf


def minimise(
    objective: Objective,
    start: NDArray[np.float64],
    free: Reparameterisation,
    *,
    max_iterations: int = MAX_ITERATIONS,
) -> Optimum:
    """Minimise ``objective`` from ``start`` (q,) under linear equality constraints.

    Returns the best point found, with ``converged`` telling whether it is an optimum; never raises
    for lack of convergence.
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
    state = _State(phi, point, free.vector(point.gradient()), value=point.value)
    iteration = 0
    for iteration in range(1, max_iterations + 1):  # noqa: B007
        if not _iterate(state, objective, free):
            break
    return _optimum(state, free, iteration)


def _iterate(state: _State, objective: Objective, free: Reparameterisation) -> bool:
    """Take one step; return False when there is nothing left to gain."""
    information = free.matrix(state.point.information())
    scale = np.diagonal(information).copy()
    scale[scale <= 0] = scale.max() * 1e-12 + 1e-300
    metric, newton = information, state.newton
    if newton:
        metric = free.matrix(state.point.hessian())
    for _ in range(60):
        step, decrement = _damped_step(metric, state.gradient, state.damping, scale)
        if step is None:
            if metric is not information:
                metric = information
            else:
                state.damping = max(10.0 * state.damping, 1e-4)
            continue
        if state.damping == 0.0 and decrement <= DECREMENT:
            state.decrement = decrement
            if newton:
                return False
            state.newton = True
        if _advance(state, objective, free, step, metric, decrement):
            return True
        if decrement <= ACCEPTABLE**2:
            return False
        state.damping = max(10.0 * state.damping, 1e-3)
    return False


def _damped_step(
    metric: NDArray[np.float64],
    gradient: NDArray[np.float64],
    damping: float,
    scale: NDArray[np.float64],
) -> tuple[NDArray[np.float64] | None, float]:
    """Return the step and the decrement, or None when the metric is not positive definite."""
    root = np.sqrt(scale)
    scaled = metric / np.multiply.outer(root, root)
    if damping:
        scaled[np.diag_indices_from(scaled)] += damping
    factor = cholesky_or_none(scaled)
    if factor is None:
        return None, np.inf
    half = np.linalg.solve(factor, gradient / root)
    return -np.linalg.solve(factor.T, half) / root, float(np.sqrt(half @ half))


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
    predicted = -float(state.gradient @ step) - 0.5 * float(step @ metric @ step)
    rounding = 1e-13 * (1.0 + abs(state.value))
    if not np.isfinite(value):
        return False
    if predicted > rounding and value > state.value - 1e-4 * predicted:
        return False
    if predicted <= rounding and value > state.value + rounding:
        return False
    gradient = free.vector(point.gradient())
    ratio = (state.value - value) / predicted if predicted > rounding else 1.0
    slow = decrement > 0.3 * state.decrement or decrement < 0.05
    state.newton = state.newton or slow
    state.decrement = decrement
    if ratio > 0.5:
        state.damping = 0.1 * state.damping if state.damping > 1e-5 else 0.0
    state.phi, state.point, state.gradient, state.value = phi, point, gradient, value
    return True


def _optimum(state: _State, free: Reparameterisation, iterations: int) -> Optimum:
    information = np.diagonal(free.matrix(state.point.information()))
    scaled = np.abs(state.gradient) / np.sqrt(np.maximum(information, 1e-300))
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
