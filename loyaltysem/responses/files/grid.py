"""What every kind of file comes to: headings and columns of text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import numpy as np

from loyaltysem.errors import Notice, Place, ResponsesError
from loyaltysem.responses.columns import TextColumn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

MAX_COLUMNS = 20_000
MAX_CELLS = 1_000_000_000
"""More than any survey has; a file that promises more is damaged or made to fill the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Headings and columns as they stand in a file.

    Attributes
    ----------
    headings, columns
        One each per column.
    row_numbers
        Of each respondent, as a spreadsheet shows them (headings stand in row 1).
    notices
        What was skipped or had to be guessed.
    labels, wordings, missing
        By column number: label of each text, label of the column, texts declared to be no answer
        (SPSS and Stata files).
    """

    headings: tuple[str, ...]
    columns: tuple[TextColumn, ...]
    row_numbers: NDArray[np.int64]
    notices: tuple[Notice, ...] = ()
    labels: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    wordings: Mapping[int, str] = field(default_factory=dict)
    missing: Mapping[int, frozenset[str]] = field(default_factory=dict)


def grid_of_columns(
    path: Path,
    headings: Sequence[str],
    columns: Sequence[TextColumn],
    notices: tuple[Notice, ...] = (),
    **labelled: Any,
) -> Grid:
    """Return a grid without the rows that are empty throughout, which are counted.

    Raises
    ------
    ResponsesError
        There is no heading or no answer, or there are more than 20,000 columns.
    """
    refuse_size(path, 0, len(headings))
    headings = tuple(str(heading).strip() for heading in headings)
    if not any(headings):
        raise ResponsesError("The first row has no headings", place=Place(path, 1))
    n_rows = len(columns[0])
    blank = np.ones(n_rows, dtype=bool)
    for column in columns:
        if not blank.any():
            break
        blank &= column.where(lambda text: not text.strip())
    if blank.all():
        raise ResponsesError("The file has headings but no answers", place=Place(path))
    n_empty = int(blank.sum())
    return Grid(
        headings=headings,
        columns=tuple(one.taken(~blank) for one in columns) if n_empty else tuple(columns),
        row_numbers=np.flatnonzero(~blank).astype(np.int64) + 2,
        notices=(*notices, *_skipped(n_empty)),
        **labelled,
    )


def grid_of_rows(
    path: Path, rows: Iterable[Sequence[str]], notices: tuple[Notice, ...] = ()
) -> Grid:
    """Return the grid of rows of text, the first of which has the headings.

    Raises
    ------
    ResponsesError
        There is no heading or no answer, or a row has more cells than there are headings.
    """
    iterator = iter(rows)
    headings = list(next(iterator, []))
    while headings and not headings[-1].strip():
        headings.pop()
    refuse_size(path, 0, len(headings))
    lines = [
        _fitted(path, row, number, len(headings)) for number, row in enumerate(iterator, start=2)
    ]
    columns = [TextColumn.of(cells) for cells in zip(*lines, strict=True)]
    if headings and not lines:
        raise ResponsesError("The file has headings but no answers", place=Place(path))
    return grid_of_columns(path, headings, columns, notices)


def _fitted(path: Path, row: Sequence[str], number: int, width: int) -> Sequence[str]:
    """Return the row with exactly one cell per heading."""
    if len(row) < width:
        return [*row, *[""] * (width - len(row))]
    if any(cell.strip() for cell in row[width:]):
        raise ResponsesError(
            f"The row has {len(row)} cells, but there are {width} headings",
            place=Place(path, number),
            remedy="Look for a separator inside a text that is not in quotation marks.",
        )
    return row[:width]


def refuse_size(path: Path, n_rows: int, n_columns: int) -> None:
    """Raise when a file has, or claims, more cells than a survey can have."""
    if n_columns > MAX_COLUMNS or n_rows * n_columns > MAX_CELLS:
        raise ResponsesError(
            "The file is too large to be read at once",
            place=Place(path),
            found=f"{n_rows:,} rows and {n_columns:,} columns"
            if n_rows
            else f"{n_columns:,} columns",
            expected=f"at most {MAX_COLUMNS:,} columns and {MAX_CELLS:,} cells",
            remedy="Keep the columns of the questionnaire only.",
        )


def cell_text(cell: Any) -> str:
    """Return a cell as text: whole numbers without a point, times in ISO 8601, none as empty."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, bool | np.bool_):
        return str(int(cell))
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, bytes):
        return cell.decode("utf-8", errors="replace")
    return str(cell)


def _skipped(n_empty: int) -> tuple[Notice, ...]:
    if not n_empty:
        return ()
    text = f"{n_empty} empty rows of the data file were skipped."
    return (Notice("empty_rows_skipped", text, {"n": n_empty}),)
