"""How many factors: parallel analysis, minimum average partial, eigenvalues; one factor alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.measurement.correlations import correlations, varying_answers
from loyaltysem.measurement.extraction import extract
from loyaltysem.records import Shown

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from loyaltysem.measurement.correlations import Method

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ParallelAnalysis(Shown):
    """Observed eigenvalues beside those of data without any structure.

    Attributes
    ----------
    n_factors, n_components
        How many eigenvalues, from the first on, exceed the quantile of random ones.
    eigenvalues
        One row per eigenvalue: ``components, factors`` (observed), ``components_random,
        factors_random`` (means over normal draws), ``components_quantile, factors_quantile``, and
        ``components_resampled, factors_resampled`` (means over answers shuffled within items, when
        that was asked).
    draws, quantile, seed
        What was asked.
    """

    n_factors: int
    n_components: int
    eigenvalues: pd.DataFrame
    draws: int
    quantile: float
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FactorCounts(Shown):
    """Number of factors by several rules; ``minimum_average_partial`` lists Velicer's criterion."""

    parallel_factors: int
    parallel_components: int
    map: int
    kaiser: int
    minimum_average_partial: pd.Series
    parallel: ParallelAnalysis


def suggest_n_factors(answers: pd.DataFrame, *, draws: int = 500, seed: int = 0) -> FactorCounts:
    """Return how many factors parallel analysis, MAP and the Kaiser rule suggest.

    The Kaiser rule (eigenvalues above 1) finds too many; it is shown because readers ask for it.

    Raises
    ------
    ResponsesError
        An item is not numeric, was not answered, or does not vary.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> price = answers[["PR1", "PR2", "PR3", "PR4"]]
    >>> ls.suggest_n_factors(price, draws=50, seed=1).kaiser
    1
    """
    R = correlations(answers).to_numpy()
    parallel = parallel_analysis(answers, draws=draws, resample=False, seed=seed)
    partial = minimum_average_partial(R)
    return FactorCounts(
        parallel_factors=parallel.n_factors,
        parallel_components=parallel.n_components,
        map=int(np.nanargmin(partial)),
        kaiser=int((np.linalg.eigvalsh(R) > 1).sum()),
        minimum_average_partial=pd.Series(partial, index=range(len(partial))),
        parallel=parallel,
    )


def parallel_analysis(
    answers: pd.DataFrame,
    *,
    draws: int = 500,
    quantile: float = 0.95,
    resample: bool = True,
    seed: int = 0,
    correlation: Method = "pearson",
) -> ParallelAnalysis:
    """Compare eigenvalues with those of random data (Horn 1965, Psychometrika 30, 179-185).

    Factors are judged by the eigenvalues of the correlation matrix with the communalities of one
    minres factor in its diagonal.

    Parameters
    ----------
    answers
        One row per respondent, one numeric column per item; NaN where missing.
    draws, seed
        Number of random data sets, and their seed. With few draws a borderline factor may come and
        go with the seed.
    quantile
        Quantile of the random eigenvalues that observed ones must exceed.
    resample
        Also shuffle the answers within items, which keeps their distributions; for comparison.
    correlation
        Of the observed answers: ``pearson``, ``spearman``, ``polychoric``.

    Raises
    ------
    ResponsesError
        An item is not numeric, was not answered, or does not vary.

    Notes
    -----
    As ``psych::fa.parallel``, which compares with normal data. Checked against the golden cases
    ``parallel_*``.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> price = answers[["PR1", "PR2", "PR3", "PR4"]]
    >>> ls.parallel_analysis(price, draws=50, seed=1).n_factors
    1
    """
    numbers = varying_answers(answers)
    n, p = numbers.shape
    rng = np.random.default_rng(seed)
    random = _random_correlations(rng, draws, n, p)
    shuffled = _resampled_correlations(rng, draws, numbers.to_numpy()) if resample else None
    observed = correlations(numbers, correlation).to_numpy()
    columns = {}
    for name, values in (("components", _components), ("factors", _factors)):
        drawn = values(random)
        columns[name] = values(observed)
        columns[f"{name}_random"] = drawn.mean(axis=0)
        columns[f"{name}_quantile"] = np.quantile(drawn, quantile, axis=0)
        if shuffled is not None:
            columns[f"{name}_resampled"] = values(shuffled).mean(axis=0)
    table = pd.DataFrame(columns, index=pd.RangeIndex(1, p + 1, name="number"))
    return ParallelAnalysis(
        n_factors=_leading(table["factors"] > table["factors_quantile"]),
        n_components=_leading(table["components"] > table["components_quantile"]),
        eigenvalues=table,
        draws=draws,
        quantile=quantile,
        seed=seed,
    )


def minimum_average_partial(R: ArrayLike) -> Array:
    """Return the mean squared partial correlation after removing 0, 1, … p - 2 components.

    Its minimum suggests the number of factors; Velicer (1976), Psychometrika 41, 321-327;
    ``psych::vss`` (which lists it from 1 on). NaN where components leave nothing of an item.
    """
    matrix = np.asarray(R, dtype=np.float64)
    p = len(matrix)
    values, vectors = np.linalg.eigh(matrix)
    components = (vectors * np.sqrt(np.maximum(values, 0)))[:, ::-1]
    parts = np.cumsum(components.T[:, :, None] * components.T[:, None, :], axis=0)[: p - 2]
    left = matrix - np.concatenate([np.zeros((1, p, p)), parts])
    variance = np.diagonal(left, axis1=1, axis2=2)
    variance = np.where(variance > 1e-12, variance, np.nan)
    squares = left**2 / (variance[:, :, None] * variance[:, None, :])
    return np.asarray((squares.sum(axis=(1, 2)) - p) / (p * (p - 1)))


def single_factor_share(answers: pd.DataFrame) -> pd.Series:
    """Return the share of all variance that one factor takes: Harman's single-factor test.

    ``pca`` (first eigenvalue over p; what SPSS users report), ``minres`` and ``pa``. Above a half
    it is read as a sign of common-method variance; below it proves nothing (Podsakoff et al. 2003).

    Notes
    -----
    Checked against ``harman`` in the golden cases ``assumptions_*``.
    """
    R = correlations(answers).to_numpy()
    shares = {
        method: float(extract(R, 1, method).communalities.mean())
        for method in ("pca", "minres", "pa")
    }
    return pd.Series(shares)


def _components(R: Array) -> Array:
    return np.asarray(np.linalg.eigvalsh(R)[..., ::-1])


def _factors(R: Array) -> Array:
    return extract(R, 1).reduced_eigenvalues


def _leading(exceeds: pd.Series) -> int:
    """Return how many are true before the first that is false."""
    return int(exceeds.cumprod().sum())


def _random_correlations(rng: np.random.Generator, draws: int, n: int, p: int) -> Array:
    return np.stack([_of_rows(rng.standard_normal((n, p))) for _ in range(draws)])


def _resampled_correlations(rng: np.random.Generator, draws: int, answers: Array) -> Array:
    """Return correlations of answers drawn anew for each item: (draws, p, p)."""
    n, p = answers.shape
    filled = _available(rng, answers)
    rows = (rng.integers(n, size=(n, p)) for _ in range(draws))
    return np.stack([_of_rows(np.take_along_axis(filled, index, axis=0)) for index in rows])


def _available(rng: np.random.Generator, answers: Array) -> Array:
    """Return answers with each missing one replaced by a random answer to the same item."""
    filled = answers.copy()
    for column in filled.T:
        missing = np.isnan(column)
        if missing.any():
            column[missing] = rng.choice(column[~missing], size=missing.sum())
    return filled


def _of_rows(rows: Array) -> Array:
    centred = rows - rows.mean(axis=0)
    products = centred.T @ centred
    size = np.sqrt(np.maximum(np.diag(products), 1e-300))
    return np.asarray(products / np.outer(size, size))
