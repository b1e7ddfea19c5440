"""Simple slopes: what a predictor does at given values of its moderator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, listed
from loyaltysem.estimation.information import require_vcov

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from loyaltysem.estimation import Fit

    Array = NDArray[np.float64]


def simple_slopes(
    fit: Fit,
    outcome: str,
    predictor: str,
    moderator: str,
    product: str,
    at: ArrayLike,
    *,
    group: int = 1,
) -> pd.DataFrame:
    """Return the slope of ``predictor`` on ``outcome`` at values of ``moderator``.

    ``outcome ~ predictor + moderator + product``: the slope at w is b1 + b3 w with variance
    v11 + 2 w v13 + w^2 v33 (Aiken & West 1991), in the units of the unstandardized solution.

    Parameters
    ----------
    fit
        A model with the latent (or observed) product among the predictors.
    outcome, predictor, moderator, product
        Names in the model.
    at
        Values of the moderator, for instance minus one, zero and plus one standard deviation.
    group
        Number of the group, from 1.

    Returns
    -------
    DataFrame
        ``<moderator>, est, se, z, pvalue``, one row per value, as the SimpleSlope of
        ``semTools::probe2WayMC`` (whose standard errors need the predictors in the model's order).

    Raises
    ------
    EstimationError
        The outcome has no such predictors, or the fit has no standard errors.
    """
    from scipy.special import ndtr

    _check(fit, outcome, (predictor, moderator, product), group)
    values = np.atleast_1d(np.asarray(at, dtype=float))
    slopes, cov = _coefficients(fit, outcome, (predictor, product), group)
    est = slopes[0] + slopes[1] * values
    se = np.sqrt(cov[0, 0] + 2 * values * cov[0, 1] + values**2 * cov[1, 1])
    z = est / se
    return pd.DataFrame(
        {moderator: values, "est": est, "se": se, "z": z, "pvalue": 2 * ndtr(-np.abs(z))}
    )


def johnson_neyman(
    fit: Fit,
    outcome: str,
    predictor: str,
    moderator: str,
    product: str,
    *,
    level: float = 0.95,
    group: int = 1,
) -> tuple[float, ...]:
    """Return the moderator's values at which the simple slope turns significant, ascending.

    The roots of (b1 + b3 w)^2 = z^2 (v11 + 2 w v13 + w^2 v33) (Johnson & Neyman 1936; Bauer &
    Curran 2005): none when the slope is significant everywhere or nowhere, else one or two.

    Raises
    ------
    EstimationError
        As :func:`simple_slopes`.
    """
    from scipy.special import ndtri

    _check(fit, outcome, (predictor, moderator, product), group)
    (b1, b3), cov = _coefficients(fit, outcome, (predictor, product), group)
    z2 = float(ndtri((1 + level) / 2)) ** 2
    roots = np.roots(
        [
            b3**2 - z2 * cov[1, 1],
            2 * (b1 * b3 - z2 * cov[0, 1]),
            b1**2 - z2 * cov[0, 0],
        ]
    )
    return tuple(sorted(float(root.real) for root in roots if abs(root.imag) < 1e-10))


def _check(fit: Fit, outcome: str, predictors: Sequence[str], group: int) -> None:
    known = [
        row.rhs
        for row in fit.table.rows
        if row.op == "~" and row.lhs == outcome and row.group == group
    ]
    for name in predictors:
        if name not in known:
            raise EstimationError(
                f"'{name}' is no predictor of '{outcome}' in the model",
                expected=listed(known) or f"predictors of '{outcome}', which has none",
            )


def _coefficients(
    fit: Fit, outcome: str, predictors: Sequence[str], group: int
) -> tuple[Array, Array]:
    """Return the paths from the predictors to the outcome, and their covariance matrix."""
    vcov = require_vcov(fit)
    slopes = fit.problem.row_jacobian(fit.theta)
    rows = [
        next(
            k
            for k, row in enumerate(fit.table.rows)
            if (row.op, row.lhs, row.rhs, row.group) == ("~", outcome, name, group)
        )
        for name in predictors
    ]
    return fit.est[rows], slopes[rows] @ vcov @ slopes[rows].T
