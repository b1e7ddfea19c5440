"""Constructs that the data cannot tell apart, and the paths that cannot be read because of it.

Two latent variables whose correlation is near one are, for these respondents, one construct under
two names. Paths between them or from both of them to a third are then arbitrary: they can be huge,
change sign with one more respondent, and their p values say nothing about the hypothesis. This is
looked for before any hypothesis is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

INSEPARABLE = 0.98
"""Correlation of predictor and outcome from which the path says only that they are one."""

INFLATED = 10.0
"""Variance inflation factor from which a path counts as unstable (Hair et al. 2010)."""

Reason = Literal["inseparable", "collinear", "exploding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Why a path's estimate cannot be read.

    ``inseparable``: predictor and outcome correlate at ``INSEPARABLE`` or above. ``collinear``: the
    predictor is nearly a combination of the other predictors of the same outcome. ``exploding``:
    the standardized path lies outside -1..1. ``constructs`` names those involved, ``value`` is the
    correlation, the variance inflation factor or the standardized path.
    """

    reason: Reason
    constructs: tuple[str, ...]
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """A path whose sign is opposite to the correlation of its ends.

    Beside its other predictors the outcome goes down where the two variables go up together, or the
    reverse. ``std_all`` is the standardized path, ``correlation`` that of the two variables.
    """

    predictor: str
    outcome: str
    std_all: float
    correlation: float


SIGNIFICANCE = 0.05
"""Level at which a path of the opposite sign is worth a caution."""


def suppressed_paths(
    estimates: pd.DataFrame, correlations: pd.DataFrame
) -> tuple[Suppression, ...]:
    """Find significant paths whose sign is opposite to that of the correlation (suppression).

    Such a path is an effect with the other predictors held constant; it can be real, but overlap
    among predictors brings it about as easily (MacKinnon, Krull & Lockwood 2000; Maassen & Bakker
    2001), so a reader is to be told before a hypothesis is judged by it.

    Parameters
    ----------
    estimates
        Parameter estimates of one group with columns lhs, op, rhs, pvalue, std_all.
    correlations
        Model-implied correlations of the latent variables.
    """
    known = set(correlations.columns)
    paths = estimates[(estimates["op"] == "~") & (estimates["pvalue"] < SIGNIFICANCE)]
    ends = zip(paths["rhs"], paths["lhs"], paths["std_all"], strict=True)
    found = (
        Suppression(predictor=x, outcome=y, std_all=float(std), correlation=_at(correlations, x, y))
        for x, y, std in ends
        if {x, y} <= known
    )
    return tuple(one for one in found if one.std_all * one.correlation < 0)


def _at(correlations: pd.DataFrame, first: str, second: str) -> float:
    names = list(correlations.columns)
    return float(correlations.to_numpy()[names.index(first), names.index(second)])


def variance_inflation(correlations: pd.DataFrame) -> pd.Series:
    """Return each variable's inflation factor, 1 / (1 - R²) on all others; inf if singular."""
    import pandas as pd

    values = correlations.to_numpy()
    if np.linalg.matrix_rank(values, tol=1e-10) < len(values):
        return pd.Series(np.inf, index=correlations.index)
    return pd.Series(np.diag(np.linalg.inv(values)), index=correlations.index)


def doubtful_paths(
    estimates: pd.DataFrame, correlations: pd.DataFrame
) -> dict[tuple[str, str], Doubt]:
    """Find the structural paths whose estimates cannot be read.

    Parameters
    ----------
    estimates
        Parameter estimates of one group with columns lhs, op, rhs, std_all.
    correlations
        Model-implied correlations of the latent variables.

    Returns
    -------
    dict
        ``(predictor, outcome)`` to the gravest doubt about that path.
    """
    paths = estimates[estimates["op"] == "~"]
    doubts: dict[tuple[str, str], Doubt] = {}
    for outcome, equation in paths.groupby("lhs", sort=False):
        predictors = [name for name in equation["rhs"] if name in correlations.columns]
        inflation = variance_inflation(correlations.loc[predictors, predictors])
        for path in equation.itertuples():
            doubt = _doubt(str(outcome), path, predictors, inflation, correlations)
            if doubt:
                doubts[str(path.rhs), str(outcome)] = doubt
    return doubts


def _doubt(
    outcome: str,
    path: object,
    predictors: list[str],
    inflation: pd.Series,
    correlations: pd.DataFrame,
) -> Doubt | None:
    """Return the gravest doubt about one path, or None."""
    predictor, std = str(getattr(path, "rhs")), float(getattr(path, "std_all"))  # noqa: B009
    if {predictor, outcome} <= set(correlations.columns):
        r = float(correlations[outcome].to_dict()[predictor])
        if abs(r) >= INSEPARABLE:
            return Doubt(reason="inseparable", constructs=(predictor, outcome), value=r)
    if predictor in predictors and not 0 < inflation[predictor] < INFLATED:
        twin = correlations.loc[predictor, predictors].drop(predictor).abs().idxmax()
        value = float(inflation[predictor])
        return Doubt(reason="collinear", constructs=(predictor, str(twin)), value=value)
    if abs(std) > 1:
        return Doubt(reason="exploding", constructs=(predictor, outcome), value=std)
    return None
