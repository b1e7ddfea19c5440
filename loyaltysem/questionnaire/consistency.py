"""Does a questionnaire contradict itself? Each fault is found with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import Place, QuestionnaireError, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.documents import FieldPath, Text
    from loyaltysem.questionnaire.definition import Questionnaire, Scale

RESERVED = ("id", "respondent", "respondent_id", "simulated")
"""Headings that mean something else in a file of answers."""


def check_consistency(questionnaire: Questionnaire) -> None:
    """Refuse a questionnaire that contradicts itself.

    Raises
    ------
    QuestionnaireError
        Codes used twice (in whatever case, since headings are matched without it), reserved codes,
        missing or surplus translations, labels beside the scale or missing at its ends, a correct
        answer off the scale. ``faults`` holds one error for each.
    """
    faults = [
        *_scale_faults(questionnaire),
        *_code_faults(questionnaire),
        *_translation_faults(questionnaire),
        *_attention_faults(questionnaire),
    ]
    if faults:
        whole = questionnaire.place() or Place(questionnaire.name)
        raise QuestionnaireError.together(faults, place=Place(whole.file))


def _scales(questionnaire: Questionnaire) -> Iterator[tuple[FieldPath, Scale]]:
    yield ("scale",), questionnaire.scale
    for k, construct in enumerate(questionnaire.constructs):
        if construct.scale:
            yield ("constructs", k, "scale"), construct.scale


def _scale_faults(questionnaire: Questionnaire) -> Iterator[QuestionnaireError]:
    for at, scale in _scales(questionnaire):
        if len(scale.points) < 2:
            yield QuestionnaireError(
                "A scale needs two points or more",
                place=questionnaire.place(*at),
                found=f"lowest {scale.lowest}, highest {scale.highest}",
            )
            continue
        for end in sorted({scale.lowest, scale.highest} - set(scale.labels)):
            yield QuestionnaireError(
                f"The end {end} of the scale has no label", place=questionnaire.place(*at, "labels")
            )
        for point in scale.labels.keys() - set(scale.points):
            yield QuestionnaireError(
                f"Label {point} lies off the scale",
                place=questionnaire.place(*at, "labels", point),
                expected=f"{scale.lowest} to {scale.highest}",
            )


def _codes(questionnaire: Questionnaire) -> Iterator[tuple[FieldPath, str]]:
    for k, construct in enumerate(questionnaire.constructs):
        yield ("constructs", k, "code"), construct.code
        for j, item in enumerate(construct.items):
            yield ("constructs", k, "items", j, "code"), item.code
    for k, check in enumerate(questionnaire.attention_checks):
        yield ("attention_checks", k, "code"), check.code
    for k, demographic in enumerate(questionnaire.demographics):
        yield ("demographics", k, "code"), demographic.code


def _code_faults(questionnaire: Questionnaire) -> Iterator[QuestionnaireError]:
    seen: dict[str, FieldPath] = {}
    for at, code in _codes(questionnaire):
        place, key = questionnaire.place(*at), code.casefold()
        if key in RESERVED:
            yield QuestionnaireError(
                f"Code '{code}' is reserved: a heading of that name has a meaning of its own",
                place=place,
                remedy="Choose another code.",
            )
        elif key in seen:
            first = questionnaire.place(*seen[key])
            line = f" (first on line {first.line})" if first else ""
            yield QuestionnaireError(
                f"Code '{code}' is used twice{line}",
                place=place,
                remedy="Each construct, item, check and demographic needs a code of its own.",
            )
        seen.setdefault(key, at)


def _texts(questionnaire: Questionnaire) -> Iterator[tuple[FieldPath, Text]]:
    yield ("title",), questionnaire.title
    if questionnaire.instructions:
        yield ("instructions",), questionnaire.instructions
    for at, scale in _scales(questionnaire):
        for point, label in scale.labels.items():
            yield (*at, "labels", point), label
    for k, construct in enumerate(questionnaire.constructs):
        yield ("constructs", k, "name"), construct.name
        for j, item in enumerate(construct.items):
            yield ("constructs", k, "items", j, "wording"), item.wording
    for k, check in enumerate(questionnaire.attention_checks):
        yield ("attention_checks", k, "wording"), check.wording
    for k, demographic in enumerate(questionnaire.demographics):
        yield ("demographics", k, "name"), demographic.name
        for option, label in demographic.options.items():
            yield ("demographics", k, "options", option), label


def _translation_faults(questionnaire: Questionnaire) -> Iterator[QuestionnaireError]:
    languages = questionnaire.languages
    for at, text in _texts(questionnaire):
        missing = [language for language in languages if language not in text]
        surplus = [language for language in text if language not in languages]
        if missing:
            yield QuestionnaireError(
                f"The text '{next(iter(text.values()), '')}' is not translated",
                place=questionnaire.place(*at),
                found=listed(text),
                expected=listed(languages),
            )
        for language in surplus:
            yield QuestionnaireError(
                f"The language '{language}' is not one of this questionnaire",
                place=questionnaire.place(*at, language),
                expected=listed(languages),
                remedy=did_you_mean(language, languages),
            )


def _attention_faults(questionnaire: Questionnaire) -> Iterator[QuestionnaireError]:
    scale = questionnaire.scale
    for k, check in enumerate(questionnaire.attention_checks):
        if check.correct not in scale.points:
            yield QuestionnaireError(
                f"The correct answer of attention check '{check.code}' lies off the scale",
                place=questionnaire.place("attention_checks", k, "correct"),
                found=check.correct,
                expected=f"{scale.lowest} to {scale.highest}",
            )
