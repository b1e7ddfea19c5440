"""Everything a study found, as one record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.results import (
    ConstructInfo,
    DiagramRecord,
    ItemInfo,
    QuestionnaireInfo,
    StudyInfo,
    StudyResults,
    StyleRecord,
)
from loyaltysem.study.parts.account import sample_account
from loyaltysem.study.plain import notice_records
from loyaltysem.study.provenance import seeds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.questionnaire import Construct, Questionnaire
    from loyaltysem.responses import Responses
    from loyaltysem.results import ModelResult, NoticeRecord, Provenance
    from loyaltysem.study.parts import Found
    from loyaltysem.study.plan import Plan
    from loyaltysem.study.settings.style import StyleDefinition


def study_results(
    plan: Plan,
    responses: Responses,
    models: tuple[ModelResult, ...],
    parts: Mapping[str, Found],
    origin: Provenance,
) -> StudyResults:
    """Put all findings together.

    Parameters
    ----------
    plan
        What was asked for.
    responses
        The answers that are analysed.
    models
        The fitted models.
    parts
        What the study's parts found, by the field that each fills.
    origin
        Versions and hashes as they were before the answers were read.
    """
    notices = list(notice_records(responses.notices))
    for part in parts.values():
        notices += part.notices
    return StudyResults(
        study=StudyInfo(
            title=plan.definition.title,
            languages=plan.definition.language,
            profile=plan.definition.profile,
            simulated=plan.definition.simulated or responses.simulated,
            description=plan.definition.description,
            style=_style(plan.definition.style),
            diagram=DiagramRecord(**plan.definition.diagram.model_dump()),
        ),
        questionnaire=questionnaire_info(plan.questionnaire),
        sample=sample_account(responses),
        models=models,
        notices=_without_repetition(notices),
        provenance=origin.model_copy(update={"seeds": seeds(plan, models)}),
        **{field: part.record for field, part in parts.items()},
    )


def _style(wanted: StyleDefinition) -> StyleRecord:
    return StyleRecord(
        tables=wanted.tables,
        digits=wanted.digits.given(),
        leading_zero=wanted.leading_zero,
        stars=wanted.stars,
        references=wanted.references,
    )


def questionnaire_info(questionnaire: Questionnaire) -> QuestionnaireInfo:
    """Return what was asked, as a record."""
    return QuestionnaireInfo(
        name=questionnaire.name,
        title=questionnaire.title,
        sha256=questionnaire.content_hash(),
        constructs=tuple(_construct_info(one, questionnaire) for one in questionnaire.constructs),
    )


def _construct_info(construct: Construct, questionnaire: Questionnaire) -> ConstructInfo:
    scales = dict(zip(questionnaire.item_codes, questionnaire.item_scales, strict=True))
    return ConstructInfo(
        code=construct.code,
        name=construct.name,
        source=construct.source,
        items=tuple(
            ItemInfo(
                code=item.code,
                wording=item.wording,
                reverse=item.reverse,
                scale=(scales[item.code].lowest, scales[item.code].highest),
                source=item.source,
            )
            for item in construct.items
        ),
    )


def _without_repetition(notices: list[NoticeRecord]) -> tuple[NoticeRecord, ...]:
    return tuple({(one.code, one.text): one for one in notices}.values())
