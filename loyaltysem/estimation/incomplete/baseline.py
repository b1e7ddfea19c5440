"""The independence model of incomplete data: each variable by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.incomplete.saturated import em_moments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.incomplete.saturated import SaturatedMoments

    Array = NDArray[np.float64]


def independence_moments(
    data: Array, saturated: SaturatedMoments, covariates: Sequence[int], *, fixed: bool
) -> tuple[Array, Array]:
    """Return mean (p,) and covariance (p, p) of a group's independence model at its maximum.

    Each variable has the mean and variance of the respondents who have it. Exogenous covariates
    stay related: at their saturated moments, or at those of their own saturated model.

    Parameters
    ----------
    data
        (n, p) with NaN.
    saturated
        The group's saturated moments.
    covariates
        Columns of the exogenous covariates.
    fixed
        Whether their moments are fixed rather than estimated.
    """
    mean, cov = np.nanmean(data, axis=0), np.diag(np.nanvar(data, axis=0))
    if not covariates:
        return mean, cov
    outer = list(covariates)
    block = np.ix_(outer, outer)
    if fixed:
        mean[outer], cov[block] = saturated.mean[outer], saturated.cov[block]
    else:
        own = em_moments(data[:, outer])
        mean[outer], cov[block] = own.mean, own.cov
    return mean, cov
