"""How reliable each construct's items are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import LoyaltysemError
from loyaltysem.measurement.reliability import reliability
from loyaltysem.measurement.scales import scale_coefficients
from loyaltysem.results import ItemReliability, ReliabilityResult
from loyaltysem.study.parts.constructs import analysed_constructs, sampling
from loyaltysem.study.parts.part import Found, Material, StudyPart
from loyaltysem.study.plain import notice_records, plain_record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import pandas as pd

    from loyaltysem.measurement.reliability import Reliability
    from loyaltysem.questionnaire import Questionnaire
    from loyaltysem.results import NoticeRecord


def _compute(material: Material) -> Found:
    return reliabilities(
        material.responses.answers,
        analysed_constructs(material),
        material.plan.questionnaire,
        **sampling(material.plan),
    )


def reliabilities(
    answers: pd.DataFrame,
    constructs: Mapping[str, list[str]],
    questionnaire: Questionnaire,
    *,
    draws: int,
    seed: int,
) -> Found:
    """Return the reliability of every construct, and why one has none."""
    records: list[ReliabilityResult] = []
    notices: list[NoticeRecord] = []
    for code, items in constructs.items():
        own = answers[items]
        scale = reliability(own, code)
        notices += notice_records(scale.notices, about=code)
        further = _coefficients(own, draws, seed) if scale.alpha is not None else {}
        records.append(_record(scale, questionnaire, further, draws))
    return Found(record=tuple(records), notices=tuple(notices))


def _coefficients(answers: pd.DataFrame, draws: int, seed: int) -> dict[str, Any]:
    """Return the coefficients beside alpha, none where an item does not vary."""
    try:
        return plain_record(scale_coefficients(answers, draws=draws, seed=seed))
    except LoyaltysemError:
        return {}


def _record(
    scale: Reliability, questionnaire: Questionnaire, further: dict[str, Any], draws: int
) -> ReliabilityResult:
    lower, upper = further.pop("boot_lower", None), further.pop("boot_upper", None)
    known = lower is not None and upper is not None
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
        coefficients=further,
        boot_ci=(lower, upper) if known else None,
        draws=draws if known else 0,
    )


RELIABILITY = StudyPart(
    field="reliability",
    step="Reliability",
    wanted=lambda plan: "reliability" in plan.definition.analyses,
    compute=_compute,
)
