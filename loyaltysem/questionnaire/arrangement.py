"""From the definition, arranged by what is measured, to the form, arranged by what is seen."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from loyaltysem.questionnaire.conditions import Condition, parse_condition
from loyaltysem.questionnaire.form import Block, Entry, Form, Page
from loyaltysem.questionnaire.questions import (
    AttentionCheck,
    Coded,
    Construct,
    Demographic,
    Item,
    Question,
    Screening,
    Section,
)
from loyaltysem.questionnaire.wording import interface

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from loyaltysem.documents import Text
    from loyaltysem.questionnaire.definition import Questionnaire
    from loyaltysem.questionnaire.scale import Scale


def form_of(questionnaire: Questionnaire) -> Form:
    """Return the form of a questionnaire that is consistent (as ``read_questionnaire`` gives it).

    Raises
    ------
    QuestionnaireError
        A condition cannot be read.
    """
    return Form(questionnaire=questionnaire, pages=tuple(_pages(questionnaire)))


def sections_of(questionnaire: Questionnaire) -> tuple[Section, ...]:
    """Return the sections, or those that stand in for them: constructs, questions, demographics.

    Attention checks without a place are spread evenly between the constructs.
    """
    if questionnaire.sections:
        return questionnaire.sections
    asks = [[construct.code] for construct in questionnaire.constructs]
    checks = [check for check in questionnaire.attention_checks if check.after is None]
    for k, check in enumerate(checks):
        asks[(k + 1) * len(asks) // (len(checks) + 1)].append(check.code)
    asks.append([question.code for question in questionnaire.questions])
    asks.append([demographic.code for demographic in questionnaire.demographics])
    names = _free_names(questionnaire, "page")
    return tuple(Section(code=next(names), asks=tuple(codes)) for codes in asks if codes)


def _free_names(questionnaire: Questionnaire, stem: str) -> Iterator[str]:
    """Yield ``stem``, ``stem_2``, ``stem_3`` … without those that are codes already."""
    taken = {code.casefold() for code in all_codes(questionnaire)}
    for name in itertools.chain([stem], (f"{stem}_{k}" for k in itertools.count(2))):
        if name.casefold() not in taken:
            yield name


def all_codes(questionnaire: Questionnaire) -> Iterator[str]:
    """Yield the codes of everything that has one, the questionnaire's own name excepted."""
    for construct in questionnaire.constructs:
        yield construct.code
    yield from questionnaire.item_codes
    others: list[Coded] = [
        *questionnaire.screening,
        *questionnaire.attention_checks,
        *questionnaire.demographics,
        *questionnaire.questions,
        *questionnaire.sections,
    ]
    yield from (one.code for one in others)


def _pages(questionnaire: Questionnaire) -> Iterator[Page]:
    known = _entries_by_code(questionnaire)
    grids = _free_names(questionnaire, "grid")
    if questionnaire.consent:
        asked = [_consent(questionnaire)]
        yield Page(
            code=next(_free_names(questionnaire, "consent_page")),
            title=_phrases(questionnaire, "consent"),
            text={},
            blocks=tuple(_blocks(asked, grids)),
        )
    if questionnaire.screening:
        first = next(_free_names(questionnaire, "screening"))
        asked = [known[one.code][0] for one in questionnaire.screening]
        yield Page(code=first, title={}, text={}, blocks=tuple(_blocks(asked, grids)))
    for k, section in enumerate(sections_of(questionnaire)):
        asked = [entry for code in section.asks for entry in known[code]]
        yield Page(
            code=section.code,
            title=section.title,
            text=section.text or (questionnaire.instructions if k == 0 else {}),
            blocks=tuple(_blocks(_with_checks(asked, questionnaire, known), grids)),
            randomise=section.randomise,
            show_if=parse_condition(section.show_if) if section.show_if else None,
        )


def _with_checks(
    asked: Sequence[Entry], questionnaire: Questionnaire, known: Mapping[str, Sequence[Entry]]
) -> Iterator[Entry]:
    """Yield the entries, each attention check after the item it names."""
    for entry in asked:
        yield entry
        for check in questionnaire.attention_checks:
            if check.after == entry.code:
                yield from known[check.code]


def _blocks(entries: Iterator[Entry] | Sequence[Entry], names: Iterator[str]) -> Iterator[Block]:
    """Join neighbours on one scale to grids; a grid is named after its construct if it has one."""
    used: set[str] = set()
    for (is_grid, scale, _), group in itertools.groupby(entries, _grid_key):
        members = tuple(group)
        if not is_grid or scale is None:
            yield from (Block(code=entry.code, entries=(entry,)) for entry in members)
            continue
        constructs = {entry.construct for entry in members if entry.construct}
        whole = len(constructs) == 1 and constructs.isdisjoint(used)
        used |= constructs
        yield Block(code=constructs.pop() if whole else next(names), entries=members)


def _grid_key(entry: Entry) -> tuple[bool, Scale | None, bool]:
    return entry.is_grid, entry.scale, entry.required


def _entries_by_code(questionnaire: Questionnaire) -> dict[str, list[Entry]]:
    """Return what a section may name: a construct gives its items, all others themselves."""
    known: dict[str, list[Entry]] = {}
    for construct in questionnaire.constructs:
        items = [_item(item, construct, questionnaire) for item in construct.items]
        known[construct.code] = items
        known |= {item.code: [item] for item in items}
    for screening in questionnaire.screening:
        known[screening.code] = [_screening(screening)]
    for check in questionnaire.attention_checks:
        known[check.code] = [_check(check, questionnaire)]
    for demographic in questionnaire.demographics:
        known[demographic.code] = [_demographic(demographic, questionnaire)]
    for question in questionnaire.questions:
        known[question.code] = [_question(question, questionnaire)]
    return known


def _asked(
    one: Item | Demographic | Question, questionnaire: Questionnaire
) -> tuple[bool, Condition | None]:
    required = questionnaire.required if one.required is None else one.required
    return required, parse_condition(one.show_if) if one.show_if else None


def _item(item: Item, construct: Construct, questionnaire: Questionnaire) -> Entry:
    required, show_if = _asked(item, questionnaire)
    scale = item.scale or construct.scale or questionnaire.scale
    count = scale.type == "count"
    return Entry(
        code=item.code,
        wording=item.wording,
        kind="number" if count else "rating",
        role="item",
        required=required,
        show_if=show_if,
        construct=construct.code,
        name=item.wording,
        scale=None if count else scale,
        lowest=scale.lowest if count else None,
        highest=scale.highest if count else None,
        whole=count,
        poles=item.poles,
    )


def _phrases(questionnaire: Questionnaire, key: str) -> Text:
    return {language: interface(language).phrase(key) for language in questionnaire.languages}


def _consent(questionnaire: Questionnaire) -> Entry:
    return Entry(
        code=next(_free_names(questionnaire, "consent")),
        wording=questionnaire.consent,
        kind="single",
        role="consent",
        required=True,
        name=_phrases(questionnaire, "consent"),
        options={key: _phrases(questionnaire, key) for key in ("agree", "disagree")},
        accept=("agree",),
    )


def _screening(screening: Screening) -> Entry:
    return Entry(
        code=screening.code,
        wording=screening.wording,
        kind="single",
        role="screening",
        required=True,
        name=screening.wording,
        options=screening.options,
        accept=screening.accept,
    )


def _check(check: AttentionCheck, questionnaire: Questionnaire) -> Entry:
    return Entry(
        code=check.code,
        wording=check.wording,
        kind="rating",
        role="attention_check",
        required=questionnaire.required,
        name=check.wording,
        scale=questionnaire.scale,
        correct=check.correct,
    )


def _demographic(demographic: Demographic, questionnaire: Questionnaire) -> Entry:
    required, show_if = _asked(demographic, questionnaire)
    return Entry(
        code=demographic.code,
        wording=demographic.wording or demographic.name,
        kind="single",
        role="demographic",
        required=required,
        show_if=show_if,
        name=demographic.name,
        options=demographic.options,
    )


def _question(question: Question, questionnaire: Questionnaire) -> Entry:
    required, show_if = _asked(question, questionnaire)
    return Entry(
        code=question.code,
        wording=question.wording,
        kind=question.type,
        role="question",
        required=required,
        show_if=show_if,
        name=question.wording,
        options=question.options or {},
        lowest=question.lowest,
        highest=question.highest,
        least=question.least,
        most=question.most,
        long=question.long,
    )
