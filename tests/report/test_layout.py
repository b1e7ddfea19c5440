"""The widths of columns and the size of type in tables."""

from __future__ import annotations

from typing import Any

import pytest

from loyaltysem.report.document import Cell, Column, Document, Row, Table, plain
from loyaltysem.report.layout import MAX_STARS, SIZES, TEXT_WIDTH, _lengths, layout, leads
from loyaltysem.report.numbers import Kind

DOCUMENT = Document(language="en", title="t", subtitle=(), colophon=(), blocks=())


def table(*texts: str, numbers: int = 1, starred: bool = False) -> Table:
    """Return a table of one row: text columns, then number columns."""
    columns = [Column(title=plain("Name"), align="text") for _ in texts]
    columns += [Column(title=plain("x"), starred=starred) for _ in range(numbers)]
    cells = [Cell(value=text) for text in texts]
    cells += [Cell(value=-12.345, kind=Kind.ESTIMATE) for _ in range(numbers)]
    return Table(
        key="t", caption=plain("t"), columns=tuple(columns), rows=(Row(cells=tuple(cells)),)
    )


def test_few_short_columns_make_a_narrow_table() -> None:
    size, widths = layout(table("a"), DOCUMENT)
    assert size == SIZES[0]
    assert sum(widths) < 0.6 * TEXT_WIDTH


def test_longer_text_gets_more_room() -> None:
    _, widths = layout(table("short", "a text that is a good deal longer", numbers=2), DOCUMENT)
    assert widths[1] > 2 * widths[0]


def test_stars_get_room_of_their_own() -> None:
    without, with_stars = (
        layout(table("a", "b", numbers=6, starred=starred), DOCUMENT)[1]
        for starred in (False, True)
    )
    assert with_stars[-1] / with_stars[0] > without[-1] / without[0]


def test_stars_get_room_in_the_title_of_a_column_that_is_empty() -> None:
    columns = (Column(title=plain("Name"), align="text"), Column(title=plain("10"), starred=True))
    empty = Table(
        key="t",
        caption=plain("t"),
        columns=columns,
        rows=(Row(cells=(Cell(value="a"), Cell(value=""))),),
    )
    longest, _ = _lengths(empty, DOCUMENT)
    assert longest[1] > MAX_STARS + 2


def test_words_after_numbers_get_a_lead() -> None:
    columns = [Column(title=plain("x"), align=side) for side in ("text", "number", "text", "text")]
    row = Row(cells=tuple(Cell(value="a") for _ in columns))
    wide = Table(key="t", caption=plain("t"), columns=tuple(columns), rows=(row,))
    assert [lead > 0 for lead in leads(wide)] == [False, False, True, False]


@pytest.mark.parametrize("numbers", [4, 8, 12, 16, 30])
def test_many_columns_get_smaller_type_and_stay_on_the_page(numbers: int) -> None:
    size, widths = layout(table("a name of some length", numbers=numbers), DOCUMENT)
    assert size in SIZES
    assert sum(widths) <= TEXT_WIDTH
    assert min(widths) > 0
    assert layout(table("a", numbers=3), DOCUMENT)[0] >= size


def test_a_very_long_word_does_not_push_the_numbers_off_the_page() -> None:
    _, widths = layout(table("x" * 4000, numbers=3), DOCUMENT)
    assert sum(widths) <= TEXT_WIDTH
    assert min(widths[1:]) > 500


@pytest.mark.parametrize("text", ["", "国" * 200, "\u00a0", "→", "a b"])
def test_any_text_can_be_laid_out(text: str) -> None:
    widths: list[Any] = layout(table(text, numbers=2), DOCUMENT)[1]
    assert all(width > 0 for width in widths)
