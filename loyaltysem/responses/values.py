"""Answers from text to numbers: checked against their scale, reverse items turned round."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from loyaltysem.errors import ResponsesError
from loyaltysem.responses.ledger import Action, EntryCode, entries_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.questionnaire import Questionnaire, Scale
    from loyaltysem.responses.headings import ColumnMap
    from loyaltysem.responses.tables import RawTable

Invalid = Literal["missing", "error"]
"""What happens to an answer that is no point of the scale: set missing, or stop."""

MISSING_MARKS = frozenset({"", "na", "n/a", "nan", "null", "none", "-", ".", "#n/a", "#null!"})
"""Texts that stand for no answer, in lower case."""

WIDESPREAD_SHARE = 0.25
WIDESPREAD_CELLS = 5
"""From this share and number of unusable answers on, a column is taken for the wrong one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedAnswers:
    """Answers as numbers (respondents x questions, NaN where missing) and the ledger's entries."""

    values: NDArray[np.float64]
    entries: tuple[pd.DataFrame, ...]


def checked_answers(
    table: RawTable,
    columns: ColumnMap,
    questionnaire: Questionnaire,
    respondents: NDArray[np.object_],
    invalid: Invalid,
) -> CheckedAnswers:
    """Return the answers to all items as numbers on their scales, reverse items recoded.

    Parameters
    ----------
    table, columns
        The file and where its questions stand.
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
    codes = questionnaire.item_codes
    text = table.cells[:, [columns.items[code] for code in codes]]
    numbers, is_text = to_numbers(text)
    off_scale = _off_scale(numbers, questionnaire.item_scales)
    unusable = is_text | off_scale
    if unusable.any():
        bad = _Unusable(table, codes, questionnaire.item_scales, respondents, text, unusable)
        bad.refuse_widespread(np.isfinite(numbers) | is_text)
        if invalid == "error":
            raise bad.first()
    values = np.where(unusable, np.nan, numbers)
    reverse = np.array([item.reverse for item in questionnaire.items])
    ends = np.array([scale.lowest + scale.highest for scale in questionnaire.item_scales])
    values[:, reverse] = ends[reverse] - values[:, reverse]
    missing, reversed_ = np.isnan(numbers) & ~is_text, np.isfinite(values) & reverse
    entries = (
        _entries("missing_answer", "left_missing", missing, codes, respondents, text),
        _entries("text_value", "set_missing", is_text, codes, respondents, text),
        _entries("off_scale", "set_missing", off_scale, codes, respondents, text),
        _entries("reverse_coded", "recoded", reversed_, codes, respondents, text),
    )
    return CheckedAnswers(values=values, entries=entries)


def _entries(
    code: EntryCode,
    action: Action,
    mask: NDArray[np.bool_],
    codes: tuple[str, ...],
    respondents: NDArray[np.object_],
    text: NDArray[np.object_],
) -> pd.DataFrame:
    rows, at = np.nonzero(mask)
    return entries_of(
        code=code,
        action=action,
        respondents=respondents[rows],
        items=codes,
        item_at=at,
        found=text[rows, at],
    )


def to_numbers(text: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the numbers in cells of text (NaN where there is none), and where there is other text.

    Full-width digits and surrounding blanks are read; the texts of :data:`MISSING_MARKS` mean that
    there is no answer.
    """
    which, distinct = pd.factorize(text.ravel())
    parsed = [_number(cell) for cell in distinct]
    numbers = np.array([number for number, _ in parsed], dtype=np.float64)
    is_text = np.array([other for _, other in parsed], dtype=np.bool_)
    return numbers[which].reshape(text.shape), is_text[which].reshape(text.shape)


def _number(cell: str) -> tuple[float, bool]:
    plain = unicodedata.normalize("NFKC", cell).strip()
    if plain.casefold() in MISSING_MARKS:
        return np.nan, False
    try:
        return (np.nan, True) if "_" in plain else (float(plain), False)
    except ValueError:
        return np.nan, True


def _off_scale(numbers: NDArray[np.float64], scales: Sequence[Scale]) -> NDArray[np.bool_]:
    lowest = np.array([scale.lowest for scale in scales])
    highest = np.array([scale.highest for scale in scales])
    beyond = (numbers < lowest) | (numbers > highest)
    return np.asarray(beyond | (np.round(numbers) != numbers)) & ~np.isnan(numbers)


@dataclass(frozen=True, slots=True)
class _Unusable:
    """Answers that are no point of their scale, and the sentences about them."""

    table: RawTable
    codes: tuple[str, ...]
    scales: tuple[Scale, ...]
    respondents: NDArray[np.object_]
    text: NDArray[np.object_]
    mask: NDArray[np.bool_]

    def refuse_widespread(self, answered: NDArray[np.bool_]) -> None:
        """Raise when a column is unusable at large."""
        n_bad, n_answered = self.mask.sum(axis=0), answered.sum(axis=0)
        wide = (n_bad >= WIDESPREAD_CELLS) & (n_bad > WIDESPREAD_SHARE * n_answered)
        if not wide.any():
            return
        k = int(np.argmax(n_bad * wide))
        seen = pd.unique(pd.Series(self.text[self.mask[:, k], k], dtype=object))
        others = f" ({int(wide.sum()) - 1} more items likewise)" if wide.sum() > 1 else ""
        raise ResponsesError(
            f"{n_bad[k]} of {n_answered[k]} answers to item '{self.codes[k]}' are not on its"
            f" scale{others}",
            place=self.table.place(int(np.argmax(self.mask[:, k]))),
            found=", ".join(repr(str(value)) for value in seen[:5]),
            expected=self._points(k),
            remedy="Probably the item was asked on another scale, or the column is another one.",
        )

    def first(self) -> ResponsesError:
        """Return the error for the first unusable answer."""
        row, k = (int(at[0]) for at in np.nonzero(self.mask))
        more = int(self.mask.sum()) - 1
        return ResponsesError(
            f"Respondent '{self.respondents[row]}' has an answer to item '{self.codes[k]}' that is"
            f" not on its scale{f' ({more} more such answers)' if more else ''}",
            place=self.table.place(row),
            found=repr(str(self.text[row, k])),
            expected=self._points(k),
            remedy="Correct the file, or let such answers count as missing (invalid: missing).",
        )

    def _points(self, k: int) -> str:
        scale = self.scales[k]
        return f"whole numbers from {scale.lowest} to {scale.highest}"
