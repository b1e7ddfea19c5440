"""Reliability from halves: Spearman-Brown, Guttman's six lambdas."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import Notice, ResponsesError
from loyaltysem.measurement.alpha import guttman_lambda6
from loyaltysem.measurement.correlations import correlations

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

_ALL_SPLITS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitHalf:
    """Split-half reliabilities of standardized items.

    Attributes
    ----------
    odd_even
        Spearman-Brown's coefficient of odd against even items.
    lambda1, lambda2, lambda3, lambda4, lambda5, lambda6
        Guttman's lower bounds: 3 is standardized alpha, 4 the best split, 6 from squared multiple
        correlations.
    worst, mean
        Least and mean ``4 cov(a, b) / var(a + b)`` over the splits tried; the least is Revelle's
        beta.
    n_splits
        How many splits were tried: all, or `_ALL_SPLITS` random ones.
    notices
        What stands against the reading of the numbers.
    """

    odd_even: float
    lambda1: float
    lambda2: float
    lambda3: float
    lambda4: float
    lambda5: float
    lambda6: float
    worst: float
    mean: float
    n_splits: int
    notices: tuple[Notice, ...] = ()


def split_half(answers: pd.DataFrame, *, seed: int = 0) -> SplitHalf:
    """Return split-half reliability and Guttman's lambdas of a scale.

    Parameters
    ----------
    answers
        Answers to two items or more, reverse items recoded; pairwise correlations.
    seed
        Of the random splits of scales with more than 15 items.

    Raises
    ------
    ResponsesError
        There is a single item; one is not numeric, was not answered, does not vary, or they cancel
        one another out.

    Notes
    -----
    Guttman (1945), Psychometrika 10, 255-282; ``psych::splitHalf`` and ``psych::guttman``. With two
    items all agree with Spearman-Brown's coefficient, which is what to report (Eisinga, te
    Grotenhuis & Pelzer 2013).

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> price = answers[["PR1", "PR2", "PR3", "PR4"]]
    >>> round(ls.split_half(price).lambda3, 2)
    0.85
    """
    R = correlations(answers).to_numpy()
    k = len(R)
    if k < 2:
        raise ResponsesError("A single item cannot be split into halves")
    total, off = R.sum(), R - np.eye(k)
    if total <= 1e-12:
        raise ResponsesError("The items cancel one another out: their sum does not vary")
    lambda1 = float(1 - k / total)
    columns = (off**2).sum(axis=0)
    halves = _halves(k, seed)
    found = _coefficients(R, halves)
    return SplitHalf(
        odd_even=_odd_even(R),
        lambda1=lambda1,
        lambda2=float((off.sum() + np.sqrt(columns.sum() * k / (k - 1))) / total),
        lambda3=lambda1 * k / (k - 1),
        lambda4=float(found.max()),
        lambda5=float(lambda1 + 2 * np.sqrt(columns.max()) / total),
        lambda6=guttman_lambda6(R),
        worst=float(found.min()),
        mean=float(found.mean()),
        n_splits=len(halves),
        notices=_notices(k),
    )


def spearman_brown(r: ArrayLike, factor: float = 2.0) -> Array:
    """Return the reliability of a test ``factor`` times as long as one of reliability ``r``.

    ``factor r / (1 + (factor - 1) r)``; of the correlation of two halves, or of two items, with
    factor 2.

    Examples
    --------
    >>> spearman_brown(0.5).item()
    0.6666666666666666
    """
    value = np.asarray(r, dtype=np.float64)
    return np.asarray(factor * value / (1 + (factor - 1) * value))


def _odd_even(R: Array) -> float:
    odd = np.arange(len(R)) % 2 == 0
    between = R[odd][:, ~odd].sum()
    r = between / np.sqrt(R[odd][:, odd].sum() * R[~odd][:, ~odd].sum())
    return float(spearman_brown(r))


def _halves(k: int, seed: int) -> Array:
    """Return splits as rows of 1 and -1: all different ones, or random ones when there are many."""
    size = k // 2
    splits = comb(k, size) // (2 if k % 2 == 0 else 1)
    if splits <= _ALL_SPLITS:
        first = list(combinations(range(k), size))[:splits]
    else:
        order = np.random.default_rng(seed).random((_ALL_SPLITS, k)).argsort(axis=1)
        first = [tuple(row) for row in order[:, :size].tolist()]
    signs = -np.ones((len(first), k))
    np.put_along_axis(signs, np.array(first, dtype=np.intp), 1.0, axis=1)
    return signs


def _coefficients(R: Array, signs: Array) -> Array:
    """Return ``4 cov(a, b) / var(a + b)``, from the variances of the sum and of the difference."""
    difference = np.einsum("si,ij,sj->s", signs, R, signs, optimize=True)
    return np.asarray(1 - difference / R.sum())


def _notices(k: int) -> tuple[Notice, ...]:
    if k > 2:
        return ()
    text = (
        "The construct has two items: report Spearman-Brown's coefficient rather than alpha, and"
        " know that two items cannot show whether they measure one thing."
    )
    return (Notice("two_items", text),)
