"""Acceleration constants of BCa intervals from casewise scores, without refitting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.casewise import casewise_scores
from loyaltysem.estimation.constrained import inverse_within
from loyaltysem.estimation.continuous import ContinuousProblem
from loyaltysem.estimation.discrepancy import MomentPoint
from loyaltysem.estimation.estimates import standardized_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from loyaltysem.estimation.fitted import Fit

    Array = NDArray[np.float64]


def accelerations(fit: Fit) -> tuple[Array | None, Array | None]:
    """Return the acceleration constants of all rows, raw and std.all (rows,); None as below."""
    slopes = [fit.problem.row_jacobian(fit.theta), standardized_values(fit, "std.all")[1]]
    constants = acceleration_constants(fit, np.vstack(slopes))
    if constants is None:
        return None, None
    return constants[: len(fit.est)], constants[len(fit.est) :]


def acceleration_constants(fit: Fit, slopes: Array) -> Array | None:
    """Return the acceleration constants (k,) of quantities with derivatives ``slopes`` (k, q).

    ``a = sum(u^3) / (6 sum(u^2)^1.5)`` with u the influence of each respondent on a quantity: its
    gradient times the inverse observed information times the casewise score. This infinitesimal
    jackknife (Efron 1987, eq. 6.6; Davison & Hinkley 1997, eq. 5.21) takes the place of n refits.
    None without maximum likelihood on complete data, or where the information is singular.
    """
    problem = fit.problem
    if not isinstance(problem, ContinuousProblem) or not problem.complete_rows:
        return None
    if problem.options.discrepancy != "ML":
        return None
    bread = inverse_within(problem.constraints, fit.point.hessian(), fit.theta)
    if bread is None:
        return None
    turn = bread @ slopes.T
    squares, cubes = np.zeros(len(slopes)), np.zeros(len(slopes))
    for scores in _scores(fit):
        influence = scores @ turn
        squares += (influence**2).sum(axis=0)
        cubes += (influence**3).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(squares > 0, cubes / (6.0 * squares**1.5), 0.0)


def _scores(fit: Fit) -> Iterator[Array]:
    """Yield blocks of casewise scores (rows, q) over all groups."""
    problem, point = fit.problem, fit.point
    if not isinstance(problem, ContinuousProblem) or not isinstance(point, MomentPoint):
        return
    for group, sample, structure, at in zip(
        problem.moments.groups, problem.samples, problem.structures, point.groups, strict=True
    ):
        if group.data is None:
            return
        mean = at.implied.mu if sample.means else group.mean
        yield from casewise_scores(
            group.data, mean, at.inner, structure, at.implied, meanstructure=sample.means
        )
