"""A report's tables as an Excel workbook: a sheet per table, real numbers, nothing that calculates.

Numbers are stored unrounded; formats round what is seen. Every text is stored as a text, whatever
sign it begins with, so that no answer or label can become a formula or a link.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any

from openpyxl.utils import quote_sheetname

from loyaltysem.report.document import Table, as_text, cell_line, colon, grid
from loyaltysem.report.layout import WIDE, layout
from loyaltysem.report.numbers import WITHOUT_LEADING_ZERO, Kind, written
from loyaltysem.report.package import with_fixed_dates

if TYPE_CHECKING:
    from loyaltysem.report.document import Cell, Column, Document, Row
    from loyaltysem.report.numbers import NumberStyle

LETTER = 110
"""Width of a letter in a sheet, in twentieths of a point."""

LINE_HEIGHT = 15.0
"""Height of a line of text in points."""

NARROWEST = 8.0
"""Width of a column at the least, in letters."""

LONGEST_TEXT = 32_767
"""Letters that a cell may hold."""

SIDES = {"text": "left", "number": "right", "centre": "center"}
MADE = datetime(1980, 1, 1)
FORMULA_STARTS = ("=", "+", "-", "@", "\t")
"""Letters after which a spreadsheet expects a formula."""

FIRST_ROW = 3
"""Row of the column titles; above stand the caption and an empty row."""


def write_excel(document: Document) -> bytes:
    """Return the tables of a report as the content of an ``.xlsx`` file.

    The first sheet lists the tables. Intervals take two columns. Equal documents give equal bytes.
    """
    import openpyxl

    book = openpyxl.Workbook()
    names: dict[str, Table] = {}
    for block in document.blocks:
        if isinstance(block, Table):
            taken = {name.casefold() for name in (document.labels["contents"], *names)}
            names[sheet_name(document.label(block.key), taken)] = block
    _contents(book.active, document, names)
    for name, table in names.items():
        _Sheet(book.create_sheet(name), document, table).fill()
    book.properties.title = document.title
    book.properties.creator = "loyaltysem"
    book.properties.created = book.properties.modified = MADE
    return _saved(book)


def _saved(book: Any) -> bytes:
    """Return the workbook as bytes; openpyxl's own way would stamp it with the present time."""
    from openpyxl.writer.excel import ExcelWriter

    stream = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED)).save()
    return with_fixed_dates(stream.getvalue())


def _contents(sheet: Any, document: Document, names: dict[str, Table]) -> None:
    """Fill the first sheet: what the workbook holds, with links to the sheets."""
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    sheet.title = sheet_name(document.labels["contents"], set())
    _put(sheet.cell(1, 1), document.title, Font(bold=True, size=14))
    _put(sheet.cell(2, 1), as_text(document.subtitle), Font())
    for row, (name, table) in enumerate(names.items(), start=4):
        link = sheet.cell(row, 1)
        _put(link, name, Font(color="1F4E8C", underline="single"))
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"{quote_sheetname(name)}!A1")
        _put(sheet.cell(row, 2), as_text(table.caption), Font())
    _put(sheet.cell(len(names) + 5, 1), as_text(document.colophon), Font(color="666666"))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 14, 90
    _fit_to_page(sheet)


def _fit_to_page(sheet: Any) -> None:
    """Let a sheet fill the width of a printed page."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def sheet_name(label: str, taken: set[str]) -> str:
    """Return a name that Excel takes for a sheet and that no other sheet has."""
    name = re.sub(r"[\[\]:*?/\\\\]|^'|'$", "", label)[:28] or "_"
    while name.casefold() in taken:
        name += "+"
    return name


def _put(cell: Any, text: str, font: Any) -> None:
    """Write a text as a text, even one that looks like a formula or an error value."""
    cell.value, cell.font = text[:LONGEST_TEXT], font
    cell.data_type = "s"
    if text[:1] in FORMULA_STARTS:
        cell.quotePrefix = True


class _Looks:
    """The few styles of a sheet, shared by its cells."""

    def __init__(self, document: Document) -> None:
        from openpyxl.styles import Alignment, Border, Font, Side

        self.plain, self.strong, self.small = Font(), Font(bold=True), Font(size=9)
        self.sides = {
            align: Alignment(horizontal=side, vertical="top", wrap_text=align == "text")
            for align, side in SIDES.items()
        }
        outer = Side(style="thin" if document.tables == "apa" else "medium")
        self.head = Border(top=outer, bottom=Side(style="thin"))
        self.foot = Border(bottom=outer)


class _Sheet:
    """Writes one table into a sheet."""

    def __init__(self, sheet: Any, document: Document, table: Table) -> None:
        self.sheet, self.document, self.table = sheet, document, table
        self.looks = _Looks(document)
        self.grid = grid(table)
        self.starts, self.width = self._columns()

    def _columns(self) -> tuple[list[int], int]:
        """Return each column's place and how many there are; intervals take two."""
        starts, place = [], 1
        for column in range(len(self.table.columns)):
            starts.append(place)
            place += 1 + any(
                _is_interval(cells[column])
                for row, cells in zip(self.table.rows, self.grid, strict=True)
                if not row.group
            )
        return starts, place - 1

    def fill(self) -> None:
        """Write caption, columns, rows and notes."""
        name = self.document.label(self.table.key)
        caption = f"{name}  {as_text(self.table.caption)}"
        self._widths()
        self._across(1, caption, self.looks.strong)
        self._titles()
        last = FIRST_ROW
        for last, (row, cells) in enumerate(
            zip(self.table.rows, self.grid, strict=True), start=FIRST_ROW + 1
        ):
            self._row(last, row, cells)
        for place in range(1, self.width + 1):
            self.sheet.cell(last, place).border = self.looks.foot
        self._notes(last + 1)
        _fit_to_page(self.sheet)
        self.sheet.freeze_panes = self.sheet.cell(FIRST_ROW + 1, 1)

    def _across(self, row: int, text: str, font: Any) -> None:
        """Write a text over the whole width of the table, on as many lines as it takes.

        A text that ran on to the right would make the printed page as wide, and the table small.
        """
        from openpyxl.styles import Alignment

        cell = self.sheet.cell(row, 1)
        _put(cell, text, font)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if self.width > 1:
            last = self.sheet.cell(row, self.width).coordinate
            self.sheet.merge_cells(f"{cell.coordinate}:{last}")
        self._heighten(row, _lines(text, sum(self._width(k + 1) for k in range(self.width))))

    def _heighten(self, row: int, lines: int) -> None:
        """Give a row the height of its lines; programs do not all find it themselves."""
        if lines > 1:
            self.sheet.row_dimensions[row].height = LINE_HEIGHT * lines

    def _width(self, place: int) -> float:
        from openpyxl.utils import get_column_letter

        return float(self.sheet.column_dimensions[get_column_letter(place)].width)

    def _titles(self) -> None:
        for place in range(1, self.width + 1):
            self.sheet.cell(FIRST_ROW, place).border = self.looks.head
        for start, column in zip(self.starts, self.table.columns, strict=True):
            cell = self.sheet.cell(FIRST_ROW, start)
            _put(cell, as_text(column.title), self.looks.strong)
            cell.alignment = self.looks.sides[column.align]

    def _row(self, place: int, row: Row, cells: tuple[Cell | None, ...]) -> None:
        if row.group:
            _put(self.sheet.cell(place, 1), self._text(row.cells[0]), self.looks.strong)
            return
        lines = 1
        for start, cell, column in zip(self.starts, cells, self.table.columns, strict=True):
            if cell is not None:
                self._cell(place, start, cell, column)
                if column.align == "text" and cell.rows == 1:
                    lines = max(lines, _lines(self._text(cell), self._width(start)))
        self._heighten(place, lines)

    def _cell(self, row: int, start: int, cell: Cell, column: Column) -> None:
        font = self.looks.strong if cell.strong else self.looks.plain
        values = cell.value if _is_interval(cell) else (cell.value,)
        for offset, value in enumerate(values):  # type: ignore[arg-type]
            target = self.sheet.cell(row, start + offset)
            target.alignment = self.looks.sides[column.align]
            if isinstance(value, int | float) and math.isfinite(value):
                target.value, target.font = value, font
                target.number_format = self._format(cell, value, column)
            else:
                _put(target, self._text(cell), font)

    def _text(self, cell: Cell) -> str:
        return self.document.resolved(cell_line(cell, self.document.style))

    def _format(self, cell: Cell, value: float, column: Column) -> str:
        style = self.document.style
        shown = written(value, cell.kind, style, limit=cell.limit)
        return number_format(
            cell.kind,
            shown,
            style,
            before=f"{cell.prefix} " if cell.prefix else "",
            after=cell.stars(style) if column.starred else "",
        )

    def _notes(self, row: int) -> None:
        lead = self.document.labels["note"] + colon(self.document.language) + " "
        for position, note in enumerate(self.table.notes):
            text = (lead if not position else "") + self.document.resolved(note)
            self._across(row + position, text, self.looks.small)

    def _widths(self) -> None:
        """Give columns the widths that they have in print, numbers always room enough."""
        from openpyxl.utils import get_column_letter

        _, widths = layout(self.table, self.document)
        ends = [*self.starts[1:], self.width + 1]
        for column, (start, end, width) in enumerate(zip(self.starts, ends, widths, strict=True)):
            least = self._room_for_numbers(column)
            for place in range(start, end):
                letters = width / LETTER / (end - start)
                wide = max(letters, least, NARROWEST)
                self.sheet.column_dimensions[get_column_letter(place)].width = wide

    def _room_for_numbers(self, column: int) -> int:
        """Return the letters of a column's longest number; one that does not fit shows as ###."""
        style, cells = self.document.style, (row[column] for row in self.grid if len(row) > column)
        numbers = [cell for cell in cells if cell is not None and cell.kind is not Kind.TEXT]
        ends = (
            len(end) + len(cell.stars(style))
            for cell in numbers
            for end in cell.text(style).split(", ")
        )
        return max(ends, default=0) + 2


def number_format(
    kind: Kind, shown: str, style: NumberStyle, *, before: str = "", after: str = ""
) -> str:
    """Return the number format by which Excel shows a number as reports print it.

    Parameters
    ----------
    kind
        What the value is.
    shown
        How reports print it; gives the number of decimals.
    style
        The conventions.
    before, after
        Text around the number, such as a relation or stars.
    """
    decimals = len(shown.rpartition(".")[2]) if "." in shown else 0
    point = f".{'0' * decimals}" if decimals else ""
    whole = "0" if style.leading_zero or kind not in WITHOUT_LEADING_ZERO else ""
    if "×" in shown:
        digits = "0.00E+00"
    elif kind is Kind.PERCENT:
        digits = f"0{point}%"
    elif kind is Kind.PVALUE:
        return _p_format(f"{whole}{point}", _literal(after))
    elif kind in WITHOUT_LEADING_ZERO and point:
        digits = f"{whole}{point}"
    else:
        digits = f"#,##0{point}"
    around = f"{_literal(before)}{{}}{digits}{_literal(after)}"
    return f"{around.format('')};{around.format(_literal(style.minus))}"


def _p_format(digits: str, after: str) -> str:
    """Return a format that writes ``< .001`` and ``> .999`` for what would be rounded to 0 or 1."""
    least, most = f"{digits[:-1]}1", digits.replace("0", "9").replace("9.", "0.")
    ends = f'[<{float(least):g}]"< {least}"{after};[>{float(most):g}]"> {most}"{after}'
    return f"{ends};{digits}{after}"


def _literal(text: str) -> str:
    """Return text as a number format shows it; stars and relations need quotes."""
    return f'"{text}"' if text else ""


def _lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column; a Chinese letter is as wide as two others."""
    letters = sum(2 if WIDE.match(letter) else 1 for letter in text)
    return max(math.ceil(1.1 * letters / width), 1)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _is_interval(cell: Cell | None) -> bool:
    return (
        cell is not None
        and isinstance(cell.value, tuple)
        and len(cell.value) == 2
        and all(_is_number(end) for end in cell.value)
    )
