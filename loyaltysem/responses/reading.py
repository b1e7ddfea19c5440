"""From a file of answers to the answers that are analysed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import Notice, Place, ResponsesError, listed
from loyaltysem.responses.answers import Responses, refuse_nobody
from loyaltysem.responses.cells import CellReaders
from loyaltysem.responses.demographics import read_demographics
from loyaltysem.responses.headings import match_headings
from loyaltysem.responses.ledger import Ledger, entries_of, ledger_of
from loyaltysem.responses.mapping import read_mapping
from loyaltysem.responses.platforms import recognised
from loyaltysem.responses.privacy import personal_columns, personal_notice, shown
from loyaltysem.responses.questions import read_questions
from loyaltysem.responses.screening import attention_failures
from loyaltysem.responses.tables import read_table
from loyaltysem.responses.technical import extra_columns, preview_rows, technical_columns
from loyaltysem.responses.values import Invalid, checked_answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.questionnaire import Questionnaire
    from loyaltysem.responses.mapping import Mapping as HeadingMapping
    from loyaltysem.responses.platforms import Platform
    from loyaltysem.responses.tables import RawTable


def read_responses(
    path: Path | str,
    questionnaire: Questionnaire,
    *,
    invalid: Invalid = "missing",
    id_column: str | None = None,
    extra: Sequence[str] = (),
    mapping: HeadingMapping | Path | str | None = None,
) -> Responses:
    """Read a file of answers, whatever platform or program it comes from.

    Exports of Wenjuanxing (by text or number), Qualtrics, LimeSurvey, KoBoToolbox and ODK, Google
    Forms, SurveyJS and the HTML page, SPSS and Stata files, and tables of one's own are told apart
    by their headings (docs/platforms.md says how). Columns are matched to questions by code, then
    by wording in any language; answers may be numbers, labels in any language, or both.
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
    mapping
        What the headings stand for, or the YAML file in which it was saved (`save_mapping`).

    Raises
    ------
    DocumentError
        The mapping cannot be read.
    ResponsesError
        The file cannot be read, a heading fits several questions, an item's column is missing or
        stands twice, an id stands twice, a column is unusable at large, or nobody is left.
    """
    platform, table = recognised(read_table(path))
    _refuse_no_rows(table)
    columns = match_headings(
        table, questionnaire, id_column, extra, platform=platform, mapping=_mapping(mapping)
    )
    respondents, id_entries = _respondents(table, columns.id)
    index = pd.Index(respondents, name="respondent")
    readers = CellReaders(table, columns)
    checked = checked_answers(table, readers, questionnaire, respondents, invalid)
    demographics, demographic_entries = read_demographics(readers, questionnaire, respondents)
    questions, question_entries = read_questions(readers, respondents)
    stays, exclusions = _who_stays(table, readers, questionnaire, respondents)
    told = (*checked.entries, *demographic_entries, *question_entries)
    ledger = ledger_of([id_entries, *told, *exclusions])
    refuse_nobody(table.path, stays, ledger)
    answers = pd.DataFrame(
        checked.values, index=index, columns=list(questionnaire.item_codes), copy=False
    )
    return Responses(
        questionnaire=questionnaire,
        answers=answers[stays],
        demographics=demographics[stays],
        questions=questions[stays],
        technical=technical_columns(table, columns, index)[stays],
        extra=extra_columns(table, columns, index)[stays],
        ledger=ledger,
        notices=_notices(platform, table, readers, ledger),
        n_read=len(respondents),
        simulated=columns.simulated,
        file=table.path.name,
        sha256=table.sha256,
        platform=platform.name,
        matches=columns.matches,
    )


def _who_stays(
    table: RawTable,
    readers: CellReaders,
    questionnaire: Questionnaire,
    respondents: NDArray[np.object_],
) -> tuple[NDArray[np.bool_], tuple[pd.DataFrame, ...]]:
    """Return who is neither a preview nor failed an attention check, and the ledger's entries."""
    previews, preview_entries = preview_rows(table, readers.columns, respondents)
    failed, entries = attention_failures(readers, questionnaire, respondents, previews)
    return ~(failed | previews), (*preview_entries, *entries)


def _notices(
    platform: Platform, table: RawTable, readers: CellReaders, ledger: Ledger
) -> tuple[Notice, ...]:
    """Return what a reader of the results must know about the file."""
    columns = readers.columns
    return (
        *_platform_notice(platform),
        *table.notices,
        *columns.notices,
        *personal_notice(personal_columns(table, columns)),
        *_counted_notice(readers.counted),
        *_simulated_notice(columns.simulated),
        *_unusable_notices(ledger),
    )


def _mapping(given: HeadingMapping | Path | str | None) -> HeadingMapping | None:
    return read_mapping(given) if isinstance(given, str | Path) else given


def _refuse_no_rows(table: RawTable) -> None:
    if not len(table.row_numbers):
        raise ResponsesError("The file has headings but no answers", place=Place(table.path))


def _platform_notice(platform: Platform) -> tuple[Notice, ...]:
    if platform.name in {"plain", "html"}:
        return ()
    text = f"The data file was read as an export of {platform.title}."
    return (Notice("platform_recognised", text, {"platform": platform.title}),)


def _respondents(
    table: RawTable, id_column: int | None
) -> tuple[NDArray[np.object_], pd.DataFrame]:
    """Return the ids, with the row in place of an id that is blank, and the ledger's entries."""
    rows = np.array([f"row {number}" for number in table.row_numbers], dtype=object)
    if id_column is None:
        return rows, entries_of(code="missing_id", action="numbered")
    given = table.columns[id_column].mapped(str.strip).text()
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
        f"Respondent '{shown(respondents[again])}' stands in the file twice"
        f"{f' ({others} more ids likewise)' if others else ''}",
        place=table.place(again),
        found=f"rows {table.row_numbers[first]} and {table.row_numbers[again]}",
        remedy="Remove the repeated row, or give each respondent an id of their own.",
    )


def _counted_notice(codes: Sequence[str]) -> tuple[Notice, ...]:
    if not codes:
        return ()
    text = (
        f"The numbers of {listed(codes)} were taken for positions counted from 1, not for points of"
        " the scale; export the answers as texts if that is in doubt."
    )
    return (Notice("points_counted", text, {"codes": tuple(codes)}),)


def _simulated_notice(simulated: bool) -> tuple[Notice, ...]:
    text = "The answers are simulated; they are not from real respondents."
    return (Notice("simulated_data", text),) if simulated else ()


def _unusable_notices(ledger: Ledger) -> tuple[Notice, ...]:
    return tuple(
        Notice(
            f"{row['code']}_set_missing",
            f"Answers set missing ({row['code'].replace('_', ' ')}): {row['cells']}, of"
            f" {row['respondents']} respondent{'s' if row['respondents'] > 1 else ''}.",
            {"cells": row["cells"], "respondents": row["respondents"]},
        )
        for row in ledger.totals_of("set_missing").to_dict("records")
    )
