"""Sections that leave out or repeat something, conditions that look ahead: each with its line."""

from __future__ import annotations

import pytest

from loyaltysem.errors import DocumentError, QuestionnaireError
from loyaltysem.questionnaire import read_questionnaire

SECTIONS = """\
sections:
  - code: first
    asks: [quality, A1]
  - code: second
    show_if: Q1 >= 3
    asks: [price, gender]
"""


@pytest.fixture
def broken(written, text):
    def read(old: str, new: str):
        whole = text + SECTIONS
        assert old in whole
        with pytest.raises(QuestionnaireError) as caught:
            read_questionnaire(written(whole.replace(old, new, 1)))
        return caught.value.faults

    return read


def test_sections_that_fit(written, text):
    assert len(read_questionnaire(written(text + SECTIONS)).sections) == 2


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("[quality, A1]", "[quality]", 38, "leave out: A1"),
        ("[quality, A1]", "[quality, A1, Q1]", 40, "'Q1' is asked twice"),
        ("[quality, A1]", "[qualty, A1, Q1, Q2]", 40, "nothing that can be asked"),
        ("code: second", "code: gender", 41, "used twice"),
        ("Q1 >= 3", "P1 >= 3", 42, "not asked before"),
        ("Q1 >= 3", "Q9 >= 3", 42, "does not exist"),
        ("Q1 >= 3", "Q1 >= 9", 42, "off its scale"),
        ("Q1 >= 3", "Q1 == yes", 42, "no number"),
        ("Q1 >= 3", "selected(Q1, 3)", 42, "does not fit"),
        ("Q1 >= 3", "Q1 => 3", 42, "cannot be read"),
    ],
)
def test_fault_with_its_line(broken, old, new, line, problem):
    (fault,) = broken(old, new)
    assert problem in fault.problem
    assert fault.place.line == line


def test_option_that_does_not_exist(broken):
    (fault,) = broken(
        "    asks: [price, gender]",
        "    asks: [gender]\n  - {code: x, show_if: gender == 3, asks: [price]}",
    )
    assert fault.problem == "'3' is no option of question 'gender'"
    assert fault.expected == "1, 2"


QUESTIONS = """\
screening:
  - code: adult
    wording: {en: Adult?, zh: 成年？}
    options: {"yes": {en: "Yes", zh: 是}, "no": {en: "No", zh: 否}}
    accept: ["yes"]
questions:
  - code: ways
    type: multiple
    wording: {en: Which ways?, zh: 哪些？}
    options: {a: {en: A, zh: 甲}, b: {en: B, zh: 乙}}
    most: 2
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ('accept: ["yes"]', "accept: [maybe]", 42, "which is no option"),
        ("most: 2", "most: 3", 44, "contradict"),
        ("most: 2", "lowest: 2", 48, "means nothing"),
        ("type: multiple", "type: text", 47, "means nothing"),
        ("code: ways", "code: Q1_a", 44, None),
        ("highest: 5", "highest: 5\n  step: 2", 6, "step does not fit"),
        ("highest: 5", "highest: 5\n  type: nps", 4, "goes from 0 to 10"),
        ("reverse: true", "poles: {left: {en: a, zh: 甲}, right: {en: b, zh: 乙}}", 16, "poles"),
        ("correct: 2", "correct: 2\n    after: P9", 31, "which is no item"),
        (
            'version: "1.0"',
            'version: "1.0"\ntranslation: {original: fr, method: single, note: me}',
            3,
            "not one of this",
        ),
    ],
)
def test_faults_of_other_questions(written, text, old, new, line, problem):
    whole = (text + QUESTIONS).replace(old, new, 1)
    if problem is None:
        read_questionnaire(written(whole))
        return
    with pytest.raises(QuestionnaireError) as caught:
        read_questionnaire(written(whole))
    found = [(fault.place.line, fault.problem) for fault in caught.value.faults]
    assert any(at == line and problem in what for at, what in found), found


def test_column_of_an_option_is_a_code_too(written, text):
    whole = (text + QUESTIONS).replace("code: gender", "code: ways_a")
    with pytest.raises(QuestionnaireError, match="'ways_a' is used twice"):
        read_questionnaire(written(whole))


def test_options_of_other_questions_are_words(written, text):
    with pytest.raises(DocumentError, match="letters, digits and underscores"):
        read_questionnaire(written((text + QUESTIONS).replace("{a: {", "{a b: {")))
