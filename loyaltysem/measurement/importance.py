"""Importance-performance analysis: what moves the outcome, and how well it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

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
        well), ``low priority``, ``possible overkill``, by the means of both columns.

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
    indicators, weighted by their loadings.
    """
    matrices = fitted_matrices(fit, group)
    effects = total_effects(matrices, target)
    own = {name: matrices.indicators(name) for name in [*effects.index, target]}
    measured = effects.index[[bool(own[name]) for name in effects.index]]
    performance = pd.Series(
        {name: _performance(matrices, answers, name, scale) for name in [*measured, target]}
    )
    unit = _latent_sd(matrices) if standardized else _points(matrices, own, scale)
    importance = effects[measured] * unit[measured] / unit[target]
    table = pd.DataFrame({"importance": importance, "performance": performance[measured]})
    table["quadrant"] = _quadrants(table)
    return table.sort_values("importance", ascending=False)


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


def _weights(matrices: FittedMatrices, name: str) -> pd.Series:
    loadings = matrices.loadings.loc[matrices.indicators(name), name].abs()
    return loadings / loadings.sum()


def _limits(
    item: str, scale: tuple[float, float] | Mapping[str, tuple[float, float]]
) -> tuple[float, float]:
    if isinstance(scale, tuple):
        return scale
    if item not in scale:
        raise ResponsesError("The scale of an item is not given", found=item)
    return scale[item]


def _performance(
    matrices: FittedMatrices,
    answers: pd.DataFrame,
    name: str,
    scale: tuple[float, float] | Mapping[str, tuple[float, float]],
) -> float:
    weights = _weights(matrices, name)
    absent = [item for item in weights.index if item not in answers.columns]
    if absent:
        raise ResponsesError("The answers lack indicators of the model", found=listed(absent))
    means = numeric_answers(answers[list(weights.index)]).mean()
    limits = np.array([_limits(str(item), scale) for item in weights.index], dtype=np.float64)
    shares = (means.to_numpy() - limits[:, 0]) / (limits[:, 1] - limits[:, 0])
    return float(100 * (weights.to_numpy() * shares).sum())


def _latent_sd(matrices: FittedMatrices) -> pd.Series:
    return pd.Series(np.sqrt(np.diag(matrices.latent_cov)), index=matrices.latent_cov.index)


def _points(
    matrices: FittedMatrices,
    own: Mapping[str, list[str]],
    scale: tuple[float, float] | Mapping[str, tuple[float, float]],
) -> pd.Series:
    """Return by how much each latent variable changes per point of its performance."""
    points = {}
    for name, items in own.items():
        if not items:
            continue
        spans = np.array([np.diff(_limits(item, scale))[0] for item in items])
        loadings = matrices.loadings.loc[items, name].to_numpy()
        gain = (_weights(matrices, name).to_numpy() * np.abs(loadings) / spans).sum()
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
