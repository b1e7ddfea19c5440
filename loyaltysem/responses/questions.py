"""The further questions: choices, rankings, numbers, dates, open texts, screening."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.responses.ledger import entries_of
from loyaltysem.responses.spelling import parsed_number, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from loyaltysem.questionnaire.form import Entry
    from loyaltysem.responses.cell_reader import CellReader
    from loyaltysem.responses.cells import CellReaders
    from loyaltysem.responses.columns import TextColumn

ROLES = frozenset({"consent", "screening", "question"})


def read_questions(
    readers: CellReaders, respondents: NDArray[np.object_]
) -> tuple[pd.DataFrame, tuple[pd.DataFrame, ...]]:
    """Return the answers to all questions that are neither items, checks nor demographics.

    Returns
    -------
    tuple
        One text column per column of the form (an option's code, 1 or 0 for an option of several,
        the rank of an option, a number, a date as it was given, a text), empty where nothing was
        answered; and the ledger's entries about answers that are none.
    """
    frame: dict[str, NDArray[np.object_]] = {}
    entries: list[pd.DataFrame] = []
    for entry in readers.columns.form.entries:
        if entry.role not in ROLES:
            continue
        for name, answers, unknown, cells in _read(entry, readers):
            frame[name] = answers
            entries.append(
                entries_of(
                    code="unknown_option" if entry.options else "text_value",
                    action="set_missing",
                    respondents=respondents[unknown],
                    items=(name,),
                    found=cells.text(unknown),
                )
            )
    return pd.DataFrame(frame, index=pd.Index(respondents, name="respondent")), tuple(entries)


Answers = tuple[str, "NDArray[np.object_]", "NDArray[np.bool_]", "TextColumn"]


def _read(entry: Entry, readers: CellReaders) -> Iterator[Answers]:
    """Yield name, answers, which cells are no answer, and the cells of each column."""
    parts = readers.parts(entry)
    if entry.kind in {"multiple", "ranking"}:
        if parts:
            yield from _parted(entry, parts)
        elif readers.has(entry.code):
            yield from _joined(entry, *readers.whole(entry.code), readers.columns.platform.joints)
    elif readers.has(entry.code):
        cells, reader = readers.whole(entry.code)
        yield _plain_answers(entry.code, cells, _single(entry, reader))


def _single(entry: Entry, reader: CellReader) -> Callable[[str], str | None]:
    """Return what reads one cell: the answer, empty for none, None for what cannot be."""
    if entry.kind == "single":
        return reader.option
    if entry.kind == "number":
        return lambda cell: "" if reader.is_missing(cell) else _number(cell, reader)
    if entry.kind == "rating":
        return lambda cell: whole_number(reader.point(cell))
    return lambda cell: "" if reader.is_missing(cell) else cell.strip()


def _number(cell: str, reader: CellReader) -> str | None:
    entry, number = reader.entry, reader.number(plain(cell))
    low = -np.inf if entry.lowest is None else entry.lowest
    high = np.inf if entry.highest is None else entry.highest
    if not np.isfinite(number) or not low <= number <= high:
        return None
    return whole_number(number)


def whole_number(number: float) -> str | None:
    """Return a number as text, empty for none, None for what is none; 5 without a point."""
    if np.isnan(number):
        return ""
    if np.isinf(number):
        return None
    return str(int(number)) if float(number).is_integer() else repr(float(number))


def _plain_answers(name: str, cells: TextColumn, read: Callable[[str], str | None]) -> Answers:
    told = [read(value) for value in cells.texts]
    answers = np.array([*(one or "" for one in told), ""], dtype=object)[cells.codes]
    unknown = np.array([one is None for one in told], dtype=bool)[cells.codes]
    return name, answers, unknown, cells


def _joined(
    entry: Entry, cells: TextColumn, reader: CellReader, joints: tuple[str, ...]
) -> Iterator[Answers]:
    """Yield the columns of several choices, or of a ranking, that stand in one cell."""
    told = [reader.choices(value, joints) for value in cells.texts]
    unknown = np.array([one is None for one in told], dtype=bool)[cells.codes]
    for name, option in zip(entry.columns, entry.options, strict=True):
        marks = [_mark(entry, option, one or []) for one in told]
        answers = np.array([*marks, ""], dtype=object)[cells.codes]
        yield name, answers, unknown if name == entry.columns[0] else np.zeros_like(unknown), cells


def _mark(entry: Entry, option: str, chosen: list[str]) -> str:
    if not chosen:
        return ""
    if entry.kind == "ranking":
        return str(chosen.index(option) + 1) if option in chosen else ""
    return str(int(option in chosen))


def _parted(
    entry: Entry, parts: dict[tuple[str, int], tuple[TextColumn, CellReader]]
) -> Iterator[Answers]:
    """Yield the columns of a question whose options or ranks stand in a column each."""
    if any(rank for _, rank in parts):
        yield from _ranks(entry, parts)
        return
    columns = {
        option: _plain_answers(
            f"{entry.code}_{option}",
            cells,
            reader.chosen if entry.kind == "multiple" else lambda cell, r=reader: _rank(cell, r),  # type: ignore[misc]
        )
        for (option, _), (cells, reader) in parts.items()
    }
    if entry.kind == "multiple":
        anything = np.any([answers == "1" for _, answers, _, _ in columns.values()], axis=0)
        marked = np.any([answers == "0" for _, answers, _, _ in columns.values()], axis=0)
        for name, answers, unknown, cells in columns.values():
            filled = np.where((answers == "") & (anything | marked) & ~unknown, "0", answers)
            yield name, filled, unknown, cells
        return
    yield from columns.values()


def _rank(cell: str, reader: CellReader) -> str | None:
    if reader.is_missing(cell):
        return ""
    number = parsed_number(plain(cell))
    in_range = 1 <= number <= len(reader.entry.options)
    return str(int(number)) if in_range and float(number).is_integer() else None


def _ranks(
    entry: Entry, parts: dict[tuple[str, int], tuple[TextColumn, CellReader]]
) -> Iterator[Answers]:
    """Yield the ranks of the options from columns that hold the option of each rank."""
    read = {
        rank: _plain_answers("", cells, reader.option)
        for (_, rank), (cells, reader) in parts.items()
    }
    for name, option in zip(entry.columns, entry.options, strict=True):
        n = len(next(iter(read.values()))[1])
        answers = np.full(n, "", dtype=object)
        for rank, (_, options, _, _) in read.items():
            answers[options == option] = str(rank)
        rank = list(entry.options).index(option) + 1
        _, _, unknown, cells = read.get(rank, next(iter(read.values())))
        yield name, answers, unknown if rank in read else np.zeros(n, dtype=bool), cells
