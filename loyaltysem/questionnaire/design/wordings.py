"""How the questions are worded, judged by the rules of each language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.questionnaire.design.remark import Remark
from loyaltysem.questionnaire.wording import interface, languages_spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.documents import FieldPath, Text
    from loyaltysem.questionnaire.definition import Questionnaire
    from loyaltysem.questionnaire.wording import WordingRules

CHINESE = "zh"
_HAN = re.compile(r"[\u4e00-\u9fff]")
_FOREIGN = re.compile(r"[A-Za-z][a-z]{2,}(?: [A-Za-z]+)*")
_HALF_WIDTH = re.compile(
    r"(?<=[\u4e00-\u9fff])[,;:?!](?=\s|$|[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\.$"
)
_SIMPLE = ("leading", "absolute", "vague")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The text of one question, and where it stands."""

    code: str
    text: Text
    at: FieldPath
    is_item: bool


def wordings(questionnaire: Questionnaire) -> Iterator[Wording]:
    """Yield the texts that are judged: those of items and of questions, not those of checks."""
    for k, construct in enumerate(questionnaire.constructs):
        for j, item in enumerate(construct.items):
            at: FieldPath = ("constructs", k, "items", j, "wording")
            yield Wording(code=item.code, text=item.wording, at=at, is_item=True)
    for shelf in ("screening", "questions"):
        for k, one in enumerate(getattr(questionnaire, shelf)):
            yield Wording(code=one.code, text=one.wording, at=(shelf, k, "wording"), is_item=False)


def wording_remarks(questionnaire: Questionnaire) -> Iterator[Remark]:
    """Yield remarks on single questions, in the order of the file."""
    for wording in wordings(questionnaire):
        for language in questionnaire.languages:
            place = questionnaire.place(*wording.at, language)
            for code, facts in _judged(wording, language):
                shown = {"code": wording.code, "wording": wording.text[language], **facts}
                yield Remark(code=code, place=place, facts=shown)
        if _is_same(wording.text):
            place = questionnaire.place(*wording.at)
            facts = {"code": wording.code, "languages": ", ".join(wording.text)}
            yield Remark(code="same_in_languages", place=place, facts=facts)


def _judged(wording: Wording, language: str) -> Iterator[tuple[str, dict[str, object]]]:
    main, text = language.split("-", maxsplit=1)[0], wording.text[language]
    if main == CHINESE:
        yield from _chinese(text)
    if main in languages_spoken():
        rules = interface(main).rules
        if wording.is_item:
            yield from _statement(text, rules)
        yield from _length(text, rules)


def _statement(text: str, rules: WordingRules) -> Iterator[tuple[str, dict[str, object]]]:
    """Judge a statement that is agreed with."""
    bare = text
    for pair in rules.allowed_pairs:
        bare = re.sub(pair, "…", bare, flags=re.IGNORECASE)
    joined = _found(rules.double_barrelled, bare)
    if joined:
        yield "double_barrelled", {"words": ", ".join(joined)}
    negations = _found(rules.negated, text)
    if negations:
        code = "double_negation" if len(negations) > 1 else "negated"
        yield code, {"words": ", ".join(negations)}
    for code in _SIMPLE:
        words = _found(getattr(rules, code), text)
        if words:
            yield code, {"words": ", ".join(words)}


def _found(patterns: tuple[str, ...], text: str) -> list[str]:
    """Return what the patterns find in a text, in its order, each place once."""
    hits = [match for one in patterns for match in re.finditer(one, text, flags=re.IGNORECASE)]
    ends, words = 0, []
    for match in sorted(hits, key=lambda hit: (hit.start(), -hit.end())):
        if match.start() >= ends:
            words.append(match.group())
            ends = match.end()
    return words


def _length(text: str, rules: WordingRules) -> Iterator[tuple[str, dict[str, object]]]:
    n = len(re.findall(rules.word, text))
    if n > rules.limit:
        yield "long_wording", {"n": n, "unit": rules.unit, "limit": rules.limit}


def _chinese(text: str) -> Iterator[tuple[str, dict[str, object]]]:
    if not _HAN.search(text):
        yield "wrong_script", {}
        return
    foreign = _FOREIGN.findall(text)
    if foreign:
        yield "untranslated_part", {"words": ", ".join(foreign)}
    marks = _HALF_WIDTH.findall(text)
    if marks:
        yield "ascii_punctuation", {"words": " ".join(dict.fromkeys(marks))}


def _is_same(text: Text) -> bool:
    """Whether two languages have the same words (a number or a sign alone needs no translation)."""
    words = [said.strip().casefold() for said in text.values()]
    return len(words) > len(set(words)) and any(sign.isalpha() for sign in words[0])
