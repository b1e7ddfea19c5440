"""Parquet and Feather files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import Place, ResponsesError
from loyaltysem.responses.columns import TextColumn
from loyaltysem.responses.files.grid import Grid, cell_text, grid_of_columns, refuse_size

ANY_BYTES, MAX_RATIO = 500_000_000, 100
"""A file that unpacks to more bytes than that, and than so many times its own, is refused."""

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa


def read_parquet(path: Path, content: bytes) -> Grid:
    """Read a Parquet file.

    Raises
    ------
    ResponsesError
        The file is damaged or too large.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(pa.BufferReader(content))
        told = file.metadata
        refuse_size(path, told.num_rows, told.num_columns, len(content))
        groups = range(told.num_row_groups)
        _refuse_bomb(path, sum(told.row_group(k).total_byte_size for k in groups), len(content))
        texts = [
            name
            for name, kind in zip(file.schema_arrow.names, file.schema_arrow.types, strict=True)
            if pa.types.is_string(kind) or pa.types.is_large_string(kind)
        ]
        table = parquet.read_table(pa.BufferReader(content), read_dictionary=texts)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise _unreadable(path, "Parquet", error) from None
    return _grid(path, table, "Parquet")


def read_feather(path: Path, content: bytes) -> Grid:
    """Read a Feather (Arrow IPC) file.

    Raises
    ------
    ResponsesError
        The file is damaged or too large.
    """
    import pyarrow as pa

    try:
        table = _batches(path, content)
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise _unreadable(path, "Feather", error) from None
    return _grid(path, table, "Feather")


def _batches(path: Path, content: bytes) -> pa.Table:
    """Read batch by batch, so that a file made to fill the memory is met before it does."""
    import pyarrow as pa
    from pyarrow import feather

    if not content.startswith(b"ARROW1"):
        return feather.read_table(pa.BufferReader(content))  # the older format has no compression
    reader = pa.ipc.open_file(pa.BufferReader(content))
    batches, n_rows, n_bytes = [], 0, 0
    for k in range(reader.num_record_batches):
        batches.append(reader.get_batch(k))
        n_rows, n_bytes = n_rows + batches[-1].num_rows, n_bytes + batches[-1].nbytes
        refuse_size(path, n_rows, len(reader.schema), len(content))
        _refuse_bomb(path, n_bytes, len(content))
    return pa.Table.from_batches(batches, schema=reader.schema)


def _refuse_bomb(path: Path, unpacked: int, packed: int) -> None:
    if unpacked > max(ANY_BYTES, MAX_RATIO * packed):
        raise ResponsesError(
            "The file unpacks to more than answers can be",
            place=Place(path),
            found=f"{unpacked:,} bytes from {packed:,}",
            remedy="It is damaged, or made to fill the memory.",
        )


def _unreadable(path: Path, kind: str, error: Exception) -> ResponsesError:
    reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return ResponsesError(
        f"The {kind} file cannot be read: {reason}",
        place=Place(path),
        remedy="Write it again; perhaps it was not copied to its end.",
    )


def _grid(path: Path, table: pa.Table, kind: str) -> Grid:
    import pyarrow as pa

    refuse_size(path, table.num_rows, table.num_columns)
    if not table.num_rows:
        raise ResponsesError("The file has headings but no answers", place=Place(path))
    try:
        columns = [_column(table.column(k)) for k in range(table.num_columns)]
    except (pa.ArrowException, ValueError, OverflowError) as error:
        raise _unreadable(path, kind, error) from None
    return grid_of_columns(path, table.column_names, columns)


def _column(cells: pa.ChunkedArray) -> TextColumn:
    import pyarrow as pa

    if pa.types.is_nested(cells.type):
        return TextColumn.of(_nested(cell) for cell in cells.to_pylist())
    if not pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_encode(null_encoding="mask")
    whole = cells.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0)
    texts = [cell_text(value) for value in whole.dictionary.to_pylist()]
    codes = whole.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False)
    column = TextColumn(codes.astype(np.int32), (*texts, ""))
    return column.mapped(str)  # an empty text and a null are one


def _nested(cell: object) -> str:
    return "" if cell is None else json.dumps(cell, ensure_ascii=False, default=str)
