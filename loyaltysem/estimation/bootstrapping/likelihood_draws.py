"""Bootstrap samples of maximum likelihood on complete data, estimated a batch at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.bootstrapping.draws import batched_search, is_linear
from loyaltysem.estimation.bootstrapping.likelihood import BatchedLikelihood, batched_likelihood
from loyaltysem.estimation.bootstrapping.resampling import (
    chunk_size,
    draw_counts,
    resampled_moments,
)
from loyaltysem.estimation.continuous import ContinuousProblem
from loyaltysem.estimation.discrepancy import moment_objective

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.bootstrapping.draws import BatchedSearch, Drawn, Workers
    from loyaltysem.estimation.bootstrapping.states import SampleBatch
    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.estimation.problem import Problem

    Array = NDArray[np.float64]


def likelihood_draws(fit: Fit, rows: Sequence[Array]) -> LikelihoodDraws | None:
    """Return what estimates samples of ``rows``; None for another estimator than plain ML."""
    problem = fit.problem
    if not (isinstance(problem, ContinuousProblem) and _is_plain(problem)):
        return None
    search = batched_search(fit, problem.n_divisor)
    matrices = [one.matrices for one in problem.structures]
    return LikelihoodDraws(
        problem=problem,
        search=search,
        likelihood=batched_likelihood(matrices, problem.samples, search.free),
        rows=tuple(rows),
    )


def _is_plain(problem: ContinuousProblem) -> bool:
    return (
        problem.options.discrepancy == "ML"
        and problem.complete_rows
        and not problem.fixed
        and is_linear(problem)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelihoodDraws:
    """Maximum likelihood on complete data: a chunk at a time."""

    problem: ContinuousProblem
    search: BatchedSearch
    likelihood: BatchedLikelihood
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
        return self.search.estimates(
            self.likelihood, samples, lambda k: self._alone(samples, k), failed
        )

    def _alone(self, samples: Sequence[SampleBatch], k: int) -> Problem:
        """Return the problem of one draw."""
        own = tuple(
            replace(sample, cov=batch.cov[k], mean=batch.mean[k], log_det=float(batch.log_det[k]))
            for sample, batch in zip(self.problem.samples, samples, strict=True)
        )
        groups = [
            replace(group, cov=batch.cov[k], mean=batch.mean[k], data=None)
            for group, batch in zip(self.problem.moments.groups, samples, strict=True)
        ]
        return replace(
            self.problem,
            samples=own,
            moments=self.problem.moments.with_groups(groups),
            objective=moment_objective("ML", self.problem.structures, own),
        )
