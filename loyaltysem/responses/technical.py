"""What the platform recorded about each respondent: when, how long, from where."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.responses.ledger import entries_of
from loyaltysem.responses.spelling import plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.responses.headings import ColumnMap
    from loyaltysem.responses.tables import RawTable

_UNITS = re.compile(
    r"^(?:(\d+)\s*(?:天|d(?:ays?)?)\s*)?(?:(\d+)\s*(?:小时|时|h(?:ours?)?)\s*)?"
    r"(?:(\d+)\s*(?:分钟|分|m(?:in(?:utes?)?)?)\s*)?(?:(\d+(?:\.\d+)?)\s*(?:秒钟?|s(?:ec(?:onds?)?)?)?)?$"
)
_CLOCK = re.compile(r"^(?:(\d+):)?(\d{1,2}):(\d{2}(?:\.\d+)?)$")


def seconds_text(cell: str) -> str:
    """Return a duration such as ``63秒``, ``1分3秒`` or ``0:01:03`` in seconds, as text.

    What is no duration stays as it is.
    """
    text = plain(cell)
    clock, units = _CLOCK.match(text), _UNITS.match(text)
    if clock:
        hours, minutes, seconds = (float(part or 0) for part in clock.groups())
        return f"{3600 * hours + 60 * minutes + seconds:g}"
    if text and units and any(units.groups()):
        days, hours, minutes, seconds = (float(part or 0) for part in units.groups())
        return f"{86400 * days + 3600 * hours + 60 * minutes + seconds:g}"
    return cell


def technical_columns(table: RawTable, columns: ColumnMap, index: pd.Index) -> pd.DataFrame:
    """Return the columns of the platform's own, named by what they hold; times in seconds."""
    return pd.DataFrame(
        {
            name: _cells(table, column, seconds=name == "seconds")
            for name, column in columns.technical.items()
            if name != "id"
        },
        index=index,
    )


def extra_columns(table: RawTable, columns: ColumnMap, index: pd.Index) -> pd.DataFrame:
    """Return the columns that were asked for; a column of durations in seconds."""
    duration = columns.technical.get("seconds")
    return pd.DataFrame(
        {
            name: _cells(table, column, seconds=column == duration)
            for name, column in columns.extra.items()
        },
        index=index,
    )


def _cells(table: RawTable, column: int, *, seconds: bool) -> NDArray[np.object_]:
    cells = table.columns[column]
    return (cells.mapped(seconds_text) if seconds else cells).text()


def preview_rows(
    table: RawTable, columns: ColumnMap, respondents: NDArray[np.object_]
) -> tuple[NDArray[np.bool_], tuple[pd.DataFrame, ...]]:
    """Return which rows are trials of the researcher's own (previews), and the ledger's entries."""
    marks, at = columns.platform.preview, columns.technical.get("status")
    if not marks or at is None:
        return np.zeros(len(respondents), dtype=bool), ()
    cells = table.columns[at]
    previews = cells.where(lambda cell: plain(cell) in marks)
    entries = entries_of(
        code="preview",
        action="excluded",
        respondents=respondents[previews],
        items=("",),
        found=cells.text(previews),
    )
    return previews, (entries,)
