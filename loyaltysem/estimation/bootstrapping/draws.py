"""Estimates in bootstrap samples: what every way of drawing them gives, and the shared search."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.bootstrapping.search import minimise_batch
from loyaltysem.estimation.information import symmetric_inverse
from loyaltysem.estimation.optimise import minimise, reparameterisation
from loyaltysem.estimation.search import search_from

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.bootstrapping.search import BatchedObjective, Sample
    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.estimation.optimise import Optimum, Reparameterisation
    from loyaltysem.estimation.problem import Problem

    Array = NDArray[np.float64]

Workers = Literal["threads", "processes"]

PATIENCE = 100
"""Iterations that a draw is given by the optimiser of single fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Estimates of one chunk: ``theta`` (b, q), ``chisq`` (b,), and how many failed, by reason."""

    theta: Array
    chisq: Array
    failed: Counter[str]


class Drawer(Protocol):
    """Estimates the draws of one chunk; can be sent to another process."""

    @property
    def chunk(self) -> int:
        """Draws of one chunk."""
        ...

    @property
    def workers(self) -> Workers:
        """Which kind of workers serves it best."""
        ...

    def draw(self, seed: np.random.SeedSequence, draws: int) -> Drawn:
        """Return the estimates of ``draws`` bootstrap samples."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchedSearch:
    """Where the draws of a batch are sought from.

    Attributes
    ----------
    free
        The linear equality constraints.
    start
        The full sample's phi (q',).
    metric
        Inverse unit information there (q', q').
    n
        Rows of a sample, all groups.
    """

    free: Reparameterisation
    start: Array
    metric: Array
    n: float

    def estimates(
        self,
        objective: BatchedObjective[Sample],
        samples: Sequence[Sample],
        alone: Callable[[int], Problem],
        failed: Counter[str],
    ) -> Drawn:
        """Return the estimates in all samples.

        Parameters
        ----------
        objective, samples
            What is minimised, and the samples of each group.
        alone
            Returns the problem of one draw, for those that the batch gives up.
        failed
            How many draws gave no sample to search, by reason; the others' failures join them.
        """
        if not len(samples[0]):
            return Drawn(
                theta=np.empty((0, len(self.free.offset))), chisq=np.empty(0), failed=+failed
            )
        found = minimise_batch(objective, self.start, self.metric, samples, self.n)
        theta, value, keep = self.free.theta(found.phi), found.value.copy(), found.converged.copy()
        for k in np.flatnonzero(~found.converged):
            optimum = search_one(alone(int(k)), self.free.theta(self.start))
            if optimum.converged:
                theta[k], value[k], keep[k] = optimum.theta, optimum.value, True
        lost = Counter({"not_converged": int((~keep).sum())})
        return Drawn(theta=theta[keep], chisq=2.0 * self.n * value[keep], failed=failed + lost)


def batched_search(fit: Fit, n: float) -> BatchedSearch:
    """Return the search for batches of draws of a fit with ``n`` rows.

    Raises
    ------
    EstimationError
        The model is not identified.
    """
    free = reparameterisation(fit.problem.constraints)
    metric = symmetric_inverse(free.matrix(fit.point.information()))
    if metric is None:
        raise EstimationError(
            "The bootstrap needs an identified model: the information matrix is singular",
            remedy="See the notices of the fit for the parameters that are not determined.",
        )
    return BatchedSearch(free=free, start=free.phi(fit.theta), metric=metric, n=n)


def is_linear(problem: Problem) -> bool:
    """Whether the problem has linear equality constraints at most: what a batch can keep."""
    constraints = problem.constraints
    return not len(constraints.nonlinear) and not len(constraints.inequalities)


def search_one(problem: Problem, start: Array) -> Optimum:
    """Search from the full sample's estimates, and from computed ones where that fails.

    A draw whose estimates run off to infinity is given up sooner than a single fit would be.
    """
    if not is_linear(problem):
        return search_from(problem, start)
    free = reparameterisation(problem.constraints)
    optimum = minimise(problem.objective, start, free, max_iterations=PATIENCE)
    if optimum.converged:
        return optimum
    return minimise(problem.objective, problem.start(), free, max_iterations=PATIENCE)
