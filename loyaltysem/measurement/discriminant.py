"""Further evidence that constructs differ: cross-loadings, models with two constructs made one."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError, ModelSpecificationError, ResponsesError, listed
from loyaltysem.estimation.comparison import held_parameter_test
from loyaltysem.estimation.fitting import fit
from loyaltysem.measurement.correlations import varying_answers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loyaltysem.estimation.fitted import Fit


def cross_loadings(
    answers: pd.DataFrame, constructs: Mapping[str, Sequence[str]], *, corrected: bool = True
) -> pd.DataFrame:
    """Return the correlation of each item with the mean answer to each construct.

    Parameters
    ----------
    answers
        Answers, reverse items recoded; pairwise correlations.
    constructs
        Items of each construct.
    corrected
        Leave the item itself out of its own construct's mean (NaN when nothing is left); the plain
        correlation is what programs for partial least squares print.

    Returns
    -------
    DataFrame
        Items by constructs. An item should correlate most with its own.

    Raises
    ------
    ResponsesError
        An item does not exist, is not numeric, was not answered, or does not vary.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> constructs = {"price": ["PR1", "PR2", "PR3", "PR4"], "image": ["IM1", "IM2", "IM3", "IM4"]}
    >>> ls.cross_loadings(answers, constructs).round(2).head(2)
         price  image
    PR1   0.73   0.30
    PR2   0.71   0.24
    """
    items = list(dict.fromkeys(item for own in constructs.values() for item in own))
    absent = [item for item in items if item not in answers.columns]
    if absent:
        raise ResponsesError("The answers lack items of the constructs", found=listed(absent))
    numbers = varying_answers(answers[items])
    scores = {name: numbers[list(own)].mean(axis=1) for name, own in constructs.items()}
    table = pd.DataFrame({name: numbers.corrwith(score) for name, score in scores.items()})
    if not corrected:
        return table
    return pd.DataFrame(
        {
            name: [
                _without_itself(numbers, item, own) if item in own else value
                for item, value in table[name].items()
            ]
            for name, own in constructs.items()
        },
        index=table.index,
    )


def _without_itself(numbers: pd.DataFrame, item: object, own: Sequence[str]) -> float:
    others = [other for other in own if other != item]
    return float(numbers[str(item)].corr(numbers[others].mean(axis=1))) if others else np.nan


def constrained_correlation_tests(
    model: str,
    data: pd.DataFrame,
    *,
    correlation: float = 1.0,
    pairs: Sequence[tuple[str, str]] | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Test for each pair of constructs whether the data allow their correlation to be 1.

    Parameters
    ----------
    model
        A measurement model in lavaan's syntax.
    data
        The answers.
    correlation
        Value that the correlation is fixed at; its sign is that of the correlation found.
    pairs
        Pairs of constructs; all by default.
    options
        Of `fit`; the difference test follows the estimator: scaled after WLSMV, and after MLM and
        MLR by Satorra's (2000) factor for one restriction.

    Returns
    -------
    DataFrame
        One row per pair: ``first, second, correlation, chisq_diff, df_diff, pvalue, distinct``
        (p < .05: they differ). NaN where the constrained model found no solution.

    Raises
    ------
    ModelSpecificationError
        The model has fewer than two latent variables, or lacks one that was named.
    EstimationError
        The model itself cannot be fitted.

    Notes
    -----
    Anderson & Gerbing (1988), Psychological Bulletin 103, 411-423; Bagozzi & Phillips (1982). With
    many pairs the p-values call for a correction, e.g. Holm's.
    """
    free = fit(model, data, std_lv=True, **options)
    found = free.latent_correlations()
    wanted = list(combinations(found.index, 2)) if pairs is None else list(pairs)
    _check_pairs(wanted, list(found.index))
    values = found.to_numpy()
    rows = []
    for first, second in wanted:
        value = float(values[found.index.get_loc(first), found.index.get_loc(second)])
        fixed = f"{model}\n{first} ~~ {np.copysign(correlation, value)} * {second}"
        rows.append(
            {"first": first, "second": second, "correlation": value}
            | _difference(free, fixed, data, options)
        )
    table = pd.DataFrame(rows)
    table["distinct"] = table["pvalue"] < 0.05
    return table


def _check_pairs(pairs: Sequence[tuple[str, str]], latent: Sequence[str]) -> None:
    unknown = sorted({name for pair in pairs for name in pair} - set(latent))
    if unknown or len(latent) < 2:
        raise ModelSpecificationError(
            "The test needs two latent variables of the model",
            found=listed(unknown) if unknown else listed(latent),
            expected=listed(latent) if unknown else None,
        )


def _difference(
    free: Fit, fixed: str, data: pd.DataFrame, options: dict[str, Any]
) -> dict[str, float]:
    unknown = {"chisq_diff": np.nan, "df_diff": np.nan, "pvalue": np.nan}
    try:
        constrained = fit(fixed, data, std_lv=True, **options)
        step = held_parameter_test(free, constrained)
    except EstimationError:
        return unknown
    if not constrained.converged:
        return unknown
    return {"chisq_diff": step.statistic, "df_diff": step.df, "pvalue": step.pvalue}
