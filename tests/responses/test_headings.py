"""Columns are found by code; what is left over or lacking is said."""

from __future__ import annotations

import pytest

from loyaltysem.errors import ResponsesError
from loyaltysem.questionnaire import Question
from loyaltysem.responses.headings import match_headings
from loyaltysem.responses.platforms import recognised
from loyaltysem.responses.tables import read_table
from tests.responses.conftest import both


@pytest.fixture
def matched(written, questionnaire):
    def match(headings: str, id_column: str | None = None):
        row = ",".join("1" for _ in headings.split(","))
        table = read_table(written(f"{headings}\n{row}\n"))
        return match_headings(table, questionnaire, id_column)

    return match


def codes(columns) -> list[str]:
    return [notice.code for notice in columns.notices]


def test_all_columns_found_without_a_word(matched):
    columns = matched("id,gender,P1,Q2,Q1,A1")
    assert dict(columns.items) == {"Q1": 4, "Q2": 3, "P1": 2}
    assert dict(columns.attention_checks) == {"A1": 5}
    assert dict(columns.demographics) == {"gender": 1}
    assert columns.id == 0
    assert not columns.simulated
    assert columns.notices == ()


def test_other_case_is_matched_and_said(matched):
    columns = matched("ID,Gender,q1,Q2,p1,A1")
    assert columns.items["Q1"] == 2
    (notice,) = columns.notices
    assert notice.facts["headings"] == {"q1": "Q1", "p1": "P1", "Gender": "gender"}


def test_surplus_columns_are_named(matched):
    columns = matched("Q1,Q2,P1,A1,gender,phone,ip")
    (notice,) = columns.notices
    assert notice.code == "columns_left_out"
    assert notice.facts["columns"] == ("phone", "ip")


def test_absent_checks_and_demographics_are_named(matched):
    assert codes(matched("Q1,Q2,P1")) == ["attention_checks_absent", "demographics_absent"]


def test_simulated_answers_are_recognised(matched):
    assert matched("Q1,Q2,P1,A1,gender,simulated").simulated


def test_a_column_that_denies_it_marks_nothing(written, questionnaire):
    table = read_table(written("Q1,Q2,P1,simulated\n1,2,3,no\n1,2,3,\n"))
    assert not match_headings(table, questionnaire).simulated


def test_missing_items_are_listed_with_the_nearest_heading(matched):
    with pytest.raises(ResponsesError) as caught:
        matched("id,Q01,Q2,A1")
    assert "2 of 3 items" in caught.value.problem
    assert "Q1, P1" in caught.value.problem
    assert caught.value.remedy == "Did you mean 'Q01'?"


@pytest.mark.parametrize("headings", ["Q1,Q2,P1,Q1", "Q1,q1,Q2,P1", "id,ID,Q1,Q2,P1"])
def test_heading_twice(matched, headings):
    with pytest.raises(ResponsesError, match="stands 2 times"):
        matched(headings)


def test_repeated_heading_that_nobody_asked_for_does_no_harm(matched):
    assert matched("Q1,Q2,P1,A1,gender,x,x").items["P1"] == 2


def test_the_row_of_a_grid_stands_behind_its_question(written, questionnaire):
    headings = "Please rate: It lasts.,请评价—It breaks.(中),Price | It is fair.,A1,gender"
    table = read_table(written(f"{headings}\n1,2,3,4,m\n"))
    assert match_headings(table, questionnaire).items == {"Q1": 0, "Q2": 1, "P1": 2}


@pytest.fixture
def ways():
    return Question(
        code="ways",
        wording={"en": "Ways", "zh": "途径"},
        type="multiple",
        options={"web": both("Web"), "shop": both("Shop")},
    )


@pytest.mark.parametrize("sign", ["Ways: {}", "Ways [{}]", "2. 途径（{}）", "ways - {}", "ways|{}"])
def test_options_stand_behind_their_question(written, questionnaire, ways, sign):
    asked = questionnaire.model_copy(update={"questions": (ways,)})
    headings = f"Q1,Q2,P1,{sign.format('Web')},{sign.format('Shop')}"
    found = match_headings(read_table(written(f"{headings}\n1,2,3,0,1\n")), asked)
    assert list(map(str, found.columns)) == ["Q1", "Q2", "P1", "ways_web", "ways_shop"]


@pytest.mark.parametrize("sign", ["Disliked: {}", "4、讨厌什么？({})"])
def test_options_of_another_question_are_no_guess(written, questionnaire, ways, sign):
    asked = questionnaire.model_copy(update={"questions": (ways,)})
    headings = f"序号,Q1,Q2,P1,{sign.format('Web')},{sign.format('Shop')}"
    platform, table = recognised(read_table(written(f"{headings}\n1,1,2,3,0,1\n")))
    assert len(match_headings(table, asked, platform=platform).columns) == 3


def test_headings_below_the_first_row_are_pointed_at(written, questionnaire):
    table = read_table(written("Quality,,Price\nQ1,Q2,P1\n1,2,3\n"))
    with pytest.raises(ResponsesError, match="stand in row 2"):
        match_headings(table, questionnaire)


def test_stated_id_column(matched):
    assert matched("Q1,Q2,P1,A1,gender,Code", "code").id == 5
    with pytest.raises(ResponsesError, match="no column 'cod'") as caught:
        matched("Q1,Q2,P1,A1,gender,Code", "cod")
    assert caught.value.remedy == "Did you mean 'Code'?"
