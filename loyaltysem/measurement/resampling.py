"""Covariance matrices of resampled respondents, all draws by matrix products."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_CHUNK = 250


def resampled_covariances(rows: Array, draws: int, seed: int) -> Iterator[Array]:
    """Yield covariance matrices (m, p, p) of bootstrap samples, in chunks that make up ``draws``.

    Parameters
    ----------
    rows
        Complete answers (n, p).
    draws
        Number of samples of n respondents, drawn with replacement.
    seed
        The same seed gives the same samples.

    Notes
    -----
    A sample is a vector of how often each respondent was drawn; its moments are these counts times
    the respondents' products of answers. The divisor is n.
    """
    rng = np.random.default_rng(seed)
    n, p = rows.shape
    centred = rows - rows.mean(axis=0)
    first, second = np.tril_indices(p)
    products = centred[:, first] * centred[:, second]
    for start in range(0, draws, _CHUNK):
        weights = rng.multinomial(n, np.full(n, 1 / n), size=min(_CHUNK, draws - start)) / n
        means = weights @ centred
        covariances = weights @ products - means[:, first] * means[:, second]
        cov = np.empty((len(weights), p, p))
        cov[:, first, second] = cov[:, second, first] = covariances
        yield cov
