"""Correlations of the latent variables with their standard errors, and pairs that may be one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.implied import implied_moments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from loyaltysem.estimation.fitted import Fit

SUSPECT = 0.90
"""Latent correlation from which it is asked whether two constructs are one."""

IDENTICAL = 0.98
"""Latent correlation from which two constructs count as one, however exactly it is known."""

_TWO_SIDED = 1.959963984540054
_STEP = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentCorrelation:
    """Correlation of two latent variables in one group; ``se`` is NaN where it is not known."""

    first: str
    second: str
    value: float
    se: float


def inseparable(fit: Fit, group: int) -> Iterator[LatentCorrelation]:
    """Yield the pairs of latent variables that the data cannot tell apart.

    The correlation is at least ``SUSPECT`` in size and its 95 % confidence interval reaches 1
    (Anderson & Gerbing 1988; Bagozzi & Phillips 1982), or it is at least ``IDENTICAL``. A
    higher-order construct and its own dimensions are not compared.
    """
    m = len(fit.table.latent)
    if m < 2:
        return
    values = _correlations(fit, fit.theta, group)
    rows, cols = np.tril_indices(m, -1)
    suspect = [
        (i, j)
        for i, j in zip(rows.tolist(), cols.tolist(), strict=True)
        if abs(values[i, j]) >= SUSPECT and not _is_dimension(fit, i, j)
    ]
    errors = _standard_errors(fit, group) if suspect else values
    for i, j in suspect:
        value, se = float(values[i, j]), float(errors[i, j])
        if not abs(value) + _TWO_SIDED * se < 1 or abs(value) >= IDENTICAL:
            first, second = fit.table.latent[j], fit.table.latent[i]
            yield LatentCorrelation(first=first, second=second, value=value, se=se)


def _is_dimension(fit: Fit, i: int, j: int) -> bool:
    pair = {fit.table.latent[i], fit.table.latent[j]}
    return any(row.op == "=~" and {row.lhs, row.rhs} == pair for row in fit.table.rows)


def _correlations(fit: Fit, theta: NDArray[np.float64], group: int) -> NDArray[np.float64]:
    """Return the latent correlations (..., m, m) at ``theta`` (..., q)."""
    m = len(fit.table.latent)
    cov = implied_moments(fit.problem.structures[group - 1], theta).cov_lv[..., :m, :m]
    sd = np.sqrt(np.maximum(np.diagonal(cov, axis1=-2, axis2=-1), 1e-300))
    return np.asarray(cov / (sd[..., :, None] * sd[..., None, :]))


def _standard_errors(fit: Fit, group: int) -> NDArray[np.float64]:
    """Return delta-method standard errors (m, m), from central differences; NaN without vcov."""
    m = len(fit.table.latent)
    if fit.vcov is None:
        return np.full((m, m), np.nan)
    steps = _STEP * np.diag(np.maximum(np.abs(fit.theta), 0.1))
    ahead, behind = (_correlations(fit, fit.theta + sign * steps, group) for sign in (1, -1))
    slopes = (ahead - behind) / (2 * np.diagonal(steps)[:, None, None])
    variances = np.einsum("kij,kl,lij->ij", slopes, fit.vcov, slopes)
    return np.asarray(np.sqrt(np.maximum(variances, 0.0)))
