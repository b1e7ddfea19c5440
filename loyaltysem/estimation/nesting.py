"""Whether one model is nested in another, asked of the models themselves.

The more restricted model's implied moments are taken for data: a model that it is nested in must
reproduce them exactly (Bentler & Satorra 2010).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.continuous import ContinuousProblem
from loyaltysem.estimation.continuous_moments import implied_groups
from loyaltysem.estimation.discrepancy import log_determinant, moment_objective
from loyaltysem.estimation.search import search_from

if TYPE_CHECKING:
    from loyaltysem.estimation.fitted import Fit

REPRODUCED = 1e-3
"""Largest chi-square of the less restricted model that still counts as an exact fit."""


def can_be_nested(less: Fit, more: Fit) -> bool:
    """Tell whether ``more`` can be nested in ``less``.

    Parameters
    ----------
    less, more
        Fits to the same data, ``more`` with more degrees of freedom.

    Returns
    -------
    False only when ``less`` demonstrably cannot reproduce the moments that ``more`` implies; True
    when it can, and also when the question cannot be decided (incomplete or ordinal data, or a
    search that did not converge).
    """
    problem = less.problem
    if not isinstance(problem, ContinuousProblem):
        return True
    order = [more.table.observed.index(name) for name in less.table.observed]
    samples = tuple(
        replace(
            sample,
            cov=at.sigma[np.ix_(order, order)],
            mean=at.mu[order] if sample.means else sample.mean,
            log_det=log_determinant(at.sigma),
        )
        for sample, at in zip(problem.samples, implied_groups(more.point), strict=True)
    )
    objective = moment_objective(problem.options.discrepancy, problem.structures, samples)
    reproduced = replace(problem, samples=samples, objective=objective)
    for start in (less.theta, problem.start()):
        found = search_from(reproduced, start)
        if 2 * less.n * found.value < REPRODUCED:
            return True
        if not found.converged:
            return True
    return False
