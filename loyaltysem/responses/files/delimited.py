"""CSV and other files of separated text."""

from __future__ import annotations

import csv
import itertools
import re
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import Place, ResponsesError
from loyaltysem.responses.columns import TextColumn
from loyaltysem.responses.encoding import decode
from loyaltysem.responses.files.grid import (
    Grid,
    below_title,
    grid_of_columns,
    grid_of_rows,
    refuse_size,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

SEPARATORS = ",;\t"
BLOCK_BYTES = 1 << 24
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n')


def read_delimited(path: Path, content: bytes) -> Grid:
    """Read text separated by comma, semicolon or tab, in UTF-8, GB18030, Big5 or UTF-16.

    Arrow reads it; where Arrow meets rows of unequal length, the csv module reads it again and says
    which row is wrong.

    Raises
    ------
    ResponsesError
        The encoding cannot be told, a quotation mark is not closed, or a row is too long.
    """
    text, notices = decode(path, content)
    stated = _SEPARATOR_LINE.match(text)  # the line by which Excel is told the separator
    text = text[stated.end() :] if stated else text
    separator = stated[1] if stated else _separator(text)
    n_above, rows = below_title(_checked(path, text, separator))
    headings = next(iter(rows), [])
    refuse_size(path, 0, len(headings))
    if text.count('"') % 2 == 0:  # else a quotation mark is not closed, which Arrow lets pass
        same = not (stated or notices or content.startswith(_MARKS))
        columns = _arrow_columns(
            content if same else text.encode(), separator, len(headings), n_above
        )
        if columns is not None and _agree(columns, path, text, separator, n_above):
            return grid_of_columns(path, headings, columns, notices, n_above=n_above)
    return grid_of_rows(path, _checked(path, text, separator), notices)


def _separator(text: str) -> str:
    """Return the sign that is most frequent in the first line that has several, or has one."""
    lines = itertools.islice(_lines(text), 20)
    counts = [[line.count(one) for one in SEPARATORS] for line in lines]
    several = (one for one in counts if max(one) > 1)
    most = next(several, next((one for one in counts if any(one)), [1]))
    return SEPARATORS[most.index(max(most))]


def _lines(text: str) -> Iterator[str]:
    """Yield the lines with their ends, without a copy of the text."""
    return (match[0] for match in _LINE.finditer(text) if match[0])


def _agree(columns: list[TextColumn], path: Path, text: str, separator: str, n_above: int) -> bool:
    """Whether the csv module finds as many rows, where a cell has several lines.

    Arrow takes text behind a closing quotation mark as part of the cell, and so may take a row for
    a part of another one; the csv module says which row is wrong.
    """
    if not any("\n" in cell or "\r" in cell for one in columns for cell in one.texts):
        return True
    n_rows = sum(1 for _ in _checked(path, text, separator))
    return n_rows == n_above + 1 + len(columns[0])


def _arrow_columns(
    content: bytes, separator: str, width: int, n_above: int
) -> list[TextColumn] | None:
    """Return the columns below the headings, or None where rows are of unequal length."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    names = [f"f{k}" for k in range(width)]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(content),
            read_options=arrow_csv.ReadOptions(
                column_names=names,
                block_size=BLOCK_BYTES,
                use_threads=True,
                skip_rows=n_above,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=separator,
                newlines_in_values=b'"' in content,
                ignore_empty_lines=False,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string())),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    table = table.unify_dictionaries()
    return [_column(table.column(k)) for k in range(width)]


def _column(chunked: pa.ChunkedArray) -> TextColumn:
    """Return a column without its first cell, the heading."""
    parts = [chunk.indices.to_numpy() for chunk in chunked.chunks]
    codes = np.concatenate(parts).astype(np.int32, copy=False)[1:]
    values = tuple(chunked.chunk(0).dictionary.to_pylist())
    if (codes == 0).any():
        return TextColumn(codes, values)
    return TextColumn(codes - 1, values[1:])  # the heading's text was the first


def _checked(path: Path, text: str, separator: str) -> Iterator[list[str]]:
    """Yield the rows of a text as the csv module reads them.

    Raises
    ------
    ResponsesError
        A row cannot be read.
    """
    number = 1
    try:
        for row in csv.reader(_lines(text), delimiter=separator, strict=True):
            number += 1
            yield row
    except csv.Error as error:
        raise ResponsesError(
            f"The row cannot be read: {error}",
            place=Place(path, number),
            remedy="Look for a quotation mark that is not closed.",
        ) from None
