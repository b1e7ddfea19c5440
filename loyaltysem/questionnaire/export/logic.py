"""A condition in the language of a platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.questionnaire.conditions import (
    Answered,
    Compared,
    Comparison,
    Condition,
    Joined,
    Not,
    Selected,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from loyaltysem.questionnaire.form import Entry, Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a platform writes the parts of a condition.

    Attributes
    ----------
    compared
        From question, sign and value; the platform may treat an unanswered question as it likes.
    selected
        From question and option.
    answered
        From question.
    negated
        From the part.
    words
        What joins two parts, for ``and`` and ``or``.
    """

    compared: Callable[[Entry, Comparison, str], str]
    selected: Callable[[Entry, str], str]
    answered: Callable[[Entry], str]
    negated: Callable[[str], str]
    words: dict[str, str]


def condition_text(condition: Condition, dialect: Dialect, form: Form) -> str:
    """Return a condition as the platform writes it.

    Comparisons other than ``==`` are joined with 'is answered', so that they are false for an
    unanswered question on every platform.
    """
    return _written(condition, dialect, {entry.code: entry for entry in form.entries})


def _written(condition: Condition, dialect: Dialect, entries: dict[str, Entry]) -> str:
    match condition:
        case Compared(code, comparison, value):
            compared = dialect.compared(entries[code], comparison, value)
            if comparison == "==":
                return compared
            return f"({dialect.answered(entries[code])}{dialect.words['and']}{compared})"
        case Selected(code, option):
            return dialect.selected(entries[code], option)
        case Answered(code):
            return dialect.answered(entries[code])
        case Not(part):
            return dialect.negated(_written(part, dialect, entries))
        case Joined(word, parts):
            joined = dialect.words[word].join(_written(one, dialect, entries) for one in parts)
            return f"({joined})"
