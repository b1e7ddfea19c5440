"""What is missing, in which patterns, and whether it is missing completely at random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, Notice, Reason
from loyaltysem.estimation.incomplete.patterns import missing_patterns
from loyaltysem.estimation.incomplete.saturated import saturated_moments
from loyaltysem.estimation.moments import SINGULAR
from loyaltysem.measurement.correlations import numeric_answers, varying_answers
from loyaltysem.records import Shown

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.incomplete.patterns import MissingPatterns
    from loyaltysem.estimation.incomplete.saturated import SaturatedMoments

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Missingness(Shown):
    """Account of missing answers.

    Attributes
    ----------
    n, n_complete
        Respondents, and those who answered everything.
    items
        By item: ``n_missing, share``.
    respondents
        By respondent: ``n_missing, share``.
    patterns
        One row per pattern, the most frequent first: ``n`` and one Boolean column per item, True
        where answered.
    """

    n: int
    n_complete: int
    items: pd.DataFrame
    respondents: pd.DataFrame
    patterns: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LittleTest(Shown):
    """Little's test of the hypothesis that answers are missing completely at random.

    Attributes
    ----------
    chisq, df, pvalue
        The test; a small p speaks against the hypothesis.
    n_patterns
        Number of patterns of missing answers among respondents with any answer.
    notices
        What stands against the reading of the numbers.
    """

    chisq: float
    df: int
    pvalue: float
    n_patterns: int
    notices: tuple[Notice, ...] = ()


def missingness(answers: pd.DataFrame) -> Missingness:
    """Return how much is missing by item, by respondent and by pattern.

    Raises
    ------
    ResponsesError
        An item is not numeric.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> price = answers[["PR1", "PR2", "PR3", "PR4"]]
    >>> ls.missingness(price.mask(price == 7)).n
    475
    """
    numbers = numeric_answers(answers)
    missing = numbers.isna()
    observed = ~missing
    patterns = observed.value_counts().rename("n").reset_index()
    return Missingness(
        n=len(numbers),
        n_complete=int(observed.all(axis=1).sum()),
        items=pd.DataFrame({"n_missing": missing.sum(), "share": missing.mean()}),
        respondents=pd.DataFrame(
            {"n_missing": missing.sum(axis=1), "share": missing.mean(axis=1)}, index=answers.index
        ),
        patterns=patterns[["n", *numbers.columns]],
    )


def little_mcar(answers: pd.DataFrame) -> LittleTest:
    """Return Little's test that answers are missing completely at random.

    Parameters
    ----------
    answers
        One row per respondent, one numeric column per item; NaN where missing. Respondents without
        any answer are left out.

    Raises
    ------
    ResponsesError
        An item is not numeric, was not answered, or does not vary.
    EstimationError
        Nothing is missing, or the covariances of the incomplete answers cannot be estimated.

    Notes
    -----
    Little (1988), JASA 83, 1198-1202: over the patterns, the squared distances of the observed
    means from the maximum-likelihood means, with the maximum-likelihood covariance matrix (by EM,
    divisor n; SPSS and ``BaylorEdPsych::LittleMCAR`` differ in the last digits because their EM
    stops earlier).

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> price = answers[["PR1", "PR2", "PR3", "PR4"]]
    >>> ls.little_mcar(price.mask(price == 7)).df > 0
    True
    """
    from scipy.special import chdtrc

    numbers = varying_answers(answers)
    patterns = missing_patterns(numbers.to_numpy())
    if patterns.complete:
        raise EstimationError(
            "No answer is missing, so there is nothing to test", reason=Reason("nothing_missing")
        )
    moments = saturated_moments(patterns)
    if not _determined(moments):
        n, p = patterns.n, patterns.n_variables
        raise EstimationError(
            "The covariances of the incomplete answers cannot be estimated",
            found=f"{n} respondents, {p} items",
            remedy="There must be more respondents than items, and no item may follow from others: "
            "test fewer items.",
            reason=Reason("too_few_respondents", {"n": n, "needed": p + 1})
            if n <= p
            else Reason("incomplete_dependent"),
        )
    chisq = _distance(patterns, moments.mean, moments.cov)
    df = int(patterns.observed.sum() - patterns.n_variables)
    return LittleTest(
        chisq=chisq,
        df=df,
        pvalue=float(chdtrc(df, chisq)),
        n_patterns=patterns.n_patterns,
        notices=_notices(moments.converged),
    )


def _determined(moments: SaturatedMoments) -> bool:
    """Tell whether the likelihood has a maximum, at a covariance matrix that is not singular."""
    if moments.degenerate is not None or not np.isfinite(moments.loglik):
        return False
    sd = np.sqrt(np.diagonal(moments.cov))
    values = np.linalg.eigvalsh(moments.cov / np.outer(sd, sd))
    return bool(values[0] > SINGULAR * values[-1])


def _distance(patterns: MissingPatterns, mean: Array, cov: Array) -> float:
    """Return n times the squared distance of the observed means, summed over patterns."""
    starts = np.searchsorted(patterns.row_pattern, np.arange(patterns.n_patterns))
    weight = patterns.root_weight[:, None]
    sums = np.add.reduceat(patterns.rows * weight, starts, axis=0)
    total = 0.0
    for observed, count, row in zip(patterns.observed, patterns.counts, sums, strict=True):
        away = row[observed] / count - mean[observed]
        block = cov[np.ix_(observed, observed)]
        total += float(count * away @ np.linalg.solve(block, away))
    return total


def _notices(converged: bool) -> tuple[Notice, ...]:
    if converged:
        return ()
    text = "The EM estimates behind Little's test did not converge: read it with care."
    return (Notice("em_not_converged", text),)
