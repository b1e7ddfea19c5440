"""Constraints that no reparameterisation takes away: non-linear ``==``, and ``<`` and ``>``.

Sequential quadratic programming finds the active set; Newton steps on the Karush-Kuhn-Tucker
equations of that set then drive the solution to the accuracy that unconstrained fits have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.information import constrained_inverse
from loyaltysem.estimation.optimise import (
    ACCEPTABLE,
    Optimum,
    Reparameterisation,
    reparameterisation,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.discrepancy import Objective, Point
    from loyaltysem.syntax.constraints import Constraints

FEASIBLE = 1e-8
# An inequality this close to equality at the solution is active (lavaan's inactive.idx uses 1e-5).
ACTIVE = 1e-5
# What SLSQP is told where implied matrices are not positive definite.
BARRIER = 1e10


@dataclass(frozen=True, slots=True)
class _Scaled:
    """The objective over its unit, by x = phi times the root of the information at the start."""

    objective: Objective
    free: Reparameterisation
    root: NDArray[np.float64]
    unit: float

    def theta(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.free.theta(x / self.root)

    def value_and_gradient(self, x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        point = self.objective.at(self.theta(x))
        if not np.isfinite(point.value):
            return BARRIER, np.zeros_like(x)
        return point.value / self.unit, self.gradient(point)

    def gradient(self, point: Point) -> NDArray[np.float64]:
        return self.free.vector(point.gradient()) / (self.root * self.unit)

    def jacobian(self, by_theta: NDArray[np.float64]) -> NDArray[np.float64]:
        along = by_theta if self.free.basis is None else by_theta @ self.free.basis
        return along / self.root


def minimise_constrained(
    objective: Objective,
    start: NDArray[np.float64],
    free: Reparameterisation,
    constraints: Constraints,
    *,
    unit: float = 1.0,
) -> Optimum:
    """Minimise ``objective`` (q,) under non-linear equalities and inequalities.

    Linear equalities are in ``free``; ``unit`` is the size of a large value. The result's gradient
    is that of the Lagrangian, and ``converged`` asks for feasibility too.
    """
    from scipy.optimize import minimize  # slow to import, and rarely needed

    phi = free.phi(start)
    information = np.diagonal(free.matrix(objective.at(free.theta(phi)).information()))
    root = np.sqrt(np.maximum(information, 1e-12 * information.max()) / unit)
    scaled = _Scaled(objective, free, root, unit)
    found = minimize(  # type: ignore[call-overload]
        scaled.value_and_gradient,
        phi * scaled.root,
        jac=True,
        method="SLSQP",
        constraints=_slsqp_constraints(scaled, constraints),
        options={"maxiter": 1000, "ftol": 1e-13},
    )
    return _polish(scaled, np.asarray(found.x), constraints, int(found.nit))


def _slsqp_constraints(scaled: _Scaled, constraints: Constraints) -> list[dict[str, object]]:
    kinds = [("eq", constraints.nonlinear), ("ineq", constraints.inequalities)]
    return [
        {
            "type": kind,
            "fun": lambda x, e=expressions: e.evaluate(scaled.theta(x)),
            "jac": lambda x, e=expressions: scaled.jacobian(e.jacobian(scaled.theta(x))),
        }
        for kind, expressions in kinds
        if len(expressions)
    ]


def inverse_within(
    constraints: Constraints, information: NDArray[np.float64], theta: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Return the inverse information (q, q) within all constraints, None if singular."""
    return constrained_inverse(
        information, reparameterisation(constraints), active_jacobian(constraints, theta)
    )


def active_jacobian(constraints: Constraints, theta: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the derivatives (k, q) of the non-linear equalities and active inequalities."""
    active = np.abs(constraints.inequalities.evaluate(theta)) <= ACTIVE
    return np.concatenate(
        [
            constraints.nonlinear.jacobian(theta),
            constraints.inequalities.jacobian(theta)[active],
        ]
    )


def _polish(
    scaled: _Scaled, x: NDArray[np.float64], constraints: Constraints, iterations: int
) -> Optimum:
    """Take Newton steps on the conditions of an optimum with the active set held."""
    active = np.abs(constraints.inequalities.evaluate(scaled.theta(x))) <= ACTIVE
    best = x
    residual, multipliers, step = _kkt(scaled, x, constraints, active)
    for _ in range(30):
        if residual <= 1e-11:
            break
        candidate = best + step
        following, along, next_step = _kkt(scaled, candidate, constraints, active)
        if not following < residual:
            break
        best, residual, multipliers, step = candidate, following, along, next_step
        iterations += 1
    return _optimum(scaled, best, constraints, residual, multipliers, iterations)


def _kkt(
    scaled: _Scaled,
    x: NDArray[np.float64],
    constraints: Constraints,
    active: NDArray[np.bool_],
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Return the residual of the conditions, least-squares multipliers, and the Newton step.

    The Hessian of the objective is analytic, that of the constraints by differences of their
    analytic derivatives.
    """
    theta = scaled.theta(x)
    point = scaled.objective.at(theta)
    if not np.isfinite(point.value):
        return np.inf, np.zeros(0), np.zeros_like(x)
    gradient = scaled.gradient(point)
    values, slopes = _active(scaled, theta, constraints, active)
    multipliers = np.asarray(np.linalg.lstsq(slopes.T, gradient, rcond=None)[0], dtype=np.float64)
    lagrangian = gradient - slopes.T @ multipliers
    residual = max(np.abs(lagrangian).max(), np.abs(values).max(initial=0.0))
    hessian = scaled.free.matrix(point.hessian())
    hessian = hessian / (np.outer(scaled.root, scaled.root) * scaled.unit)
    hessian -= _constraint_curvature(scaled, x, constraints, active, multipliers)
    k = len(values)
    system = np.block([[hessian, slopes.T], [slopes, np.zeros((k, k))]])
    step = np.linalg.lstsq(system, -np.concatenate([lagrangian, values]), rcond=None)[0]
    return float(residual), multipliers, np.asarray(step[: len(x)], dtype=np.float64)


def _active(
    scaled: _Scaled,
    theta: NDArray[np.float64],
    constraints: Constraints,
    active: NDArray[np.bool_],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    equal, unequal = constraints.nonlinear, constraints.inequalities
    values = np.concatenate([equal.evaluate(theta), unequal.evaluate(theta)[active]])
    slopes = np.concatenate([equal.jacobian(theta), unequal.jacobian(theta)[active]])
    return values, scaled.jacobian(slopes)


def _constraint_curvature(
    scaled: _Scaled,
    x: NDArray[np.float64],
    constraints: Constraints,
    active: NDArray[np.bool_],
    multipliers: NDArray[np.float64],
    width: float = 1e-5,
) -> NDArray[np.float64]:
    """Return the second derivatives of multipliers' constraints, by central differences."""

    def pull(shifted: NDArray[np.float64]) -> NDArray[np.float64]:
        _, slopes = _active(scaled, scaled.theta(shifted), constraints, active)
        return slopes.T @ multipliers

    steps = width * np.eye(len(x))
    columns = [(pull(x + step) - pull(x - step)) / (2 * width) for step in steps]
    curved = np.array(columns)
    return 0.5 * (curved + curved.T)


def _optimum(
    scaled: _Scaled,
    x: NDArray[np.float64],
    constraints: Constraints,
    residual: float,
    multipliers: NDArray[np.float64],
    iterations: int,
) -> Optimum:
    theta = scaled.theta(x)
    point = scaled.objective.at(theta)
    broken = np.concatenate(
        [
            np.abs(constraints.nonlinear.evaluate(theta)),
            np.maximum(-constraints.inequalities.evaluate(theta), 0.0),
        ]
    )
    pressing = multipliers[len(constraints.nonlinear) :]
    return Optimum(
        theta=theta,
        value=point.value,
        point=point,
        converged=bool(
            residual <= ACCEPTABLE
            and broken.max(initial=0.0) <= FEASIBLE
            and (pressing >= -ACCEPTABLE).all()
        ),
        iterations=iterations,
        gradient_max=residual,
        decrement=residual,
    )
