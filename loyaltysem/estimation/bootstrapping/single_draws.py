"""Bootstrap samples of any other estimator: every draw is fitted like a sample of its own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, ModelSpecificationError
from loyaltysem.estimation.bootstrapping.draws import Drawn, search_one
from loyaltysem.estimation.bootstrapping.resampling import draw_rows
from loyaltysem.estimation.incomplete.problem import IncompleteProblem
from loyaltysem.estimation.incomplete.resampling import resampled_likelihood
from loyaltysem.estimation.ordinal.columns import CategoryLostError
from loyaltysem.estimation.ordinal.problem import OrdinalProblem
from loyaltysem.estimation.ordinal.resampling import resampled_problem
from loyaltysem.estimation.problems import Source, make_problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.bootstrapping.draws import Workers
    from loyaltysem.estimation.optimise import Optimum
    from loyaltysem.estimation.problem import Problem

    Array = NDArray[np.float64]

_GROUP = "group of the respondent"
_CHUNK = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class OneByOne:
    """Any other estimator: every draw is fitted like a sample of its own."""

    problem: Problem
    start: Array
    rows: tuple[Array, ...]

    @property
    def chunk(self) -> int:
        """Draws of one chunk."""
        return _CHUNK

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
                optimum = search_one(problem, self.start)
            except CategoryLostError:
                failed["category_lost"] += 1
                continue
            except (EstimationError, ModelSpecificationError):
                failed["singular_sample"] += 1
                continue
            if optimum.converged:
                thetas.append(optimum.theta)
                chisq.append(self._chisq(problem, optimum))
            else:
                failed["not_converged"] += 1
        theta = np.array(thetas).reshape(-1, len(self.start))
        return Drawn(theta=theta, chisq=np.array(chisq), failed=failed)

    def _problem(self, picked: Sequence[NDArray[np.intp]]) -> Problem:
        """Return the problem of fitting the same table to other rows."""
        if isinstance(self.problem, OrdinalProblem):
            return resampled_problem(self.problem, picked)
        if isinstance(self.problem, IncompleteProblem) and not self.problem.fixed:
            return resampled_likelihood(self.problem, picked)
        table = self.problem.table
        names = list(self.problem.moments.names)
        parts = [
            pd.DataFrame(data[rows], columns=names).assign(**{_GROUP: label})
            for label, data, rows in zip(table.group_labels, self.rows, picked, strict=True)
        ]
        grouped = _GROUP if table.n_groups > 1 else None
        source = Source(data=pd.concat(parts, ignore_index=True), group=grouped)
        return make_problem(table, source, self.problem.options)

    def _chisq(self, problem: Problem, optimum: Optimum) -> float:
        """Return the chi-square of a draw; NaN where no saturated model is estimated."""
        if isinstance(self.problem, IncompleteProblem) and not self.problem.fixed:
            return np.nan
        return problem.chisq(optimum.theta, optimum.point)
