"""A work that is cited, part by part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from loyaltysem.documents import Definition, Line


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Number = Annotated[Line, BeforeValidator(_as_text)]
"""Text that YAML may take for a number."""

BETWEEN = re.compile("[;；、]")
"""What parts people."""

SUFFIXES = {"Jr.", "Sr.", "II", "III", "IV"}

ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def _parted(people: str) -> str:
    """Return people whose names are told apart by semicolons."""
    for person in BETWEEN.split(people):
        family, *rest = (part.strip() for part in person.split(","))
        if not family or len(rest) > 2 or (len(rest) == 2 and rest[1] not in SUFFIXES):
            raise ValueError("must be people parted by semicolons: 'Hu, L.; Bentler, P. M.'")
    return people


People = Annotated[Line, AfterValidator(_parted)]
"""``Hu, L.; Lynch, J. G., Jr.``, or Chinese names: ``温忠麟; 侯杰泰``."""


@dataclass(frozen=True, slots=True)
class Name:
    """A family name, initials (``L.-T.``; none in Chinese) and a suffix, for example ``Jr``."""

    family: str
    initials: str = ""
    suffix: str = ""


class ChineseTitle(Definition):
    """What stands on a work that is written in Chinese.

    Attributes
    ----------
    authors
        Their names, parted by semicolons.
    title, journal, publisher, city
        As in :class:`Work`.
    """

    authors: People
    title: Line
    journal: Line | None = None
    publisher: Line | None = None
    city: Line | None = None


class Work(Definition):
    """An article, a book or a chapter. Titles may hold ``<i>``.

    Attributes
    ----------
    authors, editors
        ``Hu, L.; Bentler, P. M.``; editors are those of the book that a chapter stands in.
    year
        Of publication.
    title
        In sentence case; of a Chinese work its translation.
    journal, volume, pages
        Where an article stands; the volume with its issue, ``66(4)``; pages also of a chapter.
    book, edition, publisher, city
        The book that a chapter stands in, its edition from the second on, and where it came out.
    doi
        Without the address of its resolver.
    romanized
        A Chinese work's title in Latin letters.
    chinese
        What stands on a work that is written in Chinese.
    """

    authors: People
    year: Number
    title: Line
    journal: Line | None = None
    volume: Number | None = None
    pages: Number | None = None
    editors: People | None = None
    book: Line | None = None
    edition: Annotated[int, Field(ge=2)] | None = None
    publisher: Line | None = None
    city: Line | None = None
    doi: Line | None = None
    romanized: Line | None = None
    chinese: ChineseTitle | None = None

    @model_validator(mode="after")
    def _stands_somewhere(self) -> Self:
        if (self.journal is None) == (self.publisher is None):
            raise ValueError("needs a journal or a publisher, and not both")
        if self.book is not None and self.publisher is None:
            raise ValueError("stands in a book, whose publisher must be given")
        if self.book is not None and self.chinese is not None:
            raise ValueError("is a chapter in Chinese: give its whole reference as text")
        return self


def names(people: str) -> tuple[Name, ...]:
    """Return the people in ``Lynch, J. G., Jr.; Chen, Q.``, or in ``温忠麟; 侯杰泰``."""
    found = (person.split(",") for person in BETWEEN.split(people))
    return tuple(Name(*(part.strip() for part in parts)) for parts in found if parts != [""])


def closed(text: str) -> str:
    """Return text with a full stop, unless it ends with a mark of its own."""
    return text if text.endswith((".", "?", "!", "？")) else f"{text}."


def ordinal(number: int) -> str:
    """Return 2 as ``2nd``."""
    ending = "th" if number % 100 in {11, 12, 13} else ENDINGS.get(number % 10, "th")
    return f"{number}{ending}"
