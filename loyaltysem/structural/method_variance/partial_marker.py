"""The partial-correlation marker technique of Lindell & Whitney (2001)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri, stdtr

from loyaltysem.errors import EstimationError, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

SIGNIFICANCE = 0.05
"""Two-sided level at which a correlation counts as different from zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerCorrelations:
    """Correlations of constructs before and after a marker variable is partialled out.

    Attributes
    ----------
    unrelated
        The constructs with which the marker has nothing to do by theory; empty when the data chose.
    method
        What the common method gives all correlations: the marker's mean correlation with those
        constructs, or its smallest positive one (0 where none is positive).
    upper
        Upper limit of its confidence interval, for the sensitivity analysis.
    level
        Confidence level of that interval.
    marker
        By construct: its ``correlation`` with the marker and ``pvalue``.
    pairs
        By pair of constructs: ``first, second, correlation, pvalue, adjusted``; ``adj_t,
        adj_pvalue``, the test that takes the method's correlation as known; ``adj_se,
        sampling_pvalue``, the test that knows that it is estimated, NaN where the data chose it;
        and, with the upper limit in the place of the method's correlation, ``upper_adjusted,
        upper_pvalue``. ``lost`` tells whether a significant correlation is not significant with
        the same sign after adjustment, by ``sampling_pvalue``; None where there is no such test.
    n
        Respondents.
    """

    unrelated: tuple[str, ...]
    method: float
    upper: float
    level: float
    marker: pd.DataFrame
    pairs: pd.DataFrame
    n: int


def marker_correlations(
    scores: pd.DataFrame, marker: str, *, unrelated: Sequence[str] = (), level: float = 0.95
) -> MarkerCorrelations:
    """Return the correlations of constructs adjusted for a marker variable.

    Parameters
    ----------
    scores
        One column per construct and one for the marker, which in theory has nothing to do with any
        of them; respondents with a missing score are left out.
    marker
        Name of the marker's column.
    unrelated
        Constructs with which the marker has nothing to do by theory, named before the data are
        seen: its mean correlation with them stands for the method. None named: the smallest
        positive correlation with any construct does, and no adjusted correlation is judged.
    level
        Confidence level of the interval whose upper limit the sensitivity analysis takes.

    Raises
    ------
    EstimationError
        The marker or an unrelated construct is no column, there are fewer than two constructs or
        too few respondents, or a score does not vary.

    Notes
    -----
    Lindell & Whitney (2001), Journal of Applied Psychology 86, 114-121, equations 3 to 5: with the
    method's correlation r_m,

        r_adjusted = (r - r_m) / (1 - r_m),
        t(n - 3)   = r_adjusted / sqrt((1 - r_adjusted²) / (n - 3)).

    Their test takes r_m as known. It is estimated in the same answers, so that under a true null
    hypothesis theirs rejects in 9 to 33 % of samples. ``adj_se`` is the delta method's with the
    distribution-free covariances of correlations (Steiger & Hakstian 1982, British Journal of
    Mathematical and Statistical Psychology 35, 208-215); its test keeps the level where
    ``unrelated`` was named beforehand. After picking the smallest correlation no test does: this
    one would reject in 1 to 13 % of samples, by how many correlations there were and how large,
    and the bootstrap fails at a minimum (Andrews 2000, Econometrica 68, 399-405). The upper limit,
    for a stricter second look, is Fisher's, as in Malhotra, Kim & Patil (2006), Management Science
    52, 1865-1883.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> scores = pd.DataFrame(rng.normal(size=(300, 3)) + rng.normal(size=(300, 1)))
    >>> scores.columns = ["quality", "loyalty", "marker"]
    >>> marker_correlations(scores, "marker").pairs["adjusted"].abs().max() < 0.15
    np.True_
    """
    complete = _complete(scores, marker, unrelated)
    n = len(complete)
    names = [str(name) for name in complete.columns if name != marker]
    z = complete[[*names, marker]].to_numpy(dtype=float)
    z = (z - z.mean(axis=0)) / z.std(axis=0)
    R = z.T @ z / n
    shared = R[-1, :-1]
    weights = _weights(shared, [names.index(name) for name in unrelated])
    method = float(weights @ shared)
    upper = _fisher_upper(method, n, level)
    pairs = _pairs(names, z, method, upper)
    errors = _errors(z, weights, method, pairs) if unrelated else np.full(len(pairs), np.nan)
    return MarkerCorrelations(
        unrelated=tuple(unrelated),
        method=method,
        upper=upper,
        level=level,
        marker=pd.DataFrame(
            {"construct": names, "correlation": shared, "pvalue": _pvalue(_t(shared, n - 2), n - 2)}
        ),
        pairs=_judged(pairs, errors),
        n=n,
    )


def _weights(shared: Array, unrelated: Sequence[int]) -> Array:
    """Return what each correlation with the marker counts for that of the method."""
    weights = np.zeros(len(shared))
    if unrelated:
        weights[list(unrelated)] = 1 / len(unrelated)
    elif (shared > 0).any():
        weights[np.where(shared > 0, shared, np.inf).argmin()] = 1.0
    return weights


def _complete(scores: pd.DataFrame, marker: str, unrelated: Sequence[str]) -> pd.DataFrame:
    """Return the respondents with all scores, or say why they do not do."""
    names = [str(name) for name in scores.columns]
    if marker not in names:
        raise EstimationError(
            "The marker is not among the scores",
            found=f"'{marker}'",
            expected=listed(names),
            remedy=did_you_mean(marker, names),
        )
    constructs = [name for name in names if name != marker]
    for name in unrelated:
        if name not in constructs:
            raise EstimationError(
                "The construct that is unrelated to the marker is not among the scores",
                found=f"'{name}'",
                expected=listed(constructs),
                remedy=did_you_mean(name, constructs),
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


def _pairs(names: Sequence[str], z: Array, method: float, upper: float) -> pd.DataFrame:
    """Return the rows of all pairs from standardized scores (n, p + 1), the marker's last."""
    n = len(z)
    first, second = np.triu_indices(len(names), k=1)
    r = (z[:, first] * z[:, second]).mean(axis=0)
    adjusted, strictest = _adjusted(r, method), _adjusted(r, upper)
    frame = pd.DataFrame({"first": np.take(names, first), "second": np.take(names, second)})
    frame["correlation"] = r
    frame["pvalue"] = _pvalue(_t(r, n - 2), n - 2)
    frame["adjusted"] = adjusted
    frame["adj_t"] = _t(adjusted, n - 3)
    frame["adj_pvalue"] = _pvalue(_t(adjusted, n - 3), n - 3)
    frame["upper_adjusted"] = strictest
    frame["upper_pvalue"] = _pvalue(_t(strictest, n - 3), n - 3)
    return frame


def _judged(pairs: pd.DataFrame, errors: Array) -> pd.DataFrame:
    """Return the rows with the test that knows r_m for estimated, and what becomes of them."""
    adjusted = pairs["adjusted"].to_numpy()
    pvalues = 2 * ndtr(-np.abs(adjusted / errors))
    holds = (pvalues < SIGNIFICANCE) & (adjusted * pairs["correlation"].to_numpy() > 0)
    lost = (pairs["pvalue"].to_numpy() < SIGNIFICANCE) & ~holds
    tested = pairs.assign(lost=lost if np.isfinite(errors).all() else None)
    place = list(pairs.columns).index("upper_adjusted")
    tested.insert(place, "adj_se", errors)
    tested.insert(place + 1, "sampling_pvalue", pvalues)
    return tested


def _errors(z: Array, weights: Array, method: float, pairs: pd.DataFrame) -> Array:
    """Return standard errors of adjusted correlations that know r_m for estimated."""
    first, second = np.triu_indices(z.shape[1] - 1, k=1)
    shared = _influence(z[:, :-1], z[:, [-1]]) @ weights
    by_r = 1 / (1 - method)
    by_method = -(1 - pairs["correlation"].to_numpy()) / (1 - method) ** 2
    influence = by_r * _influence(z[:, first], z[:, second]) + by_method * shared[:, None]
    return np.asarray(np.sqrt((influence**2).mean(axis=0) / len(z)))


def _influence(first: Array, second: Array) -> Array:
    """Return what each respondent adds to correlations of standardized scores, mean 0."""
    product = first * second
    return np.asarray(product - product.mean(axis=0) * (first**2 + second**2) / 2)


def _adjusted(r: Array, method: float) -> Array:
    return (r - method) / (1 - method)


def _t(r: Array, df: int) -> Array:
    return r * np.sqrt(df / np.maximum(1 - r**2, 1e-300))


def _pvalue(t: Array, df: int) -> Array:
    return np.asarray(2 * stdtr(df, -np.abs(t)))


def _fisher_upper(r: float, n: int, level: float) -> float:
    width = ndtri(0.5 + level / 2) / np.sqrt(n - 3)
    return float(np.tanh(np.arctanh(min(r, 1 - 1e-12)) + width))
