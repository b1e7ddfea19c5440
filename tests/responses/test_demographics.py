"""Options are found by code or by label in either language."""

from __future__ import annotations

from loyaltysem.responses import read_responses

HEADINGS = "id,gender,Q1,Q2,P1\n"


def rows(*cells: str) -> str:
    return HEADINGS + "".join(f"r{k},{cell},1,1,1\n" for k, cell in enumerate(cells))


def test_codes_and_labels(written, questionnaire):
    responses = read_responses(written(rows("m", "F", " Male ", "女", "female")), questionnaire)
    assert responses.demographics["gender"].tolist() == ["m", "f", "m", "f", "f"]
    assert list(responses.demographics["gender"].cat.categories) == ["m", "f"]


def test_unknown_option_is_entered_and_blank_is_missing(written, questionnaire):
    responses = read_responses(written(rows("m", "robot", "")), questionnaire)
    assert responses.demographics["gender"].isna().tolist() == [False, True, True]
    entries = responses.ledger.entries.query("item == 'gender'")
    assert entries["code"].astype(str).tolist() == ["missing_answer", "unknown_option"]
    assert entries["found"].tolist() == ["", "robot"]


def test_column_that_the_file_does_not_have(written, questionnaire):
    responses = read_responses(written("id,Q1,Q2,P1\na,1,1,1\n"), questionnaire)
    assert list(responses.demographics.columns) == []
    assert len(responses.demographics) == 1
