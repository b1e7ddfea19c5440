"""Answers from text to numbers: checked against their scale, reverse items turned round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from loyaltysem.errors import ResponsesError, listed
from loyaltysem.responses.ledger import Action, EntryCode, entries_of
from loyaltysem.responses.privacy import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from loyaltysem.questionnaire import Item, Questionnaire, Scale
    from loyaltysem.responses.cells import CellReaders
    from loyaltysem.responses.columns import TextColumn
    from loyaltysem.responses.tables import RawTable

Invalid = Literal["missing", "error"]
"""What happens to an answer that is no point of the scale: set missing, or stop."""

WIDESPREAD_SHARE = 0.25
WIDESPREAD_CELLS = 5
MOST_TEXTS = 12
"""From this share and number of unusable answers on, a column is taken for the wrong one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedAnswers:
    """Answers as numbers (respondents x questions, NaN where missing) and the ledger's entries."""

    values: NDArray[np.float64]
    entries: tuple[pd.DataFrame, ...]


def checked_answers(
    table: RawTable,
    readers: CellReaders,
    questionnaire: Questionnaire,
    respondents: NDArray[np.object_],
    invalid: Invalid,
) -> CheckedAnswers:
    """Return the answers to all items as numbers on their scales, reverse items recoded.

    Parameters
    ----------
    table, readers
        The file, and what its cells say.
    questionnaire
        Gives scales and reverse items.
    respondents
        Ids, one per row of the table.
    invalid
        ``missing`` sets an unusable answer missing; ``error`` stops at the first one.

    Raises
    ------
    ResponsesError
        An unusable answer with ``invalid="error"``; or a quarter of a column is unusable, which
        means another scale or another column.
    """
    columns = [
        _read_column(item, scale, readers)
        for item, scale in zip(questionnaire.items, questionnaire.item_scales, strict=True)
    ]
    _refuse_unusable(table, columns, respondents, invalid)
    values = np.empty((len(respondents), len(columns)), order="F")
    for k, column in enumerate(columns):
        values[:, k] = column.values()
    codes = questionnaire.item_codes
    entries = tuple(
        entries_of(
            code=code,
            action=action,
            respondents=respondents[mask],
            items=codes,
            item_at=np.full(int(mask.sum()), k, dtype=np.intp),
            found=column.cells.text(mask),
        )
        for k, column in enumerate(columns)
        for code, action, mask in column.treated()
    )
    return CheckedAnswers(values=values, entries=entries)


USABLE, MISSING, TEXT, OFF_SCALE = range(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class _ItemColumn:
    """The answers to one item; what each distinct text says is told once.

    ``numbers`` are those of the distinct texts, ``kinds`` say of each cell what it is.
    """

    item: Item
    scale: Scale
    cells: TextColumn
    numbers: NDArray[np.float64]
    kinds: NDArray[np.int8]

    def n_of(self, *kinds: int) -> int:
        """Return how many cells are of these kinds."""
        return sum(int((self.kinds == kind).sum()) for kind in kinds)

    @property
    def unusable(self) -> NDArray[np.bool_]:
        return self.kinds >= TEXT

    def values(self) -> NDArray[np.float64]:
        """Return the usable answers, turned round if the item is reverse."""
        numbers = self.numbers
        if self.item.reverse:
            numbers = self.scale.lowest + self.scale.highest - numbers
        return np.where(np.isfinite(numbers), numbers, np.nan)[self.cells.codes]

    def treated(self) -> Iterator[tuple[EntryCode, Action, NDArray[np.bool_]]]:
        """Yield what was done to which answers."""
        yield "missing_answer", "left_missing", self.kinds == MISSING
        yield "text_value", "set_missing", self.kinds == TEXT
        yield "off_scale", "set_missing", self.kinds == OFF_SCALE
        if self.item.reverse:
            yield "reverse_coded", "recoded", self.kinds == USABLE


def _read_column(item: Item, scale: Scale, readers: CellReaders) -> _ItemColumn:
    cells, reader = readers.whole(item.code)
    numbers = np.array([reader.point(text) for text in cells.texts], dtype=np.float64)
    with np.errstate(invalid="ignore"):
        beyond = (numbers < scale.lowest) | (numbers > scale.highest)
        off_scale = (beyond | (np.round(numbers) != numbers)) & np.isfinite(numbers)
    kinds = np.select([np.isnan(numbers), np.isinf(numbers), off_scale], [MISSING, TEXT, OFF_SCALE])
    return _ItemColumn(
        item=item,
        scale=scale,
        cells=cells,
        numbers=np.where(off_scale, np.nan, numbers),
        kinds=kinds.astype(np.int8)[cells.codes],
    )


def _refuse_unusable(
    table: RawTable,
    columns: list[_ItemColumn],
    respondents: NDArray[np.object_],
    invalid: Invalid,
) -> None:
    """Raise for a column that is unusable at large; with ``invalid="error"`` for any answer."""
    n_bad = np.array([column.n_of(TEXT, OFF_SCALE) for column in columns])
    if not n_bad.any():
        return
    n_answered = np.array([len(respondents) - column.n_of(MISSING) for column in columns])
    wide = (n_bad >= WIDESPREAD_CELLS) & (n_bad > WIDESPREAD_SHARE * n_answered)
    if wide.any():
        k = int(np.argmax(n_bad * wide))
        raise _widespread(table, columns[k], int(n_answered[k]), int(wide.sum()) - 1)
    if invalid == "error":
        raise _first(table, columns, respondents, int(n_bad.sum()) - 1)


def _widespread(
    table: RawTable, column: _ItemColumn, n_answered: int, n_others: int
) -> ResponsesError:
    bad = column.unusable
    seen = pd.unique(pd.Series(column.cells.text(bad), dtype=object))
    others = f" ({n_others} more items likewise)" if n_others else ""
    return ResponsesError(
        f"{bad.sum()} of {n_answered} answers to item '{column.item.code}' are not on its"
        f" scale{others}",
        place=table.place(int(np.argmax(bad))),
        found=_told([str(value) for value in seen]),
        expected=_points(column.scale),
        remedy="Probably the item was asked on another scale, or the column is another one.",
    )


def _told(texts: Sequence[str]) -> str:
    """Return the first texts, or only their number: a column of many may hold names."""
    if len(texts) > MOST_TEXTS:
        return f"{len(texts)} different texts or numbers"
    return listed((f"'{shown(text)}'" for text in texts), limit=5)


def _first(
    table: RawTable, columns: list[_ItemColumn], respondents: NDArray[np.object_], more: int
) -> ResponsesError:
    """Return the error for the first unusable answer, row by row."""
    rows = [
        int(np.argmax(column.unusable)) if column.unusable.any() else len(respondents)
        for column in columns
    ]
    row = min(rows)
    column = columns[rows.index(row)]
    return ResponsesError(
        f"Respondent '{shown(respondents[row])}' has an answer to item '{column.item.code}' that is"
        f" not on its scale{f' ({more} more such answers)' if more else ''}",
        place=table.place(row),
        found=f"'{shown(column.cells[row])}'",
        expected=_points(column.scale),
        remedy="Correct the file, or let such answers count as missing (invalid: missing).",
    )


def _points(scale: Scale) -> str:
    return f"whole numbers from {scale.lowest} to {scale.highest}"
