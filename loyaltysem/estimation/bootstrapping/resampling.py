"""Resampled moments: all draws of a chunk from one matrix product, and no copy of the data.

A bootstrap sample is how often each row was drawn, so its second moments are a weighted sum of the
rows' products: counts (b, n) times products (n, p(p+1)/2), block by block of rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.bootstrapping.states import SampleBatch
from loyaltysem.estimation.moments import raw_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.fitted import Fit

    Array = NDArray[np.float64]

CHUNK = 250
"""Draws that are estimated together: enough for two threads to run beside each other."""

_COUNTS = 20_000_000
_BLOCK = 4096


def chunk_size(n: int) -> int:
    """Return the draws of one chunk: fewer where the counts of ``n`` rows would fill the memory."""
    return int(np.clip(_COUNTS // max(n, 1), 1, CHUNK))


def sample_rows(fit: Fit) -> list[Array]:
    """Return the rows of every group.

    Raises
    ------
    EstimationError
        The input was a covariance matrix.
    """
    return [raw_rows(group) for group in fit.moments.groups]


def draw_rows(rng: np.random.Generator, n: int) -> NDArray[np.intp]:
    """Return the rows of one bootstrap sample of ``n`` rows (n,)."""
    return rng.integers(0, n, size=n)


def draw_counts(
    rng: np.random.Generator, sizes: Sequence[int], draws: int
) -> list[NDArray[np.intp]]:
    """Return for each group how often each row was drawn (draws, n), draw by draw.

    The order of the random numbers is that of :func:`draw_rows` called for each draw and group.
    """
    counts = [np.empty((draws, n), dtype=np.intp) for n in sizes]
    for draw in range(draws):
        for group, n in enumerate(sizes):
            counts[group][draw] = np.bincount(draw_rows(rng, n), minlength=n)
    return counts


def resampled_moments(data: Array, counts: NDArray[np.intp], factor: float) -> SampleBatch:
    """Return the moments of every draw.

    Parameters
    ----------
    data
        Rows of one group (n, p).
    counts
        How often each row was drawn (b, n).
    factor
        1 for covariances with divisor n, n / (n - 1) for divisor n - 1.
    """
    n, p = data.shape
    centre = data.mean(axis=0)
    rows, cols = np.tril_indices(p)
    sums, products = np.zeros((len(counts), p)), np.zeros((len(counts), len(rows)))
    for start in range(0, n, _BLOCK):
        block = data[start : start + _BLOCK] - centre
        weights = counts[:, start : start + _BLOCK].astype(float)
        sums += weights @ block
        products += weights @ (block[:, rows] * block[:, cols])
    mean = sums / n
    cov = np.empty((len(counts), p, p))
    cov[:, rows, cols] = products / n
    cov[:, cols, rows] = cov[:, rows, cols]
    cov -= mean[:, :, None] * mean[:, None, :]
    cov *= factor
    sign, log_det = np.linalg.slogdet(cov)
    singular = (sign <= 0) | ~np.isfinite(log_det)
    return SampleBatch(
        cov=cov,
        mean=mean + centre,
        log_det=np.where(singular, np.nan, log_det),
    )
