"""Square matrices of many variables, as tables that fit on a page."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from loyaltysem.report.context import words_cell
from loyaltysem.report.document import Cell, Column, Row, Table, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.report.numbers import Kind

WIDEST = 12
"""Columns of numbers that a page takes; more variables share them out evenly."""


def lower_tables(
    context: Context,
    key: str,
    words: str,
    variables: Sequence[str],
    lower: Sequence[Sequence[float | None]],
    *,
    kind: Kind,
    strong_from: float | None = None,
    **facts: object,
) -> list[Table]:
    """Return the lower triangle of a matrix in tables of a few columns each.

    Parameters
    ----------
    context
        The report's.
    key
        Key of the first table; the others get a number.
    words
        The catalogue's entries ``<words>.caption`` (facts, ``part`` and ``parts``) and ``.note``.
    variables
        Names of rows and columns.
    lower
        Rows up to the diagonal.
    kind
        What the values are.
    strong_from
        Size from which a value off the diagonal stands out.
    facts
        Facts of the caption and the note.
    """
    width = ceil(len(variables) / max(ceil(len(variables) / WIDEST), 1)) or WIDEST
    starts = range(0, len(variables), width)
    note = context.say(f"{words}.note", **facts)
    return [
        Table(
            key=key if part == 1 else f"{key}_{part}",
            caption=context.say(f"{words}.caption", part=part, parts=len(starts), **facts),
            columns=_columns(context, variables[start : start + width]),
            rows=tuple(
                _row(
                    variables[place],
                    lower[place],
                    place,
                    range(start, start + width),
                    kind,
                    strong_from,
                )
                for place in range(start, len(variables))
            ),
            notes=(note,) if part == len(starts) else (),
        )
        for part, start in enumerate(starts, start=1)
    ]


def _columns(context: Context, variables: Sequence[str]) -> tuple[Column, ...]:
    return (context.column("item", align="text"), *(Column(title=plain(v)) for v in variables))


def _row(
    name: str | Line,
    values: Sequence[float | None],
    place: int,
    columns: range,
    kind: Kind,
    strong_from: float | None,
) -> Row:
    cells = [words_cell(name)]
    for column in columns:
        if column > place:
            cells.append(words_cell(""))
            continue
        value = values[column]
        large = strong_from is not None and value is not None and abs(value) > strong_from
        cells.append(Cell(value=value, kind=kind, strong=large and column != place))
    return Row(cells=tuple(cells))
