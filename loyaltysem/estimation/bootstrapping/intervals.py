"""Confidence intervals from bootstrap draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from loyaltysem.errors import EstimationError, did_you_mean, listed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Interval = Literal["perc", "norm", "basic", "bc", "bca"]
"""Percentile, normal, basic (reflected), bias-corrected, bias-corrected and accelerated.

``bc`` is lavaan's ``bca.simple``.
"""


def interval(
    kind: Interval,
    draws: Array,
    estimate: Array,
    level: float = 0.95,
    acceleration: Array | None = None,
) -> tuple[Array, Array]:
    """Return lower and upper limits (k,) of k quantities.

    Parameters
    ----------
    kind
        Which interval.
    draws
        Values in every draw (b, k); NaN where a draw has none.
    estimate
        Values in the sample (k,).
    level
        Confidence level.
    acceleration
        Acceleration constants (k,), for ``bca`` only.

    Raises
    ------
    EstimationError
        ``kind`` is unknown.

    Notes
    -----
    Davison & Hinkley (1997), Bootstrap Methods and their Application, ch. 5; Efron (1987) for the
    bias correction z0 and the acceleration. Quantiles between draws are interpolated on the normal
    scale, as in R's ``boot::boot.ci``.
    """
    if kind not in get_args(Interval):
        known = get_args(Interval)
        raise EstimationError(
            "Unknown kind of bootstrap interval",
            found=kind,
            expected=listed(known),
            remedy=did_you_mean(str(kind), known),
        )
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    if kind == "norm":
        return _normal(draws, estimate, tails)
    if kind in {"perc", "basic"}:
        shares = np.repeat(tails[:, None], draws.shape[1], axis=1)
    else:
        shares = _corrected_shares(draws, estimate, tails, acceleration if kind == "bca" else None)
    limits = np.array([_quantiles(draws, share) for share in shares])
    if kind == "basic":
        limits = 2 * estimate - limits[::-1]
    return limits[0], limits[1]


def _normal(draws: Array, estimate: Array, tails: Array) -> tuple[Array, Array]:
    """Return the normal interval around the estimate less its bias."""
    from scipy.special import ndtri

    centre = 2 * estimate - np.nanmean(draws, axis=0)
    error = np.nanstd(draws, axis=0, ddof=1)
    low, high = ndtri(tails)
    return centre + low * error, centre + high * error


def _corrected_shares(
    draws: Array, estimate: Array, tails: Array, acceleration: Array | None
) -> Array:
    """Return the shares of draws below the limits (2, k): Efron (1987), eqs. 2.3 and 3.6."""
    from scipy.special import ndtr, ndtri

    known = np.isfinite(draws)
    below = ((draws < estimate) & known).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        bias = ndtri(below)
        shift = bias + ndtri(tails)[:, None]
        slope = 0.0 if acceleration is None else acceleration
        return np.asarray(ndtr(bias + shift / (1 - slope * shift)))


def _quantiles(draws: Array, shares: Array) -> Array:
    """Return the quantile of each column at its share, interpolated on the normal scale."""
    return np.array(
        [
            _quantile(column[np.isfinite(column)], share)
            for column, share in zip(draws.T, shares, strict=True)
        ]
    )


def _quantile(values: Array, share: float) -> float:
    """Return one quantile as boot.ci does; NaN without draws or without a share."""
    from scipy.special import ndtri

    b = len(values)
    if b == 0 or not np.isfinite(share):
        return float("nan")
    ordered = np.sort(values)
    position = (b + 1) * share
    low = int(position)
    if low < 1 or low >= b:
        return float(ordered[0] if low < 1 else ordered[-1])
    ends = ndtri(np.array([low, low + 1]) / (b + 1))
    part = (ndtri(share) - ends[0]) / (ends[1] - ends[0])
    return float(ordered[low - 1] + part * (ordered[low] - ordered[low - 1]))
