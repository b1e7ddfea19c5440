"""Whether a correlation matrix is worth a factor analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, Notice, listed
from loyaltysem.measurement.correlations import correlations
from loyaltysem.records import Shown

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

_POOR = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Adequacy(Shown):
    """Kaiser-Meyer-Olkin measures and Bartlett's test of sphericity.

    Attributes
    ----------
    n
        Number of respondents that the test counts with.
    kmo
        Overall measure, 0 to 1.
    kmo_items
        Measure of each item.
    chisq, df, pvalue
        Bartlett's test of the hypothesis that no two items correlate.
    notices
        Which items hardly share anything with the others.
    """

    n: int
    kmo: float
    kmo_items: pd.Series
    chisq: float
    df: int
    pvalue: float
    notices: tuple[Notice, ...] = ()


def adequacy(answers: pd.DataFrame) -> Adequacy:
    """Return KMO and Bartlett's test of items, from pairwise Pearson correlations.

    With missing answers n is the number of rows, as in psych. SPSS leaves out incomplete rows
    instead: pass ``answers.dropna()`` for its numbers.

    Raises
    ------
    ResponsesError
        An item is not numeric, was not answered, or does not vary.
    EstimationError
        The correlation matrix is singular.

    Notes
    -----
    Checked against the golden cases ``assumptions_*``.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> price = answers[["PR1", "PR2", "PR3", "PR4"]]
    >>> found = ls.adequacy(price)
    >>> round(found.kmo, 2), found.df
    (0.82, 6)
    """
    R = correlations(answers)
    n = len(answers)
    overall, items = kaiser_meyer_olkin(R)
    chisq, df, pvalue = bartlett_sphericity(R, n)
    by_item = pd.Series(items, index=R.columns)
    return Adequacy(
        n=n,
        kmo=overall,
        kmo_items=by_item,
        chisq=chisq,
        df=df,
        pvalue=pvalue,
        notices=_notices(by_item),
    )


def kaiser_meyer_olkin(R: ArrayLike) -> tuple[float, Array]:
    """Return the measure of sampling adequacy of a correlation matrix (p, p) and of each item.

    Squared correlations over squared correlations plus squared partial correlations; Kaiser & Rice
    (1974), Educational and Psychological Measurement 34, 111-117; ``psych::KMO``.

    Raises
    ------
    EstimationError
        The matrix is singular, or a correlation of it is not known.
    """
    matrix = _known(R)
    r2, inverse = matrix**2, _inverse(matrix)
    partial2 = inverse**2 / np.outer(np.diag(inverse), np.diag(inverse))
    np.fill_diagonal(r2, 0.0)
    np.fill_diagonal(partial2, 0.0)
    items = r2.sum(axis=0) / (r2.sum(axis=0) + partial2.sum(axis=0))
    return float(r2.sum() / (r2.sum() + partial2.sum())), items


def bartlett_sphericity(R: ArrayLike, n: int) -> tuple[float, int, float]:
    """Return chi-square, degrees of freedom and p of the hypothesis that R is an identity matrix.

    ``-(n - 1 - (2 p + 5) / 6) log|R|``; Bartlett (1951), Biometrika 38, 337-344;
    ``psych::cortest.bartlett``.
    """
    from scipy.special import chdtrc

    matrix = _known(R)
    p = len(matrix)
    sign, log_determinant = np.linalg.slogdet(matrix)
    if sign <= 0:
        raise _singular()
    chisq = -log_determinant * (n - 1 - (2 * p + 5) / 6)
    df = p * (p - 1) // 2
    return float(chisq), df, float(chdtrc(df, chisq))


def _known(R: ArrayLike) -> Array:
    """Return the matrix, unless a correlation of it could not be computed."""
    matrix = np.asarray(R, dtype=np.float64)
    if not np.isfinite(matrix).all():
        raise EstimationError(
            "Some correlations of the items cannot be computed",
            remedy="An item does not vary, or two items have too few respondents in common.",
        )
    return matrix


def _inverse(R: Array) -> Array:
    if np.linalg.matrix_rank(R, hermitian=True) < len(R):
        raise _singular()
    return np.asarray(np.linalg.inv(R))


def _singular() -> EstimationError:
    return EstimationError(
        "The correlation matrix of the items is singular",
        remedy=(
            "There are fewer respondents than items, two items are the same, or one is the sum of"
            " others: leave such items out."
        ),
    )


def _notices(items: pd.Series) -> tuple[Notice, ...]:
    poor = items.index[items < _POOR].tolist()
    if not poor:
        return ()
    text = (
        f"The sampling adequacy of {listed(poor)} is below {_POOR}: they share so little with the"
        " other items that a factor analysis should leave them out."
    )
    return (Notice("inadequate_items", text, {"items": poor}),)
