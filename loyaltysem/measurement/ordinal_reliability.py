"""Reliability of ordered answers: of the responses behind them, and of their sum as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from loyaltysem.errors import EstimationError, ResponsesError, listed
from loyaltysem.estimation.fitting import fit
from loyaltysem.estimation.ordinal.bivariate_normal import bivariate_normal_cdf
from loyaltysem.estimation.ordinal.polychoric import polychoric
from loyaltysem.measurement.correlations import varying_answers
from loyaltysem.measurement.extraction import extract
from loyaltysem.measurement.reliability import alpha_of, composite_reliability

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

MOST_CATEGORIES = 12
"""Different answers up to which an item counts as ordinal."""

_ONE = 1 - 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalReliability:
    """Reliability of ordered answers.

    Attributes
    ----------
    alpha
        Alpha of the polychoric correlations (Zumbo, Gadermann & Zeisser 2007).
    omega
        Omega of one factor on them. Like ``alpha`` it describes the responses that are taken to lie
        behind the answers, not the answers themselves.
    categorical_omega
        Reliability of the sum of the answers as they are (Green & Yang 2009); NaN where the
        one-factor model found no solution.
    """

    alpha: float
    omega: float
    categorical_omega: float


def ordinal_reliability(answers: pd.DataFrame) -> OrdinalReliability:
    """Return the reliability of a scale whose items are ordered categories.

    Missing answers are left out pair by pair.

    Raises
    ------
    ResponsesError
        An item is not numeric, was not answered, does not vary; or there are fewer than three.
    EstimationError
        An item has too many different answers to be ordinal.

    Notes
    -----
    Alpha is checked against the golden case ``polychoric_loyalty``, categorical omega against
    ``semTools::compRelSEM``.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> price = answers[["PR1", "PR2", "PR3", "PR4"]]
    >>> round(ls.ordinal_reliability(price).alpha, 2)
    0.87
    """
    if answers.shape[1] < 3:
        raise ResponsesError("Ordinal reliability needs three items or more")
    numbers = varying_answers(answers)
    many = [str(name) for name in numbers if numbers[name].nunique() > MOST_CATEGORIES]
    if many:
        raise EstimationError(
            "Items have too many different answers to count as ordinal", found=listed(many)
        )
    found = polychoric(numbers, missing="pairwise")
    loadings = _loadings(numbers)
    return OrdinalReliability(
        alpha=alpha_of(found.correlations),
        omega=one_factor_omega(found.correlations),
        categorical_omega=np.nan
        if loadings is None
        else categorical_omega(loadings, found.thresholds, found.correlations),
    )


def one_factor_omega(R: np.ndarray) -> float:
    """Return McDonald's omega of one minres factor on a correlation matrix of three items or more.

    ``(sum l)² / ((sum l)² + sum(1 - l²))``; McDonald (1999).
    """
    return composite_reliability(extract(R, 1).loadings[:, 0])


def _loadings(numbers: pd.DataFrame) -> Array | None:
    """Return standardized loadings of one factor by DWLS, None without a solution."""
    items = {name: f"x{i}" for i, name in enumerate(numbers.columns)}
    model = f"f =~ {' + '.join(items.values())}"
    missing = "pairwise" if numbers.isna().to_numpy().any() else "listwise"
    data = numbers.rename(columns=items)
    try:
        fitted = fit(
            model, data, ordered=True, estimator="DWLS", std_lv=True, se="none", missing=missing
        )
    except EstimationError:
        return None
    table = fitted.estimates()
    found = table.loc[table["op"] == "=~", "std_all"].to_numpy(dtype=np.float64)
    return found if fitted.converged and (np.abs(found) < 1).all() else None


def categorical_omega(loadings: ArrayLike, thresholds: Sequence[ArrayLike], R: ArrayLike) -> float:
    """Return the reliability of the sum of ordinal items under one factor of their responses.

    Parameters
    ----------
    loadings
        Standardized loadings (p,) of the underlying responses on the factor.
    thresholds
        Each item's cut points on its standard normal response, ascending.
    R
        Correlations of the responses (p, p): polychoric (the observed variance of the sum) or those
        that the model implies.

    Notes
    -----
    Covariances of ordinal scores are sums of bivariate normal probabilities over the thresholds:
    Green & Yang (2009), Psychometrika 74, 155-167, eq. 21; ``semTools::compRelSEM(ord.scale =
    TRUE)``. In the numerator the correlation of two items is the product of their loadings, that of
    an item with a parallel one its communality.
    """
    l = np.asarray(loadings, dtype=np.float64)  # noqa: E741 - the textbook's letter
    cuts = [np.asarray(one, dtype=np.float64) for one in thresholds]
    owner = np.repeat(np.arange(len(cuts)), [len(one) for one in cuts])
    tau = np.concatenate(cuts)
    true = _covariance(tau, np.outer(l, l)[np.ix_(owner, owner)])
    observed = _covariance(tau, np.asarray(R, dtype=np.float64)[np.ix_(owner, owner)])
    return float(true / observed)


def _covariance(tau: Array, rho: Array) -> float:
    """Return the sum of all covariances of the indicators ``response <= threshold``."""
    together = bivariate_normal_cdf(tau[:, None], tau, np.clip(rho, -_ONE, _ONE))
    same = np.where(rho >= _ONE, ndtr(np.minimum(tau[:, None], tau)), together)
    return float((same - np.outer(ndtr(tau), ndtr(tau))).sum())
