"""Data augmentation for the normal model: missing values and moments drawn from their posterior.

Each step draws the missing values given mean and covariance, row by row from the conditional normal
distribution, and then mean and covariance given the completed data, under Jeffreys' prior,

    Sigma | Y ~ W^-1(n - 1, A),   mu | Sigma, Y ~ N(mean of Y, Sigma / n),

with A the cross-products of Y about its mean. After enough steps the draws no longer depend on
where they began. Schafer (1997), Analysis of Incomplete Multivariate Data, sections 5.4.1-5.4.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import solve_triangular

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.incomplete.patterns import MissingPatterns, PatternBlock

    Array = NDArray[np.float64]


def augmented(
    patterns: MissingPatterns, mean: Array, cov: Array, steps: int, rng: np.random.Generator
) -> Array:
    """Return the data completed by one chain of data augmentation (n, p).

    Parameters
    ----------
    patterns
        The data, one row per respondent (``missing_patterns(..., compress=False)``).
    mean, cov
        Where the chain begins: the EM moments (p,) and (p, p).
    steps
        Draws of the moments before the missing values are kept.
    rng
        Source of the random numbers.
    """
    gaps = [_Gaps.of(block) for block in patterns.blocks if block.missing.shape[1]]
    completed = drawn_values(patterns, gaps, (mean, cov), rng)
    for _ in range(steps):
        completed = drawn_values(patterns, gaps, drawn_moments(completed, rng), rng)
    return completed


@dataclass(frozen=True, slots=True)
class _Gaps:
    """The missing cells of patterns that lack equally many variables, as indices.

    ``here`` and ``there`` take the missing block (K, m, m) out of a (p, p) matrix, ``cells`` the
    missing values (R, m) out of the data; ``owner`` (R,) is each row's pattern.
    """

    here: NDArray[np.intp]
    there: NDArray[np.intp]
    cells: tuple[NDArray[np.intp], NDArray[np.intp]]
    owner: NDArray[np.intp]

    @classmethod
    def of(cls, block: PatternBlock) -> _Gaps:
        return cls(
            block.missing[:, :, np.newaxis],
            block.missing[:, np.newaxis, :],
            (block.rows[:, np.newaxis], block.missing[block.owner]),
            block.owner,
        )


def drawn_values(
    patterns: MissingPatterns,
    gaps: Sequence[_Gaps],
    moments: tuple[Array, Array],
    rng: np.random.Generator,
) -> Array:
    """Return the data with each row's missing values drawn given the observed ones (n, p).

    With P the inverse covariance, L L' its missing block P_MM and z standard normal deviates, the
    missing deviations from the mean are ``L'^-1 (z - L^-1 P_MO d_O)``.
    """
    mean, cov = moments
    precision = np.linalg.inv(cov)
    away = np.where(patterns.centre > 0, patterns.rows - mean, 0.0)
    pulled = away @ precision
    for gap in gaps:
        half = np.linalg.inv(np.linalg.cholesky(precision[gap.here, gap.there]))[gap.owner]
        noise = rng.standard_normal(gap.cells[1].shape)
        inner = noise - np.einsum("rij,rj->ri", half, pulled[gap.cells])
        away[gap.cells] = np.einsum("rji,rj->ri", half, inner)
    return np.asarray(away + mean)


def drawn_moments(values: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return mean (p,) and covariance (p, p) drawn from their posterior given complete data.

    By Bartlett's decomposition: with A = C C' and the lower triangle B of independent chi and
    normal deviates, Sigma = M M' with M = C B'^-1.
    """
    n, p = values.shape
    mean = values.mean(axis=0)
    centred = values - mean
    triangle = np.tril(rng.standard_normal((p, p)), -1)
    np.fill_diagonal(triangle, np.sqrt(rng.chisquare(n - 1 - np.arange(p))))
    root = np.linalg.cholesky(centred.T @ centred)
    spread = solve_triangular(triangle, root.T, lower=True).T
    drawn_mean = mean + spread @ rng.standard_normal(p) / np.sqrt(n)
    return drawn_mean, spread @ spread.T
