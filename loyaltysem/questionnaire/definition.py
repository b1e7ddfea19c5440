"""What a questionnaire asks: constructs with their items, the answer scale, checks, demographics.

The classes are the schema of ``questionnaires/*.yaml``; every text stands in all languages that the
questionnaire names.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt

from loyaltysem.documents import Definition, Line, Text


def _code(text: str) -> str:
    if not re.fullmatch(r"[^\W\d]\w{0,63}", text):
        raise ValueError("must begin with a letter and hold only letters, digits and underscores")
    return text


def _language(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", text):
        raise ValueError("must be a language code such as 'en' or 'zh'")
    return text


def _options(options: object) -> object:
    """Take whole numbers as option codes, too; in the data file they are text."""
    if not isinstance(options, Mapping):
        return options
    if len(options) < 2:
        raise ValueError("needs two options or more")
    return {str(code): label for code, label in options.items()}


Code = Annotated[Line, AfterValidator(_code)]
"""A name for data columns and model text: a letter, then letters, digits and underscores."""

Language = Annotated[Line, AfterValidator(_language)]
"""A language code such as ``en`` or ``zh``."""


class Scale(Definition):
    """The whole numbers that are allowed as answers, and what is printed beside them.

    Attributes
    ----------
    lowest, highest
        Ends of the scale, 1 and 7 for a seven-point scale.
    labels
        Text beside a point; both ends must have one.
    """

    lowest: StrictInt = 1
    highest: StrictInt
    labels: dict[StrictInt, Text]

    @property
    def points(self) -> range:
        """All allowed answers."""
        return range(self.lowest, self.highest + 1)

    def reversed(self, answer: float) -> float:
        """Return the answer seen from the other end: lowest + highest - answer."""
        return self.lowest + self.highest - answer


class Item(Definition):
    """One statement that respondents rate; ``reverse`` if agreeing means less of the construct."""

    code: Code
    wording: Text
    reverse: bool = False
    source: str = ""


class Construct(Definition):
    """A concept that is measured by several items; ``source`` names the paper of the scale."""

    code: Code
    name: Text
    source: Line
    items: tuple[Item, ...] = Field(min_length=1)
    scale: Scale | None = None


class AttentionCheck(Definition):
    """A question whose ``correct`` answer is told to the respondent, on the default scale."""

    code: Code
    wording: Text
    correct: StrictInt


class Demographic(Definition):
    """A question about the respondent; ``options`` maps what stands in the data to its label."""

    code: Code
    name: Text
    options: Annotated[dict[Line, Text], BeforeValidator(_options)]


class Questionnaire(Definition):
    """A whole questionnaire.

    Attributes
    ----------
    name, version, title
        Its name in files, its version as text, its title for the reader.
    languages
        Codes of the languages; every text must have each of them.
    instructions
        Text above the items.
    scale
        Answer scale of all constructs that have none of their own.
    constructs, attention_checks, demographics
        What is asked, in the order of asking.
    """

    name: Code
    version: Line
    title: Text
    languages: tuple[Language, ...] = Field(default=("en", "zh"), min_length=1)
    instructions: Text = Field(default_factory=dict)
    scale: Scale
    constructs: tuple[Construct, ...] = Field(min_length=1)
    attention_checks: tuple[AttentionCheck, ...] = ()
    demographics: tuple[Demographic, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in the order of asking."""
        return tuple(item for construct in self.constructs for item in construct.items)

    @property
    def item_codes(self) -> tuple[str, ...]:
        """Codes of all items in the order of asking."""
        return tuple(item.code for item in self.items)

    @property
    def item_scales(self) -> tuple[Scale, ...]:
        """The scale of each item, in the order of :attr:`items`."""
        return tuple(
            construct.scale or self.scale for construct in self.constructs for _ in construct.items
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
        """Return the SHA-256 (hex) of what is asked, whatever the layout of the file."""
        content = json.dumps(
            self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return hashlib.sha256(content.encode()).hexdigest()
