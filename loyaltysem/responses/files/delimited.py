"""CSV and other files of separated text."""

from __future__ import annotations

import csv
import io
import itertools
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import Place, ResponsesError
from loyaltysem.responses.columns import TextColumn
from loyaltysem.responses.encoding import decode
from loyaltysem.responses.files.grid import Grid, grid_of_columns, grid_of_rows, refuse_size

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pyarrow as pa

SEPARATORS = ",;\t"
BLOCK_BYTES = 1 << 24


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
    line = text[: text.find("\n") + 1] or text
    separator = max(SEPARATORS, key=line.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    checked = iter(_checked(path, rows))
    headings = next(checked, [])
    refuse_size(path, 0, len(headings))
    if text.count('"') % 2 == 0:  # else a quotation mark is not closed, which Arrow lets pass
        utf8 = content if _is_utf8(content) and not notices else text.encode()
        columns = _arrow_columns(utf8, separator, len(headings))
        if columns is not None:
            return grid_of_columns(path, headings, columns, notices)
    return grid_of_rows(path, itertools.chain([headings], checked), notices)


def _is_utf8(content: bytes) -> bool:
    """Whether content that needed no guess is UTF-8 without a byte order mark."""
    return not content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))


def _arrow_columns(content: bytes, separator: str, width: int) -> list[TextColumn] | None:
    """Return the columns below the headings, or None where rows are of unequal length."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    names = [f"f{k}" for k in range(width)]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(content),
            read_options=arrow_csv.ReadOptions(
                column_names=names, block_size=BLOCK_BYTES, use_threads=True
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


def _checked(path: Path, rows: Iterable[list[str]]) -> Iterable[list[str]]:
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
