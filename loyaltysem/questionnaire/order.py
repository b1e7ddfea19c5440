"""Whether everything is asked once, and no condition looks ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import QuestionnaireError, did_you_mean, listed
from loyaltysem.questionnaire.arrangement import form_of
from loyaltysem.questionnaire.conditions import (
    Compared,
    Selected,
    is_number,
    parse_condition,
    references,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from loyaltysem.documents import FieldPath
    from loyaltysem.questionnaire.conditions import Answered, Condition
    from loyaltysem.questionnaire.definition import Questionnaire
    from loyaltysem.questionnaire.form import Entry
    from loyaltysem.questionnaire.questions import Coded


def order_faults(questionnaire: Questionnaire) -> Iterator[QuestionnaireError]:
    """Yield what is wrong with sections and conditions, each with its place."""
    faults = [*_section_faults(questionnaire), *_unreadable(questionnaire)]
    yield from faults
    if not faults:
        yield from _condition_faults(questionnaire)


def _section_faults(questionnaire: Questionnaire) -> Iterator[QuestionnaireError]:
    if not questionnaire.sections:
        return
    known = _askable(questionnaire)
    asked: dict[str, int] = {}
    for k, section in enumerate(questionnaire.sections):
        for j, code in enumerate(section.asks):
            place = questionnaire.place("sections", k, "asks", j)
            if code not in known:
                yield QuestionnaireError(
                    f"Section '{section.code}' asks '{code}', which is nothing that can be asked",
                    place=place,
                    remedy=did_you_mean(code, known),
                )
                continue
            for one in known[code]:
                if one in asked:
                    yield QuestionnaireError(f"'{one}' is asked twice", place=place, found=code)
                asked[one] = k
    forgotten = [code for codes in known.values() for code in codes if code not in asked]
    if forgotten:
        yield QuestionnaireError(
            f"The sections leave out: {listed(dict.fromkeys(forgotten))}",
            place=questionnaire.place("sections"),
            remedy="Add them to a section, or remove them from the questionnaire.",
        )


def _askable(questionnaire: Questionnaire) -> dict[str, tuple[str, ...]]:
    """Return what a section may name, and the questions that it means."""
    known = {one.code: tuple(item.code for item in one.items) for one in questionnaire.constructs}
    known |= {code: (code,) for code in questionnaire.item_codes}
    checks = [check for check in questionnaire.attention_checks if check.after is None]
    others: list[Coded] = [*checks, *questionnaire.demographics, *questionnaire.questions]
    return known | {one.code: (one.code,) for one in others}


def _stated(questionnaire: Questionnaire) -> Iterator[tuple[FieldPath, str, str]]:
    """Yield each condition: its path, the code of what it belongs to, its text."""
    for k, construct in enumerate(questionnaire.constructs):
        for j, item in enumerate(construct.items):
            if item.show_if:
                yield ("constructs", k, "items", j, "show_if"), item.code, item.show_if
    for shelf in ("demographics", "questions", "sections"):
        for k, one in enumerate(getattr(questionnaire, shelf)):
            if one.show_if:
                yield (shelf, k, "show_if"), one.code, one.show_if


def _unreadable(questionnaire: Questionnaire) -> Iterator[QuestionnaireError]:
    for at, _, text in _stated(questionnaire):
        try:
            parse_condition(text)
        except QuestionnaireError as error:
            yield QuestionnaireError(
                error.problem,
                place=questionnaire.place(*at),
                found=error.found,
                expected=error.expected,
                remedy=error.remedy,
            )


def _condition_faults(questionnaire: Questionnaire) -> Iterator[QuestionnaireError]:
    """Check what each condition refers to; a section's looks back from its first question."""
    form = form_of(questionnaire)
    position = {entry.code: k for k, entry in enumerate(form.entries)}
    position |= {page.code: position[page.entries[0].code] for page in form.pages}
    for at, owner, text in _stated(questionnaire):
        before = {entry.code: entry for entry in form.entries[: position[owner]]}
        for fault in _reference_faults(parse_condition(text), before, position):
            fault.place = questionnaire.place(*at)
            yield fault


def _reference_faults(
    condition: Condition, before: Mapping[str, Entry], position: Mapping[str, int]
) -> Iterator[QuestionnaireError]:
    for part in references(condition):
        if part.code in before:
            yield from _value_faults(part, before[part.code])
        else:
            known = "is not asked before" if part.code in position else "does not exist"
            yield QuestionnaireError(
                f"The condition refers to '{part.code}', which {known}",
                remedy=did_you_mean(part.code, before),
            )


def _value_faults(
    part: Compared | Selected | Answered, entry: Entry
) -> Iterator[QuestionnaireError]:
    """Check that the question can be answered with what it is compared with."""
    if isinstance(part, Selected) != (entry.kind == "multiple") and isinstance(
        part, Compared | Selected
    ):
        yield QuestionnaireError(
            f"The condition does not fit question '{part.code}'",
            found=f"a question of kind '{entry.kind}'",
            expected="selected(code, option) for several options, a comparison for all others",
        )
    elif isinstance(part, Compared | Selected) and entry.options:
        value = part.option if isinstance(part, Selected) else part.value
        if value not in entry.options:
            yield QuestionnaireError(
                f"'{value}' is no option of question '{part.code}'",
                expected=listed(entry.options),
                remedy=did_you_mean(value, entry.options),
            )
    elif isinstance(part, Compared) and entry.kind in {"rating", "number"}:
        yield from _number_faults(part, entry)


def _number_faults(part: Compared, entry: Entry) -> Iterator[QuestionnaireError]:
    if not is_number(part.value):
        yield QuestionnaireError(
            f"Question '{part.code}' is compared with '{part.value}', which is no number"
        )
    elif entry.scale and not entry.scale.lowest <= float(part.value) <= entry.scale.highest:
        yield QuestionnaireError(
            f"Question '{part.code}' is compared with {part.value}, which lies off its scale",
            expected=f"{entry.scale.lowest} to {entry.scale.highest}",
        )
