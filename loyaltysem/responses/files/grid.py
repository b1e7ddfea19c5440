"""What every kind of file comes to: headings and columns of text."""

from __future__ import annotations

import itertools
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
CELLS_PER_BYTE, ANY_CELLS = 10, 20_000_000
"""So many cells fit into a byte of a real file at most; below that number none is suspected."""
MOST_ABOVE = 20
"""Rows above the headings, such as a title, that are looked past."""


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
    *,
    n_above: int = 0,
    **labelled: Any,
) -> Grid:
    """Return a grid without the rows that are empty throughout, which are counted.

    ``n_above`` is the number of rows above the headings; ``labelled`` are further attributes.

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
        row_numbers=np.flatnonzero(~blank).astype(np.int64) + 2 + n_above,
        notices=(*notices, *_above(n_above), *_skipped(n_empty)),
        **labelled,
    )


def grid_of_rows(
    path: Path, rows: Iterable[Sequence[str]], notices: tuple[Notice, ...] = ()
) -> Grid:
    """Return the grid of rows of text: headings, perhaps below empty rows and a title, and answers.

    Raises
    ------
    ResponsesError
        There is no heading or no answer, or a row has more cells than there are headings.
    """
    n_above, rows = below_title(rows)
    iterator = iter(rows)
    headings = list(next(iterator, []))
    while headings and not headings[-1].strip():
        headings.pop()
    refuse_size(path, 0, len(headings))
    lines = [
        _fitted(path, row, number, len(headings))
        for number, row in enumerate(iterator, start=2 + n_above)
    ]
    columns = [TextColumn.of(cells) for cells in zip(*lines, strict=True)]
    if headings and not lines:
        raise ResponsesError("The file has headings but no answers", place=Place(path))
    return grid_of_columns(path, headings, columns, notices, n_above=n_above)


def below_title(rows: Iterable[Sequence[str]]) -> tuple[int, Iterable[Sequence[str]]]:
    """Return how many rows stand above the headings, and the rows from the headings on.

    Above them stand empty rows, and rows of one cell if wider rows follow.
    """
    iterator = iter(rows)
    first = list(itertools.islice(iterator, MOST_ABOVE))
    filled = [sum(bool(cell.strip()) for cell in row) for row in first]
    n_above = 0
    while n_above < len(first) and (
        filled[n_above] == 0 or (filled[n_above] == 1 and max(filled[n_above:]) > 2)
    ):
        n_above += 1
    if n_above == len(first):
        n_above = 0
    return n_above, itertools.chain(first[n_above:], iterator)


def _fitted(path: Path, row: Sequence[str], number: int, width: int) -> Sequence[str]:
    """Return the row with exactly one cell per heading."""
    if len(row) < width:
        return [*row, *[""] * (width - len(row))]
    if any(cell.strip() for cell in row[width:]):
        raise ResponsesError(
            f"The row has {len(row)} cells, but there are {width} headings",
            place=Place(path, number),
            remedy="Headings must stand in one row above all answers; in a text file, a separator"
            " inside a text must be in quotation marks.",
        )
    return row[:width]


def refuse_size(path: Path, n_rows: int, n_columns: int, n_bytes: int | None = None) -> None:
    """Raise when a file has, or claims, more cells than a survey or its own bytes can hold."""
    n_cells = n_rows * n_columns
    if n_bytes is not None and n_cells > max(ANY_CELLS, CELLS_PER_BYTE * n_bytes):
        raise ResponsesError(
            "The file claims more cells than its size can hold",
            place=Place(path),
            found=f"{n_rows:,} rows and {n_columns:,} columns in {n_bytes:,} bytes",
            remedy="It is damaged, or made to fill the memory.",
        )
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


def _above(n_above: int) -> tuple[Notice, ...]:
    if not n_above:
        return ()
    text = f"Rows above the headings of the data file that were skipped: {n_above}."
    return (Notice("rows_above_headings", text, {"n": n_above}),)


def _skipped(n_empty: int) -> tuple[Notice, ...]:
    if not n_empty:
        return ()
    text = f"Empty rows of the data file that were skipped: {n_empty}."
    return (Notice("empty_rows_skipped", text, {"n": n_empty}),)
