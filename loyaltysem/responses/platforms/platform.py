"""What a reader knows of a platform: how its files look, and what its cells stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from loyaltysem.questionnaire import Scale
    from loyaltysem.responses.tables import RawTable

Technical = Literal[
    "id", "started", "submitted", "seconds", "ip", "device", "source", "language", "status", "total"
]
"""What a column holds that answers no question."""

ANY_CODE = r".*"

_BETWEEN = re.compile(r"\s*[—–：:|]+\s*|\s+-\s+|(?<=[^\W\d_])-(?=[^\W\d_])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a heading says.

    Attributes
    ----------
    codes
        Texts that may be the code of a question (or code and option, joined by ``_``), in the
        platform's spelling, the most telling first.
    wordings
        Texts that may be the wording of a question, the most telling first.
    part
        What may be a row of a grid or an option.
    above
        What stands before the part, and may be the wording of its question.
    group
        What binds the columns of one question together, such as its number.
    technical
        What the column holds if it answers no question.
    """

    codes: tuple[str, ...] = ()
    wordings: tuple[str, ...] = ()
    part: str = ""
    above: str = ""
    group: str = ""
    technical: Technical | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A survey platform as the source of a file.

    Attributes
    ----------
    name, title
        Its name in mappings and for readers.
    recognises
        Whether a file is of this platform, by names and patterns in its headings.
    heading
        What the heading of a column (table, number) says.
    opened
        Takes further rows of headings out of the respondents.
    code
        A code as the platform writes it.
    option_codes
        Codes of options that the platform takes; others it replaces by positions.
    counted
        Where answers are exported as numbers, points and options are counted from 1.
    missing
        Texts that stand for no answer.
    joints
        What stands between the choices in one cell.
    by_rank
        A ranking has a column per rank that holds the option, not one per option.
    point_code
        What stands for a point of a scale, if not its number.
    preview
        Values of the ``status`` column that mark trials of the researcher's own.
    """

    name: str
    title: str
    recognises: Callable[[RawTable], bool]
    heading: Callable[[RawTable, int], Heading]
    opened: Callable[[RawTable], RawTable] | None = None
    code: Callable[[str], str] = str.casefold
    option_codes: str = ANY_CODE
    counted: bool = False
    missing: frozenset[str] = frozenset()
    joints: tuple[str, ...] = ()
    by_rank: bool = False
    point_code: Callable[[Scale, int], str] | None = None
    preview: frozenset[str] = frozenset()


def before(text: str, part: str) -> str:
    """Return what stands in a text before its last part and the sign between them."""
    return text.removesuffix(part).rstrip(" \t:：—–-|")


def ends_of(text: str) -> tuple[str, ...]:
    """Return what follows each sign between a question and its row, the longest first.

    >>> ends_of("Please rate: it lasts")
    ('it lasts',)
    """
    ends = (text[match.end() :].strip() for match in _BETWEEN.finditer(text))
    return tuple(dict.fromkeys(end for end in ends if end))


def has_headings(table: RawTable, *names: str) -> bool:
    """Whether a file has all of these headings, in any case."""
    return {name.casefold() for name in names} <= {one.casefold() for one in table.headings}
