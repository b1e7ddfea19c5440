"""CSV and Excel files become the same cells of text."""

from __future__ import annotations

import hashlib
from datetime import date

import openpyxl
import pytest

from loyaltysem.errors import ResponsesError
from loyaltysem.responses.tables import read_table


@pytest.fixture
def workbook(tmp_path):
    def save(rows, *more_sheets):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        for name in more_sheets:
            book.create_sheet(name)
        path = tmp_path / "answers.xlsx"
        book.save(path)
        return path

    return save


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_cells_of_a_csv(written, separator):
    path = written(f"id{separator}Q1\na{separator}3\nb{separator}\n")
    table = read_table(path)
    assert table.headings == ("id", "Q1")
    assert table.cells.tolist() == [["a", "3"], ["b", ""]]
    assert table.row_numbers.tolist() == [2, 3]
    assert table.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_line_ends_and_quotes(written):
    table = read_table(written('id,Q1\r\n"a, ""b""\nc",3\r\n'))
    assert table.cells.tolist() == [['a, "b"\nc', "3"]]


def test_empty_rows_are_skipped_with_a_notice_and_keep_the_row_numbers(written):
    table = read_table(written("id,Q1\na,3\n\n , \nb,4\n"))
    assert table.row_numbers.tolist() == [2, 5]
    assert [notice.facts["n"] for notice in table.notices] == [2]


def test_short_rows_are_filled_and_trailing_separators_ignored(written):
    assert read_table(written("id,Q1\na\nb,4,,\n")).cells.tolist() == [["a", ""], ["b", "4"]]


def test_excel_numbers_and_dates_as_text(workbook):
    table = read_table(workbook([["id", "Q1", "when"], [7, 3.0, date(2024, 5, 1)], ["x", 2.5]]))
    assert table.cells.tolist() == [["7", "3", "2024-05-01"], ["x", "2.5", ""]]


def test_first_sheet_is_read_and_said(workbook):
    (notice,) = read_table(workbook([["id"], ["a"]], "Notes")).notices
    assert notice.code == "first_sheet_read"
    assert notice.facts["sheets"] == ("Sheet", "Notes")


ABOVE = [[], ["A survey of shops"], ["id", "Q1", "Q2"], ["a", 3, 4], [], ["b", 5, 1]]


def test_empty_rows_and_a_title_above_the_headings_are_skipped(workbook, written):
    text = "\n".join(",".join(map(str, row)) for row in ABOVE) + "\n"
    for path in (workbook(ABOVE), written(text)):
        table = read_table(path)
        assert table.headings == ("id", "Q1", "Q2")
        assert table.row_numbers.tolist() == [4, 6]
        assert [one.code for one in table.notices] == ["rows_above_headings", "empty_rows_skipped"]


def test_the_separator_that_excel_is_told(written):
    assert read_table(written("sep=;\nid;Q1\na,b;3\n")).cells.tolist() == [["a,b", "3"]]


def test_a_comma_in_the_title_separates_nothing(written):
    table = read_table(written("Shops, 2026\n\nid;Q1;Q2\n1;2;3\n"))
    assert table.headings == ("id", "Q1", "Q2")


def test_a_quotation_mark_swallows_no_respondent(written):
    good = 'id,Q1,note\n1,3,"two\nlines"\n2,4,"said ""no"""\n'
    assert len(read_table(written(good)).row_numbers) == 2
    with pytest.raises(ResponsesError, match="cannot be read"):
        read_table(written('id,Q1,note\n1,3,"open\n2,4,"open\n'))


def test_an_empty_first_sheet_is_passed_over(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Answers")
    for row in (["id", "Q1"], ["a", 3]):
        sheet.append(row)
    path = tmp_path / "answers.xlsx"
    book.save(path)
    table = read_table(path)
    assert table.headings == ("id", "Q1")
    assert table.notices[0].facts["read"] == "Answers"
    book.worksheets[0].append(["Read me first"])
    book.save(path)
    with pytest.raises(ResponsesError, match="no answers") as fault:
        read_table(path)
    assert "sheets Sheet, Answers" in str(fault.value)


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        ("", "answers.csv", "is empty"),
        (" \n\n", "answers.csv", "is empty"),
        (",,\n1,2,3\n", "answers.csv", "no answers"),
        ("id,Q1\n", "answers.csv", "no answers"),
        ("id,Q1\na,3,4\n", "answers.csv", "3 cells, but there are 2 headings"),
        ('id,Q1\na,"3\nb,4\n', "answers.csv", "cannot be read"),
        ("no workbook", "answers.xlsx", "Excel file cannot be read"),
        ("no workbook", "answers.xls", "Excel file cannot be read"),
        ("id,Q1\na,3\n", "answers.doc", "is not known"),
    ],
)
def test_unreadable_files_have_one_clear_error(written, content, name, problem):
    with pytest.raises(ResponsesError, match=problem):
        read_table(written(content, name))


def test_half_an_emoji_is_marked_as_unknown(written):
    path = written('[{"q1\\ud83d": "good \\ud83d", "q2": "\\ud83d\\ude00"}]', "a.json")
    table = read_table(path)
    assert table.headings == ("q1\ufffd", "q2")
    assert table.cells.tolist() == [["good \ufffd", "😀"]]


def test_place_of_a_row_with_too_many_cells(written):
    with pytest.raises(ResponsesError) as caught:
        read_table(written("id,Q1\na,3\nb,3,4\n"))
    assert caught.value.place.line == 3


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(ResponsesError, match="does not exist"):
        read_table(tmp_path / "no.csv")
    with pytest.raises(ResponsesError, match="cannot be read"):
        read_table(tmp_path)
