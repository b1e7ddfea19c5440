"""What an estimator aims at in ordinal data: moments with their weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import EstimationError, Reason
from loyaltysem.estimation.asymptotics import inverse_of
from loyaltysem.estimation.discrepancy import cholesky_or_none
from loyaltysem.estimation.ordinal.adjoints import OrdinalTarget
from loyaltysem.estimation.residual_indices import MomentPair

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.options import Options
    from loyaltysem.estimation.ordinal.implied import OrdinalImplied
    from loyaltysem.estimation.ordinal.moments import OrdinalMoments

    Array = NDArray[np.float64]


def ordinal_target(part: OrdinalMoments, share: float, options: Options) -> OrdinalTarget:
    """Return one group's moments with the weights of the estimator.

    Raises
    ------
    EstimationError
        The weight matrix of WLS cannot be had.
    """
    if options.discrepancy == "ULS":
        weight = np.ones(len(part.vector))
    elif options.discrepancy == "DWLS":
        weight = 1.0 / np.diagonal(required_gamma(part.gamma))
    else:
        weight = _full_weight(part)
    shrink = (part.n - 1) / part.n
    return OrdinalTarget(
        vector=part.vector, share=share, shrink=shrink, weight=weight, gamma=part.gamma
    )


def _full_weight(part: OrdinalMoments) -> Array:
    gamma = required_gamma(part.gamma)
    if part.n <= len(gamma):
        raise EstimationError(
            f"WLS needs more rows than sample moments: {part.n} rows, {len(gamma)} moments",
            remedy="Use WLSMV.",
            reason=Reason("too_few_respondents", {"n": part.n, "needed": len(gamma) + 1}),
        )
    if cholesky_or_none(gamma) is None:
        raise EstimationError(
            "The asymptotic covariance matrix of the moments is not positive definite, so WLS has "
            "no weight matrix",
            remedy="Use WLSMV, or merge rare categories.",
            reason=Reason("weights_singular"),
        )
    return inverse_of(gamma)


def required_gamma(gamma: Array | None) -> Array:
    """Return the asymptotic covariance matrix; refuse to go on without it."""
    if gamma is None:
        raise EstimationError("The asymptotic covariance matrix of the moments was not computed")
    return gamma


def weight_given_the_rest(weight: Array, some: NDArray[np.intp]) -> Array:
    """Return the weight of some moments when all others are free to adapt."""
    if weight.ndim == 1:
        return weight[some]
    others = np.setdiff1d(np.arange(len(weight)), some)
    rest, crossed = weight[np.ix_(others, others)], weight[np.ix_(some, others)]
    adapted: Array = weight[np.ix_(some, some)] - crossed @ np.linalg.solve(rest, crossed.T)
    return adapted


def ordinal_pair(part: OrdinalMoments, share: float, at: OrdinalImplied) -> MomentPair:
    """Return one group's sample and implied moments side by side."""
    cuts = ~part.is_mean
    numeric = len(part.numeric)
    mean = np.zeros(len(part.sizes))
    mean[part.numeric] = part.thresholds[part.is_mean]
    given = part.slopes.size > 0
    return MomentPair(
        share=share,
        cov=part.cov,
        implied_cov=at.cov,
        mean=mean,
        implied_mean=at.responses.mu,
        slopes=part.slopes if given else None,
        implied_slopes=at.slopes if given else None,
        covariate_mean=part.covariate_mean if given else None,
        covariate_cov=part.covariate_cov if given else None,
        thresholds=part.thresholds[cuts],
        implied_thresholds=at.thresholds[cuts],
        extra=2 * numeric + part.slopes.size,
    )
