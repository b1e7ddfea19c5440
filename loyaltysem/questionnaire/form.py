"""A questionnaire as respondents meet it: pages with questions in the order of asking.

Every export starts here. The definition is arranged by what is measured; the form by what is seen.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from loyaltysem.questionnaire.conditions import (
    Compared,
    Condition,
    conditions_joined,
    parse_condition,
)
from loyaltysem.questionnaire.questions import (
    AttentionCheck,
    Coded,
    Construct,
    Demographic,
    Item,
    Question,
    QuestionType,
    Screening,
    Section,
)
from loyaltysem.questionnaire.wording import interface

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from loyaltysem.documents import Text
    from loyaltysem.questionnaire.definition import Questionnaire
    from loyaltysem.questionnaire.scale import Poles, Scale

Kind = Literal["rating"] | QuestionType
Role = Literal["consent", "screening", "item", "attention_check", "question", "demographic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One question.

    Attributes
    ----------
    code, wording
        Its name in the data, and its text.
    kind, role
        How it is answered, and what it is asked for.
    required
        An answer is demanded.
    show_if
        Condition under which it is asked.
    construct
        What an item measures; empty for all other questions.
    name
        Short heading of a demographic; the wording of all others.
    scale, poles, correct
        Of a rating: its scale, both ends (semantic differential), the right answer (check).
    options, accept
        Of a choice: option code to label; the options that may go on (consent, screening).
    lowest, highest, least, most, long
        Limits of a number, of how many options are chosen; whether a text has several lines.
    """

    code: str
    wording: Text
    kind: Kind
    role: Role
    required: bool
    show_if: Condition | None = None
    construct: str = ""
    name: Text = field(default_factory=dict)
    scale: Scale | None = None
    poles: Poles | None = None
    correct: int | None = None
    options: Mapping[str, Text] = field(default_factory=dict)
    accept: tuple[str, ...] = ()
    lowest: float | None = None
    highest: float | None = None
    least: int | None = None
    most: int | None = None
    long: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the answers: one, or one per option (``multiple``: 0/1, ``ranking``: rank)."""
        if self.kind in {"multiple", "ranking"}:
            return tuple(f"{self.code}_{option}" for option in self.options)
        return (self.code,)

    @property
    def is_grid(self) -> bool:
        """Whether it can be a row of a grid with others of its scale."""
        return (
            self.scale is not None
            and self.scale.type in {"likert", "semantic_differential"}
            and self.show_if is None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Questions that stand together: a grid of ratings on one scale, or a single question.

    ``code`` names the grid (the construct's code, or that of its page and a number); it is the
    question's own for a single one.
    """

    code: str
    entries: tuple[Entry, ...]

    @property
    def is_grid(self) -> bool:
        """Whether it is a grid (even of one row)."""
        return self.entries[0].is_grid

    @property
    def scale(self) -> Scale:
        """Scale of a grid or of a single rating."""
        scale = self.entries[0].scale
        if scale is None:
            raise TypeError(f"block '{self.code}' is no rating")
        return scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page; ``randomise`` asks its rated items in random order."""

    code: str
    title: Text
    text: Text
    blocks: tuple[Block, ...]
    randomise: bool = False
    show_if: Condition | None = None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All questions of the page."""
        return tuple(entry for block in self.blocks for entry in block.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The pages of a questionnaire in the order of asking."""

    questionnaire: Questionnaire
    pages: tuple[Page, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All questions in the order of asking."""
        return tuple(entry for page in self.pages for entry in page.entries)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of a file of answers, in the order of asking."""
        return tuple(column for entry in self.entries for column in entry.columns)


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
    for (is_grid, scale, _), group in groupby(entries, _grid_key):
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
    return Entry(
        code=item.code,
        wording=item.wording,
        kind="rating",
        role="item",
        required=required,
        show_if=show_if,
        construct=construct.code,
        name=item.wording,
        scale=item.scale or construct.scale or questionnaire.scale,
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


def gate(form: Form) -> Condition | None:
    """Return the condition under which a respondent goes on after consent and screening."""
    parts = [
        conditions_joined([Compared(entry.code, "==", option) for option in entry.accept], "or")
        for entry in form.entries
        if entry.accept
    ]
    return conditions_joined([part for part in parts if part is not None])


def entry_condition(page: Page, entry: Entry) -> Condition | None:
    """Return the condition under which an entry is asked, its page's included."""
    return conditions_joined([one for one in (page.show_if, entry.show_if) if one is not None])
