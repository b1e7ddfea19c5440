"""What customers will buy: the BG/NBD model of purchases that go on until a customer drops out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, ResponsesError, listed

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

_STARTS = (0.5, 0.1, 1.0)
_FAR = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseModel:
    """A fitted BG/NBD model.

    Attributes
    ----------
    r, alpha
        Shape and rate of the gamma distribution of purchase rates, per unit of time.
    a, b
        Of the beta distribution of the probability to drop out after a purchase.
    loglik
        Log-likelihood at the estimates.
    n
        Number of customers.
    """

    r: float
    alpha: float
    a: float
    b: float
    loglik: float
    n: int

    def alive(self, repeats: ArrayLike, last: ArrayLike, age: ArrayLike) -> Array:
        """Return the probability that customers still buy; arguments as `fit_purchase_model`.

        1 for those without a repeat purchase, by the model's assumption. Fader, Hardie & Lee
        (2008), "Computing P(alive) using the BG/NBD model".
        """
        x, t, T = (np.asarray(one, dtype=np.float64) for one in (repeats, last, age))
        ratio = ((self.alpha + T) / (self.alpha + t)) ** (self.r + x)
        return np.where(x > 0, 1 / (1 + self.a / (self.b + np.maximum(x, 1) - 1) * ratio), 1.0)

    def expected(
        self, horizon: ArrayLike, repeats: ArrayLike, last: ArrayLike, age: ArrayLike
    ) -> Array:
        """Return the number of purchases to expect within the next ``horizon`` units of time.

        Fader, Hardie & Lee (2005), eq. 10; arguments as `fit_purchase_model`.
        """
        from scipy.special import hyp2f1

        h, x, t, T = (np.asarray(one, dtype=np.float64) for one in (horizon, repeats, last, age))
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        z = h / (alpha + T + h)
        series = hyp2f1(r + x, b + x, a + b + x - 1, z)
        shrink = ((alpha + T) / (alpha + T + h)) ** (r + x)
        return np.asarray((a + b + x - 1) / (a - 1) * (1 - shrink * series) * self.alive(x, t, T))


def fit_purchase_model(repeats: ArrayLike, last: ArrayLike, age: ArrayLike) -> PurchaseModel:
    """Fit the BG/NBD model to customers' purchases by maximum likelihood.

    Parameters
    ----------
    repeats
        Number of repeat purchases of each customer (the first one does not count).
    last
        Time from the first to the last purchase; 0 without a repeat purchase.
    age
        Time from the first purchase to the end of observation, in the same unit.

    Raises
    ------
    ResponsesError
        The three do not belong together, or nobody bought again.
    EstimationError
        No maximum was found.

    Notes
    -----
    Fader, Hardie & Lee (2005), "Counting your customers" the easy way, Marketing Science 24,
    275-284, eq. 6. Time is scaled before the search, so that its unit does not matter.
    """
    from scipy.optimize import minimize

    x, t, T = (np.asarray(one, dtype=np.float64).ravel() for one in (repeats, last, age))
    _check(x, t, T)
    unit = 10 / T.max()
    found = min(
        (
            minimize(_minus_loglik, np.full(4, np.log(start)), (x, t * unit, T * unit))
            for start in _STARTS
        ),
        key=lambda one: float(one.fun),
    )
    if not np.isfinite(found.fun) or np.abs(found.x).max() > _FAR:
        raise EstimationError("The model of purchases has no maximum in these data")
    r, alpha, a, b = np.exp(found.x).tolist()
    loglik = -float(found.fun) + x.sum() * np.log(unit)
    return PurchaseModel(r=r, alpha=float(alpha / unit), a=a, b=b, loglik=float(loglik), n=len(x))


def repeat_purchases(behaviour: pd.DataFrame, unit: float = 7.0) -> pd.DataFrame:
    """Return what `fit_purchase_model` asks for, from what `customer_behaviour` returns.

    Columns ``repeats, last, age``; times in ``unit`` days (weeks by default).
    """
    span = behaviour["tenure"] - behaviour["recency"]
    return pd.DataFrame(
        {
            "repeats": behaviour["frequency"] - 1,
            "last": span / unit,
            "age": behaviour["tenure"] / unit,
        }
    )


def _check(x: Array, t: Array, T: Array) -> None:
    wrong = (x < 0) | (t < 0) | (t > T) | ((x == 0) & (t > 0)) | ~np.isfinite(x + t + T)
    if not len(x) == len(t) == len(T) or wrong.any():
        raise ResponsesError(
            "Repeat purchases and their times do not belong together",
            found=f"customers {listed(np.flatnonzero(wrong).tolist())}",
            expected="0 <= last <= age, and last 0 without a repeat purchase",
        )
    if not (x > 0).any() or T.max() <= 0:
        raise ResponsesError("Nobody bought again: there is nothing to model")


def _minus_loglik(logs: Array, x: Array, t: Array, T: Array) -> float:
    from scipy.special import betaln, gammaln

    logs = np.clip(logs, -2 * _FAR, 2 * _FAR)
    r, alpha, a, b = np.exp(logs)
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - betaln(a, b)
    stayed = betaln(a, b + x) - (r + x) * np.log(alpha + T)
    left = betaln(a + 1, b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + t)
    both = np.where(x > 0, np.logaddexp(stayed, left), stayed)
    return -float((common + both).sum())
