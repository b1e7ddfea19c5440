"""Three-line tables as native Word tables.

A thick rule above and below (1.5 pt; a thin one in APA's style), a thin one (0.75 pt) under the
headings, none upright. The heading row repeats on every page and no row is split. Columns get
widths from what they hold, and a table that would not fit gets smaller type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.document import cell_line, grid
from loyaltysem.report.layout import (
    END_ROWS,
    MAX_STARS,
    TOGETHER,
    cell_margin,
    layout,
    leads,
)
from loyaltysem.report.word.markup import BOLD, Xml, element, line, paragraph, runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.report.document import Cell, Column, Document, Row, Table

RULE, THIN = "12", "6"
"""Thickness of the outer rules and of the one under the headings, in eighths of a point."""


def table_style(size: float) -> str:
    """Return the name of the paragraph style of tables in a type size."""
    return f"Table Text {size:g}"


def word_table(table: Table, document: Document) -> Xml:
    """Return a table as a ``w:tbl`` element."""
    size, widths = layout(table, document)
    writer = _TableWriter(table, document, size, widths)
    placed = zip(table.rows, grid(table), writer.kept, strict=True)
    rows = (writer.row(row, cells, keep=keep) for row, cells, keep in placed)
    properties = _table_properties(sum(widths), cell_margin(table), document)
    return element("w:tbl", None, properties, _grid(widths), writer.head(), *rows)


def centred(document: Document) -> bool:
    """Tell whether tables and their captions stand in the middle, as in Chinese theses."""
    return document.language == "zh" and document.tables != "apa"


def _table_properties(width: int, margin: int, document: Document) -> Xml:
    outer = THIN if document.tables == "apa" else RULE

    def aside(side: str) -> Xml:
        return element(f"w:{side}", {"w:w": str(margin), "w:type": "dxa"})

    return element(
        "w:tblPr",
        None,
        element("w:tblW", {"w:w": str(width), "w:type": "dxa"}),
        element("w:jc", {"w:val": "center" if centred(document) else "left"}),
        element("w:tblBorders", None, _rule("top", outer), _rule("bottom", outer)),
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
        self.leads = leads(table)
        self.kept = _kept(len(table.rows))

    def head(self) -> Xml:
        """Return the heading row."""
        properties = element("w:trPr", None, element("w:cantSplit"), element("w:tblHeader"))
        rule = element("w:tcBorders", None, _rule("bottom", THIN))
        bottom = element("w:vAlign", {"w:val": "bottom"})
        cells = []
        for place, (column, width) in enumerate(zip(self.table.columns, self.widths, strict=True)):
            content = [*line(column.title, self.document, BOLD), *self._stars("", column)]
            text = self._paragraph(column, content, keep=True)
            cells.append(_cell(width, text, rule, *self._aside(place), bottom))
        return element("w:tr", None, properties, *cells)

    def row(self, row: Row, cells: tuple[Cell | None, ...], *, keep: bool) -> Xml:
        """Return a body row; ``keep`` holds it on the page of the next one."""
        properties = element("w:trPr", None, element("w:cantSplit"))
        if row.group:
            return element("w:tr", None, properties, self._group(row))
        if row is self.table.rows[-1]:
            keep = bool(self.table.notes)
        places = zip(cells, range(len(self.widths)), strict=True)
        written = (self._cell(cell, place, keep=keep) for cell, place in places)
        return element("w:tr", None, properties, *written)

    def _group(self, row: Row) -> Xml:
        span = element("w:gridSpan", {"w:val": str(len(self.widths))})
        content = list(line(cell_line(row.cells[0], self.document.style), self.document, BOLD))
        text = self._paragraph(self.table.columns[0], content, keep=True)
        return _cell(sum(self.widths), text, span)

    def _cell(self, cell: Cell | None, place: int, *, keep: bool) -> Xml:
        column, width = self.table.columns[place], self.widths[place]
        if cell is None:
            return _cell(width, self._paragraph(column, [], keep=keep), element("w:vMerge"))
        weight = (BOLD,) if cell.strong else ()
        stars = self._stars(cell.stars(self.document.style), column)
        content = [*line(cell_line(cell, self.document.style), self.document, *weight), *stars]
        text = self._paragraph(column, content, keep=keep)
        merge = (element("w:vMerge", {"w:val": "restart"}),) if cell.rows > 1 else ()
        return _cell(width, text, *merge, *self._aside(place))

    def _aside(self, place: int) -> Iterator[Xml]:
        """Yield the left margin of a cell of words that stands beside numbers."""
        if self.leads[place]:
            margin = str(cell_margin(self.table) + self.leads[place])
            yield element("w:tcMar", None, element("w:left", {"w:w": margin, "w:type": "dxa"}))

    def _stars(self, stars: str, column: Column) -> Iterator[Xml]:
        """Yield stars filled up with blanks of the same width, so that digits stay aligned."""
        if column.starred:
            yield from runs(stars + "\u00a0" * (2 * (MAX_STARS - len(stars))), "en")

    def _paragraph(self, column: Column, content: list[Xml], *, keep: bool) -> Xml:
        side = {"text": "left", "number": "right", "centre": "center"}[column.align]
        kept = (element("w:keepNext"),) if keep else ()
        return paragraph(self.style, *content, properties=(*kept, element("w:jc", {"w:val": side})))


def _kept(rows: int) -> list[bool]:
    """Tell of each row whether it stays on the page of the next: all of a short table's do."""
    near = range(rows) if rows <= TOGETHER else {*range(END_ROWS), *range(rows - END_ROWS, rows)}
    return [position in near for position in range(rows)]


def _cell(width: int, text: Xml, *properties: Xml) -> Xml:
    size = element("w:tcW", {"w:w": str(width), "w:type": "dxa"})
    return element("w:tc", None, element("w:tcPr", None, size, *properties), text)
