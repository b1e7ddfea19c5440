"""How reliable each construct's items are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.measurement.reliability import reliability
from loyaltysem.results import ItemReliability, ReliabilityResult
from loyaltysem.study.parts.part import Found, Material, StudyPart
from loyaltysem.study.plain import notice_records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.measurement.reliability import Reliability
    from loyaltysem.questionnaire import Questionnaire


def _compute(material: Material) -> Found:
    scales = tuple(_scales(material))
    notices = [notice_records(scale.notices, about=scale.construct) for scale in scales]
    return Found(
        record=tuple(_record(scale, material.plan.questionnaire) for scale in scales),
        notices=tuple(notice for some in notices for notice in some),
    )


def _scales(material: Material) -> Iterator[Reliability]:
    """Yield the reliability of each construct that a model uses, of all without a model."""
    used = {item for model in material.models for item in model.definition.items}
    for construct in material.plan.questionnaire.constructs:
        if not material.models or any(item.code in used for item in construct.items):
            answers = material.responses.construct_answers(construct.code)
            yield reliability(answers, construct.code)


def _record(scale: Reliability, questionnaire: Questionnaire) -> ReliabilityResult:
    return ReliabilityResult(
        construct_code=scale.construct,
        name=questionnaire.construct_named(scale.construct).name,
        n_items=len(scale.items),
        n=scale.n,
        alpha=scale.alpha,
        alpha_standardized=scale.alpha_standardized,
        ci=scale.ci,
        items=tuple(
            ItemReliability(
                code=item.code, item_total=item.item_total, alpha_if_deleted=item.alpha_if_deleted
            )
            for item in scale.items
        ),
    )


RELIABILITY = StudyPart(
    field="reliability",
    step="Reliability",
    wanted=lambda plan: "reliability" in plan.definition.analyses,
    compute=_compute,
)
