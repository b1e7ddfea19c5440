"""Importance-performance analysis: what moves the outcome, and how well it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

from loyaltysem.errors import ModelSpecificationError, ResponsesError, did_you_mean, listed
from loyaltysem.measurement.correlations import numeric_answers
from loyaltysem.measurement.fitted_matrices import fitted_matrices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.measurement.fitted_matrices import FittedMatrices


def importance_performance(
    fit: Fit,
    target: str,
    answers: pd.DataFrame,
    scale: tuple[float, float] | Mapping[str, tuple[float, float]],
    *,
    standardized: bool = False,
    group: int = 1,
) -> pd.DataFrame:
    """Return importance for ``target`` and performance of every construct that leads to it.

    Parameters
    ----------
    fit
        A fitted structural model.
    target
        The latent outcome.
    answers
        Answers to all indicators, reverse items recoded.
    scale
        Lowest and highest answer, for all items or by item.
    standardized
        Importance in standard deviations; otherwise in points of performance: how many points (of
        100) the target rises when the construct rises by one.
    group
        Which group of the fit, from 1.

    Returns
    -------
    DataFrame
        One row per construct: ``importance`` (total effect on the target), ``performance`` (0 to
        100), ``quadrant``: ``keep up`` (important, done well), ``improve`` (important, not done
        well), ``low priority``, ``possible overkill``, by the means of both columns. The target's
        own performance is ``attrs["target_performance"]``.

    Raises
    ------
    ModelSpecificationError
        The target is not a latent variable that others lead to.
    ResponsesError
        Answers or scales are missing, or are not numbers.

    Notes
    -----
    Martilla & James (1977), J. of Marketing 41(1), 77-79; Ringle & Sarstedt (2016), Industrial
    Management & Data Systems 116, 1865-1886. A construct's performance is the mean of its rescaled
    indicators, weighted by their loadings; a higher-order construct has those of its dimensions.
    """
    matrices = fitted_matrices(fit, group)
    effects = total_effects(matrices, target)
    loadings = _indicator_loadings(fit, matrices)
    measured = effects.index[[name in loadings for name in effects.index]]
    if target not in loadings:
        raise ModelSpecificationError("The target has no indicators", found=f"'{target}'")
    performance = {name: _performance(loadings[name], answers, scale) for name in loadings}
    unit = _latent_sd(matrices) if standardized else _points(loadings, scale)
    table = pd.DataFrame(
        {
            "importance": effects[measured] * unit[measured] / unit[target],
            "performance": pd.Series(performance)[measured],
        }
    )
    table["quadrant"] = _quadrants(table)
    table = table.sort_values("importance", ascending=False)
    table.attrs["target_performance"] = performance[target]
    return table


def item_importance(
    fit: Fit,
    target: str,
    answers: pd.DataFrame,
    scale: tuple[float, float] | Mapping[str, tuple[float, float]],
    *,
    group: int = 1,
) -> pd.DataFrame:
    """Return importance for ``target`` and performance of every item of what leads to it.

    Parameters and errors are those of `importance_performance`.

    Returns
    -------
    DataFrame
        One row per item: ``construct``; ``importance``, that of its construct times its weight in
        it: by how many points (of 100) the target rises when the item rises by one;
        ``performance``, its rescaled mean; ``quadrant``.
    """
    constructs = importance_performance(fit, target, answers, scale, group=group)
    loadings = _indicator_loadings(fit, fitted_matrices(fit, group))
    rows = {
        str(item): {
            "construct": name,
            "importance": constructs.loc[name, "importance"] * weight,
            "performance": _performance(loadings[name].loc[[str(item)]], answers, scale),
        }
        for name in constructs.index
        for item, weight in _weights(loadings[name]).items()
    }
    table = pd.DataFrame.from_dict(rows, orient="index")
    table["quadrant"] = _quadrants(table)
    return table.sort_values("importance", ascending=False)


def index_scores(
    fit: Fit,
    answers: pd.DataFrame,
    scale: tuple[float, float] | Mapping[str, tuple[float, float]],
    *,
    group: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return an index of 0 to 100 of every latent variable that has indicators.

    Parameters and errors are those of `importance_performance`; ``level`` is that of the interval.

    Returns
    -------
    DataFrame
        One row per latent variable: ``index``, ``se``, ``ci_lower``, ``ci_upper``.

    Notes
    -----
    ``100 (sum w_i mean_i - sum w_i lowest_i) / (sum w_i (highest_i - lowest_i))`` on equal scales,
    as the American and the European Customer Satisfaction Index are computed (Fornell, Johnson,
    Anderson, Cha & Bryant, 1996, J. of Marketing 60(4), 7-18), with the loadings as weights. The
    standard error is that of the mean of the respondents' own scores, of those who answered all
    items of the construct; the weights are taken as given.
    """
    found = _indicator_loadings(fit, fitted_matrices(fit, group))
    rows = {name: _index(own, answers, scale, level) for name, own in found.items()}
    return pd.DataFrame.from_dict(rows, orient="index")


def total_effects(matrices: FittedMatrices, target: str) -> pd.Series:
    """Return the total effects on a latent variable of those that lead to it.

    ``(I - B)^-1 - I`` (Bollen 1987), without zeros.

    Raises
    ------
    ModelSpecificationError
        Nothing leads to the target, or it does not exist.
    """
    B = matrices.regressions
    if target not in B.index:
        raise ModelSpecificationError(
            "The model has no such latent variable",
            found=f"'{target}'",
            expected=listed(B.index),
            remedy=did_you_mean(target, [str(name) for name in B.index]),
        )
    total = np.linalg.inv(np.eye(len(B)) - B.to_numpy()) - np.eye(len(B))
    effects = pd.Series(total[B.index.get_loc(target)], index=B.index)
    effects = effects[(effects.abs() > 1e-12) & (effects.index != target)]
    if effects.empty:
        raise ModelSpecificationError("Nothing in the model leads to the target", found=target)
    return effects


def _indicator_loadings(fit: Fit, matrices: FittedMatrices) -> dict[str, pd.Series]:
    """Return the loadings of each latent variable's indicators.

    A higher-order one is measured by the indicators of its dimensions: loadings multiply.
    """
    found = {
        str(name): matrices.loadings[name].loc[items]
        for name in matrices.loadings
        if (items := matrices.indicators(str(name)))
    }
    latent = set(fit.table.latent)
    higher: dict[str, list[str]] = {}
    for row in fit.table.rows:
        if row.op == "=~" and row.rhs in latent and row.lhs not in found:
            higher.setdefault(row.lhs, []).append(row.rhs)
    for name, dimensions in higher.items():
        times = matrices.regressions[name].to_dict()
        parts = [found[one] * times[one] for one in dict.fromkeys(dimensions) if one in found]
        if parts:
            found[name] = pd.concat(parts)
    return found


def _weights(loadings: pd.Series) -> pd.Series:
    size = loadings.abs()
    return size / size.sum()


def _limits(
    item: str, scale: tuple[float, float] | Mapping[str, tuple[float, float]]
) -> tuple[float, float]:
    if isinstance(scale, tuple):
        return scale
    if item not in scale:
        raise ResponsesError("The scale of an item is not given", found=item)
    return scale[item]


def _performance(
    loadings: pd.Series,
    answers: pd.DataFrame,
    scale: tuple[float, float] | Mapping[str, tuple[float, float]],
) -> float:
    weights = _weights(loadings)
    absent = [item for item in weights.index if item not in answers.columns]
    if absent:
        raise ResponsesError("The answers lack indicators of the model", found=listed(absent))
    means = numeric_answers(answers[list(weights.index)]).mean()
    limits = np.array([_limits(str(item), scale) for item in weights.index], dtype=np.float64)
    shares = (means.to_numpy() - limits[:, 0]) / (limits[:, 1] - limits[:, 0])
    return float(100 * (weights.to_numpy() * shares).sum())


def _index(
    loadings: pd.Series,
    answers: pd.DataFrame,
    scale: tuple[float, float] | Mapping[str, tuple[float, float]],
    level: float,
) -> dict[str, float]:
    """Return the index of one construct with its standard error and interval."""
    index = _performance(loadings, answers, scale)
    weights = _weights(loadings)
    limits = np.array([_limits(str(item), scale) for item in weights.index], dtype=np.float64)
    own = numeric_answers(answers[list(weights.index)]).dropna().to_numpy()
    scores = 100 * ((own - limits[:, 0]) / (limits[:, 1] - limits[:, 0])) @ weights.to_numpy()
    se = float(scores.std(ddof=1) / np.sqrt(len(scores))) if len(scores) > 1 else float("nan")
    reach = float(norm.ppf(0.5 + level / 2)) * se
    return {"index": index, "se": se, "ci_lower": index - reach, "ci_upper": index + reach}


def _latent_sd(matrices: FittedMatrices) -> pd.Series:
    return pd.Series(np.sqrt(np.diag(matrices.latent_cov)), index=matrices.latent_cov.index)


def _points(
    loadings: Mapping[str, pd.Series],
    scale: tuple[float, float] | Mapping[str, tuple[float, float]],
) -> pd.Series:
    """Return by how much each latent variable changes per point of its performance."""
    points = {}
    for name, own in loadings.items():
        spans = np.array([np.diff(_limits(str(item), scale))[0] for item in own.index])
        gain = (_weights(own).to_numpy() * np.abs(own.to_numpy()) / spans).sum()
        points[name] = 1 / (100 * gain)
    return pd.Series(points)


def _quadrants(table: pd.DataFrame) -> list[str]:
    important = table["importance"] >= table["importance"].mean()
    good = table["performance"] >= table["performance"].mean()
    names = {
        (True, True): "keep up",
        (True, False): "improve",
        (False, False): "low priority",
        (False, True): "possible overkill",
    }
    return [names[bool(i), bool(g)] for i, g in zip(important, good, strict=True)]
