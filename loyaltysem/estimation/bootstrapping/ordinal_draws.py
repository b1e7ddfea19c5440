"""Bootstrap samples of ordinal answers, estimated a batch at a time by least squares."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.bootstrapping.draws import batched_search, is_linear
from loyaltysem.estimation.bootstrapping.least_squares import (
    BatchedLeastSquares,
    MomentBatch,
    batched_least_squares,
)
from loyaltysem.estimation.bootstrapping.resampling import chunk_size, draw_counts
from loyaltysem.estimation.ordinal.objective import OrdinalObjective
from loyaltysem.estimation.ordinal.problem import OrdinalProblem
from loyaltysem.estimation.ordinal.table_batches import batch_moments, table_batch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.bootstrapping.draws import BatchedSearch, Drawn, Workers
    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.estimation.ordinal.table_batches import TableBatch
    from loyaltysem.estimation.problem import Problem

    Array = NDArray[np.float64]

# Tables of pairs, all draws of a chunk together.
_TABLES = 20_000


def ordinal_draws(fit: Fit, rows: Sequence[Array]) -> OrdinalDraws | None:
    """Return what estimates samples of ``rows``, category codes with NaN where missing.

    None where variables are numeric, given covariates or inside regressions, and for WLS.
    """
    problem = fit.problem
    if not (isinstance(problem, OrdinalProblem) and _is_plain(problem)):
        return None
    search = batched_search(fit, problem.moments.n)
    objective = problem.objective
    return OrdinalDraws(
        problem=problem,
        search=search,
        squares=batched_least_squares(objective.structures, objective.targets, search.free),
        codes=tuple(np.where(np.isnan(one), -1, one).astype(np.intp) for one in rows),
    )


def _is_plain(problem: OrdinalProblem) -> bool:
    structures = problem.objective.structures
    return (
        problem.options.discrepancy in ("ULS", "DWLS")
        and not problem.table.exogenous
        and is_linear(problem)
        and all((one.sizes > 0).all() and not len(one.inner) for one in structures)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalDraws:
    """Least squares on thresholds and polychoric correlations: a chunk at a time."""

    problem: OrdinalProblem
    search: BatchedSearch
    squares: BatchedLeastSquares
    codes: tuple[NDArray[np.intp], ...]

    @property
    def chunk(self) -> int:
        """Draws of one chunk: fewer where there are many pairs of variables, or many rows."""
        p = int(self.codes[0].shape[1])
        most = max(2 * _TABLES // max(p * (p - 1), 1), 1)
        return min(most, chunk_size(max(len(one) for one in self.codes)))

    @property
    def workers(self) -> Workers:
        """Threads: numpy does the work outside the interpreter's lock."""
        return "threads"

    def draw(self, seed: np.random.SeedSequence, draws: int) -> Drawn:
        """Return the estimates of ``draws`` bootstrap samples."""
        rng = np.random.default_rng(seed)
        counts = draw_counts(rng, [len(one) for one in self.codes], draws)
        structures = self.squares.groups
        batches = [
            table_batch(codes, one.structure.sizes, count)
            for codes, one, count in zip(self.codes, structures, counts, strict=True)
        ]
        possible = np.all([batch.complete for batch in batches], axis=0)
        samples = [self._moments(batch.take(np.flatnonzero(possible))) for batch in batches]
        failed = Counter({"category_lost": int((~possible).sum())})
        return self.search.estimates(
            self.squares, samples, lambda k: self._alone(samples, k), failed
        )

    def _moments(self, batch: TableBatch) -> MomentBatch:
        weighted = self.problem.options.discrepancy == "DWLS"
        vector, variances = batch_moments(batch, with_variances=weighted)
        weight = np.ones_like(vector) if variances is None else 1.0 / variances
        return MomentBatch(vector=vector, weight=weight)

    def _alone(self, samples: Sequence[MomentBatch], k: int) -> Problem:
        """Return the problem of one draw."""
        objective = self.problem.objective
        targets = tuple(
            replace(target, vector=batch.vector[k], weight=batch.weight[k], gamma=None)
            for target, batch in zip(objective.targets, samples, strict=True)
        )
        return replace(self.problem, objective=OrdinalObjective(objective.structures, targets))
