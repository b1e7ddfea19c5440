"""Each item's and each construct's answers in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from loyaltysem.measurement.descriptives import describe, describe_distributions
from loyaltysem.results import ConstructDescriptive, ItemDescriptive, Shape
from loyaltysem.study.parts.constructs import all_constructs
from loyaltysem.study.parts.part import Found, Material, StudyPart
from loyaltysem.study.plain import plain_record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from loyaltysem.questionnaire import Questionnaire, Scale


def _compute_items(material: Material) -> Found:
    answers = material.responses.answers
    return Found(record=item_descriptives(answers, material.plan.questionnaire))


def item_descriptives(
    answers: pd.DataFrame, questionnaire: Questionnaire
) -> tuple[ItemDescriptive, ...]:
    """Return the description of every item's answers (one column each, recoded)."""
    homes = {
        code: construct for construct, own in all_constructs(questionnaire).items() for code in own
    }
    scales = dict(zip(questionnaire.item_codes, questionnaire.item_scales, strict=True))
    shapes = {code: _shape(answers[[code]], own) for code, own in _ends(questionnaire).items()}
    return tuple(
        ItemDescriptive(
            construct_code=homes[str(row["code"])],
            shape=shapes[str(row["code"])],
            counts=_counts(answers[row["code"]], scales[str(row["code"])]),
            **plain_record(row),
        )
        for row in describe(answers).to_dict("records")
    )


def _compute_constructs(material: Material) -> Found:
    answers = material.responses.answers
    return Found(record=construct_descriptives(answers, material.plan.questionnaire))


def construct_descriptives(
    answers: pd.DataFrame, questionnaire: Questionnaire
) -> tuple[ConstructDescriptive, ...]:
    """Return the description of respondents' mean answers to each construct's items."""
    constructs = all_constructs(questionnaire)
    ends = _ends(questionnaire)
    scores = pd.DataFrame({code: answers[own].mean(axis=1) for code, own in constructs.items()})
    records = []
    for row in describe(scores).to_dict("records"):
        plain = plain_record(row)
        code = plain.pop("code")
        records.append(
            ConstructDescriptive(
                construct_code=code,
                n_items=len(constructs[code]),
                shape=_shape(scores[[code]], _middle([ends[item] for item in constructs[code]])),
                **plain,
            )
        )
    return tuple(records)


def _ends(questionnaire: Questionnaire) -> dict[str, tuple[float, float]]:
    """Return the lowest and the highest possible answer to each item."""
    scales = zip(questionnaire.item_codes, questionnaire.item_scales, strict=True)
    return {code: (float(scale.lowest), float(scale.highest)) for code, scale in scales}


def _middle(ends: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the lowest and the highest possible mean of answers."""
    lowest, highest = zip(*ends, strict=True)
    return sum(lowest) / len(ends), sum(highest) / len(ends)


def _shape(column: pd.DataFrame, ends: tuple[float, float]) -> Shape:
    found = describe_distributions(column, ends)
    values: dict[str, Any] = plain_record(found.to_dict("records")[0])
    return Shape(**{name: values[name] for name in Shape.model_fields})


def _counts(answers: pd.Series, scale: Scale) -> tuple[int, ...]:
    found = answers.value_counts()
    return tuple(int(found.get(float(point), 0)) for point in scale.points)


DESCRIPTIVES = StudyPart(
    field="descriptives",
    step="Describing the answers",
    wanted=lambda plan: "descriptives" in plan.definition.analyses,
    compute=_compute_items,
)
CONSTRUCT_DESCRIPTIVES = StudyPart(
    field="construct_descriptives",
    step="Describing the constructs",
    wanted=lambda plan: "descriptives" in plan.definition.analyses,
    compute=_compute_constructs,
)
