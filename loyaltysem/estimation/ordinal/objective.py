r"""Least squares on the vector of ordinal moments: ULS, DWLS and WLS.

    F(theta) = (1/2) sum_g f_g (n_g - 1) / n_g (s_g - sigma_g)' V_g (s_g - sigma_g)

with f_g = n_g / N the share of a group and V_g the identity (ULS), the inverse diagonal of the
asymptotic covariance of s_g (DWLS) or its inverse (WLS). The chi-square is N times twice the
minimum.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.ordinal.adjoints import adjoints, group_bend, group_gradient, pull_of
from loyaltysem.estimation.ordinal.derivatives import ordinal_jacobian, vector_jacobian
from loyaltysem.estimation.ordinal.implied import ordinal_implied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from loyaltysem.estimation.ordinal.adjoints import OrdinalTarget
    from loyaltysem.estimation.ordinal.derivatives import OrdinalJacobian
    from loyaltysem.estimation.ordinal.implied import OrdinalImplied, OrdinalStructure

    Array = NDArray[np.float64]

# Step of the numerical derivative of the gradient.
_STEP = 1e-6


class OrdinalPoint:
    """The objective at one theta; everything beyond the value is computed when asked for."""

    def __init__(
        self,
        structures: tuple[OrdinalStructure, ...],
        targets: tuple[OrdinalTarget, ...],
        theta: Array,
    ) -> None:
        self.structures = structures
        self.targets = targets
        self.theta = theta
        self.groups = tuple(ordinal_implied(structure, theta) for structure in structures)

    @cached_property
    def value(self) -> float:
        """The discrepancy; inf where a response would have a negative variance."""
        total = 0.0
        for _, target, point in self._parts():
            residual = target.vector - point.vector
            part = 0.5 * float(residual @ target.weighted(residual))
            total += target.share * target.shrink * part
        return total if np.isfinite(total) else np.inf

    @cached_property
    def jacobians(self) -> tuple[OrdinalJacobian, ...]:
        """Derivatives of each group's quantities."""
        return tuple(
            ordinal_jacobian(structure, point)
            for structure, point in zip(self.structures, self.groups, strict=True)
        )

    @cached_property
    def deltas(self) -> tuple[Array, ...]:
        """Derivatives (s, q) of each group's moments, lavaan's Delta."""
        parts = zip(self.structures, self.groups, self.jacobians, strict=True)
        return tuple(vector_jacobian(*part) for part in parts)

    @cached_property
    def spreads(self) -> tuple[Array, ...]:
        """Gamma V Delta (s, q) of each group, for groups whose Gamma is known."""
        return tuple(
            target.gamma @ target.weighted(delta)
            for target, delta in zip(self.targets, self.deltas, strict=True)
            if target.gamma is not None
        )

    def gradient(self) -> Array:
        """Return the gradient (q,)."""
        total = np.zeros(len(self.theta))
        for structure, target, point in self._parts():
            slopes = adjoints(structure, point, pull_of(structure, target, point))
            total += target.share * target.shrink * group_gradient(structure, point, slopes)
        return total

    def information(self) -> Array:
        """Return sum f Delta' V Delta (q, q)."""
        return self._squares(shrunk=False)

    def _squares(self, *, shrunk: bool) -> Array:
        q = len(self.theta)
        total = np.zeros((q, q))
        for (structure, target, _), delta in zip(self._parts(), self.deltas, strict=True):
            share = target.share * (target.shrink if shrunk else 1.0)
            total += share * _weighted_square(structure, target, delta)
        return total

    def hessian(self) -> Array:
        """Return the matrix of second derivatives (q, q)."""
        if any(len(structure.inner) for structure in self.structures):
            return self._numerical_hessian()
        total = self._squares(shrunk=True)
        for (structure, target, point), by in zip(self._parts(), self.jacobians, strict=True):
            pull = pull_of(structure, target, point)
            total += target.share * target.shrink * group_bend(structure, point, by, pull)
        return total

    def _numerical_hessian(self) -> Array:
        """Differentiate the gradient (residual variances in psi make it too winding by hand)."""
        columns = []
        for k in range(len(self.theta)):
            step = np.zeros(len(self.theta))
            step[k] = _STEP
            ahead, behind = (
                OrdinalPoint(self.structures, self.targets, self.theta + s).gradient()
                for s in (step, -step)
            )
            columns.append((ahead - behind) / (2 * _STEP))
        hessian = np.array(columns)
        return 0.5 * (hessian + hessian.T)

    def _parts(self) -> Iterator[tuple[OrdinalStructure, OrdinalTarget, OrdinalImplied]]:
        return zip(self.structures, self.targets, self.groups, strict=True)


@dataclass(frozen=True, slots=True)
class OrdinalObjective:
    """The discrepancy as a function of theta."""

    structures: tuple[OrdinalStructure, ...]
    targets: tuple[OrdinalTarget, ...]

    def at(self, theta: Array) -> OrdinalPoint:
        """Return the objective at ``theta`` (q,)."""
        return OrdinalPoint(self.structures, self.targets, theta)


def _weighted_square(structure: OrdinalStructure, target: OrdinalTarget, delta: Array) -> Array:
    """Return Delta' V Delta; with diagonal V block by block, where most derivatives are zero."""
    if target.weight.ndim == 2:
        return delta.T @ target.weighted(delta)
    q = delta.shape[1]
    total = np.zeros((q, q))
    cut = len(structure.variable)
    for rows in (slice(0, cut), slice(cut, None)):
        columns = np.flatnonzero(delta[rows].any(axis=0))
        block = np.ascontiguousarray(delta[rows, columns])
        total[np.ix_(columns, columns)] += (block.T * target.weight[rows]) @ block
    return total
