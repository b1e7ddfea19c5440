"""Full-collinearity variance inflation: how much each construct shares with all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from loyaltysem.errors import EstimationError, listed
from loyaltysem.structural.collinearity import variance_inflation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COMPOSITE_LIMIT = 3.3
"""Inflation of composite scores above which Kock (2015) suspects common-method variance."""

FACTOR_LIMIT = 5.0
"""The limit for latent variables, whose correlations are free of measurement error (Kock 2015)."""


def full_collinearity(scores: pd.DataFrame) -> pd.Series:
    """Return each construct's variance inflation factor on all other constructs.

    Parameters
    ----------
    scores
        One column per construct, such as :func:`construct_means` gives; respondents with a missing
        score are left out.

    Returns
    -------
    Series
        ``1 / (1 - R²)`` of each construct regressed on all others, predictors and outcomes alike;
        infinite where the scores are exactly dependent.

    Raises
    ------
    EstimationError
        There are fewer than two constructs, or scores that do not vary.

    Notes
    -----
    Kock & Lynn (2012), Journal of the Association for Information Systems 13, 546-580; Kock (2015),
    International Journal of e-Collaboration 11(4), 1-10: values of ``COMPOSITE_LIMIT`` or below
    speak against common-method variance. The criterion also strikes where constructs overlap for
    substantive reasons, and misses weak method variance.

    Examples
    --------
    >>> scores = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, -1, -1, 1]})
    >>> full_collinearity(scores).tolist()
    [1.0, 1.0]
    """
    complete = scores.dropna()
    constant = [str(name) for name in complete if complete[name].nunique() < 2]
    if complete.shape[1] < 2 or constant:
        raise EstimationError(
            "Full collinearity needs two constructs or more whose scores vary",
            found=f"no variation in {listed(constant)}" if constant else f"{len(complete.columns)}",
        )
    return variance_inflation(complete.corr())


def construct_means(answers: pd.DataFrame, constructs: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return the mean of each construct's items per respondent; NaN where an answer is missing.

    Parameters
    ----------
    answers
        One column per item, reverse items recoded.
    constructs
        Constructs and the codes of their items.
    """
    means = {
        name: answers[list(items)].mean(axis=1, skipna=False) for name, items in constructs.items()
    }
    return pd.DataFrame(means)
