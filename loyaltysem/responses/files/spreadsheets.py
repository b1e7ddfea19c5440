"""Excel and OpenDocument workbooks: the first sheet, values as they were last calculated."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from loyaltysem.errors import Notice, Place, ResponsesError
from loyaltysem.responses.files.grid import Grid, cell_text, grid_of_rows, refuse_size

if TYPE_CHECKING:
    from pathlib import Path

MAX_UNPACKED = 400_000_000
"""Bytes of a workbook without compression: some 100,000 respondents with 60 answers."""

BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error,
    ValueError, RuntimeError, OSError, EOFError,
)  # fmt: skip
"""What the zip module raises where bytes are wrong."""

_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,4})([0-9]{1,8})"')


def read_spreadsheet(path: Path, content: bytes) -> Grid:
    """Read the first sheet of a workbook; formulas are not calculated, macros not run.

    Raises
    ------
    ResponsesError
        The workbook is damaged, has a password, or unpacks to more than 400 MB.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    _refuse_bomb(path, content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OverflowError, IndexError) as error:
        raise _unreadable(path, str(error)) from None
    names = book.sheet_names
    notice = Notice(
        "first_sheet_read",
        f"The workbook has {len(names)} sheets; '{names[0]}' was read.",
        {"read": names[0], "sheets": tuple(names)},
    )
    texts = ([cell_text(cell) for cell in row] for row in rows)
    return grid_of_rows(path, texts, (notice,) if names[1:] else ())


def _unreadable(path: Path, reason: str) -> ResponsesError:
    return ResponsesError(
        f"The Excel file cannot be read: {reason}",
        place=Place(path),
        remedy="Open it in Excel, remove a password if it has one, and save it again.",
    )


def _refuse_bomb(path: Path, content: bytes) -> None:
    """Refuse a workbook that would fill the memory: by its size, or by a cell far out."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
            if unpacked > MAX_UNPACKED:
                raise ResponsesError(
                    "The workbook is too large to be read",
                    place=Place(path),
                    found=f"{unpacked:,} bytes when unpacked",
                    expected=f"at most {MAX_UNPACKED:,}",
                    remedy="Save it as CSV.",
                )
            for name in packed.namelist():
                part = packed.read(name)  # fails where a size in the directory is not true
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    _refuse_far_cell(path, part)
    except BROKEN as error:
        raise _unreadable(path, str(error)) from None


def _refuse_far_cell(path: Path, sheet: bytes) -> None:
    """Refuse a sheet whose cells span more than a survey can have."""
    n_rows = n_columns = 0
    for match in _CELL.finditer(sheet):
        n_rows = max(n_rows, int(match[2]))
        n_columns = max(n_columns, _column_number(match[1]))
    if n_rows * n_columns > MAX_SPAN:
        refuse_size(path, n_rows, max(n_columns, 1))
        raise ResponsesError(
            "The sheet has a cell far away from all others",
            place=Place(path),
            found=f"cells down to row {n_rows:,} and out to column {n_columns:,}",
            remedy="Delete the rows below and the columns beside the answers, or save as CSV.",
        )


MAX_SPAN = 40_000_000
"""Cells between the first and the last one of a sheet, which are held in memory at once."""


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number
