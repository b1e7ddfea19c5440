"""A whole questionnaire: constructs with their items, scales, checks, pages, languages.

The classes are the schema of ``questionnaires/*.yaml``; every text stands in all languages that the
questionnaire names.
"""

from __future__ import annotations

import hashlib
import json
from typing import Literal

from pydantic import Field

from loyaltysem.documents import Definition, Line, Text
from loyaltysem.questionnaire.naming import Code, Language
from loyaltysem.questionnaire.questions import (
    AttentionCheck,
    Construct,
    Demographic,
    Item,
    Question,
    Screening,
    Section,
)
from loyaltysem.questionnaire.scale import Scale


class Translation(Definition):
    """How the languages came about.

    Attributes
    ----------
    original
        Language in which the questionnaire was written.
    method
        ``back_translation`` (Brislin, 1970), ``committee`` or ``single`` (one translator).
    note
        Who translated, who translated back, how differences were settled.
    """

    original: Language
    method: Literal["back_translation", "committee", "single"]
    note: Line


class Questionnaire(Definition):
    """A whole questionnaire.

    Attributes
    ----------
    name, version, title
        Its name in files, its version as text, its title for the reader.
    languages
        Codes of the languages; every text must have each of them.
    translation
        How the languages came about.
    consent
        Informed consent: whoever does not agree to this text does not take part.
    instructions
        Text above the items.
    thanks, screened_out
        Text at the end; text for those who do not belong to the population asked.
    required
        Whether questions demand an answer that do not say so themselves.
    scale
        Answer scale of all constructs that have none of their own.
    screening
        Questions that decide who takes part; asked first.
    constructs, attention_checks, demographics, questions
        What is asked. Demographics are choices that a report tabulates; questions are all others.
    sections
        Pages and their order. Without them: constructs, questions, demographics, a page each.
    """

    name: Code
    version: Line
    title: Text
    languages: tuple[Language, ...] = Field(default=("en", "zh"), min_length=1)
    translation: Translation | None = None
    consent: Text = Field(default_factory=dict)
    instructions: Text = Field(default_factory=dict)
    thanks: Text = Field(default_factory=dict)
    screened_out: Text = Field(default_factory=dict)
    required: bool = True
    scale: Scale
    screening: tuple[Screening, ...] = ()
    constructs: tuple[Construct, ...] = Field(min_length=1)
    attention_checks: tuple[AttentionCheck, ...] = ()
    demographics: tuple[Demographic, ...] = ()
    questions: tuple[Question, ...] = ()
    sections: tuple[Section, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, construct by construct."""
        return tuple(item for construct in self.constructs for item in construct.items)

    @property
    def item_codes(self) -> tuple[str, ...]:
        """Codes of all items, in the order of :attr:`items`."""
        return tuple(item.code for item in self.items)

    @property
    def item_scales(self) -> tuple[Scale, ...]:
        """The scale of each item, in the order of :attr:`items`."""
        return tuple(
            item.scale or construct.scale or self.scale
            for construct in self.constructs
            for item in construct.items
        )

    def construct_named(self, code: str) -> Construct:
        """Return the construct of that code.

        Raises
        ------
        KeyError
            The questionnaire has no such construct.
        """
        return {construct.code: construct for construct in self.constructs}[code]

    def content_hash(self) -> str:
        """Return the SHA-256 (hex) of what is asked, whatever the layout of the file.

        What is left out counts like its default, so that later versions of the schema, with more
        keys, give the same hash for the same questionnaire.
        """
        choices: list[Screening | Demographic | Question] = [
            *self.screening,
            *self.demographics,
            *self.questions,
        ]
        content = {
            "asked": self.model_dump(mode="json", exclude_defaults=True),
            "order_of_options": [[one.code, *(one.options or ())] for one in choices],
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
