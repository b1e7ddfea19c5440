"""Headings that tell too little are mapped by hand, and the mapping is used again."""

from __future__ import annotations

import pytest

from loyaltysem.errors import DocumentError, ResponsesError
from loyaltysem.responses import read_responses
from loyaltysem.responses.mapping import read_mapping
from loyaltysem.responses.saving import save_answers, save_mapping_of

ROWS = "nr,It lasts.,第2题、It breaks.(中),fair?,fair?,time\n7,5,4,9,1,63秒\n8,1,2,3,1,1分3秒\n"


def test_a_mapping_is_saved_edited_and_used(written, questionnaire, tmp_path):
    file = written(ROWS)
    with pytest.raises(ResponsesError, match="no column for 1 of 3 items") as fault:
        read_responses(file, questionnaire)
    assert "mapping" in str(fault.value)
    path = save_mapping_of(file, questionnaire, tmp_path / "columns.yaml")
    text = path.read_text(encoding="utf-8")
    assert '"It lasts.": Q1' in text
    assert '"fair? [2]": null' in text
    edited = text.replace('"fair?": null', '"fair?": P1').replace('"nr": null', '"nr": id')
    path.write_text(edited.replace('"time": null', '"time": seconds'), encoding="utf-8")
    responses = read_responses(file, questionnaire, mapping=path)
    assert responses.answers["P1"].tolist() == [9, 3]
    assert responses.answers.index.tolist() == ["7", "8"]
    assert responses.technical["seconds"].tolist() == ["63", "63"]
    again = save_mapping_of(file, questionnaire, tmp_path / "again.yaml", mapping=path)
    assert read_mapping(again).columns["fair?"] == "P1"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("columns: {nothing: Q1}", "no column 'nothing'"),
        ("columns: {nr: Q9}", "no question 'Q9'"),
        ("columns: {nr: Q1, time: Q1}", "stands 2 times"),
    ],
)
def test_a_faulty_mapping_is_told(written, questionnaire, text, problem):
    mapping = read_mapping(written(text, "columns.yaml"))
    with pytest.raises(ResponsesError, match=problem):
        read_responses(written(ROWS), questionnaire, mapping=mapping)


def test_a_mapping_must_be_one(written):
    with pytest.raises(DocumentError):
        read_mapping(written("- Q1", "columns.yaml"))


def test_two_columns_of_one_wording_are_no_guess(written, questionnaire):
    with pytest.raises(ResponsesError, match="'P1' fits 2 columns") as fault:
        read_responses(written("Q1,Q2,It is fair.,1. It is FAIR\n1,2,3,4\n"), questionnaire)
    assert "--save-mapping" in str(fault.value)


def test_answers_are_written_by_codes_and_read_again(written, questionnaire, tmp_path):
    file = written("id,Q1,Q2,P1,gender\na,1,1,10,Male\nb,5,,3,女\n")
    first = read_responses(file, questionnaire)
    for ending in (".csv", ".xlsx", ".parquet"):
        path = save_answers(first, tmp_path / f"by_code{ending}")
        again = read_responses(path, questionnaire)
        assert again.answers.equals(first.answers)
        assert again.demographics.equals(first.demographics)
