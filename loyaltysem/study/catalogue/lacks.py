"""What an entry of the catalogue still lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.questionnaire.design import judge_questionnaire
from loyaltysem.report.references import read_references
from loyaltysem.structural.simulation import simulate_responses
from loyaltysem.study.catalogue.page import entry_page
from loyaltysem.study.catalogue.shelf import page_file, picture_file
from loyaltysem.study.catalogue.sources import cited_works

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.diagrams.wording import Language
    from loyaltysem.errors import Place
    from loyaltysem.study.catalogue.entry import Entry

LANGUAGES: tuple[Language, ...] = ("en", "zh")

LAST_RESORT = {"few_items"}
"""Warnings that a well-known model may have good reasons for."""

RESPONDENTS = 500
"""How many the example has, so that it shows what the model can show."""


def lacks(entry: Entry) -> tuple[str, ...]:
    """Return what an entry lacks, each with its place; nothing when it is complete.

    Raises
    ------
    LoyaltysemError
        The population values do not fit the model, or explain more than all of a variance.
    """
    return (
        *_in_questionnaire(entry),
        *_in_model(entry),
        *_in_population(entry),
        *_in_study(entry),
        *_in_documents(entry),
    )


def _in_questionnaire(entry: Entry) -> Iterator[str]:
    questionnaire = entry.questionnaire
    whole = questionnaire.place()
    for language in LANGUAGES:
        if language not in questionnaire.languages:
            yield _at(whole, f"The questionnaire has no '{language}'.")
    for k, construct in enumerate(questionnaire.constructs):
        if not construct.source.strip():
            here = questionnaire.place("constructs", k)
            yield _at(here, f"The construct '{construct.code}' names no source.")
    yield from _in_its_parts(entry)
    for remark in judge_questionnaire(questionnaire):
        if remark.weight == "warning" and remark.code not in LAST_RESORT:
            yield _at(remark.place, remark.sentence())


def _in_its_parts(entry: Entry) -> Iterator[str]:
    questionnaire, whole = entry.questionnaire, entry.questionnaire.place()
    if not questionnaire.consent:
        yield _at(whole, "The questionnaire has no consent text.")
    if not questionnaire.translation:
        yield _at(whole, "The questionnaire says nothing of its translation.")
    if not any(item.reverse for item in questionnaire.items):
        yield _at(whole, "The questionnaire has no reverse item.")
    if not questionnaire.attention_checks:
        yield _at(whole, "The questionnaire has no attention check.")


def _in_model(entry: Entry) -> Iterator[str]:
    model = entry.model
    if not model.source:
        yield _at(model.place(), "The model names no source.")
    if not model.hypotheses:
        yield _at(model.place(), "The model has no hypothesis.")
    for k, hypothesis in enumerate(model.hypotheses):
        if not hypothesis.source:
            yield _at(model.place("hypotheses", k), f"{hypothesis.id} names no source.")
    paths = {f"{one.rhs} -> {one.lhs}" for one in model.statements.elements if one.op == "~"}
    for path in sorted(paths - {one.path for one in model.hypotheses}):
        yield _at(model.place("hypotheses"), f"The path '{path}' has no hypothesis.")


def _in_population(entry: Entry) -> Iterator[str]:
    population = entry.population
    for language in LANGUAGES:
        if language not in population.source:
            text = f"The population values do not say in '{language}' where they come from."
            yield _at(population.place("source") or population.place(), text)
    if population.n < RESPONDENTS:
        text = f"The example has {population.n} respondents, fewer than {RESPONDENTS}."
        yield _at(population.place("n"), text)
    simulate_responses(entry.model, entry.questionnaire, population)


def _in_study(entry: Entry) -> Iterator[str]:
    study = entry.study
    if not study.simulated:
        yield _at(study.place(), "The example study does not say that its answers are simulated.")
    for language in LANGUAGES:
        if language not in study.title:
            yield _at(study.place("title"), f"The example study has no title in '{language}'.")


def _in_documents(entry: Entry) -> Iterator[str]:
    known = read_references()
    for work in cited_works(entry):
        if work not in known:
            yield f"reports/references.yaml: There is no reference for '{work}'."
    for language in LANGUAGES:
        page, picture = page_file(entry.name, language), picture_file(entry.name, language)
        drawn = page.is_file() and picture.is_file()
        if not drawn or page.read_text(encoding="utf-8") != entry_page(entry, language):
            wrong = "is not what the entry says now" if drawn else "is missing"
            yield (
                f"docs/catalogue/{page.name}: The page {wrong}: loyaltysem catalogue pages"
                f" {entry.name} --output docs/catalogue"
            )


def _at(place: Place | None, text: str) -> str:
    return f"{place}: {text}" if place else text
