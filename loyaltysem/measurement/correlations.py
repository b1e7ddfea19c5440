"""Correlations of answers, and what they say of one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from loyaltysem.errors import Reason, ResponsesError, listed

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

Method = Literal["pearson", "spearman", "polychoric"]
Missing = Literal["listwise", "pairwise"]


def numeric_answers(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the answers as floating-point numbers, NaN where missing.

    Raises
    ------
    ResponsesError
        There is no column, a column occurs twice, or one holds something other than finite numbers.
    """
    if not answers.shape[1]:
        raise ResponsesError("There are no items to analyse", remedy="Name at least one column.")
    if not answers.columns.is_unique:
        twice = answers.columns[answers.columns.duplicated()].unique()
        raise ResponsesError("An item occurs twice", found=listed(twice))
    text = [name for name in answers.columns if not _is_number(answers[name])]
    if text:
        raise ResponsesError(
            "Items hold answers that are not numbers",
            found=listed(text),
            remedy="Code the answers as numbers first, or leave these columns out.",
        )
    values = answers.to_numpy(dtype=np.float64, na_value=np.nan)
    if np.isinf(values).any():
        raise ResponsesError(
            "Items hold infinite answers",
            found=listed(answers.columns[np.isinf(values).any(axis=0)]),
        )
    return pd.DataFrame(
        values, index=answers.index, columns=[str(name) for name in answers.columns]
    )


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) or bool(column.isna().all())


def varying_answers(answers: pd.DataFrame) -> pd.DataFrame:
    """Return `numeric_answers` after checking that every item has answers that vary.

    Raises
    ------
    ResponsesError
        An item was answered by fewer than two respondents, or by all in the same way.
    """
    numbers = numeric_answers(answers)
    counts = numbers.notna().sum()
    if (counts < 2).any():
        raise ResponsesError(
            "Items were answered by fewer than two respondents",
            found=listed(counts.index[counts < 2]),
            remedy="Leave these items out.",
            reason=Reason("unanswered", {"variables": counts.index[counts < 2].tolist()}),
        )
    spans = numbers.max() - numbers.min()
    if (spans <= 0).any():
        raise ResponsesError(
            "All respondents gave the same answer to some items, which then correlate with nothing",
            found=listed(spans.index[spans <= 0]),
            remedy="Leave these items out.",
            reason=Reason("constant", {"variables": spans.index[spans <= 0].tolist()}),
        )
    return numbers


def correlations(
    answers: pd.DataFrame, method: Method = "pearson", missing: Missing = "pairwise"
) -> pd.DataFrame:
    """Return the correlation matrix of items.

    Parameters
    ----------
    answers
        One row per respondent, one numeric column per item; NaN where missing.
    method
        ``pearson``; ``spearman`` (of ranks, ties share their mean rank); ``polychoric``, of the
        responses that are taken to lie behind ordered categories (as ``lavaan::lavCor``).
    missing
        ``pairwise``: each pair from those who answered both (psych's default); ``listwise``: all
        from those who answered everything.

    Raises
    ------
    ResponsesError
        An item is not numeric, was not answered, or does not vary.

    Notes
    -----
    Checked against the golden cases ``assumptions_*`` and ``polychoric_loyalty``.

    Examples
    --------
    >>> answers = pd.DataFrame({"a": [1, 2, 3], "b": [1, 3, 9]})
    >>> correlations(answers, "spearman").loc["a", "b"].item()
    1.0
    """
    numbers = varying_answers(answers)
    if missing == "listwise":
        numbers = varying_answers(numbers.dropna())
    if method == "polychoric":
        return _polychoric(numbers, missing)
    return numbers.corr(method=method)


def _polychoric(numbers: pd.DataFrame, missing: Missing) -> pd.DataFrame:
    from loyaltysem.estimation.ordinal.polychoric import polychoric

    values = polychoric(numbers, missing=missing).correlations
    return pd.DataFrame(values, index=numbers.columns, columns=numbers.columns)


def as_correlations(cov: ArrayLike) -> Array:
    """Return covariance matrices (..., p, p) as correlation matrices; NaN without variance."""
    C = np.asarray(cov, dtype=np.float64)
    variance = np.diagonal(C, axis1=-2, axis2=-1)
    sd = np.sqrt(np.where(variance > 0, variance, np.nan))
    R: Array = C / (sd[..., :, None] * sd[..., None, :])
    diagonal = np.arange(C.shape[-1])
    R[..., diagonal, diagonal] = 1.0
    return R


def squared_multiple_correlations(R: ArrayLike) -> Array:
    """Return the share of each variable's variance that the others predict.

    ``1 - 1 / diag(R^-1)`` for correlation matrices R (..., p, p), with the pseudo-inverse when R is
    singular, kept within 0 and 1: ``psych::smc``.

    Examples
    --------
    >>> squared_multiple_correlations([[1.0, 0.5], [0.5, 1.0]]).round(2).tolist()
    [0.25, 0.25]
    """
    inverse = np.linalg.pinv(np.asarray(R, dtype=np.float64), rcond=1.5e-8, hermitian=True)
    smc = 1 - 1 / np.diagonal(inverse, axis1=-2, axis2=-1)
    return np.clip(smc, 0.0, 1.0)
