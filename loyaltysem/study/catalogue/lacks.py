"""What an entry of the catalogue still lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.questionnaire.design import judge_questionnaire
from loyaltysem.structural.simulation import simulate_responses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.study.catalogue.entry import Entry

LANGUAGES = ("en", "zh")
PUBLISHED = {"ecsi"}
"""Entries whose questionnaire stands as it was published, because data exist for it."""

LAST_RESORT = {"few_items"}
"""Warnings that a well-known model may have good reasons for."""


def lacks(entry: Entry) -> tuple[str, ...]:
    """Return what an entry lacks, as sentences; nothing when it is complete.

    Raises
    ------
    LoyaltysemError
        The population values do not fit the model, or explain more than all of a variance.
    """
    return (*_in_questionnaire(entry), *_in_model(entry), *_in_study(entry))


def _in_questionnaire(entry: Entry) -> Iterator[str]:
    questionnaire = entry.questionnaire
    for language in LANGUAGES:
        if language not in questionnaire.languages:
            yield f"The questionnaire has no '{language}'."
    if entry.name not in PUBLISHED:
        yield from _in_own_questionnaire(entry)
    for construct in questionnaire.constructs:
        if not construct.source.strip():
            yield f"The construct '{construct.code}' names no source."


def _in_own_questionnaire(entry: Entry) -> Iterator[str]:
    questionnaire = entry.questionnaire
    if not any(item.reverse for item in questionnaire.items):
        yield "The questionnaire has no reverse item."
    if not questionnaire.attention_checks:
        yield "The questionnaire has no attention check."
    for remark in judge_questionnaire(questionnaire):
        if remark.weight == "warning" and remark.code not in LAST_RESORT:
            yield f"The questionnaire has a warning ({remark.place}): {remark.sentence()}"


def _in_model(entry: Entry) -> Iterator[str]:
    if not entry.model.source:
        yield "The model names no source."
    for hypothesis in entry.model.hypotheses:
        if not hypothesis.source:
            yield f"{hypothesis.id} names no source."
    paths = {f"{one.rhs} -> {one.lhs}" for one in entry.model.statements.elements if one.op == "~"}
    claimed = {one.path for one in entry.model.hypotheses}
    for path in sorted(paths - claimed):
        yield f"The path '{path}' has no hypothesis."


def _in_study(entry: Entry) -> Iterator[str]:
    if not entry.study.simulated:
        yield "The example study does not say that its answers are simulated."
    for language in LANGUAGES:
        if language not in entry.study.title:
            yield f"The example study has no title in '{language}'."
    if entry.population.n < 300:
        yield "The example has fewer than 300 respondents."
    simulate_responses(entry.model, entry.questionnaire, entry.population)
