"""Incomplete-data problems of resampled respondents: what a bootstrap draw is fitted to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from loyaltysem.estimation.incomplete.objective import FimlObjective
from loyaltysem.estimation.incomplete.patterns import missing_patterns
from loyaltysem.estimation.moments import raw_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from loyaltysem.estimation.incomplete.problem import IncompleteProblem


def resampled_likelihood(
    problem: IncompleteProblem, rows: Sequence[NDArray[np.intp]]
) -> IncompleteProblem:
    """Return the same model with the likelihood of other respondents.

    The saturated moments, half of a fit's work, are not estimated anew: they move neither the
    optimum nor anything but the chi-square, which the result does not have.

    Parameters
    ----------
    problem
        The model and the original sample, without fixed covariates.
    rows
        For each group the positions of its respondents, with repetitions.
    """
    samples = tuple(
        replace(sample, patterns=missing_patterns(raw_rows(group)[chosen]))
        for sample, group, chosen in zip(
            problem.objective.samples, problem.moments.groups, rows, strict=True
        )
    )
    return replace(problem, objective=FimlObjective(problem.structures, samples))
