"""A file of answers as cells of text: CSV and Excel look the same from here on."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from loyaltysem.errors import Notice, Place, ResponsesError, listed
from loyaltysem.responses.encoding import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

Cells = list[str]

CSV_ENDINGS = (".csv", ".tsv", ".txt")
EXCEL_ENDINGS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """The cells of a file, untouched.

    ``cells`` has one row per respondent and one column per heading (object array of text);
    ``row_numbers`` are those that a spreadsheet shows (the headings stand in row 1).
    """

    path: Path
    headings: tuple[str, ...]
    cells: NDArray[np.object_]
    row_numbers: NDArray[np.int64]
    sha256: str
    notices: tuple[Notice, ...] = ()

    def place(self, row: int) -> Place:
        """Return where the row of that index stands in the file."""
        return Place(self.path, int(self.row_numbers[row]))


def read_table(path: Path | str) -> RawTable:
    """Read the first sheet of a CSV or Excel file as text.

    CSV may be separated by comma, semicolon or tab and be UTF-8, GB18030, Big5 or UTF-16.

    Raises
    ------
    ResponsesError
        The file is missing, empty, of an unknown kind, damaged, or has a row with more cells than
        there are headings.
    """
    path = Path(path)
    content = _content(path)
    if path.suffix.lower() in CSV_ENDINGS:
        rows, notices = _csv_rows(path, content)
    elif path.suffix.lower() in EXCEL_ENDINGS:
        rows, notices = _excel_rows(path, content)
    else:
        raise ResponsesError(
            f"The kind of file '{path.name}' is not known",
            expected=listed((*CSV_ENDINGS, *EXCEL_ENDINGS)),
        )
    headings, cells, numbers, skipped = _rectangle(path, rows)
    return RawTable(
        path=path,
        headings=headings,
        cells=cells,
        row_numbers=numbers,
        sha256=hashlib.sha256(content).hexdigest(),
        notices=(*notices, *skipped),
    )


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ResponsesError(f"The data file '{path}' does not exist") from None
    except OSError as error:
        raise ResponsesError(f"The data file '{path}' cannot be read: {error.strerror}") from None
    if not content.strip():
        raise ResponsesError("The data file is empty", place=Place(path))
    return content


def _csv_rows(path: Path, content: bytes) -> tuple[Iterable[Cells], tuple[Notice, ...]]:
    text, notices = decode(path, content)
    first_line = text.split("\n", 1)[0]
    separator = max(",;\t", key=first_line.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    return _checked_rows(path, rows), notices


def _checked_rows(path: Path, rows: Iterable[Cells]) -> Iterable[Cells]:
    number = 1
    try:
        for row in rows:
            number += 1
            yield row
    except csv.Error as error:
        raise ResponsesError(
            f"The row cannot be read: {error}",
            place=Place(path, number),
            remedy="Look for a quotation mark that is not closed.",
        ) from None


def _excel_rows(path: Path, content: bytes) -> tuple[Iterable[Cells], tuple[Notice, ...]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise ResponsesError(
            f"The Excel file cannot be read: {error}",
            place=Place(path),
            remedy="Open it in Excel, remove a password if it has one, and save it again.",
        ) from None
    names = book.sheet_names
    notices = (
        Notice(
            "first_sheet_read",
            f"The workbook has {len(names)} sheets; '{names[0]}' was read.",
            {"read": names[0], "sheets": tuple(names)},
        ),
    )
    return ([_cell_text(cell) for cell in row] for row in rows), notices if names[1:] else ()


def _cell_text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)


def _rectangle(
    path: Path, rows: Iterable[Cells]
) -> tuple[tuple[str, ...], NDArray[np.object_], NDArray[np.int64], tuple[Notice, ...]]:
    """Return headings, cells and row numbers; rows without any text are skipped and counted."""
    iterator = iter(rows)
    headings = tuple(cell.strip() for cell in next(iterator, []))
    if not any(headings):
        raise ResponsesError("The first row has no headings", place=Place(path, 1))
    kept: list[Cells] = []
    numbers: list[int] = []
    n_empty = 0
    for number, row in enumerate(iterator, start=2):
        if any(row) and any(cell.strip() for cell in row):
            kept.append(_fitted(path, row, number, len(headings)))
            numbers.append(number)
        else:
            n_empty += 1
    if not kept:
        raise ResponsesError("The file has headings but no answers", place=Place(path))
    return headings, _as_array(kept), np.array(numbers, dtype=np.int64), _skipped(n_empty)


def _fitted(path: Path, row: Cells, number: int, width: int) -> Cells:
    """Return the row with exactly one cell per heading."""
    if len(row) < width:
        return row + [""] * (width - len(row))
    if any(cell.strip() for cell in row[width:]):
        raise ResponsesError(
            f"The row has {len(row)} cells, but there are {width} headings",
            place=Place(path, number),
            remedy="Look for a separator inside a text that is not in quotation marks.",
        )
    return row[:width]


def _as_array(rows: Sequence[Cells]) -> NDArray[np.object_]:
    cells = np.empty((len(rows), len(rows[0])), dtype=object)
    cells[:] = rows
    return cells


def _skipped(n_empty: int) -> tuple[Notice, ...]:
    if not n_empty:
        return ()
    text = f"{n_empty} empty rows of the data file were skipped."
    return (Notice("empty_rows_skipped", text, {"n": n_empty}),)
