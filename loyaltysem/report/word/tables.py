"""Three-line tables as native Word tables.

A thick rule above and below (1.5 pt), a thin one (0.75 pt) under the headings, none upright. The
heading row repeats on every page and no row is split. Columns get widths from what they hold, and
a table that would not fit gets smaller type.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from loyaltysem.report.document import Run, as_text, grid
from loyaltysem.report.numbers import Kind
from loyaltysem.report.word.markup import WIDE, Element, element, line, paragraph, runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.report.document import Cell, Column, Document, Line, Row, Table

TEXT_WIDTH = 9070
"""Width between the margins in twentieths of a point (A4 less 25 mm on either side)."""

CELL_MARGIN = 70
SIZES = (10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
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


def word_table(table: Table, document: Document) -> Element:
    """Return a table as a ``w:tbl`` element."""
    size, widths = layout(table, document)
    writer = _TableWriter(table, document, size, widths)
    made = element("w:tbl", None, _table_properties(), _grid(widths), writer.head())
    for row, cells in zip(table.rows, grid(table), strict=True):
        made.append(writer.row(row, cells))
    return made


def layout(table: Table, document: Document) -> tuple[float, list[int]]:
    """Return the type size in points and the column widths in twentieths of a point.

    The largest size is taken at which every text stands on one line, down to 9 points; failing that
    the largest at which every number and every word does and text columns get half of what they
    would like.
    """
    longest, wanted = _lengths(table, document)
    for share, sizes in ((1.0, SIZES[:4]), (0.5, SIZES), (0.0, SIZES)):
        for size in sizes:
            least = [2 * CELL_MARGIN + 10 * size * length for length in longest]
            liked = [2 * CELL_MARGIN + 10 * size * length for length in wanted]
            if TEXT_WIDTH - sum(least) >= share * (sum(liked) - sum(least)):
                return size, _shared_out(least, liked)
    return SIZES[-1], _shared_out(least, least)


def _shared_out(least: list[float], liked: list[float]) -> list[int]:
    """Share the text width out: up to what columns like, then the rest in equal parts."""
    wish = sum(liked) - sum(least)
    part = min(1.0, (TEXT_WIDTH - sum(least)) / wish) if wish else 0.0
    widths = [small + part * (large - small) for small, large in zip(least, liked, strict=True)]
    rest = TEXT_WIDTH - sum(widths)
    if rest < 0:
        return [int(width * TEXT_WIDTH / sum(widths)) for width in widths]
    return [int(width + rest / len(widths)) for width in widths]


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


def _table_properties() -> Element:
    def rule(side: str) -> Element:
        return element(
            f"w:{side}", {"w:val": "single", "w:sz": RULE, "w:space": "0", "w:color": "000000"}
        )

    def margin(side: str) -> Element:
        return element(f"w:{side}", {"w:w": str(CELL_MARGIN), "w:type": "dxa"})

    return element(
        "w:tblPr",
        None,
        element("w:tblW", {"w:w": str(TEXT_WIDTH), "w:type": "dxa"}),
        element("w:jc", {"w:val": "center"}),
        element("w:tblBorders", None, rule("top"), rule("bottom")),
        element("w:tblLayout", {"w:type": "fixed"}),
        element("w:tblCellMar", None, margin("left"), margin("right")),
        element("w:tblLook", {"w:val": "0020", "w:firstRow": "1", "w:noVBand": "1"}),
    )


def _grid(widths: list[int]) -> Element:
    columns = (element("w:gridCol", {"w:w": str(width)}) for width in widths)
    return element("w:tblGrid", None, *columns)


class _TableWriter:
    """Writes the rows of one table; all cells share its type size and column widths."""

    def __init__(self, table: Table, document: Document, size: float, widths: list[int]) -> None:
        self.table, self.document, self.widths = table, document, widths
        half_points = str(round(2 * size))
        self.type = (("w:sz", {"w:val": half_points}), ("w:szCs", {"w:val": half_points}))
        self.together = len(table.rows) <= TOGETHER

    def head(self) -> Element:
        """Return the heading row."""
        properties = element("w:trPr", None, element("w:cantSplit"), element("w:tblHeader"))
        row = element("w:tr", None, properties)
        for column, width in zip(self.table.columns, self.widths, strict=True):
            under = {"w:val": "single", "w:sz": THIN, "w:space": "0", "w:color": "000000"}
            rule = element("w:tcBorders", None, element("w:bottom", under))
            bottom = element("w:vAlign", {"w:val": "bottom"})
            content = self._runs(column.title, strong=True)
            padding = self._star_padding("") if column.starred else ()
            text = self._paragraph(column, [*content, *padding], keep=True)
            row.append(_cell(width, text, rule, bottom))
        return row

    def row(self, row: Row, cells: tuple[Cell | None, ...]) -> Element:
        """Return a body row."""
        made = element("w:tr", None, element("w:trPr", None, element("w:cantSplit")))
        keep = row.group or self._keeps(row)
        if row.group:
            made.append(self._group(row))
            return made
        for cell, column, width in zip(cells, self.table.columns, self.widths, strict=True):
            made.append(self._cell(cell, column, width, keep=keep))
        return made

    def _keeps(self, row: Row) -> bool:
        """Tell whether a row stays on the page of the next one."""
        return self.together and (row is not self.table.rows[-1] or bool(self.table.notes))

    def _group(self, row: Row) -> Element:
        span = element("w:gridSpan", {"w:val": str(len(self.widths))})
        content = self._runs(self._line(row.cells[0]), strong=True)
        text = self._paragraph(self.table.columns[0], list(content), keep=True)
        return _cell(sum(self.widths), text, span)

    def _cell(self, cell: Cell | None, column: Column, width: int, *, keep: bool) -> Element:
        if cell is None:
            empty = self._paragraph(column, [], keep=keep)
            return _cell(width, empty, element("w:vMerge"))
        content = list(self._runs(self._line(cell), strong=cell.strong))
        if column.starred:
            content += self._star_padding(cell.stars(self.document.style))
        text = self._paragraph(column, content, keep=keep)
        merge = [element("w:vMerge", {"w:val": "restart"})] if cell.rows > 1 else []
        return _cell(width, text, *merge)

    def _line(self, cell: Cell) -> Line:
        """Return what a cell prints as a line."""
        if cell.kind is Kind.TEXT and isinstance(cell.value, tuple):
            return tuple(part for part in cell.value if isinstance(part, Run))
        return (Run(cell.text(self.document.style)),)

    def _runs(self, parts: Line, *, strong: bool) -> Iterator[Element]:
        """Yield a line's runs in the table's type size."""
        for run in line(parts, self.document):
            properties = run.find(qn("w:rPr"))
            if properties is None:
                properties = element("w:rPr")
                run.insert(0, properties)
            _add_properties(properties, self.type, strong=strong)
            yield run

    def _star_padding(self, stars: str) -> list[Element]:
        """Return stars filled up with blanks of the same width, so that digits stay aligned."""
        blanks = "\u00a0" * (2 * (MAX_STARS - len(stars)))
        return list(runs(stars + blanks, "en", *self.type))

    def _paragraph(self, column: Column, content: list[Element], *, keep: bool) -> Element:
        side = {"text": "left", "number": "right", "centre": "center"}[column.align]
        properties = [
            *([element("w:keepNext")] if keep else []),
            element("w:jc", {"w:val": side}),
            element("w:rPr", None, *(element(tag, sizes) for tag, sizes in self.type)),
        ]
        return paragraph("TableText", *content, properties=properties)


def _cell(width: int, text: Element, *properties: Element) -> Element:
    size = element("w:tcW", {"w:w": str(width), "w:type": "dxa"})
    return element("w:tc", None, element("w:tcPr", None, size, *properties), text)


def _add_properties(
    properties: Element, type_size: tuple[tuple[str, dict[str, str]], ...], *, strong: bool
) -> None:
    """Add weight and size to run properties at the places that the schema gives them."""
    order = ["w:rStyle", "w:rFonts", "w:b", "w:i", "w:sz", "w:szCs", "w:vertAlign"]
    if strong and properties.find(qn("w:b")) is None:
        properties.append(element("w:b"))
    properties.extend(element(tag, attributes) for tag, attributes in type_size)
    rank = {qn(name): place for place, name in enumerate(order)}
    properties[:] = sorted(properties, key=lambda child: rank.get(child.tag, len(rank)))
