"""Each item's answers in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.measurement.descriptives import describe
from loyaltysem.results import ItemDescriptive
from loyaltysem.study.parts.part import Found, Material, StudyPart
from loyaltysem.study.plain import plain_record

if TYPE_CHECKING:
    from loyaltysem.responses import Responses


def _compute(material: Material) -> Found:
    return Found(record=_descriptives(material.responses))


def _descriptives(responses: Responses) -> tuple[ItemDescriptive, ...]:
    homes = {
        item.code: construct.code
        for construct in responses.questionnaire.constructs
        for item in construct.items
    }
    rows = describe(responses.answers).to_dict("records")
    return tuple(
        ItemDescriptive(construct_code=homes[str(row["code"])], **plain_record(row)) for row in rows
    )


DESCRIPTIVES = StudyPart(
    field="descriptives",
    step="Describing the answers",
    wanted=lambda plan: "descriptives" in plan.definition.analyses,
    compute=_compute,
)
