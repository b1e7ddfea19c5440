"""What a cell says, however it is spelt."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltysem.responses.cells import CellReader

READER = CellReader(
    entry=None,  # type: ignore[arg-type] - not needed to read a rating
    missing=frozenset({"-3", "(空)"}),
    points={"非常同意": 5.0, "同意": 4.0, "strongly agree": 5.0},
    options={},
)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        *(("3", 3), (" 4 ", 4), ("5.0", 5), ("７", 7), ("-1", -1), ("1e1", 10), ("2.5", 2.5)),
        *(("非常同意", 5), (" Strongly  AGREE", 5), ("5-同意?", np.inf), ("5-非常同意", 5)),
        *(("4．同意", 4), ("同意（4）", 4), ("5 = strongly agree", 5), ("3分", 3), ("4 points", 4)),
    ],
)
def test_numbers_and_labels(cell, number):
    assert READER.point(cell) == number


def test_a_number_beside_another_label_is_not_guessed():
    assert READER.point("5-同意") == np.inf


@pytest.mark.parametrize(
    "cell", ["", "  ", "NA", "n/a", "NaN", "null", ".", "#N/A", "－", "-3", "(空)", "（空）"]
)
def test_marks_of_no_answer(cell):
    assert np.isnan(READER.point(cell))


@pytest.mark.parametrize("cell", ["agreed", "不知道", "5 yes", "1_0", "3,5", "True", "=1+1", "inf"])
def test_other_text(cell):
    assert READER.point(cell) == np.inf


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_missing_or_text(cell):
    assert isinstance(READER.point(cell), float)
