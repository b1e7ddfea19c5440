"""Rubin's rules: one estimate and one standard error from those of several imputed data sets."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledEstimates:
    """Estimates pooled over m data sets; all arrays (k,).

    Attributes
    ----------
    est, se
        Mean of the estimates, and the root of the total variance W + (1 + 1/m) B.
    within, between
        W, the mean squared standard error, and B, the variance of the estimates (divisor m - 1).
    df
        Degrees of freedom of the t reference distribution.
    riv
        Relative increase in variance due to the missing values, (1 + 1/m) B / W.
    fmi
        Fraction of missing information, (1 + 1/m) B over the total variance.
    """

    est: Array
    se: Array
    within: Array
    between: Array
    df: Array
    riv: Array
    fmi: Array


def rubin(estimates: Array, errors: Array, *, complete_df: float = math.inf) -> PooledEstimates:
    """Pool estimates and their standard errors.

    Parameters
    ----------
    estimates, errors
        (m, k), one row per data set.
    complete_df
        Degrees of freedom that the complete data would have; infinite for a normal reference.

    Notes
    -----
    Rubin (1987), section 3.3; with finite ``complete_df`` the degrees of freedom are those of
    Barnard & Rubin (1999), Biometrika 86, 948-955, else Rubin's own, as in semTools'
    ``lavaan.mi``. ``fmi`` is the fraction for many data sets, semTools' FMI(1).

    Examples
    --------
    >>> pooled = rubin(np.array([[1.0], [2.0], [3.0]]), np.full((3, 1), 0.5))
    >>> float(pooled.est[0]), round(float(pooled.se[0]), 4)
    (2.0, 1.2583)
    """
    m = len(estimates)
    within = (errors**2).mean(axis=0)
    between = estimates.var(axis=0, ddof=1)
    added = (1.0 + 1.0 / m) * between
    total = within + added
    with np.errstate(divide="ignore", invalid="ignore"):
        riv = added / within
        fmi = np.where(total > 0, added / total, np.nan)
    return PooledEstimates(
        est=estimates.mean(axis=0),
        se=np.sqrt(total),
        within=within,
        between=between,
        df=_degrees_of_freedom(m, fmi, complete_df),
        riv=riv,
        fmi=fmi,
    )


def _degrees_of_freedom(m: int, fmi: Array, complete_df: float) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = (m - 1) / fmi**2
        if math.isinf(complete_df):
            return plain
        observed = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - fmi)
        return np.asarray(1.0 / (1.0 / plain + 1.0 / observed))
