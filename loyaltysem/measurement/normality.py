"""Whether the answers follow a multivariate normal distribution, and who lies far out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, Reason
from loyaltysem.measurement.correlations import numeric_answers, varying_answers
from loyaltysem.records import Shown

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Mardia(Shown):
    """Mardia's multivariate skewness and kurtosis with their tests.

    Attributes
    ----------
    n, df
        Complete respondents, and degrees of freedom of the test of skewness.
    skewness, kurtosis
        b1p and b2p; b2p of a normal distribution is p (p + 2).
    skewness_chisq, skewness_pvalue
        ``n b1p / 6`` and its p.
    skewness_chisq_small, skewness_pvalue_small
        The same with Mardia's (1974) factor for small samples.
    kurtosis_z, kurtosis_pvalue
        The kurtosis standardized, and its two-sided p.
    """

    n: int
    df: int
    skewness: float
    skewness_chisq: float
    skewness_pvalue: float
    skewness_chisq_small: float
    skewness_pvalue_small: float
    kurtosis: float
    kurtosis_z: float
    kurtosis_pvalue: float


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HenzeZirkler(Shown):
    """Henze and Zirkler's test that the items are jointly normal: statistic, p, complete rows."""

    n: int
    statistic: float
    pvalue: float


def mardia(answers: pd.DataFrame, *, divisor_n: bool = False) -> Mardia:
    """Return Mardia's tests of multivariate skewness and kurtosis of the complete respondents.

    Parameters
    ----------
    answers
        One row per respondent, one numeric column per item.
    divisor_n
        Use the covariance matrix with divisor n, as Mardia (1970) and DeCarlo's SPSS macro; the
        default divides by n - 1, as ``psych::mardia`` and semTools.

    Raises
    ------
    ResponsesError
        An item is not numeric, was not answered, or does not vary.
    EstimationError
        There are fewer complete respondents than items, or items depend on one another.

    Notes
    -----
    Mardia (1970), Biometrika 57, 519-530; the factor for small samples is Mardia's (1974). Checked
    against the golden cases ``assumptions_*``.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> price = answers[["PR1", "PR2", "PR3", "PR4"]]
    >>> found = ls.mardia(price)
    >>> round(found.kurtosis, 2), found.kurtosis_pvalue < 0.05
    (23.3, False)
    """
    from scipy.special import chdtrc, ndtr

    whitened = _whitened(answers)
    n, p = whitened.shape
    if not divisor_n:
        whitened = whitened * np.sqrt((n - 1) / n)
    b1p = _skewness(whitened)
    b2p = float((np.einsum("ij,ij->i", whitened, whitened) ** 2).mean())
    df = p * (p + 1) * (p + 2) // 6
    small = (p + 1) * (n + 1) * (n + 3) / (n * ((n + 1) * (p + 1) - 6))
    chisq, z = n * b1p / 6, (b2p - p * (p + 2)) * np.sqrt(n / (8 * p * (p + 2)))
    return Mardia(
        n=n,
        df=df,
        skewness=b1p,
        skewness_chisq=chisq,
        skewness_pvalue=float(chdtrc(df, chisq)),
        skewness_chisq_small=chisq * small,
        skewness_pvalue_small=float(chdtrc(df, chisq * small)),
        kurtosis=b2p,
        kurtosis_z=float(z),
        kurtosis_pvalue=float(2 * ndtr(-abs(z))),
    )


def henze_zirkler(answers: pd.DataFrame) -> HenzeZirkler:
    """Return Henze and Zirkler's test of multivariate normality of the complete respondents.

    Henze & Zirkler (1990), Communications in Statistics 19, 3595-3617, by pingouin.

    Raises
    ------
    ResponsesError, EstimationError
        As `mardia`.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> price = answers[["PR1", "PR2", "PR3", "PR4"]]
    >>> ls.henze_zirkler(price).pvalue < 0.05
    True
    """
    from pingouin import multivariate_normality

    complete = varying_answers(answers.dropna())
    _whitened(complete)
    result = multivariate_normality(complete.to_numpy())
    return HenzeZirkler(n=len(complete), statistic=float(result.hz), pvalue=float(result.pval))


def mahalanobis(answers: pd.DataFrame) -> pd.DataFrame:
    """Return each respondent's squared Mahalanobis distance from the mean of all.

    Returns
    -------
    DataFrame
        ``distance`` and ``pvalue`` (chi-square with one degree of freedom per item), indexed as
        ``answers``; NaN for respondents with a missing answer.

    Raises
    ------
    ResponsesError, EstimationError
        As `mardia`.

    Notes
    -----
    The covariance matrix has divisor n - 1, as ``stats::mahalanobis`` with ``cov`` and
    ``psych::outlier``. Checked against the golden cases ``assumptions_*``.
    """
    from scipy.special import chdtrc

    whitened = _whitened(answers)
    n, p = whitened.shape
    distance = np.einsum("ij,ij->i", whitened, whitened) * (n - 1) / n
    complete = answers.dropna().index
    frame = pd.DataFrame({"distance": distance, "pvalue": chdtrc(p, distance)}, index=complete)
    return frame.reindex(answers.index)


def distance_quantiles(answers: pd.DataFrame, *, most: int = 500) -> tuple[Array, Array]:
    """Return expected and observed quantiles of the squared Mahalanobis distances.

    Of jointly normal items the points lie on a straight line. With more than ``most`` complete
    respondents, evenly spaced ranks stand for all, the largest among them.

    Raises
    ------
    ResponsesError, EstimationError
        As `mardia`.

    Notes
    -----
    Chi-square quantiles at (i - 1/2) / n; Johnson & Wichern (2007), Applied Multivariate
    Statistical Analysis, section 4.6.
    """
    from scipy.special import chdtri

    observed = np.sort(mahalanobis(answers)["distance"].dropna().to_numpy(dtype=np.float64))
    n = len(observed)
    upper = (n - np.arange(n) - 0.5) / n
    kept = np.unique(np.linspace(0, n - 1, min(n, most)).round().astype(np.intp))
    expected = chdtri(answers.shape[1], upper)
    return np.asarray(expected[kept]), observed[kept]


def _skewness(whitened: Array, block: int = 500) -> float:
    """Return b1p, the mean cubed product of all pairs of rows, a block of rows at a time.

    With many respondents as the squared third moments, which cost n p^3 instead of n^2 p.
    """
    n, p = whitened.shape
    blocks = [whitened[start : start + block] for start in range(0, n, block)]
    if n > p**2:
        third = np.zeros((p**2, p))
        for own in blocks:
            third += np.einsum("ia,ib->iab", own, own).reshape(-1, p**2).T @ own
        return float(np.sum((third / n) ** 2))
    cubed = [float(((part @ whitened.T) ** 3).sum()) for part in blocks]
    return float(sum(cubed) / n**2)


def _whitened(answers: pd.DataFrame) -> Array:
    """Return the complete rows with mean 0 and covariance matrix (divisor n) 1."""
    complete = numeric_answers(answers).dropna()
    n, p = complete.shape
    if n <= p:
        raise _singular(n, p, Reason("too_few_respondents", {"n": n, "needed": p + 1}))
    values = varying_answers(complete).to_numpy()
    centred = values - values.mean(axis=0)
    left, sizes, right = np.linalg.svd(centred / centred.std(axis=0), full_matrices=False)
    null = right[sizes <= 1e-10 * sizes[0]]
    if len(null):
        raise _singular(n, p, Reason("dependent", {"variables": _involved(null, answers)}))
    whitened: Array = left * np.sqrt(n)
    return whitened


def _singular(n: int, p: int, reason: Reason) -> EstimationError:
    return EstimationError(
        "The covariance matrix of the items is singular",
        found=f"{n} complete respondents, {p} items",
        remedy="There must be more respondents than items, and no item may follow from others.",
        reason=reason,
    )


def _involved(null: Array, answers: pd.DataFrame) -> list[str]:
    """Return the items that take part in linear dependences, given as rows of weights."""
    takes_part = np.abs(null).max(axis=0) > 0.05
    return [str(name) for name, part in zip(answers, takes_part, strict=True) if part]
