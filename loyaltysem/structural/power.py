"""Power of the test of close fit, and the sample that reaches it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from loyaltysem.errors import EstimationError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

FitTest = Literal["exact", "close", "not_close"]
TESTS: dict[FitTest, tuple[float, float]] = {
    "exact": (0.0, 0.05),
    "close": (0.05, 0.08),
    "not_close": (0.05, 0.01),
}
"""RMSEA of the hypothesis and in truth, for each test (MacCallum, Browne & Sugawara 1996)."""

WANTED = 0.80
"""The power that is customarily asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FitPower:
    """Power of one test of a model's fit.

    ``exact``: would an RMSEA of .05 be noticed beside 0; ``close``: .08 beside .05; ``not_close``:
    would .01 be recognised as below .05. ``power`` is that of the sample at hand, ``n_needed`` the
    respondents per group from which it is above ``WANTED``.
    """

    test: FitTest
    rmsea0: float
    rmsea1: float
    power: float
    n_needed: int


def fit_power(n: int, df: int, *, groups: int = 1, alpha: float = 0.05) -> tuple[FitPower, ...]:
    """Return the power of the tests of exact, close and not-close fit.

    Parameters
    ----------
    n
        Respondents in all groups together.
    df
        Degrees of freedom of the model.
    groups, alpha
        Number of groups; level of significance.

    Raises
    ------
    EstimationError
        The model has no degrees of freedom, or there are fewer than two respondents.

    Examples
    --------
    >>> [round(one.power, 3) for one in fit_power(200, 50)]
    [0.684, 0.769, 0.608]
    """
    return tuple(
        FitPower(
            test=name,
            rmsea0=null,
            rmsea1=true,
            power=float(rmsea_power(null, true, df, n, alpha=alpha, groups=groups)),
            n_needed=rmsea_sample_size(null, true, df, power=WANTED, alpha=alpha, groups=groups),
        )
        for name, (null, true) in TESTS.items()
    )


def rmsea_power(
    rmsea0: float, rmsea1: float, df: int, n: ArrayLike, *, alpha: float = 0.05, groups: int = 1
) -> Array:
    """Return the power of the test of fit when the RMSEA is not what the hypothesis says.

    Parameters
    ----------
    rmsea0
        RMSEA under the null hypothesis (0: exact fit, 0.05: close fit).
    rmsea1
        RMSEA in truth; below ``rmsea0`` the test is of not-close fit.
    df
        Degrees of freedom of the model.
    n
        Number of respondents in all groups together; an array gives an array.
    alpha
        Level of significance.
    groups
        Number of groups.

    Raises
    ------
    EstimationError
        Both RMSEAs are the same, one is negative, df or n are too small.

    Notes
    -----
    MacCallum, Browne & Sugawara (1996), Psychological Methods 1, 130-149: noncentrality
    ``(n - 1) df rmsea² / groups``; ``semTools::findRMSEApower``. Checked against the golden case
    ``power_rmsea``.

    Examples
    --------
    >>> rmsea_power(0.05, 0.08, 50, 200).round(3).item()
    0.769
    """
    sizes = np.asarray(n, dtype=np.float64)
    _check(rmsea0, rmsea1, df, sizes)
    scale = (sizes - 1) * df / groups
    null, true = scale * rmsea0**2, scale * rmsea1**2
    if rmsea0 < rmsea1:
        return 1 - _below(_quantile(1 - alpha, df, null), df, true)
    return _below(_quantile(alpha, df, null), df, true)


def rmsea_sample_size(
    rmsea0: float,
    rmsea1: float,
    df: int,
    *,
    power: float = 0.80,
    alpha: float = 0.05,
    groups: int = 1,
) -> int:
    """Return the least number of respondents per group whose power exceeds ``power``.

    Parameters, errors and source as `rmsea_power`; ``semTools::findRMSEAsamplesize``, which counts
    from 5 respondents in all on.

    Examples
    --------
    >>> rmsea_sample_size(0.05, 0.08, 50)
    214
    """
    if not 0 < power < 1:
        raise EstimationError("Power lies between 0 and 1", found=power)

    def enough(n: int) -> bool:
        return bool(rmsea_power(rmsea0, rmsea1, df, n, alpha=alpha, groups=groups) > power)

    low, high = 4, 5
    while not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return math.ceil(high / groups)


def _check(rmsea0: float, rmsea1: float, df: int, n: Array) -> None:
    if rmsea0 == rmsea1 or min(rmsea0, rmsea1) < 0:
        raise EstimationError(
            "Power needs two different RMSEAs that are not negative", found=f"{rmsea0}, {rmsea1}"
        )
    if df < 1 or (n < 2).any():
        raise EstimationError(
            "Power needs one degree of freedom and two respondents at least",
            found=f"df = {df}, n = {n.min():g}",
        )


def _quantile(share: float, df: int, noncentrality: Array) -> Array:
    from scipy.stats import chi2, ncx2

    central = chi2.ppf(share, df)
    return np.where(
        noncentrality > 0, ncx2.ppf(share, df, np.maximum(noncentrality, 1e-12)), central
    )


def _below(quantile: Array, df: int, noncentrality: Array) -> Array:
    from scipy.stats import chi2, ncx2

    noncentral = ncx2.cdf(quantile, df, np.maximum(noncentrality, 1e-12))
    return np.where(noncentrality > 0, noncentral, chi2.cdf(quantile, df))
