"""Reading a file of answers as a whole: who stays in, and the account that adds up."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from loyaltysem.errors import ResponsesError
from loyaltysem.responses import complete_cases, exclude_marked, read_responses

FILE = """\
id,gender,Q1,Q2,P1,A1
a,m,1,2,3,2
b,f,5,4,9,2
c,f,,4,9,2
d,m,3,3,3,5
e,m,2,2,2,
"""


@pytest.fixture
def responses(written, questionnaire):
    return read_responses(written(FILE), questionnaire)


def test_failed_attention_check_excludes_and_an_unanswered_one_does_not(responses):
    assert responses.answers.index.tolist() == ["a", "b", "c", "e"]
    assert responses.demographics.index.tolist() == ["a", "b", "c", "e"]
    assert responses.ledger.exclusions() == {"attention_failed": 1}
    kept = responses.ledger.entries.query("code == 'attention_unanswered'")
    assert kept["respondent"].tolist() == ["e"]


def test_the_account_adds_up(responses):
    assert responses.n_read == 5
    assert responses.n_analysed == 4
    assert responses.n_read == responses.n_analysed + sum(responses.ledger.exclusions().values())


def test_an_account_that_does_not_add_up_stops_the_run(responses):
    with pytest.raises(RuntimeError, match="6 respondents were read"):
        replace(responses, n_read=6)


def test_complete_cases_of_the_items_that_are_needed(responses):
    assert complete_cases(responses, ["Q2", "P1"]).n_analysed == 4
    complete = complete_cases(responses, ["Q1", "P1"])
    assert complete.answers.index.tolist() == ["a", "b", "e"]
    assert complete.ledger.exclusions() == {"attention_failed": 1, "incomplete": 1}
    (entry,) = complete.ledger.entries.query("code == 'incomplete'").to_dict("records")
    assert (entry["respondent"], entry["found"]) == ("c", "1 of 2")


def test_answers_of_a_construct(responses):
    assert list(responses.construct_answers("quality").columns) == ["Q1", "Q2"]


def test_without_ids_respondents_are_named_by_their_row(written, questionnaire):
    responses = read_responses(written("Q1,Q2,P1\n1,1,1\n\n2,2,2\n"), questionnaire)
    assert responses.answers.index.tolist() == ["row 2", "row 4"]


def test_blank_id_is_replaced_and_entered(written, questionnaire):
    responses = read_responses(written("id,Q1,Q2,P1\na,1,1,1\n,2,2,2\n"), questionnaire)
    assert responses.answers.index.tolist() == ["a", "row 3"]
    assert responses.ledger.entries.query("code == 'missing_id'")["respondent"].tolist() == [
        "row 3"
    ]


def test_id_twice(written, questionnaire):
    path = written("id,Q1,Q2,P1\na,1,1,1\nb,1,1,1\na,2,2,2\n")
    with pytest.raises(ResponsesError, match="'a' stands in the file twice") as caught:
        read_responses(path, questionnaire)
    assert caught.value.found == "rows 2 and 4"
    assert caught.value.place.line == 4


def test_nobody_left(written, questionnaire):
    path = written("id,Q1,Q2,P1,A1\na,1,1,1,5\nb,1,1,1,1\n")
    with pytest.raises(ResponsesError, match="No respondent is left") as caught:
        read_responses(path, questionnaire)
    assert caught.value.found == "2 excluded as attention failed"


def test_nobody_complete(written, questionnaire):
    responses = read_responses(written("id,Q1,Q2,P1\na,,1,1\nb,1,,1\n"), questionnaire)
    with pytest.raises(ResponsesError, match="No respondent is left"):
        complete_cases(responses, ["Q1", "Q2", "P1"])


def test_simulated_answers_say_so(written, questionnaire):
    responses = read_responses(written("simulated,Q1,Q2,P1\nyes,1,1,1\n"), questionnaire)
    assert responses.simulated
    assert "simulated_data" in [notice.code for notice in responses.notices]


EXTRA = """\
id,gender,Q1,Q2,P1,A1,time,IP
a,m,1,2,3,2,61,10.0.0.1
b,f,5,4,9,2,75,10.0.0.2
c,f,,4,9,2,,10.0.0.2
d,m,3,3,3,5,90,10.0.0.3
"""


def test_further_columns_are_kept_as_text_where_asked_for(written, questionnaire):
    found = read_responses(written(EXTRA), questionnaire, extra=["time", "ip"])
    assert found.extra.index.tolist() == ["a", "b", "c"]
    assert found.extra["time"].tolist() == ["61", "75", ""]
    assert found.extra["ip"].tolist()[1:] == ["10.0.0.2", "10.0.0.2"]
    assert "columns_left_out" not in [one.code for one in found.notices]
    with pytest.raises(ResponsesError) as caught:
        read_responses(written(EXTRA), questionnaire, extra=["tme"])
    assert "time" in str(caught.value.remedy)


def test_marked_respondents_leave_under_their_first_mark(written, questionnaire):
    found = read_responses(written(EXTRA), questionnaire, extra=["time"])
    fast = pd.Series({"a": True, "b": True, "c": False})
    alike = pd.Series({"b": True})
    left = exclude_marked(found, {"too_fast": fast, "duplicate": alike})
    assert left.answers.index.tolist() == left.extra.index.tolist() == ["c"]
    assert left.ledger.exclusions() == {"attention_failed": 1, "too_fast": 2}
    with pytest.raises(ResponsesError, match="No respondent is left"):
        exclude_marked(left, {"outlier": pd.Series({"c": True})})


def test_imputed_cells_are_no_longer_left_missing(responses):
    gaps = responses.answers.isna()
    totals = responses.ledger.with_imputed(gaps).totals()
    done = totals[totals["code"] == "missing_answer"].set_index("action")["cells"].to_dict()
    assert done == {"imputed": 1}
    untouched = responses.ledger.with_imputed(gaps & False)
    assert untouched.totals().equals(responses.ledger.totals())
