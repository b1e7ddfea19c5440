"""The report before it has a format."""

from __future__ import annotations

import pytest

from loyaltysem.errors import ReportError
from loyaltysem.report.document import (
    Cell,
    Column,
    Document,
    Heading,
    Row,
    Run,
    Table,
    as_text,
    grid,
    numbered,
    plain,
)
from loyaltysem.report.numbers import Kind

COLUMNS = tuple(Column(title=plain(name)) for name in ("a", "b", "c"))


def table(key: str, *rows: Row) -> Table:
    return Table(key=key, caption=plain(key), columns=COLUMNS, rows=rows)


def test_numbers_headings_and_tables_in_reading_order() -> None:
    blocks = numbered(
        [
            Heading(key="a", level=1, text=plain("A")),
            table("first"),
            Heading(key="b", level=2, text=plain("B")),
            Heading(key="c", level=2, text=plain("C")),
            Heading(key="d", level=1, text=plain("D")),
            Heading(key="e", level=2, text=plain("E")),
            table("second"),
        ]
    )
    assert [block.number for block in blocks] == ["1", 1, "1.1", "1.2", "2", "2.1", 2]


def test_references_show_the_label_and_refuse_what_is_not_there() -> None:
    document = Document(
        language="zh",
        title="t",
        subtitle=(),
        colophon=(),
        blocks=numbered([table("first"), table("second")]),
        labels={"table": "表", "figure": "图"},
    )
    assert document.label("second") == "表 2"
    with pytest.raises(ReportError) as caught:
        document.label("third")
    assert caught.value.found == "third"


def test_grid_leaves_out_cells_under_a_spanning_one() -> None:
    one, two, three = Cell(value="1"), Cell(value="2"), Cell(value="3")
    tall = Cell(value="tall", rows=2)
    rows = (
        Row(cells=(tall, one, tall)),
        Row(cells=(two,)),
        Row(cells=(Cell(value="head"),), group=True),
        Row(cells=(one, two, three)),
    )
    assert grid(table("t", *rows)) == (
        (tall, one, tall),
        (None, two, None),
        (Cell(value="head"),),
        (one, two, three),
    )


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Cell(value="a\x00\u202eb"), "ab"),
        (Cell(value=0.5, kind=Kind.BOUNDED), ".500"),
        (Cell(value=None, kind=Kind.BOUNDED), "–"),
        (Cell(value=(0.1, -0.25), kind=Kind.ESTIMATE), "[0.100, −0.250]"),
        (Cell(value=(None, 0.2), kind=Kind.ESTIMATE), "–"),
        (Cell(value=0.9, kind=Kind.CUTOFF, prefix="≥"), "≥\u00a0.90"),
        (Cell(value=(Run("R", "italic"), Run("²"))), "R²"),
    ],
)
def test_cells_know_what_they_print(cell: Cell, text: str) -> None:
    assert cell.text() == text


def test_stars_come_from_the_p_value_beside_the_value() -> None:
    assert Cell(value=0.4, kind=Kind.BOUNDED, pvalue=0.004).stars() == "**"
    assert Cell(value=0.4, kind=Kind.BOUNDED).stars() == ""


def test_plain_text_has_no_markup() -> None:
    assert as_text(plain("<i>x</i>")) == "<i>x</i>"
