"""From a file of answers to the answers that are analysed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import Notice, Place, ResponsesError, listed
from loyaltysem.responses.demographics import read_demographics
from loyaltysem.responses.headings import match_headings
from loyaltysem.responses.ledger import EntryCode, Ledger, entries_of, ledger_of
from loyaltysem.responses.screening import attention_failures, incomplete_entries
from loyaltysem.responses.tables import read_table
from loyaltysem.responses.values import Invalid, checked_answers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from loyaltysem.questionnaire import Questionnaire
    from loyaltysem.responses.tables import RawTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Responses:
    """The answers to a questionnaire, and the account of what was done to them.

    Attributes
    ----------
    questionnaire
        What was asked.
    answers
        One row per respondent who stays in (indexed by id), one float column per item; reverse
        items are recoded, missing answers are NaN.
    demographics
        The same respondents; one categorical column per demographic that the file has.
    extra
        The same respondents; the text of further columns that were asked for, such as times.
    ledger
        Everything that was dropped, recoded or left missing.
    notices
        What a reader of the results must know about the file.
    n_read
        Respondents in the file: those in ``answers`` and those that the ledger excludes.
    simulated
        The file declares its answers to be simulated.
    file, sha256
        Name and hash of the file.
    """

    questionnaire: Questionnaire
    answers: pd.DataFrame
    demographics: pd.DataFrame
    ledger: Ledger
    notices: tuple[Notice, ...]
    n_read: int
    simulated: bool
    file: str
    sha256: str
    extra: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __post_init__(self) -> None:
        """Refuse an account that does not add up."""
        excluded = sum(self.ledger.exclusions().values())
        if self.n_read != len(self.answers) + excluded:
            raise RuntimeError(
                f"{self.n_read} respondents were read, but {len(self.answers)} are analysed and"
                f" {excluded} excluded"
            )

    @property
    def n_analysed(self) -> int:
        """Number of respondents who stay in."""
        return len(self.answers)

    def kept(self, stays: NDArray[np.bool_], *entries: pd.DataFrame) -> Responses:
        """Return the responses of those who stay, with the ledger's entries about the others.

        Raises
        ------
        ResponsesError
            Nobody stays.
        """
        ledger = self.ledger.with_entries(*entries)
        _refuse_nobody(self.file, stays, ledger)
        return replace(
            self,
            answers=self.answers[stays],
            demographics=self.demographics[stays],
            extra=self.extra[stays] if len(self.extra) else self.extra,
            ledger=ledger,
        )

    def construct_answers(self, code: str) -> pd.DataFrame:
        """Return the answers to the items of one construct."""
        return self.answers[[item.code for item in self.questionnaire.construct_named(code).items]]


def read_responses(
    path: Path | str,
    questionnaire: Questionnaire,
    *,
    invalid: Invalid = "missing",
    id_column: str | None = None,
    extra: Sequence[str] = (),
) -> Responses:
    """Read a CSV or Excel file whose headings are the codes of the questionnaire.

    Respondents who fail an attention check are excluded; all else stays, with its answers checked
    and reverse items recoded. :func:`complete_cases` takes out who has missing answers.

    Parameters
    ----------
    path
        The file; it is not changed.
    questionnaire
        What was asked.
    invalid
        What happens to an answer that is no point of its scale: ``missing`` (entered in the ledger)
        or ``error``.
    id_column
        Heading of the respondents' ids. By default ``id``, ``respondent_id`` or ``respondent``;
        when there is none, respondents are named by their row in the file (``row 2``).
    extra
        Headings of further columns to keep as text, such as times and devices.

    Raises
    ------
    ResponsesError
        The file cannot be read, an item's column is missing or stands twice, an id stands twice, a
        column is unusable at large, or nobody is left.
    """
    table = read_table(path)
    columns = match_headings(table, questionnaire, id_column, extra)
    respondents, id_entries = _respondents(table, columns.id)
    checked = checked_answers(table, columns, questionnaire, respondents, invalid)
    demographics, demographic_entries = read_demographics(
        table, columns, questionnaire, respondents
    )
    failed, attention_entries = attention_failures(table, columns, questionnaire, respondents)
    answers = pd.DataFrame(
        checked.values,
        index=pd.Index(respondents, name="respondent"),
        columns=list(questionnaire.item_codes),
    )
    kept = pd.DataFrame(
        {name: table.cells[:, k] for name, k in columns.extra.items()}, index=answers.index
    )
    ledger = ledger_of([id_entries, *checked.entries, *demographic_entries, *attention_entries])
    _refuse_nobody(table.path, ~failed, ledger)
    return Responses(
        questionnaire=questionnaire,
        answers=answers[~failed],
        demographics=demographics[~failed],
        ledger=ledger,
        notices=(
            *table.notices,
            *columns.notices,
            *_simulated_notice(columns.simulated),
            *_unusable_notices(ledger),
        ),
        n_read=len(respondents),
        simulated=columns.simulated,
        extra=kept[~failed],
        file=table.path.name,
        sha256=table.sha256,
    )


def complete_cases(responses: Responses, items: Sequence[str]) -> Responses:
    """Return the responses without those who left one of the items unanswered (listwise deletion).

    Parameters
    ----------
    responses
        Who answered.
    items
        Codes of the items that the analysis needs.

    Raises
    ------
    ResponsesError
        Nobody answered all of the items.
    """
    entries = incomplete_entries(responses.answers, items)
    complete = responses.answers[list(items)].notna().all(axis=1).to_numpy()
    return responses.kept(complete, entries)


def exclude_marked(responses: Responses, marks: Mapping[EntryCode, pd.Series]) -> Responses:
    """Return the responses without those who bear a mark.

    Parameters
    ----------
    responses
        Who answered.
    marks
        Code of the reason -> who bears it (Boolean, indexed by respondent). Who bears several is
        entered in the ledger under the first.

    Raises
    ------
    ResponsesError
        Nobody is left.
    """
    ids = responses.answers.index
    gone = np.zeros(len(ids), dtype=bool)
    entries = []
    for code, marked in marks.items():
        lost = marked.reindex(ids, fill_value=False).to_numpy(dtype=bool) & ~gone
        gone |= lost
        respondents = ids.to_numpy(dtype=object)[lost]
        entries.append(
            entries_of(
                code=code,
                action="excluded",
                respondents=respondents,
                items=("",),
                found=[""] * len(respondents),
            )
        )
    return responses.kept(~gone, *entries)


def _respondents(
    table: RawTable, id_column: int | None
) -> tuple[NDArray[np.object_], pd.DataFrame]:
    """Return the ids, with the row in place of an id that is blank, and the ledger's entries."""
    rows = np.array([f"row {number}" for number in table.row_numbers], dtype=object)
    if id_column is None:
        return rows, entries_of(code="missing_id", action="numbered")
    given = np.array([cell.strip() for cell in table.cells[:, id_column]], dtype=object)
    blank = given == ""
    respondents = np.where(blank, rows, given)
    _refuse_repeated_ids(table, respondents)
    return respondents, entries_of(
        code="missing_id",
        action="numbered",
        respondents=respondents[blank],
        items=("",),
        found=given[blank],
    )


def _refuse_repeated_ids(table: RawTable, respondents: NDArray[np.object_]) -> None:
    ids = pd.Series(respondents, dtype=object)
    repeated = ids.duplicated(keep=False).to_numpy()
    if not repeated.any():
        return
    again = int(np.argmax(ids.duplicated().to_numpy()))
    first = int(np.argmax(respondents == respondents[again]))
    others = ids[repeated].nunique() - 1
    raise ResponsesError(
        f"Respondent '{respondents[again]}' stands in the file twice"
        f"{f' ({others} more ids likewise)' if others else ''}",
        place=table.place(again),
        found=f"rows {table.row_numbers[first]} and {table.row_numbers[again]}",
        remedy="Remove the repeated row, or give each respondent an id of their own.",
    )


def _refuse_nobody(file: Path | str, stays: NDArray[np.bool_], ledger: Ledger) -> None:
    if stays.any():
        return
    reasons = ledger.exclusions().items()
    raise ResponsesError(
        "No respondent is left after cleaning",
        place=Place(file),
        found=listed(f"{n} excluded as {code.replace('_', ' ')}" for code, n in reasons),
    )


def _simulated_notice(simulated: bool) -> tuple[Notice, ...]:
    text = "The answers are simulated; they are not from real respondents."
    return (Notice("simulated_data", text),) if simulated else ()


def _unusable_notices(ledger: Ledger) -> tuple[Notice, ...]:
    totals = ledger.totals()
    return tuple(
        Notice(
            f"{row['code']}_set_missing",
            f"{row['cells']} answers of {row['respondents']} respondents were set missing"
            f" ({row['code'].replace('_', ' ')}).",
            {"cells": row["cells"], "respondents": row["respondents"]},
        )
        for row in totals[totals["action"] == "set_missing"].to_dict("records")
    )
