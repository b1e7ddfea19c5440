"""The partial-correlation marker technique of Lindell & Whitney (2001)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtr

from loyaltysem.errors import EstimationError, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

SIGNIFICANCE = 0.05
"""Two-sided level at which a correlation counts as different from zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerCorrelations:
    """Correlations of constructs before and after a marker variable is partialled out.

    Attributes
    ----------
    method
        The marker's smallest positive correlation with a construct, the estimate of what the common
        method gives all correlations; 0 where none is positive.
    upper
        Upper limit of its confidence interval, for the sensitivity analysis.
    level
        Confidence level of that interval.
    marker
        By construct: its ``correlation`` with the marker and ``pvalue``.
    pairs
        By pair of constructs: ``first, second, correlation, pvalue, adjusted, adj_t, adj_pvalue``
        and, with the upper limit in the place of the method's correlation, ``upper_adjusted,
        upper_pvalue``. ``lost`` tells whether a significant correlation is none after adjustment.
    n
        Respondents.
    """

    method: float
    upper: float
    level: float
    marker: pd.DataFrame
    pairs: pd.DataFrame
    n: int


def marker_correlations(
    scores: pd.DataFrame, marker: str, *, level: float = 0.95
) -> MarkerCorrelations:
    """Return the correlations of constructs adjusted for a marker variable.

    Parameters
    ----------
    scores
        One column per construct and one for the marker, which in theory has nothing to do with any
        of them; respondents with a missing score are left out.
    marker
        Name of the marker's column.
    level
        Confidence level of the interval whose upper limit the sensitivity analysis takes.

    Raises
    ------
    EstimationError
        The marker is no column, there are fewer than two constructs or too few respondents, or a
        score does not vary.

    Notes
    -----
    Lindell & Whitney (2001), Journal of Applied Psychology 86, 114-121, equations 3 to 5: with the
    marker's smallest correlation r_m,

        r_adjusted = (r - r_m) / (1 - r_m),
        t(n - 3)   = r_adjusted / sqrt((1 - r_adjusted²) / (n - 3)).

    The test takes r_m as known. The upper limit, for a stricter second look, is Fisher's, as in
    Malhotra, Kim & Patil (2006), Management Science 52, 1865-1883.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> scores = pd.DataFrame(rng.normal(size=(300, 3)) + rng.normal(size=(300, 1)))
    >>> scores.columns = ["quality", "loyalty", "marker"]
    >>> marker_correlations(scores, "marker").pairs["adjusted"].abs().max() < 0.15
    np.True_
    """
    complete = _complete(scores, marker)
    n = len(complete)
    R = complete.corr()
    names = [str(name) for name in R.columns if name != marker]
    shared = R.loc[names, marker].to_numpy()
    method = float(min(shared[shared > 0], default=0.0))
    upper = _fisher_upper(method, n, level)
    rows = list(combinations(names, 2))
    r = np.array([R.to_numpy()[R.columns.get_loc(a), R.columns.get_loc(b)] for a, b in rows])
    return MarkerCorrelations(
        method=method,
        upper=upper,
        level=level,
        marker=pd.DataFrame(
            {"construct": names, "correlation": shared, "pvalue": _pvalue(_t(shared, n - 2), n - 2)}
        ),
        pairs=_pairs(rows, r, method, upper, n),
        n=n,
    )


def _complete(scores: pd.DataFrame, marker: str) -> pd.DataFrame:
    """Return the respondents with all scores, or say why they do not do."""
    if marker not in scores.columns:
        names = [str(name) for name in scores.columns]
        raise EstimationError(
            "The marker is not among the scores",
            found=f"'{marker}'",
            expected=listed(names),
            remedy=did_you_mean(marker, names),
        )
    complete = scores.dropna()
    constant = [str(name) for name in complete if complete[name].nunique() < 2]
    if complete.shape[1] < 3 or len(complete) < 5 or constant:
        raise EstimationError(
            "The marker technique needs two constructs beside the marker, and scores that vary",
            found=f"{complete.shape[1] - 1} constructs, {len(complete)} respondents"
            + (f", no variation in {listed(constant)}" if constant else ""),
        )
    return complete


def _pairs(
    rows: Iterable[tuple[str, str]], r: Array, method: float, upper: float, n: int
) -> pd.DataFrame:
    adjusted, strictest = _adjusted(r, method), _adjusted(r, upper)
    frame = pd.DataFrame(rows, columns=["first", "second"])
    frame["correlation"] = r
    frame["pvalue"] = _pvalue(_t(r, n - 2), n - 2)
    frame["adjusted"] = adjusted
    frame["adj_t"] = _t(adjusted, n - 3)
    frame["adj_pvalue"] = _pvalue(_t(adjusted, n - 3), n - 3)
    frame["upper_adjusted"] = strictest
    frame["upper_pvalue"] = _pvalue(_t(strictest, n - 3), n - 3)
    frame["lost"] = (frame["pvalue"] < SIGNIFICANCE) & (frame["adj_pvalue"] >= SIGNIFICANCE)
    return frame


def _adjusted(r: Array, method: float) -> Array:
    return (r - method) / (1 - method)


def _t(r: Array, df: int) -> Array:
    return r * np.sqrt(df / np.maximum(1 - r**2, 1e-300))


def _pvalue(t: Array, df: int) -> Array:
    return np.asarray(2 * stdtr(df, -np.abs(t)))


def _fisher_upper(r: float, n: int, level: float) -> float:
    width = ndtri(0.5 + level / 2) / np.sqrt(n - 3)
    return float(np.tanh(np.arctanh(min(r, 1 - 1e-12)) + width))
