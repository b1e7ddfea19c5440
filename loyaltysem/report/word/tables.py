"""Three-line tables as native Word tables.

A thick rule above and below (1.5 pt), a thin one (0.75 pt) under the headings, none upright. The
heading row repeats on every page and no row is split. Columns get widths from what they hold, and
a table that would not fit gets smaller type.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from loyaltysem.report.document import Run, as_text, grid
from loyaltysem.report.numbers import Kind
from loyaltysem.report.word.markup import BOLD, WIDE, Xml, element, line, paragraph, runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.report.document import Cell, Column, Document, Line, Row, Table

TEXT_WIDTH = 9070
"""Width between the margins in twentieths of a point (A4 less 25 mm on either side)."""

CELL_MARGIN, TIGHT_MARGIN = 90, 50
MANY_COLUMNS = 8
"""Distances between text and the edge of its cell; tight in tables of so many columns."""

FEW_COLUMNS, NARROW = 3, 4500
SIZES = (10.5, 9.0, 8.0, 7.0)
"""Type sizes of tables in points; each has a paragraph style."""

MAX_STARS = 3
TOGETHER = 14
"""Tables of up to so many rows are kept on one page."""

LETTER_WIDTHS = (
    (WIDE, 2.0),
    (re.compile(r"[ .,:;'’|/\\()\[\]fijltIJ\u00a0]"), 0.64),
    (re.compile("[MW→]"), 2.0),
    (re.compile("[A-ZmwΑ-Ω−<>=≥≤%²χ]"), 1.4),
)
"""Widths of letters in half ems, the first kind that matches; every other letter is 1."""

CODE_WIDTH, BOLDER = 1.2, 1.1

RULE, THIN = "12", "6"
"""Thickness of the outer rules and of the one under the headings, in eighths of a point."""


def table_style(size: float) -> str:
    """Return the name of the paragraph style of tables in a type size."""
    return f"Table Text {size:g}"


def cell_margin(table: Table) -> int:
    """Return the distance between text and the left and right edges of its cell."""
    return TIGHT_MARGIN if len(table.columns) >= MANY_COLUMNS else CELL_MARGIN


def word_table(table: Table, document: Document) -> Xml:
    """Return a table as a ``w:tbl`` element."""
    size, widths = layout(table, document)
    writer = _TableWriter(table, document, size, widths)
    rows = (writer.row(row, cells) for row, cells in zip(table.rows, grid(table), strict=True))
    properties = _table_properties(sum(widths), cell_margin(table), document.language)
    return element("w:tbl", None, properties, _grid(widths), writer.head(), *rows)


def layout(table: Table, document: Document) -> tuple[float, list[int]]:
    """Return the type size in points and the column widths in twentieths of a point.

    The largest size is taken at which every text stands on one line, down to 9 points; failing that
    the largest at which every number and every word does and text columns get half of what they
    would like.
    """
    longest, wanted = _lengths(table, document)
    margin = cell_margin(table)
    for share, sizes in ((1.0, SIZES[:2]), (0.5, SIZES), (0.0, SIZES)):
        for size in sizes:
            least = [2 * margin + 10 * size * length for length in longest]
            liked = [2 * margin + 10 * size * length for length in wanted]
            if TEXT_WIDTH - sum(least) >= share * (sum(liked) - sum(least)):
                return size, _shared_out(least, liked)
    return SIZES[-1], [int(width * TEXT_WIDTH / sum(least)) for width in least]


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


def _lengths(table: Table, document: Document) -> tuple[list[float], list[float]]:
    """Return each column's longest unbreakable piece and longest text, in half ems."""
    longest = [_piece(as_text(column.title), bold=True) for column in table.columns]
    wanted = [_measure(as_text(column.title), bold=True) for column in table.columns]
    for row, cells in zip(table.rows, grid(table), strict=True):
        if row.group:
            continue
        for place, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
            if cell is None:
                continue
            text = cell.text(document.style)
            stars = MAX_STARS if column.starred else 0
            whole = _measure(text, code=_is_code(cell)) + stars
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
    width = sum(
        next((width for kind, width in LETTER_WIDTHS if kind.match(letter)), 1.0) for letter in text
    )
    return width * (BOLDER if bold else 1.0) + 0.2


def _piece(text: str, *, code: bool = False, bold: bool = False) -> float:
    """Return the width of the longest piece that should not be broken (at most 20 half ems)."""
    words = WIDE.sub(" 国 ", text).split(" ")
    return min(max(_measure(word, code=code, bold=bold) for word in words), 20.0)


def _table_properties(width: int, margin: int, language: str) -> Xml:
    def aside(side: str) -> Xml:
        return element(f"w:{side}", {"w:w": str(margin), "w:type": "dxa"})

    return element(
        "w:tblPr",
        None,
        element("w:tblW", {"w:w": str(width), "w:type": "dxa"}),
        element("w:jc", {"w:val": "center" if language == "zh" else "left"}),
        element("w:tblBorders", None, _rule("top", RULE), _rule("bottom", RULE)),
        element("w:tblLayout", {"w:type": "fixed"}),
        element("w:tblCellMar", None, aside("left"), aside("right")),
        element("w:tblLook", {"w:val": "0020", "w:firstRow": "1", "w:noVBand": "1"}),
    )


def _rule(side: str, thickness: str) -> Xml:
    return element(
        f"w:{side}", {"w:val": "single", "w:sz": thickness, "w:space": "0", "w:color": "000000"}
    )


def _grid(widths: list[int]) -> Xml:
    columns = (element("w:gridCol", {"w:w": str(width)}) for width in widths)
    return element("w:tblGrid", None, *columns)


class _TableWriter:
    """Writes the rows of one table; all cells share its paragraph style and column widths."""

    def __init__(self, table: Table, document: Document, size: float, widths: list[int]) -> None:
        self.table, self.document, self.widths = table, document, widths
        self.style = table_style(size).replace(" ", "")
        self.together = len(table.rows) <= TOGETHER

    def head(self) -> Xml:
        """Return the heading row."""
        properties = element("w:trPr", None, element("w:cantSplit"), element("w:tblHeader"))
        rule = element("w:tcBorders", None, _rule("bottom", THIN))
        bottom = element("w:vAlign", {"w:val": "bottom"})
        cells = []
        for column, width in zip(self.table.columns, self.widths, strict=True):
            content = [*line(column.title, self.document, BOLD), *self._stars("", column)]
            text = self._paragraph(column, content, keep=True)
            cells.append(_cell(width, text, rule, bottom))
        return element("w:tr", None, properties, *cells)

    def row(self, row: Row, cells: tuple[Cell | None, ...]) -> Xml:
        """Return a body row."""
        properties = element("w:trPr", None, element("w:cantSplit"))
        if row.group:
            return element("w:tr", None, properties, self._group(row))
        keep = self.together and (row is not self.table.rows[-1] or bool(self.table.notes))
        written = (
            self._cell(cell, column, width, keep=keep)
            for cell, column, width in zip(cells, self.table.columns, self.widths, strict=True)
        )
        return element("w:tr", None, properties, *written)

    def _group(self, row: Row) -> Xml:
        span = element("w:gridSpan", {"w:val": str(len(self.widths))})
        content = list(line(self._line(row.cells[0]), self.document, BOLD))
        text = self._paragraph(self.table.columns[0], content, keep=True)
        return _cell(sum(self.widths), text, span)

    def _cell(self, cell: Cell | None, column: Column, width: int, *, keep: bool) -> Xml:
        if cell is None:
            return _cell(width, self._paragraph(column, [], keep=keep), element("w:vMerge"))
        weight = (BOLD,) if cell.strong else ()
        stars = self._stars(cell.stars(self.document.style), column)
        content = [*line(self._line(cell), self.document, *weight), *stars]
        text = self._paragraph(column, content, keep=keep)
        merge = (element("w:vMerge", {"w:val": "restart"}),) if cell.rows > 1 else ()
        return _cell(width, text, *merge)

    def _line(self, cell: Cell) -> Line:
        """Return what a cell prints as a line."""
        if cell.kind is Kind.TEXT and isinstance(cell.value, tuple):
            return tuple(part for part in cell.value if isinstance(part, Run))
        return (Run(cell.text(self.document.style)),)

    def _stars(self, stars: str, column: Column) -> Iterator[Xml]:
        """Yield stars filled up with blanks of the same width, so that digits stay aligned."""
        if column.starred:
            yield from runs(stars + "\u00a0" * (2 * (MAX_STARS - len(stars))), "en")

    def _paragraph(self, column: Column, content: list[Xml], *, keep: bool) -> Xml:
        side = {"text": "left", "number": "right", "centre": "center"}[column.align]
        kept = (element("w:keepNext"),) if keep else ()
        return paragraph(self.style, *content, properties=(*kept, element("w:jc", {"w:val": side})))


def _cell(width: int, text: Xml, *properties: Xml) -> Xml:
    size = element("w:tcW", {"w:w": str(width), "w:type": "dxa"})
    return element("w:tc", None, element("w:tcPr", None, size, *properties), text)
