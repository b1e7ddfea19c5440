"""Means, standard deviations and correlations of construct scores."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from loyaltysem.results import ConstructScore, CorrelationsResult, ScorePair
from loyaltysem.study.parts.constructs import analysed_constructs
from loyaltysem.study.parts.part import Found, Material, StudyPart
from loyaltysem.study.plain import plain_record, plain_rows

if TYPE_CHECKING:
    from collections.abc import Mapping


FEWEST = 5
"""Respondents from which a correlation is given."""


def _compute(material: Material) -> Found:
    return Found(record=correlated(material.responses.answers, analysed_constructs(material)))


def correlated(
    answers: pd.DataFrame, constructs: Mapping[str, list[str]]
) -> CorrelationsResult | None:
    """Return the correlations of the constructs' mean answers; None for fewer than two."""
    if len(constructs) < 2:
        return None
    scores = pd.DataFrame({code: answers[own].mean(axis=1) for code, own in constructs.items()})
    rows = plain_rows(scores.agg(["count", "mean", "std"]).T)
    return CorrelationsResult(
        scores=tuple(
            ConstructScore(
                construct_code=code, n=int(row["count"]), mean=row["mean"], sd=row["std"]
            )
            for code, row in rows.items()
        ),
        pairs=tuple(_pair(scores, *pair) for pair in combinations(constructs, 2)),
    )


def _pair(scores: pd.DataFrame, first: str, second: str) -> ScorePair:
    """Return a correlation by pingouin; None where a score does not vary or few have both."""
    both = scores[[first, second]].dropna()
    if len(both) < FEWEST or (both.nunique() < 2).any():
        return ScorePair(first=first, second=second, r=None, pvalue=None, n=len(both))
    from pingouin import corr  # a heavy import, and only here

    row = corr(both[first], both[second]).iloc[0]
    values = plain_record({"r": row["r"], "pvalue": row["p_val"]})
    return ScorePair(first=first, second=second, n=len(both), **values)


CORRELATIONS = StudyPart(
    field="correlations",
    step="Correlations of the constructs",
    wanted=lambda plan: "correlations" in plan.definition.analyses,
    compute=_compute,
)
