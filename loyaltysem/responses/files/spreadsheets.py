"""Excel and OpenDocument workbooks: the first sheet, values as they were last calculated."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from loyaltysem.errors import Notice, Place, ResponsesError, listed
from loyaltysem.responses.files.grid import Grid, cell_text, grid_of_rows, refuse_size

if TYPE_CHECKING:
    from pathlib import Path

    from python_calamine import CalamineWorkbook

MAX_UNPACKED = 400_000_000
"""Bytes of a workbook without compression: some 100,000 respondents with 60 answers."""
ANY_UNPACKED, MAX_RATIO = 50_000_000, 100
"""Answers are packed to a tenth or twentieth; what shrinks farther is made to fill the memory."""

BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error,
    ValueError, RuntimeError, OSError, EOFError,
)  # fmt: skip
"""What the zip module raises where bytes are wrong."""

_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]{1,4})([0-9]{1,8})[\"']")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"']([0-9]{1,8})[\"']")
_NO_RESULT = re.compile(rb"<f\b[^<>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")


def read_spreadsheet(path: Path, content: bytes) -> Grid:
    """Read the first sheet of a workbook; formulas are not calculated, macros not run.

    Raises
    ------
    ResponsesError
        The workbook is damaged, has a password, or unpacks to more than 400 MB.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    n_formulas = _checked_parts(path, content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        name, rows = _first_filled(book)
    except (CalamineError, ValueError, OverflowError, IndexError) as error:
        raise _unreadable(path, str(error)) from None
    texts = ([cell_text(cell) for cell in row] for row in rows)
    notices = (*_sheets_notice(name, book.sheet_names), *_formulas_notice(n_formulas))
    try:
        return grid_of_rows(path, texts, notices)
    except ResponsesError as error:
        if not book.sheet_names[1:]:
            raise
        raise ResponsesError(
            error.problem,
            place=error.place,
            found=f"sheets {listed(book.sheet_names)}; '{name}' was read",
            remedy="Move the sheet of answers to the front.",
        ) from None


def _first_filled(book: CalamineWorkbook) -> tuple[str, list[list[Any]]]:
    """Return name and rows of the first sheet that is not empty; of the first one if all are."""
    sheets = (book.get_sheet_by_index(k) for k in range(len(book.sheet_names)))
    for sheet in sheets:
        if sheet.height:
            return sheet.name, sheet.to_python(skip_empty_area=False)
    return book.sheet_names[0], []


def _sheets_notice(read: str, names: list[str]) -> tuple[Notice, ...]:
    if not names[1:]:
        return ()
    text = f"The workbook has {len(names)} sheets; '{read}' was read."
    return (Notice("first_sheet_read", text, {"read": read, "sheets": tuple(names)}),)


def _formulas_notice(n: int) -> tuple[Notice, ...]:
    if not n:
        return ()
    text = f"Formulas of the workbook without a stored result, read as empty cells: {n}."
    return (Notice("formulas_without_result", text, {"n": n}),)


def _unreadable(path: Path, reason: str) -> ResponsesError:
    return ResponsesError(
        f"The Excel file cannot be read: {reason}",
        place=Place(path),
        remedy="Open it in Excel, remove a password if it has one, and save it again; a text file"
        " must be named .csv.",
    )


def _checked_parts(path: Path, content: bytes) -> int:
    """Return how many formulas have no result; refuse a workbook that would fill the memory.

    That is told by its size when unpacked, or by a cell far out.
    """
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return 0
    n_formulas = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
            _refuse_unpacked(path, unpacked, len(content))
            for name in packed.namelist():
                part = packed.read(name)  # fails where a size in the directory is not true
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    _refuse_far_cell(path, part)
                    n_formulas += sum(1 for _ in _NO_RESULT.finditer(part))
    except BROKEN as error:
        raise _unreadable(path, str(error)) from None
    return n_formulas


def _refuse_unpacked(path: Path, unpacked: int, packed: int) -> None:
    allowed = min(MAX_UNPACKED, max(ANY_UNPACKED, MAX_RATIO * packed))
    if unpacked > allowed:
        raise ResponsesError(
            "The workbook is too large to be read",
            place=Place(path),
            found=f"{unpacked:,} bytes when unpacked",
            expected=f"at most {allowed:,}",
            remedy="Save it as CSV.",
        )


def _refuse_far_cell(path: Path, sheet: bytes) -> None:
    """Refuse a sheet whose cells span more than a survey can have."""
    n_rows = n_columns = 0
    for match in _CELL.finditer(sheet):
        n_rows = max(n_rows, int(match[2]))
        n_columns = max(n_columns, _column_number(match[1]))
    for match in _ROW.finditer(sheet):
        n_rows = max(n_rows, int(match[1]))
    if n_rows * n_columns > MAX_SPAN:
        refuse_size(path, n_rows, max(n_columns, 1))
        raise ResponsesError(
            "The sheet has a cell far away from all others",
            place=Place(path),
            found=f"cells down to row {n_rows:,} and out to column {n_columns:,}",
            remedy="Delete the rows below and the columns beside the answers, or save as CSV.",
        )


MAX_SPAN = 10_000_000
"""Cells between the first and the last one of a sheet, which are held in memory at once."""


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number
