"""Cells become numbers; what is no point of the scale is found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from loyaltysem.errors import ResponsesError
from loyaltysem.responses import read_responses


def test_reverse_items_are_recoded_and_entered(written, questionnaire):
    responses = read_responses(written("id,Q1,Q2,P1\na,1,1,1\nb,5,4,10\n"), questionnaire)
    assert responses.answers.to_numpy().tolist() == [[1, 5, 1], [5, 2, 10]]
    entries = responses.ledger.entries
    recoded = entries[entries["code"] == "reverse_coded"]
    assert recoded["found"].tolist() == ["1", "4"]
    assert recoded["item"].astype(str).tolist() == ["Q2", "Q2"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("6", "off_scale"),
        ("0", "off_scale"),
        ("3.5", "off_scale"),
        ("inf", "text_value"),
        ("-99", "off_scale"),
        ("maybe", "text_value"),
    ],
)
def test_unusable_answers_are_set_missing_and_entered(written, questionnaire, cell, code):
    responses = read_responses(written(f"id,Q1,Q2,P1\na,{cell},1,1\nb,2,2,2\n"), questionnaire)
    assert np.isnan(responses.answers.loc["a", "Q1"])
    entries = responses.ledger.entries
    (entry,) = entries[entries["code"] == code].to_dict("records")
    assert entry == {
        "respondent": "a",
        "item": "Q1",
        "code": code,
        "found": cell,
        "action": "set_missing",
    }
    assert f"{code}_set_missing" in [notice.code for notice in responses.notices]


def test_policy_error_names_the_cell(written, questionnaire):
    path = written("id,Q1,Q2,P1\na,1,1,1\nb,2,9,2\nc,x,1,1\n")
    with pytest.raises(ResponsesError) as caught:
        read_responses(path, questionnaire, invalid="error")
    assert "'b'" in caught.value.problem
    assert "'Q2'" in caught.value.problem
    assert "1 more" in caught.value.problem
    assert caught.value.place.line == 3
    assert caught.value.found == "'9'"
    assert caught.value.expected == "whole numbers from 1 to 5"


def test_column_on_another_scale_stops_whatever_the_policy(written, questionnaire):
    rows = "".join(f"r{k},{k % 10 + 1},1,1\n" for k in range(40))
    with pytest.raises(ResponsesError, match="20 of 40 answers to item 'Q1'") as caught:
        read_responses(written("id,Q1,Q2,P1\n" + rows), questionnaire)
    assert "another scale" in caught.value.remedy
    assert caught.value.place.line == 7


@pytest.fixture
def labelled(tmp_path):
    """Write an SPSS file with answers 1 and 5 to Q1, and labels to its values."""

    def write(labels: dict[int, str]):
        frame = pd.DataFrame({"Q1": [1.0, 5.0], "Q2": [1.0, 2.0], "P1": [3.0, 4.0]})
        path = tmp_path / "answers.sav"
        pyreadstat.write_sav(frame, path, variable_value_labels={"Q1": labels})
        return path

    return write


@pytest.mark.parametrize(
    ("labels", "answers"),
    [
        ({1: "No", 5: "Yes"}, [1, 5]),
        ({1: "Yes", 5: "No(中)"}, [5, 1]),  # coded the other way round in the file
        ({1: "No", 3: "So so", 5: "Yes", -99: "refused"}, [1, 5]),
        ({1: "bad", 5: "good"}, [1, 5]),
    ],
)
def test_value_labels_say_which_end_is_which(labelled, questionnaire, labels, answers):
    responses = read_responses(labelled(labels), questionnaire)
    assert responses.answers["Q1"].tolist() == answers


def test_value_labels_that_contradict_the_scale_are_no_guess(labelled, questionnaire):
    path = labelled({1: "Yes", 3: "So so", 5: "No"})
    with pytest.raises(ResponsesError, match="labels of item 'Q1'") as fault:
        read_responses(path, questionnaire)
    assert "1 is 'Yes' in the file" in str(fault.value)
