"""Rows under which a fitted model holds exactly (Bollen & Stine 1992)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.bootstrapping.resampling import sample_rows
from loyaltysem.estimation.continuous import ContinuousProblem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.fitted import Fit

    Array = NDArray[np.float64]


def model_true_rows(fit: Fit) -> list[Array]:
    """Return each group's rows, transformed so that their moments are the implied ones.

    ``(X - mean) S^-1/2 Sigma^1/2 + mu`` with symmetric roots; the means stay without a mean
    structure. Bollen & Stine (1992), Sociological Methods & Research 21, 205-229, eq. 13.

    Raises
    ------
    EstimationError
        The estimator is not maximum likelihood on complete data.
    """
    problem = fit.problem
    if not (
        isinstance(problem, ContinuousProblem)
        and problem.complete_rows
        and problem.options.discrepancy == "ML"
    ):
        raise EstimationError(
            "The Bollen-Stine bootstrap exists for maximum likelihood on complete data",
            remedy='Use kind="nonparametric", or a corrected test such as that of MLM or WLSMV.',
        )
    rows = []
    for data, sample, point in zip(
        sample_rows(fit), problem.samples, problem.implied(fit.point), strict=True
    ):
        mean = point.mu if sample.means else sample.mean
        turn = _power(sample.cov, -0.5) @ _power(np.asarray(point.sigma), 0.5)
        rows.append((data - sample.mean) @ turn + mean)
    return rows


def _power(matrix: Array, exponent: float) -> Array:
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * values**exponent) @ vectors.T)
