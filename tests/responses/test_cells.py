"""What a cell says, however it is spelt."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltysem.questionnaire.form import Entry
from loyaltysem.responses.cell_reader import CellReader
from loyaltysem.responses.spelling import with_bare


def reader(kind="rating", options=None, **wording: str) -> CellReader:
    return CellReader(
        entry=Entry(
            code="Q", wording=wording or {"en": "?"}, kind=kind, role="item", required=True
        ),
        missing=frozenset({"-3", "(空)"}),
        points=with_bare({"非常同意": 5.0, "同意": 4.0, "strongly agree": 5.0}),
        options=with_bare(options or {}),
    )


READER = reader()


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        *(("3", 3), (" 4 ", 4), ("5.0", 5), ("７", 7), ("-1", -1), ("1e1", 10), ("2.5", 2.5)),
        *(("非常同意", 5), (" Strongly  AGREE", 5), ("5-同意?", np.inf), ("5-非常同意", 5)),
        *(("4．同意", 4), ("同意（4）", 4), ("5 = strongly agree", 5), ("3分", 3), ("4 points", 4)),
        *(
            ("4同意", 4),
            ("非常 同意。", 5),
            ("Strongly agree.", 5),
            ("−1", -1),
            ("4,0", 4),
            ("4,5", 4.5),
        ),
    ],
)
def test_numbers_and_labels(cell, number):
    assert READER.point(cell) == number


def test_a_number_beside_another_label_is_not_guessed():
    assert READER.point("5-同意") == np.inf
    assert READER.point("5同意") == np.inf


@pytest.mark.parametrize(
    "cell", ["", "  ", "NA", "n/a", "NaN", "null", ".", "#N/A", "－", "-3", "(空)", "（空）"]
)
def test_marks_of_no_answer(cell):
    assert np.isnan(READER.point(cell))


@pytest.mark.parametrize(
    "cell", ["agreed", "不知道", "5 yes", "1_0", "3,500", "5年", "True", "=1+1", "inf"]
)
def test_other_text(cell):
    assert READER.point(cell) == np.inf


def test_a_unit_is_read_if_the_question_asks_in_it():
    days = reader(
        "number", zh="过去30天中，您有多少天下过订单？", en="On how many days did you order?"
    )
    assert [days.number(text) for text in ("12天", "12 days", "３")] == [12, 12, 3]
    assert all(np.isnan(days.number(text)) for text in ("2个月", "2 d", "about 3 days", "分"))


def test_options_are_found_whatever_their_dashes_and_full_stops():
    ages = reader("single", {"18-25": "b", "under 18": "a", "26-30": "c"})
    assert [ages.option(text) for text in ("18–25", "18～25", "Under 18.", "２６－３０")] == list(
        "bbac"
    )
    assert ages.option("1825") is None


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_missing_or_text(cell):
    assert isinstance(READER.point(cell), float)
