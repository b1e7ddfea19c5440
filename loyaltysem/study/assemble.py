"""Everything a study found, as one record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.measurement.descriptives import describe
from loyaltysem.measurement.reliability import reliability
from loyaltysem.results import (
    ConstructInfo,
    ItemDescriptive,
    ItemInfo,
    ItemReliability,
    QuestionnaireInfo,
    ReliabilityResult,
    StudyInfo,
    StudyResults,
)
from loyaltysem.study.account import sample_account
from loyaltysem.study.model_part import notice_records
from loyaltysem.study.plain import plain_record
from loyaltysem.study.provenance import provenance

if TYPE_CHECKING:
    from loyaltysem.measurement.reliability import Reliability
    from loyaltysem.questionnaire import Construct, Questionnaire
    from loyaltysem.responses import Responses
    from loyaltysem.results import ModelResult, NoticeRecord
    from loyaltysem.study.plan import Plan


def study_results(
    plan: Plan, responses: Responses, models: tuple[ModelResult, ...]
) -> StudyResults:
    """Describe the answers and put all findings together.

    Parameters
    ----------
    plan
        What was asked for.
    responses
        The answers that are analysed.
    models
        The fitted models.
    """
    wanted = plan.definition.analyses
    scales = _reliabilities(plan, responses, models) if "reliability" in wanted else ()
    notices = [*notice_records(responses.notices)]
    for scale in scales:
        notices += notice_records(scale.notices, about=scale.construct)
    return StudyResults(
        study=StudyInfo(
            title=plan.definition.title,
            languages=plan.definition.language,
            profile=plan.definition.profile,
            simulated=plan.definition.simulated or responses.simulated,
            description=plan.definition.description,
        ),
        questionnaire=questionnaire_info(plan.questionnaire),
        sample=sample_account(responses),
        descriptives=_descriptives(responses) if "descriptives" in wanted else (),
        reliability=tuple(_record(scale, plan.questionnaire) for scale in scales),
        models=models,
        notices=_without_repetition(notices),
        provenance=provenance(plan.inputs, _seed(models)),
    )


def _seed(models: tuple[ModelResult, ...]) -> int | None:
    """Return the seed of the study's random draws, the same for all its models."""
    found = (one.effects.bootstrap for one in models if one.effects)
    return next((one.seed for one in found if one), None)


def questionnaire_info(questionnaire: Questionnaire) -> QuestionnaireInfo:
    """Return what was asked, as a record."""
    return QuestionnaireInfo(
        name=questionnaire.name,
        title=questionnaire.title,
        sha256=questionnaire.content_hash(),
        constructs=tuple(_construct_info(one, questionnaire) for one in questionnaire.constructs),
    )


def _construct_info(construct: Construct, questionnaire: Questionnaire) -> ConstructInfo:
    scale = construct.scale or questionnaire.scale
    return ConstructInfo(
        code=construct.code,
        name=construct.name,
        source=construct.source,
        items=tuple(
            ItemInfo(
                code=item.code,
                wording=item.wording,
                reverse=item.reverse,
                scale=(scale.lowest, scale.highest),
                source=item.source,
            )
            for item in construct.items
        ),
    )


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


def _reliabilities(
    plan: Plan, responses: Responses, models: tuple[ModelResult, ...]
) -> tuple[Reliability, ...]:
    """Return the reliability of each construct that a model uses, of all without a model."""
    used = {row.rhs for model in models for row in model.parameters if row.op == "=~"}
    return tuple(
        reliability(responses.construct_answers(construct.code), construct.code)
        for construct in plan.questionnaire.constructs
        if not models or any(item.code in used for item in construct.items)
    )


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


def _without_repetition(notices: list[NoticeRecord]) -> tuple[NoticeRecord, ...]:
    return tuple({(one.code, one.text): one for one in notices}.values())
