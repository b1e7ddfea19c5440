"""P-values corrected for the number of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from loyaltysem.errors import EstimationError, did_you_mean, listed

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Correction = Literal["holm", "bonferroni", "bh", "none"]


def adjusted(pvalues: ArrayLike, correction: Correction = "holm") -> NDArray[np.float64]:
    """Return p-values corrected for multiplicity; as R's ``p.adjust``.

    Parameters
    ----------
    pvalues
        P-values (k,); NaN stays NaN and does not count as a test.
    correction
        ``holm`` (step-down, family-wise error), ``bonferroni``, ``bh`` (false discovery rate;
        Benjamini & Hochberg 1995) or ``none``.

    Raises
    ------
    EstimationError
        The correction is unknown.
    """
    values = np.asarray(pvalues, dtype=float)
    known = get_args(Correction)
    if correction not in known:
        raise EstimationError(
            "There is no such correction for multiple tests",
            found=f"'{correction}'",
            expected=listed(known),
            remedy=did_you_mean(str(correction), known),
        )
    result = np.full(values.shape, np.nan)
    tested = np.isfinite(values)
    if tested.any():
        result[tested] = _corrected(values[tested], correction)
    return result


def _corrected(values: NDArray[np.float64], correction: Correction) -> NDArray[np.float64]:
    k, order = len(values), np.argsort(values)
    if correction == "none":
        return values
    if correction == "bonferroni":
        return np.minimum(values * k, 1.0)
    ascending = values[order]
    if correction == "holm":
        stepped = np.maximum.accumulate(ascending * np.arange(k, 0, -1))
    else:
        stepped = np.minimum.accumulate((ascending * k / np.arange(1, k + 1))[::-1])[::-1]
    result = np.empty(k)
    result[order] = np.minimum(stepped, 1.0)
    return result
