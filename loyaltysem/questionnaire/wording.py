"""What a questionnaire says besides its own texts: buttons, hints, remarks on its design.

The words stand in ``questionnaires/interface/<language>.yaml``, one file per language; a language
without a file is spoken to in English.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StrictInt

from loyaltysem.documents import Definition, Line, load
from loyaltysem.library import shipped_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.documents import Text

FALLBACK = "en"

Phrase = Annotated[str, Field(min_length=1)]


class WordingRules(Definition):
    """By which words the wording of items is judged; lists hold regular expressions.

    Attributes
    ----------
    word, unit
        What counts as a word, and what it is called.
    limit
        How many words an item may have.
    words_per_minute
        How many are read in a minute.
    double_barrelled, allowed_pairs
        Two things joined in one item; pairs that mean one thing.
    negated, leading, absolute, vague
        Words to avoid.
    neutral_middle
        Words of which a label of the scale's middle has one.
    """

    word: Line
    unit: Line
    limit: StrictInt
    words_per_minute: StrictInt
    double_barrelled: tuple[Line, ...]
    allowed_pairs: tuple[Line, ...]
    negated: tuple[Line, ...]
    leading: tuple[Line, ...]
    absolute: tuple[Line, ...]
    vague: tuple[Line, ...]
    neutral_middle: tuple[Line, ...]


class Interface(Definition):
    """One language: phrases, what a platform cannot hold, remarks on a design, rules."""

    phrases: dict[Line, Phrase]
    losses: dict[Line, Line]
    remarks: dict[Line, Line]
    rules: WordingRules

    def phrase(self, key: str, **facts: object) -> str:
        """Return a phrase with its facts filled in."""
        return self.phrases[key].format(**facts)


def languages_spoken() -> tuple[str, ...]:
    """Return the languages that have a file."""
    folder = shipped_folder("questionnaires") / "interface"
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


@lru_cache
def interface(language: str) -> Interface:
    """Return the words of a language; of its main language (``zh`` for ``zh-TW``), or English."""
    known = languages_spoken()
    main = language.split("-", maxsplit=1)[0]
    spoken = next((one for one in (language, main) if one in known), FALLBACK)
    return load(shipped_folder("questionnaires") / "interface" / f"{spoken}.yaml", Interface)


def said(text: Text, language: str) -> str:
    """Return a text in a language; empty when the text is left out."""
    return text.get(language) or next(iter(text.values()), "")


def sentence(template: str, facts: Mapping[str, object]) -> str:
    """Return a template with its facts filled in."""
    return template.format(**facts)
