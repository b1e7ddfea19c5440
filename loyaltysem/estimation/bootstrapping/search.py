"""Minimise one objective at many samples at once.

Every draw starts at the estimates of the full sample and moves by limited-memory BFGS (Nocedal
1980) with the inverse information of the full sample as its first metric; a draw that has arrived
leaves the batch. Draws that do not arrive are left to the optimiser of single fits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, Self, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

ARRIVED = 1e-4
"""Share of its standard error that a parameter may be away from its optimum."""

MEMORY = 8
MAX_STEPS = 60
MAX_HALVINGS = 12
SUFFICIENT = 1e-4
"""Share of the predicted decrease that a step must bring (Armijo's rule)."""


class Samples(Protocol):
    """What one group's samples are known by, one entry for each draw."""

    def __len__(self) -> int: ...

    def take(self, draws: NDArray[np.intp]) -> Self:
        """Return some of the draws."""
        ...


Sample = TypeVar("Sample", bound=Samples)
Sample_contra = TypeVar("Sample_contra", bound=Samples, contravariant=True)


class BatchedObjective(Protocol[Sample_contra]):
    """A function of phi (b, q') for each sample of a batch."""

    def value_and_gradient(
        self, phi: Array, samples: Sequence[Sample_contra]
    ) -> tuple[Array, Array]:
        """Return values (b,), inf where there is none, and gradients (b, q')."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchedOptimum:
    """Where each draw stopped: ``phi`` (b, q'), ``value`` (b,), and whether it is an optimum."""

    phi: Array
    value: Array
    converged: NDArray[np.bool_]


class _Batch(Generic[Sample]):
    """The draws that are still under way (the one mutable object of this module).

    ``steps`` and ``changes`` hold the last moves and gradient differences (memory, b, q').
    """

    def __init__(
        self,
        objective: BatchedObjective[Sample],
        start: Array,
        metric: Array,
        samples: list[Sample],
    ) -> None:
        b = len(samples[0])
        self.objective, self.metric, self.samples = objective, metric, samples
        self.draws = np.arange(b)
        self.phi = np.repeat(start[None], b, axis=0)
        self.value, self.gradient = objective.value_and_gradient(self.phi, samples)
        self.steps: list[Array] = []
        self.changes: list[Array] = []
        self.products: list[Array] = []

    def keep(self, mask: NDArray[np.bool_]) -> None:
        """Go on with some of the draws only."""
        index = np.flatnonzero(mask)
        self.draws, self.phi = self.draws[index], self.phi[index]
        self.value, self.gradient = self.value[index], self.gradient[index]
        self.samples = [sample.take(index) for sample in self.samples]
        self.steps = [one[index] for one in self.steps]
        self.changes = [one[index] for one in self.changes]
        self.products = [one[index] for one in self.products]

    def direction(self) -> Array:
        """Return the L-BFGS direction (two-loop recursion)."""
        residual = self.gradient.copy()
        shares: list[Array] = []
        for step, change, product in zip(
            reversed(self.steps), reversed(self.changes), reversed(self.products), strict=True
        ):
            share = product * _dot(step, residual)
            residual -= share[:, None] * change
            shares.append(share)
        residual = residual @ self.metric
        for step, change, product, share in zip(
            self.steps, self.changes, self.products, reversed(shares), strict=True
        ):
            residual += (share - product * _dot(change, residual))[:, None] * step
        return -residual

    def remember(self, step: Array, change: Array) -> None:
        """Note a move; one without positive curvature is given no weight."""
        curvature = _dot(step, change)
        size = np.sqrt(_dot(step, step) * _dot(change, change))
        sound = curvature > 1e-10 * size
        product = np.where(sound, 1.0 / np.where(sound, curvature, 1.0), 0.0)
        self.steps, self.changes = [*self.steps, step], [*self.changes, change]
        self.products = [*self.products, product]
        if len(self.steps) > MEMORY:
            del self.steps[0], self.changes[0], self.products[0]


def minimise_batch(
    objective: BatchedObjective[Sample],
    start: Array,
    metric: Array,
    samples: Sequence[Sample],
    n: float,
) -> BatchedOptimum:
    """Minimise ``objective`` for every draw of ``samples``.

    Parameters
    ----------
    objective
        Of phi (b, q').
    start
        The full sample's phi (q',).
    metric
        Inverse unit information there (q', q'): the covariance matrix of phi times ``n``.
    samples
        One batch of moments per group.
    n
        Rows of a sample, all groups.

    Returns
    -------
    BatchedOptimum
        ``converged`` is False for draws that did not arrive within ``MAX_STEPS`` steps or found no
        step that leads down.
    """
    batch = _Batch(objective, start, metric, list(samples))
    b = len(batch.draws)
    phi, value = batch.phi.copy(), batch.value.copy()
    converged = np.zeros(b, dtype=bool)
    stuck = ~np.isfinite(batch.value)
    for _ in range(MAX_STEPS):
        arrived = _dot(batch.gradient, batch.gradient @ metric) <= ARRIVED**2 / n
        arrived &= np.isfinite(batch.value)
        done = batch.draws[arrived]
        phi[done], value[done], converged[done] = batch.phi[arrived], batch.value[arrived], True
        going = ~arrived & ~stuck
        if not going.any():
            break
        if not going.all():
            batch.keep(going)
        stuck = ~_move(batch)
    return BatchedOptimum(phi=phi, value=value, converged=converged)


def _move(batch: _Batch[Sample]) -> NDArray[np.bool_]:
    """Take one step with every draw, halved until it leads down; return which draws moved."""
    direction = batch.direction()
    slope = _dot(batch.gradient, direction)
    uphill = slope >= 0
    if uphill.any():
        direction[uphill] = -(batch.gradient[uphill] @ batch.metric)
        slope[uphill] = _dot(batch.gradient[uphill], direction[uphill])
    length = np.ones(len(slope))
    value, gradient = batch.objective.value_and_gradient(batch.phi + direction, batch.samples)
    for _ in range(MAX_HALVINGS):
        short = np.flatnonzero(~_leads_down(batch.value, value, slope, length))
        if not len(short):
            break
        length[short] *= 0.5
        trial = batch.phi[short] + length[short, None] * direction[short]
        samples = [sample.take(short) for sample in batch.samples]
        value[short], gradient[short] = batch.objective.value_and_gradient(trial, samples)
    moved = _leads_down(batch.value, value, slope, length)
    length[~moved] = 0.0
    step = length[:, None] * direction
    batch.remember(step, np.where(moved[:, None], gradient - batch.gradient, 0.0))
    batch.phi = batch.phi + step
    batch.value = np.where(moved, value, batch.value)
    batch.gradient = np.where(moved[:, None], gradient, batch.gradient)
    return moved


def _leads_down(before: Array, after: Array, slope: Array, length: Array) -> NDArray[np.bool_]:
    """Tell for each draw whether the step brought enough, but for rounding."""
    with np.errstate(invalid="ignore"):
        enough = before + SUFFICIENT * length * slope + 1e-13 * (1.0 + np.abs(before))
        return np.asarray(after <= enough)


def _dot(first: Array, second: Array) -> Array:
    """Return the products of rows (b,)."""
    return np.asarray(np.einsum("bq,bq->b", first, second))
