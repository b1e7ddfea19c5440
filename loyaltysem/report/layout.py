"""How wide the columns of a table are and how large its type, for formats that have pages.

Letters are measured by kind: close enough to share a line out, with no font at hand.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from loyaltysem.report.document import Run, as_text, grid

if TYPE_CHECKING:
    from loyaltysem.report.document import Cell, Document, Table

WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]+")
"""East Asian letters and punctuation, which are as wide as they are high."""

TEXT_WIDTH = 9070
"""Width between the margins in twentieths of a point (A4 less 25 mm on either side)."""

CELL_MARGIN, TIGHT_MARGIN = 90, 50
MANY_COLUMNS = 8
"""Distances between text and the edge of its cell; tight in tables of so many columns."""

APART = 100
"""What words after a column of numbers keep from these, beyond the usual distance."""

TOGETHER = 12
"""Tables of up to so many rows are kept on one page; taller ones would leave half a page empty."""

END_ROWS = 3
"""So many rows of a longer table stay together at its beginning and at its end."""

FEW_COLUMNS, NARROW = 3, 4500
TRIES = (
    *((1.0, size) for size in (10.5, 9.0, 8.0)),
    *((0.5, size) for size in (10.5, 9.0)),
    (1.0, 7.5),
    *((share, size) for share in (0.5, 0.0) for size in (8.0, 7.5, 7.0)),
)
"""Which share of what text columns would like beyond their longest word is given, and at which type
size in points, best first: one line at 8 points reads better than two at 9."""

SIZES = tuple(sorted({size for _, size in TRIES}, reverse=True))
"""Type sizes of tables in points; largest first."""

SHORT_TITLE = 4
"""Letters of a column title that is not broken."""

MAX_STARS = 3
LETTER_WIDTHS = (
    (WIDE, 2.0),
    (re.compile(r"[ .,:;'’|/\\()\[\]fijltIJ\u00a0]"), 0.64),
    (re.compile("[MW→]"), 2.0),
    (re.compile("[A-ZmwΑ-Ω−<>=≥≤%²χ]"), 1.4),
)
"""Widths of letters in half ems, the first kind that matches; every other letter is 1."""

CODE_WIDTH, BOLDER = 1.2, 1.1


def cell_margin(table: Table) -> int:
    """Return the distance between text and the left and right edges of its cell."""
    return TIGHT_MARGIN if len(table.columns) >= MANY_COLUMNS else CELL_MARGIN


def leads(table: Table) -> list[int]:
    """Return the additional distance on the left of each column, in twentieths of a point."""
    sides = [column.align for column in table.columns]
    return [0, *(APART if pair == ("number", "text") else 0 for pair in pairwise(sides))]


def layout(table: Table, document: Document) -> tuple[float, list[int]]:
    """Return the type size in points and the column widths in twentieths of a point.

    The first of `TRIES` is taken that the page has room for.
    """
    longest, wanted = _lengths(table, document)
    margins = [2 * cell_margin(table) + apart for apart in leads(table)]
    for share, size in TRIES:
        least = [
            margin + 10 * size * length for margin, length in zip(margins, longest, strict=True)
        ]
        liked = [
            margin + 10 * size * length for margin, length in zip(margins, wanted, strict=True)
        ]
        if TEXT_WIDTH - sum(least) >= share * (sum(liked) - sum(least)):
            return size, _shared_out(least, liked)
    return size, [int(width * TEXT_WIDTH / sum(least)) for width in least]


def _shared_out(least: list[float], liked: list[float]) -> list[int]:
    """Share the width out: up to what columns like, then the rest in equal parts.

    A table of few short columns stays narrow, so that the eye finds its way across.
    """
    width: float = TEXT_WIDTH
    if len(liked) <= FEW_COLUMNS:
        width = min(width, max(1.3 * sum(liked), NARROW))
    wish = sum(liked) - sum(least)
    part = min(1.0, (width - sum(least)) / wish) if wish else 0.0
    widths = [small + part * (large - small) for small, large in zip(least, liked, strict=True)]
    rest = (width - sum(widths)) / len(widths)
    return [int(column + rest) for column in widths]


def room_for_text(table: Table, document: Document, most: float) -> list[float]:
    """Return how many ems the columns of text want, up to ``most``; 0 for columns of numbers."""
    _, wanted = _lengths(table, document)
    return [
        min(length / 2, most) if column.align == "text" else 0.0
        for length, column in zip(wanted, table.columns, strict=True)
    ]


def _lengths(table: Table, document: Document) -> tuple[list[float], list[float]]:
    """Return each column's longest unbreakable piece and longest text, in half ems."""
    stars = [MAX_STARS if column.starred else 0 for column in table.columns]
    titles = [as_text(column.title) for column in table.columns]
    longest = [_title_piece(one) + more for one, more in zip(titles, stars, strict=True)]
    wanted = [_measure(one, bold=True) + more for one, more in zip(titles, stars, strict=True)]
    for row, cells in zip(table.rows, grid(table), strict=True):
        if row.group:
            continue
        for place, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
            if cell is None:
                continue
            text = cell.text(document.style)
            whole = _measure(text, code=_is_code(cell)) + stars[place]
            fixed = column.align != "text"
            longest[place] = max(
                longest[place], whole if fixed else _piece(text, code=_is_code(cell))
            )
            wanted[place] = max(wanted[place], whole)
    return longest, [min(length, 60.0) for length in wanted]


def _is_code(cell: Cell) -> bool:
    return isinstance(cell.value, tuple) and any(
        isinstance(part, Run) and part.style == "code" for part in cell.value
    )


def _measure(text: str, *, code: bool = False, bold: bool = False) -> float:
    """Return a text's width in half ems of Times New Roman (of Courier for code)."""
    if code:
        return CODE_WIDTH * len(text)
    return sum(map(_letter, text)) * (BOLDER if bold else 1.0) + 0.2


@cache
def _letter(letter: str) -> float:
    return next((width for kind, width in LETTER_WIDTHS if kind.match(letter)), 1.0)


def _title_piece(text: str) -> float:
    """Return a column title's longest piece; a Chinese title of a few letters stays whole."""
    return _measure(text, bold=True) if len(text) <= SHORT_TITLE else _piece(text, bold=True)


def _piece(text: str, *, code: bool = False, bold: bool = False) -> float:
    """Return the width of the longest piece that should not be broken (at most 20 half ems)."""
    words = WIDE.sub(" 国 ", text).split(" ")
    return min(max(_measure(word, code=code, bold=bold) for word in words), 20.0)
