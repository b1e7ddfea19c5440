"""Three-line tables as native Word tables.

A thick rule above and below (1.5 pt; a thin one in APA's style), a thin one (0.75 pt) under the
headings, none upright. The heading row repeats on every page and no row is split. Columns get
widths from what they hold, and a table that would not fit gets smaller type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.document import cell_line, grid
from loyaltysem.report.layout import MAX_STARS, cell_margin, layout
from loyaltysem.report.word.markup import BOLD, Xml, element, line, paragraph, runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.report.document import Cell, Column, Document, Row, Table

TOGETHER = 18
"""Tables of up to so many rows are kept on one page."""

FIRST_ROWS = 3
"""So many rows of a longer table stay with its caption."""

RULE, THIN = "12", "6"
"""Thickness of the outer rules and of the one under the headings, in eighths of a point."""


def table_style(size: float) -> str:
    """Return the name of the paragraph style of tables in a type size."""
    return f"Table Text {size:g}"


def word_table(table: Table, document: Document) -> Xml:
    """Return a table as a ``w:tbl`` element."""
    size, widths = layout(table, document)
    writer = _TableWriter(table, document, size, widths)
    rows = (writer.row(row, cells) for row, cells in zip(table.rows, grid(table), strict=True))
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
        last = row is self.table.rows[-1]
        keep = bool(self.table.notes) if last else self.together
        keep = keep or any(row is one for one in self.table.rows[:FIRST_ROWS])
        written = (
            self._cell(cell, column, width, keep=keep)
            for cell, column, width in zip(cells, self.table.columns, self.widths, strict=True)
        )
        return element("w:tr", None, properties, *written)

    def _group(self, row: Row) -> Xml:
        span = element("w:gridSpan", {"w:val": str(len(self.widths))})
        content = list(line(cell_line(row.cells[0], self.document.style), self.document, BOLD))
        text = self._paragraph(self.table.columns[0], content, keep=True)
        return _cell(sum(self.widths), text, span)

    def _cell(self, cell: Cell | None, column: Column, width: int, *, keep: bool) -> Xml:
        if cell is None:
            return _cell(width, self._paragraph(column, [], keep=keep), element("w:vMerge"))
        weight = (BOLD,) if cell.strong else ()
        stars = self._stars(cell.stars(self.document.style), column)
        content = [*line(cell_line(cell, self.document.style), self.document, *weight), *stars]
        text = self._paragraph(column, content, keep=keep)
        merge = (element("w:vMerge", {"w:val": "restart"}),) if cell.rows > 1 else ()
        return _cell(width, text, *merge)

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
