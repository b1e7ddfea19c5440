"""A condition in words, for paper and codebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.questionnaire.conditions import (
    Answered,
    Compared,
    Condition,
    Joined,
    Not,
    Selected,
)
from loyaltysem.questionnaire.export.layout import one_line
from loyaltysem.questionnaire.wording import interface, said

if TYPE_CHECKING:
    from loyaltysem.questionnaire.form import Entry, Form

_PHRASES = {
    "==": "if_equal",
    "!=": "if_other",
    "<": "if_less",
    ">": "if_more",
    "<=": "if_at_most",
    ">=": "if_at_least",
}


def condition_words(condition: Condition, form: Form, language: str) -> str:
    """Return a condition as a clause: ``“Gender” is “Female”``."""
    return _said(condition, {entry.code: entry for entry in form.entries}, language)


def _said(condition: Condition, entries: dict[str, Entry], language: str) -> str:
    words = interface(language)
    match condition:
        case Compared(code, comparison, value):
            entry = entries[code]
            facts = {"question": _name(entry, language), "value": _value(entry, value, language)}
            return words.phrase(_PHRASES[comparison], **facts)
        case Selected(code, option):
            entry = entries[code]
            facts = {"question": _name(entry, language), "value": _value(entry, option, language)}
            return words.phrase("if_selected", **facts)
        case Answered(code):
            return words.phrase("if_answered", question=_name(entries[code], language))
        case Not(part):
            return words.phrase("if_not", condition=_said(part, entries, language))
        case Joined(word, parts):
            return words.phrase(word).join(_said(part, entries, language) for part in parts)


def _name(entry: Entry, language: str) -> str:
    return one_line(said(entry.name or entry.wording, language))


def _value(entry: Entry, value: str, language: str) -> str:
    label = entry.options.get(value)
    return one_line(said(label, language)) if label else value
