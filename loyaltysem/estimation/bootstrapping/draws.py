"""Estimates in bootstrap samples: in batches where the likelihood allows, one by one elsewhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, ModelSpecificationError
from loyaltysem.estimation.bootstrapping.likelihood import BatchedLikelihood, batched_likelihood
from loyaltysem.estimation.bootstrapping.resampling import (
    chunk_size,
    draw_counts,
    draw_rows,
    resampled_moments,
)
from loyaltysem.estimation.bootstrapping.search import minimise_batch
from loyaltysem.estimation.continuous import ContinuousProblem
from loyaltysem.estimation.discrepancy import moment_objective
from loyaltysem.estimation.information import symmetric_inverse
from loyaltysem.estimation.moments import raw_rows
from loyaltysem.estimation.optimise import minimise, reparameterisation
from loyaltysem.estimation.ordinal.columns import CategoryLostError
from loyaltysem.estimation.ordinal.problem import OrdinalProblem
from loyaltysem.estimation.ordinal.resampling import resampled_problem
from loyaltysem.estimation.problems import Source, make_problem
from loyaltysem.estimation.search import search_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.bootstrapping.states import SampleBatch
    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.estimation.optimise import Optimum
    from loyaltysem.estimation.problem import Problem

    Array = NDArray[np.float64]

Workers = Literal["threads", "processes"]

_GROUP = "group of the respondent"
_SLOW_CHUNK = 10

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


def drawer(fit: Fit, rows: Sequence[Array]) -> Drawer:
    """Return what estimates bootstrap samples of ``rows`` (one array (n, p) per group)."""
    problem = fit.problem
    if isinstance(problem, ContinuousProblem) and _is_batchable(problem):
        return _batched(fit, problem, tuple(rows))
    return OneByOne(problem=problem, start=fit.theta, rows=tuple(rows))


def _is_batchable(problem: ContinuousProblem) -> bool:
    """Whether the batched likelihood knows the problem: plain ML without non-linear constraints."""
    constraints = problem.constraints
    return (
        problem.options.discrepancy == "ML"
        and problem.complete_rows
        and not problem.fixed
        and not len(constraints.nonlinear)
        and not len(constraints.inequalities)
    )


def _batched(fit: Fit, problem: ContinuousProblem, rows: tuple[Array, ...]) -> Batched:
    free = reparameterisation(problem.constraints)
    information = free.matrix(fit.point.information())
    metric = symmetric_inverse(information)
    if metric is None:
        raise EstimationError(
            "The bootstrap needs an identified model: the information matrix is singular",
            remedy="See the notices of the fit for the parameters that are not determined.",
        )
    matrices = [one.matrices for one in problem.structures]
    return Batched(
        problem=problem,
        likelihood=batched_likelihood(matrices, problem.samples, free),
        start=free.phi(fit.theta),
        metric=metric,
        rows=rows,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Batched:
    """Maximum likelihood on complete data: a chunk at a time."""

    problem: ContinuousProblem
    likelihood: BatchedLikelihood
    start: Array
    metric: Array
    rows: tuple[Array, ...]

    @property
    def chunk(self) -> int:
        """Draws of one chunk."""
        return chunk_size(max(len(one) for one in self.rows))

    @property
    def workers(self) -> Workers:
        """Threads: numpy does the work outside the interpreter's lock."""
        return "threads"

    def draw(self, seed: np.random.SeedSequence, draws: int) -> Drawn:
        """Return the estimates of ``draws`` bootstrap samples."""
        rng = np.random.default_rng(seed)
        counts = draw_counts(rng, [len(one) for one in self.rows], draws)
        samples = [
            resampled_moments(data, count, 1.0 if self.problem.options.divisor_n else n / (n - 1))
            for data, count, n in zip(self.rows, counts, map(len, self.rows), strict=True)
        ]
        possible = np.isfinite(sum(one.log_det for one in samples))
        samples = [one.take(np.flatnonzero(possible)) for one in samples]
        failed = Counter({"singular_sample": int((~possible).sum())})
        n = self.problem.n_divisor
        found = minimise_batch(self.likelihood, self.start, self.metric, samples, n)
        theta, value = self.likelihood.free.theta(found.phi), found.value.copy()
        keep = found.converged.copy()
        for k in np.flatnonzero(~found.converged):
            optimum = self._alone(samples, int(k))
            if optimum.converged:
                theta[k], value[k], keep[k] = optimum.theta, optimum.value, True
            else:
                failed["not_converged"] += 1
        return Drawn(theta=theta[keep], chisq=2.0 * n * value[keep], failed=+failed)

    def _alone(self, samples: Sequence[SampleBatch], k: int) -> Optimum:
        """Search for one draw with the optimiser of single fits."""
        own = tuple(
            replace(sample, cov=batch.cov[k], mean=batch.mean[k], log_det=float(batch.log_det[k]))
            for sample, batch in zip(self.problem.samples, samples, strict=True)
        )
        groups = [
            replace(group, cov=batch.cov[k], mean=batch.mean[k], data=None)
            for group, batch in zip(self.problem.moments.groups, samples, strict=True)
        ]
        alone = replace(
            self.problem,
            samples=own,
            moments=self.problem.moments.with_groups(groups),
            objective=moment_objective("ML", self.problem.structures, own),
        )
        return _search(alone, self.likelihood.free.theta(self.start))


@dataclass(frozen=True, slots=True, kw_only=True)
class OneByOne:
    """Any other estimator: every draw is fitted like a sample of its own."""

    problem: Problem
    start: Array
    rows: tuple[Array, ...]

    @property
    def chunk(self) -> int:
        """Draws of one chunk."""
        return _SLOW_CHUNK

    @property
    def workers(self) -> Workers:
        """Processes: a single fit is mostly interpreted."""
        return "processes"

    def draw(self, seed: np.random.SeedSequence, draws: int) -> Drawn:
        """Return the estimates of ``draws`` bootstrap samples."""
        rng = np.random.default_rng(seed)
        failed: Counter[str] = Counter()
        thetas: list[Array] = []
        chisq: list[float] = []
        for _ in range(draws):
            picked = [draw_rows(rng, len(one)) for one in self.rows]
            try:
                problem = self._problem(picked)
                optimum = _search(problem, self.start)
            except CategoryLostError:
                failed["category_lost"] += 1
                continue
            except (EstimationError, ModelSpecificationError):
                failed["singular_sample"] += 1
                continue
            if optimum.converged:
                thetas.append(optimum.theta)
                chisq.append(problem.chisq(optimum.theta, optimum.point))
            else:
                failed["not_converged"] += 1
        theta = np.array(thetas).reshape(-1, len(self.start))
        return Drawn(theta=theta, chisq=np.array(chisq), failed=failed)

    def _problem(self, picked: Sequence[NDArray[np.intp]]) -> Problem:
        """Return the problem of fitting the same table to other rows."""
        if isinstance(self.problem, OrdinalProblem):
            return resampled_problem(self.problem, picked)
        table = self.problem.table
        names = list(self.problem.moments.names)
        parts = [
            pd.DataFrame(data[rows], columns=names).assign(**{_GROUP: label})
            for label, data, rows in zip(table.group_labels, self.rows, picked, strict=True)
        ]
        grouped = _GROUP if table.n_groups > 1 else None
        source = Source(data=pd.concat(parts, ignore_index=True), group=grouped)
        return make_problem(table, source, self.problem.options)


def _search(problem: Problem, start: Array) -> Optimum:
    """Search from the full sample's estimates, and from computed ones where that fails.

    A draw whose estimates run off to infinity is given up sooner than a single fit would be.
    """
    constraints = problem.constraints
    if len(constraints.nonlinear) or len(constraints.inequalities):
        return search_from(problem, start)
    free = reparameterisation(constraints)
    optimum = minimise(problem.objective, start, free, max_iterations=PATIENCE)
    if optimum.converged:
        return optimum
    return minimise(problem.objective, problem.start(), free, max_iterations=PATIENCE)


def sample_rows(fit: Fit) -> list[Array]:
    """Return the rows of every group.

    Raises
    ------
    EstimationError
        The input was a covariance matrix.
    """
    return [raw_rows(group) for group in fit.moments.groups]
