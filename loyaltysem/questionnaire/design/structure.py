"""How the questionnaire is built: constructs, scales, codes, languages, length."""

from __future__ import annotations

import difflib
import re
from itertools import combinations
from typing import TYPE_CHECKING

from loyaltysem.questionnaire.arrangement import form_of
from loyaltysem.questionnaire.design.remark import Remark
from loyaltysem.questionnaire.design.wordings import CHINESE, wordings
from loyaltysem.questionnaire.texts import scales, texts
from loyaltysem.questionnaire.wording import interface, languages_spoken, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.documents import FieldPath
    from loyaltysem.questionnaire.definition import Questionnaire
    from loyaltysem.questionnaire.form import Entry
    from loyaltysem.questionnaire.scale import Scale

FEWEST_ITEMS, MOST_ITEMS = 3, 10
FEWEST_POINTS, MOST_POINTS = 5, 11
NEAR_DUPLICATE = 0.9
"""Share of equal text from which two items count as almost the same (difflib's ratio)."""
ITEMS_PER_CHECK = 25
LONG_MINUTES, TOO_LONG_MINUTES = 12, 25
SECONDS = {
    "rating": 3.0,
    "single": 3.0,
    "multiple": 6.0,
    "ranking": 12.0,
    "number": 5.0,
    "date": 6.0,
    "text": 20.0,
}
"""Time to answer, beside the time to read; our own estimates, to be checked in a pre-test."""


def structure_remarks(questionnaire: Questionnaire) -> Iterator[Remark]:
    """Yield remarks on the questionnaire as a whole."""
    yield from _construct_remarks(questionnaire)
    for at, scale in scales(questionnaire):
        yield from _scale_remarks(questionnaire, at, scale)
    yield from _near_duplicates(questionnaire)
    yield from _similar_codes(questionnaire)
    yield from _language_remarks(questionnaire)
    yield from _absences(questionnaire)
    yield from _length_remarks(questionnaire)


def _construct_remarks(questionnaire: Questionnaire) -> Iterator[Remark]:
    for k, construct in enumerate(questionnaire.constructs):
        place, n = questionnaire.place("constructs", k, "code"), len(construct.items)
        facts: dict[str, object] = {"construct": construct.code, "n": n, "limit": MOST_ITEMS}
        if n < FEWEST_ITEMS:
            yield Remark(code="few_items", place=place, facts=facts)
        if n > MOST_ITEMS:
            yield Remark(code="many_items", place=place, facts=facts)
        if all(item.reverse for item in construct.items):
            yield Remark(code="only_reverse", place=place, facts=facts)
        own = [item.scale or construct.scale or questionnaire.scale for item in construct.items]
        if any((one.lowest, one.highest) != (own[0].lowest, own[0].highest) for one in own):
            yield Remark(code="mixed_scales", place=place, facts=facts)
    if not any(item.reverse for item in questionnaire.items):
        yield Remark(code="one_direction", place=questionnaire.place("constructs"))


def _scale_remarks(questionnaire: Questionnaire, at: FieldPath, scale: Scale) -> Iterator[Remark]:
    if scale.type not in {"likert", "semantic_differential"}:
        return
    place, n = questionnaire.place(*at), len(scale.points)
    if n < FEWEST_POINTS:
        yield Remark(code="few_points", place=place, facts={"n": n})
    if n > MOST_POINTS:
        yield Remark(code="many_points", place=place, facts={"n": n})
    if n % 2 == 0 and n < MOST_POINTS - 1:
        yield Remark(code="even_points", place=place, facts={"n": n})
    yield from _balance_remarks(questionnaire, at, scale)


def _balance_remarks(questionnaire: Questionnaire, at: FieldPath, scale: Scale) -> Iterator[Remark]:
    """Judge labels on both sides of the middle."""
    place, middle = questionnaire.place(*at, "labels"), (scale.lowest + scale.highest) / 2
    below = sum(point < middle for point in scale.labels)
    above = sum(point > middle for point in scale.labels)
    if below != above:
        facts = {"negative": below, "positive": above}
        yield Remark(code="unbalanced_scale", place=place, facts=facts)
    if len(scale.points) % 2 == 0:
        return
    label = scale.labels.get(int(middle))
    if label is None:
        if len(scale.labels) > 2:
            yield Remark(code="unlabelled_middle", place=place)
        return
    for language in set(label) & set(languages_spoken()):
        neutral = interface(language).rules.neutral_middle
        if not any(word in label[language].casefold() for word in neutral):
            yield Remark(code="no_neutral", place=place, facts={"label": label[language]})


def _near_duplicates(questionnaire: Questionnaire) -> Iterator[Remark]:
    items = [one for one in wordings(questionnaire) if one.is_item]
    for first, second in combinations(items, 2):
        for language in questionnaire.languages:
            share = _similarity(first.text[language], second.text[language])
            if share >= NEAR_DUPLICATE:
                facts = {"code": second.code, "other": first.code, "similarity": round(100 * share)}
                place = questionnaire.place(*second.at, language)
                yield Remark(code="near_duplicate", place=place, facts=facts)
                break


def _similarity(first: str, second: str) -> float:
    """Return difflib's ratio, or an upper bound of it when that is below the threshold."""
    matcher = difflib.SequenceMatcher(None, first.casefold(), second.casefold(), autojunk=False)
    for bound in (matcher.real_quick_ratio, matcher.quick_ratio):
        if bound() < NEAR_DUPLICATE:
            return bound()
    return matcher.ratio()


_LOOK_ALIKE = str.maketrans({"o": "0", "i": "1", "l": "1", "z": "2", "s": "5", "b": "8"})


def _similar_codes(questionnaire: Questionnaire) -> Iterator[Remark]:
    seen: dict[str, str] = {}
    for k, construct in enumerate(questionnaire.constructs):
        for j, item in enumerate(construct.items):
            shape = item.code.casefold().translate(_LOOK_ALIKE).replace("_", "")
            if shape in seen:
                place = questionnaire.place("constructs", k, "items", j, "code")
                facts = {"code": item.code, "other": seen[shape]}
                yield Remark(code="similar_codes", place=place, facts=facts)
            seen.setdefault(shape, item.code)


def _language_remarks(questionnaire: Questionnaire) -> Iterator[Remark]:
    n = len(questionnaire.languages)
    if n > 1 and questionnaire.translation is None:
        place = questionnaire.place("languages")
        yield Remark(code="no_back_translation", place=place, facts={"n": n})
    addressed: dict[str, list[str]] = {"您": [], "你": []}
    for at, text in texts(questionnaire):
        chinese = next((text[one] for one in text if one.split("-")[0] == CHINESE), "")
        for word, places in addressed.items():
            if word in chinese:
                places.append(".".join(str(part) for part in at))
    polite, familiar = addressed.values()
    if polite and familiar:
        fewer = min(polite, familiar, key=len)
        facts = {"codes": ", ".join(fewer[:5])}
        yield Remark(code="mixed_address", place=questionnaire.place(), facts=facts)


def _absences(questionnaire: Questionnaire) -> Iterator[Remark]:
    place, n = questionnaire.place(), len(questionnaire.items)
    if not questionnaire.consent:
        yield Remark(code="no_consent", place=place)
    if n >= ITEMS_PER_CHECK and not questionnaire.attention_checks:
        yield Remark(code="no_attention_check", place=place, facts={"n": n})


def _length_remarks(questionnaire: Questionnaire) -> Iterator[Remark]:
    minutes = max(minutes_to_fill_in(questionnaire, one) for one in questionnaire.languages)
    if minutes > LONG_MINUTES:
        facts = {
            "minutes": round(minutes),
            "n": len(form_of(questionnaire).entries),
            "limit": LONG_MINUTES,
        }
        code = "too_long" if minutes > TOO_LONG_MINUTES else "long_questionnaire"
        yield Remark(code=code, place=questionnaire.place(), facts=facts)


def minutes_to_fill_in(questionnaire: Questionnaire, language: str) -> float:
    """Return how long it takes to read all texts and answer all questions, in minutes.

    Words (Chinese characters) read in a minute and seconds to answer are customary figures; the
    labels of a scale are read once a page.
    """
    form = form_of(questionnaire)
    rules = interface(language).rules
    shown = [said(page.text, language) for page in form.pages]
    shown += [_read(entry, language) for entry in form.entries]
    n_words = sum(len(re.findall(rules.word, text)) for text in shown)
    seconds = sum(SECONDS[entry.kind] for entry in form.entries)
    return n_words / rules.words_per_minute + seconds / 60


def _read(entry: Entry, language: str) -> str:
    return " ".join(said(text, language) for text in (entry.wording, *entry.options.values()))
