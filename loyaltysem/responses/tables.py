"""A file of answers as columns of text: all kinds of files look the same from here on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import Notice, Place, ResponsesError, listed
from loyaltysem.responses.files.arrow import read_feather, read_parquet
from loyaltysem.responses.files.delimited import read_delimited
from loyaltysem.responses.files.records import read_records
from loyaltysem.responses.files.spreadsheets import read_spreadsheet
from loyaltysem.responses.files.statistics import read_portable, read_spss, read_stata

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from loyaltysem.responses.columns import TextColumn
    from loyaltysem.responses.files.grid import Grid

READERS: Mapping[str, Callable[[Path, bytes], Grid]] = {
    **dict.fromkeys((".csv", ".tsv", ".txt"), read_delimited),
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"), read_spreadsheet),
    **dict.fromkeys((".sav", ".zsav"), read_spss),
    ".por": read_portable,
    ".dta": read_stata,
    ".json": read_records,
    ".parquet": read_parquet,
    **dict.fromkeys((".feather", ".arrow"), read_feather),
}
"""What reads a file, by its ending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """The cells of a file, untouched.

    Attributes
    ----------
    path, sha256
        The file, and the hash of its content.
    headings, columns
        One each per column.
    row_numbers
        Of each respondent, as a spreadsheet shows them (the headings stand in row 1).
    notices
        What was skipped or had to be guessed.
    labels, wordings, missing
        By column number: label of each text, label of the column, texts declared to be no answer
        (SPSS and Stata files; the second heading row of Qualtrics).
    """

    path: Path
    headings: tuple[str, ...]
    columns: tuple[TextColumn, ...]
    row_numbers: NDArray[np.int64]
    sha256: str
    notices: tuple[Notice, ...] = ()
    labels: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    wordings: Mapping[int, str] = field(default_factory=dict)
    missing: Mapping[int, frozenset[str]] = field(default_factory=dict)

    def place(self, row: int) -> Place:
        """Return where the row of that index stands in the file."""
        return Place(self.path, int(self.row_numbers[row]))

    @property
    def cells(self) -> NDArray[np.object_]:
        """All cells as text, shape (rows, columns)."""
        return np.column_stack([column.text() for column in self.columns])


def read_table(path: Path | str) -> RawTable:
    """Read a file of answers as text; of a workbook the first sheet.

    Separated text (.csv, .tsv, .txt: comma, semicolon or tab; UTF-8, GB18030, Big5 or UTF-16),
    workbooks (.xlsx, .xlsm, .xls, .xlsb, .ods), SPSS (.sav, .zsav, .por), Stata (.dta), JSON
    (.json), Parquet and Feather (.parquet, .feather, .arrow).

    Raises
    ------
    ResponsesError
        The file is missing, empty, of an unknown kind, damaged, too large, or has a row with more
        cells than there are headings.
    """
    path = Path(path)
    content = _content(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise ResponsesError(
            f"The kind of file '{path.name}' is not known", expected=listed(READERS)
        )
    grid = reader(path, content)
    return RawTable(
        path=path,
        headings=grid.headings,
        columns=grid.columns,
        row_numbers=grid.row_numbers,
        sha256=hashlib.sha256(content).hexdigest(),
        notices=grid.notices,
        labels=grid.labels,
        wordings=grid.wordings,
        missing=grid.missing,
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
