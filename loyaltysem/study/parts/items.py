"""Item analysis of each construct: groups of high and low scorers, graded response model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import LoyaltysemError, Notice
from loyaltysem.measurement.graded_response import GradedResponse, graded_response
from loyaltysem.measurement.item_analysis import item_discrimination
from loyaltysem.results import GradedItem, GradedScale, ItemDiscrimination, ItemsResult
from loyaltysem.study.parts.constructs import analysed_constructs, varying_constructs
from loyaltysem.study.parts.part import Found, Material, StudyPart
from loyaltysem.study.plain import notice_records, plain_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from loyaltysem.questionnaire import Questionnaire
    from loyaltysem.results import NoticeRecord

SHARE = 0.27
"""Size of the groups of high and low scorers (Kelley 1939)."""


def _compute(material: Material) -> Found:
    return analysed_items(
        material.responses.answers, analysed_constructs(material), material.plan.questionnaire
    )


def analysed_items(
    answers: pd.DataFrame, constructs: Mapping[str, list[str]], questionnaire: Questionnaire
) -> Found:
    """Return the item analysis of every construct that allows one; None if none does."""
    kept, _ = varying_constructs(answers, constructs)
    limits, counted = _limits(questionnaire), _counted(questionnaire)
    items: list[ItemDiscrimination] = []
    graded: list[GradedScale] = []
    notices: list[NoticeRecord] = []
    for code, own in kept.items():
        if len(own) < 2:
            continue
        try:
            items += _discrimination(answers[own], code, limits[code])
            if len(own) > 2 and code not in counted:
                found = graded_response(answers[own])
                graded += _graded(code, found)
                notices += notice_records(found.notices, about=code)
        except LoyaltysemError as fault:
            text = f"The items of construct '{code}' cannot be analysed in full: {fault}"
            notice = Notice("no_item_analysis", text, {"construct": code, "why": str(fault)})
            notices += notice_records([notice], about=code)
    record = ItemsResult(share=SHARE, items=tuple(items), graded=tuple(graded))
    return Found(record=record if items else None, notices=tuple(notices))


def _counted(questionnaire: Questionnaire) -> set[str]:
    """Return the constructs that are measured by counts, which have no categories to model."""
    scales = zip(questionnaire.items, questionnaire.item_scales, strict=True)
    counts = {item.code for item, scale in scales if scale.type == "count"}
    return {
        one.code for one in questionnaire.constructs if any(it.code in counts for it in one.items)
    }


def _limits(questionnaire: Questionnaire) -> dict[str, tuple[float, float]]:
    """Return lowest and highest answer of each construct."""
    scales = {
        one.code: [item.scale or one.scale or questionnaire.scale for item in one.items]
        for one in questionnaire.constructs
    }
    return {
        code: (min(one.lowest for one in own), max(one.highest for one in own))
        for code, own in scales.items()
    }


def _discrimination(
    answers: pd.DataFrame, code: str, limits: tuple[float, float]
) -> list[ItemDiscrimination]:
    table = item_discrimination(answers, share=SHARE, scale=limits)
    return [
        ItemDiscrimination(code=item, construct_code=code, **row)
        for item, row in plain_rows(table).items()
    ]


def _graded(code: str, found: GradedResponse) -> list[GradedScale]:
    """Return the model as a record; none where it did not converge."""
    if not found.converged:
        return []
    table, curves = found.items, found.information
    items = tuple(
        GradedItem(
            code=item,
            slope=row["discrimination"],
            se=row["se"],
            locations=tuple(
                row[name] for name in row if name[1:].isdigit() and row[name] is not None
            ),
            information=tuple(curves[item].tolist()),
        )
        for item, row in plain_rows(table).items()
    )
    return [
        GradedScale(
            construct_code=code,
            n=found.n,
            reliability=found.reliability,
            trait=tuple(curves.index.tolist()),
            information=tuple(curves["total"].tolist()),
            items=items,
        )
    ]


ITEMS = StudyPart(
    field="items",
    step="Item analysis",
    wanted=lambda plan: "items" in plan.definition.analyses,
    compute=_compute,
)
