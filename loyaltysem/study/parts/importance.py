"""Importance and performance of what leads to a model's final outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import LoyaltysemError, Notice
from loyaltysem.measurement.importance import (
    importance_performance,
    index_scores,
    item_importance,
)
from loyaltysem.results import ImportanceResult, ImportanceRow, IndexRow
from loyaltysem.study.parts.part import FittedModel, Found, Material, ModelPart
from loyaltysem.study.plain import notice_records, plain_rows

if TYPE_CHECKING:
    import pandas as pd

    from loyaltysem.estimation import Fit
    from loyaltysem.questionnaire import Questionnaire

Scales = dict[str, tuple[float, float]]


def _compute(material: Material, fitted: FittedModel) -> Found:
    if not fitted.fit.converged:
        return Found(record=())
    answers = material.responses.answers
    scales = item_limits(material.plan.questionnaire)
    records, notices = [], []
    for target in final_outcomes(fitted.fit):
        try:
            records.append(important(fitted.fit, target, answers, scales))
        except LoyaltysemError as fault:
            text = f"No importance-performance analysis for '{target}': {fault}"
            notices.append(Notice("no_importance", text, {"target": target, "why": str(fault)}))
    return Found(record=tuple(records), notices=notice_records(notices))


def final_outcomes(fit: Fit) -> list[str]:
    """Return the latent variables that others lead to and that lead to none."""
    latent = set(fit.table.latent)
    paths = [row for row in fit.table.rows if row.op == "~" and row.rhs in latent]
    causes = {row.rhs for row in paths}
    outcomes = dict.fromkeys(row.lhs for row in paths if row.lhs in latent)
    return [name for name in outcomes if name not in causes]


def item_limits(questionnaire: Questionnaire) -> Scales:
    """Return the lowest and the highest answer to each item."""
    scales = zip(questionnaire.item_codes, questionnaire.item_scales, strict=True)
    return {code: (scale.lowest, scale.highest) for code, scale in scales}


def important(fit: Fit, target: str, answers: pd.DataFrame, scales: Scales) -> ImportanceResult:
    """Return importance and performance of constructs and items for one target."""
    found = importance_performance(fit, target, answers, scales)
    standard = importance_performance(fit, target, answers, scales, standardized=True)
    items = item_importance(fit, target, answers, scales)
    shown = [target, *found.index]
    rows = found.assign(construct=found.index, importance_std=standard["importance"])
    return ImportanceResult(
        target=target,
        target_performance=found.attrs["target_performance"],
        constructs=_rows(rows),
        items=_rows(items),
        mean_importance=float(found["importance"].mean()),
        mean_performance=float(found["performance"].mean()),
        indices=_indices(index_scores(fit, answers, scales).loc[shown]),
    )


def _indices(table: pd.DataFrame) -> tuple[IndexRow, ...]:
    return tuple(
        IndexRow(
            code=code,
            index=row["index"],
            se=row["se"],
            lower=row["ci_lower"],
            upper=row["ci_upper"],
        )
        for code, row in plain_rows(table).items()
    )


def _rows(table: pd.DataFrame) -> tuple[ImportanceRow, ...]:
    return tuple(
        ImportanceRow(
            code=code,
            construct_code=row["construct"],
            importance=row["importance"],
            importance_std=row.get("importance_std"),
            performance=row["performance"],
            quadrant=row["quadrant"],
        )
        for code, row in plain_rows(table).items()
    )


IMPORTANCE = ModelPart(
    field="importance",
    step="Importance and performance",
    wanted=lambda plan: "importance" in plan.definition.analyses,
    compute=_compute,
)
