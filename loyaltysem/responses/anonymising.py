"""A file of answers without personal data, to be shared."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from loyaltysem.errors import Place, ResponsesError, did_you_mean, listed
from loyaltysem.responses.cells import CellReaders
from loyaltysem.responses.headings import SIMULATED_HEADING, match_headings
from loyaltysem.responses.mapping import heading_names
from loyaltysem.responses.platforms import recognised
from loyaltysem.responses.privacy import DAY, personal_columns
from loyaltysem.responses.questions import read_questions, whole_number
from loyaltysem.responses.saving import write_table
from loyaltysem.responses.spelling import plain
from loyaltysem.responses.tables import read_table
from loyaltysem.responses.technical import seconds_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.questionnaire import Questionnaire
    from loyaltysem.responses.columns import TextColumn
    from loyaltysem.responses.headings import ColumnMap
    from loyaltysem.responses.tables import RawTable

ASKED = "asked for"
OF_PLATFORM = "recorded by the platform"

_ADDED = re.compile(r"[〖【][^〖【】〗]*[】〗]")
"""What a respondent wrote beside an option such as "other"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnTreatment:
    """What became of one column, and why."""

    heading: str
    action: Literal["kept", "dropped", "pseudonyms", "day only"]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Anonymised:
    """A file that can be shared.

    Attributes
    ----------
    path, n
        The file, and its respondents: all of the original, in random order.
    columns
        What became of each column of the original.
    n_texts_lost
        Texts in place of a number, or beside an option, that could not be kept, since they may say
        anything.
    smallest_group
        Respondents in the smallest group alike in all characteristics (k-anonymity); None where
        the questionnaire has no characteristics or was not given.
    """

    path: Path
    n: int
    columns: tuple[ColumnTreatment, ...]
    n_texts_lost: int
    smallest_group: int | None


def anonymise(
    path: Path | str,
    to: Path | str,
    *,
    questionnaire: Questionnaire | None = None,
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    seed: int | None = None,
    overwrite: bool = False,
) -> Anonymised:
    """Write the answers of a file without personal data; the file itself is not touched.

    Personal columns are dropped, so is what respondents wrote beside an option; ids are replaced
    (``r0001`` …), times cut to the day, and the rows put in random order. With a questionnaire only
    answers to its questions are written, by their codes (its open texts are dropped), and what a
    platform recorded; without one the columns keep their headings and cells.

    Parameters
    ----------
    path, to
        The file of answers, and where to write: .csv, .xlsx or .parquet.
    questionnaire
        What was asked.
    keep, drop
        Headings to keep although they look personal, and further ones to drop.
    seed
        Fixes the random order; unpredictable when None, as it should be.
    overwrite
        Whether ``to`` may exist.

    Raises
    ------
    ResponsesError
        The file cannot be read, a heading is not there, or ``to`` exists or is the file itself.
    """
    if Path(to).resolve() == Path(path).resolve():
        raise ResponsesError(
            "The file would overwrite itself", place=Place(path), remedy="Choose another name."
        )
    platform, table = recognised(read_table(path))
    for heading in (*keep, *drop):
        if heading not in table.headings:
            raise ResponsesError(
                f"The file has no column '{heading}'",
                place=Place(table.path, 1),
                expected=listed(table.headings),
                remedy=did_you_mean(heading, table.headings),
            )
    columns = match_headings(table, questionnaire, platform=platform) if questionnaire else None
    treatments = _treatments(table, columns, set(keep), set(drop))
    frame, n_lost = _shared(table, columns, treatments)
    rng = np.random.default_rng(secrets.randbits(128) if seed is None else seed)
    order = rng.permutation(len(frame))
    frame = frame.iloc[order].reset_index(drop=True)
    for name, treatment in zip(heading_names(table.headings), treatments, strict=True):
        if treatment.action == "pseudonyms":
            frame = frame.drop(columns=name, errors="ignore")
            frame.insert(0, name if columns is None else "id", _pseudonyms(len(frame)))
    written = write_table(frame, Path(to), overwrite=overwrite)
    return Anonymised(
        path=written,
        n=len(frame),
        columns=treatments,
        n_texts_lost=n_lost,
        smallest_group=_smallest_group(frame, questionnaire),
    )


def _treatments(
    table: RawTable, columns: ColumnMap | None, keep: set[str], drop: set[str]
) -> tuple[ColumnTreatment, ...]:
    personal = {one.column: one for one in personal_columns(table, columns)}
    asked = set(columns.columns.values()) if columns else set(range(len(table.headings)))
    technical = _technical(table, columns)
    treated = []
    for k, heading in enumerate(table.headings):
        role = technical.get(k)
        if heading in drop:
            told = ("dropped", ASKED)
        elif heading in keep:
            told = ("kept", ASKED)
        elif role == "id":
            told = ("pseudonyms", "id of the respondent")
        elif k in personal:
            told = ("dropped", f"personal: {personal[k].kind}")
        elif role in {"submitted", "started"}:
            told = ("day only", "time")
        elif role in {"ip", "device", "source", "total", "status", OF_PLATFORM}:
            told = ("dropped", role)
        elif columns is not None and plain(heading) == SIMULATED_HEADING:
            told = ("kept", "mark of simulated answers")
        elif k not in asked and role is None:
            told = ("dropped", "no question of the questionnaire")
        else:
            told = ("kept", role or ("question" if columns else "not personal"))
        treated.append(ColumnTreatment(heading=heading, action=told[0], reason=told[1]))  # type: ignore[arg-type]
    return tuple(treated)


def _technical(table: RawTable, columns: ColumnMap | None) -> dict[int, str]:
    """Return what the platform recorded in which column."""
    if columns is not None:
        roles = {k: str(role) for role, k in columns.technical.items()}
        return roles | ({columns.id: "id"} if columns.id is not None else {})
    platform, _ = recognised(table)
    told = [platform.heading(table, k) for k in range(len(table.headings))]
    roles = {
        k: str(one.technical or OF_PLATFORM)
        for k, one in enumerate(told)
        if one.technical or not (one.codes or one.wordings)
    }
    usual = {"id", "respondent_id", "respondent"}
    return roles | {k: "id" for k, name in enumerate(table.headings) if plain(name) in usual}


def _shared(
    table: RawTable, columns: ColumnMap | None, treatments: tuple[ColumnTreatment, ...]
) -> tuple[pd.DataFrame, int]:
    """Return what is written, by codes or by headings, and how many texts could not be kept."""
    if columns is None:
        return _by_headings(table, treatments)
    readers = CellReaders(table, columns)
    frame, n_lost = _chosen(readers)
    written = {k for k, one in enumerate(treatments) if one.action != "dropped"}
    questions, _ = read_questions(readers, np.arange(len(table.row_numbers)).astype(object))
    at = {str(target): k for target, k in columns.columns.items()}
    for name in map(str, questions):
        if name not in at or at[name] in written:
            frame[name] = questions[name].to_numpy(dtype=object)
    for role, k in columns.technical.items():
        if k in written and role != "id":
            cells = _days(table.columns[k], treatments[k])
            frame[role] = (cells.mapped(seconds_text) if role == "seconds" else cells).text()
    asked = set(columns.columns.values())
    for k, one in enumerate(treatments):
        if (one.action, one.reason) == ("kept", ASKED) and k not in asked:
            frame[one.heading] = table.columns[k].text()
    if columns.simulated:
        frame[SIMULATED_HEADING] = np.full(len(table.row_numbers), "yes", dtype=object)
    return pd.DataFrame(frame), n_lost


def _chosen(readers: CellReaders) -> tuple[dict[str, NDArray[np.object_]], int]:
    """Return the ratings and characteristics, and how many texts stood in place of a rating."""
    frame: dict[str, NDArray[np.object_]] = {}
    n_lost = 0
    for entry in readers.columns.form.entries:
        if not readers.has(entry.code):
            continue
        cells, reader = readers.whole(entry.code)
        if entry.kind == "rating" or entry.role == "item":
            points = np.array([reader.point(text) for text in cells.texts])
            texts = ["" if np.isinf(point) else whole_number(point) or "" for point in points]
            n_lost += int(np.isinf(points)[cells.codes].sum())
        elif entry.role == "demographic":
            texts = [reader.option(text) or "" for text in cells.texts]
        else:
            continue
        frame[entry.code] = np.array(texts, dtype=object)[cells.codes]
    return frame, n_lost


def _by_headings(
    table: RawTable, treatments: tuple[ColumnTreatment, ...]
) -> tuple[pd.DataFrame, int]:
    frame = {}
    n_lost = 0
    for name, k in zip(heading_names(table.headings), range(len(treatments)), strict=True):
        if treatments[k].action != "dropped":
            cells = table.columns[k]
            n_lost += int(cells.where(lambda text: bool(_ADDED.search(text))).sum())
            frame[name] = _days(
                cells.mapped(lambda text: _ADDED.sub("", text)), treatments[k]
            ).text()
    return pd.DataFrame(frame), n_lost


def _days(cells: TextColumn, treatment: ColumnTreatment) -> TextColumn:
    if treatment.action != "day only":
        return cells
    return cells.mapped(lambda text: (DAY.match(text.strip()) or [""])[0])


def _pseudonyms(n: int) -> list[str]:
    width = max(4, len(str(n)))
    return [f"r{k:0{width}}" for k in range(1, n + 1)]


def _smallest_group(frame: pd.DataFrame, questionnaire: Questionnaire | None) -> int | None:
    codes = [one.code for one in questionnaire.demographics] if questionnaire else []
    codes = [code for code in codes if code in frame]
    return int(frame.groupby(codes).size().min()) if codes else None
