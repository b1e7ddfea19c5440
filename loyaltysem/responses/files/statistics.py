"""SPSS and Stata files: values, their labels, and what is declared to be no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from loyaltysem.errors import Place, ResponsesError
from loyaltysem.responses.columns import TextColumn
from loyaltysem.responses.files.grid import Grid, cell_text, grid_of_columns, refuse_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import pandas as pd


def read_spss(path: Path, content: bytes) -> Grid:
    """Read a .sav or .zsav file.

    Raises
    ------
    ResponsesError
        The file is damaged.
    """
    import pyreadstat

    return _grid(path, len(content), "SPSS", pyreadstat.read_sav, user_missing=True)


def read_portable(path: Path, content: bytes) -> Grid:
    """Read a portable SPSS file (.por).

    Raises
    ------
    ResponsesError
        The file is damaged.
    """
    import pyreadstat

    return _grid(path, len(content), "SPSS", pyreadstat.read_por)


def read_stata(path: Path, content: bytes) -> Grid:
    """Read a .dta file.

    Raises
    ------
    ResponsesError
        The file is damaged.
    """
    import pyreadstat

    return _grid(path, len(content), "Stata", pyreadstat.read_dta, user_missing=True)


def _grid(path: Path, n_bytes: int, kind: str, read: Callable[..., Any], **options: bool) -> Grid:
    from pyreadstat import PyreadstatError, ReadstatError

    try:
        _, claimed = read(str(path), metadataonly=True)
        refuse_size(path, claimed.number_rows or 0, claimed.number_columns or 0, n_bytes)
        frame, meta = read(str(path), **options)
    except (
        PyreadstatError,
        ReadstatError,
        ValueError,
        OverflowError,
        UnicodeError,
        MemoryError,
    ) as error:
        raise ResponsesError(
            f"The {kind} file cannot be read: {error}",
            place=Place(path),
            remedy=f"Open it in {kind} and save it again.",
        ) from None
    if frame.empty:
        raise ResponsesError("The file has headings but no answers", place=Place(path))
    names = [str(name) for name in frame.columns]
    columns = [_column(frame.iloc[:, k]) for k in range(len(names))]
    labels = {
        names.index(name): {cell_text(value): str(label) for value, label in known.items()}
        for name, known in meta.variable_value_labels.items()
        if name in names
    }
    said = {k: str(label) for k, label in enumerate(meta.column_labels or []) if label}
    return grid_of_columns(
        path, names, columns, labels=labels, wordings=said, missing=_missing(names, columns, meta)
    )


def _column(cells: pd.Series) -> TextColumn:
    import pandas as pd

    codes, values = pd.factorize(cells, use_na_sentinel=True)
    texts = (*(cell_text(value) for value in values), "")
    at = np.where(codes < 0, len(values), codes).astype(np.int32)
    return TextColumn(at, texts).mapped(str)


def _missing(names: list[str], columns: list[TextColumn], meta: Any) -> dict[int, frozenset[str]]:
    """Return the texts that a column's declaration calls missing."""
    found: dict[int, frozenset[str]] = {}
    for name, ranges in (meta.missing_ranges or {}).items():
        at = names.index(name)
        found[at] = frozenset(text for text in columns[at].texts if _within(text, ranges))
    for name, values in (meta.missing_user_values or {}).items():
        at = names.index(name)
        found[at] = found.get(at, frozenset()) | {cell_text(value) for value in values}
    return found


def _within(text: str, ranges: Iterable[Any]) -> bool:
    """Whether a text lies in one of the ranges (``lo``, ``hi``) or is one of the values."""
    for one in ranges:
        low, high = (one["lo"], one["hi"]) if isinstance(one, dict) else (one, one)
        if isinstance(low, str):
            if text in {low, high}:
                return True
            continue
        try:
            if low <= float(text) <= high:
                return True
        except ValueError:
            continue
    return False
