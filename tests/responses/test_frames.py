import numpy as np
import pytest

from loyaltysem.errors import ResponsesError
from loyaltysem.responses.frames import data_frame
from loyaltysem.responses.tables import read_table


def frame_of(tmp_path, text):
    path = tmp_path / "data.csv"
    path.write_text(text, encoding="utf-8")
    return data_frame(read_table(path))


def test_numbers_texts_and_gaps(tmp_path):
    frame = frame_of(tmp_path, "a,b,c\n1,x,NA\n2.5, y ,3\n,x,.\n1e-3,,4\n")
    np.testing.assert_array_equal(frame["a"], [1.0, 2.5, np.nan, 0.001])
    np.testing.assert_array_equal(frame["c"], [np.nan, 3.0, np.nan, 4.0])
    assert frame["b"].tolist()[:3] == ["x", "y", "x"]
    assert frame["b"].isna().tolist() == [False, False, False, True]


def test_a_single_word_keeps_the_column_as_text(tmp_path):
    assert frame_of(tmp_path, "a\n1\ntwo\n")["a"].tolist() == ["1", "two"]


def test_every_digit_counts(tmp_path):
    value = 0.12345678901234567
    assert frame_of(tmp_path, f"a\n{value!r}\n")["a"][0] == value


def test_headings_twice_are_refused(tmp_path):
    with pytest.raises(ResponsesError, match="'a' stands twice"):
        frame_of(tmp_path, "a,b,a\n1,2,3\n")


def test_decimal_commas_unless_they_could_be_thousands(tmp_path):
    frame = frame_of(tmp_path, "a;b;c\n1,5;1,500;0,125\n-2;2,250;1\n3,125;NA;1,500\n")
    assert frame["a"].tolist() == [1.5, -2.0, 3.125]
    assert frame["b"].tolist()[:2] == ["1,500", "2,250"]
    assert frame["c"].tolist() == [0.125, 1.0, 1.5]
