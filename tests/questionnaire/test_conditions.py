"""Conditions are read, hold or not, and faults show where they are."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyaltysem.errors import QuestionnaireError
from loyaltysem.questionnaire.conditions import (
    Answered,
    Compared,
    Joined,
    Not,
    holds,
    parse_condition,
    references,
)

ANSWERS = {"sex": "f", "Q1": "4", "channels": ("tv", "web"), "empty": "", "age": "30"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sex == f", True),
        ("sex == 'f'", True),
        ("sex != f", False),
        ("Q1 >= 4", True),
        ("Q1 > 4", False),
        ("Q1 == 4.0", True),
        ("age > 9", True),  # as numbers, not as text
        ("sex > a", False),
        ("sex in [m, f]", True),
        ("sex not in [m, f]", False),
        ("sex not in [m]", True),
        ("selected(channels, tv)", True),
        ("selected(channels, radio)", False),
        ("answered(empty)", False),
        ("answered(sex) and not answered(nothing)", True),
        ("nothing == 1 or sex == f", True),
        ("nothing != 1", False),  # an unanswered question fulfils no comparison
        ("not nothing == 1", True),
        ("not (Q1 < 3 or age < 20) and sex == f", True),
        ("sex == m or sex == f and Q1 == 1", False),  # 'and' binds closer
    ],
)
def test_whether_it_holds(text, expected):
    assert holds(parse_condition(text), ANSWERS) is expected


def test_tree():
    condition = parse_condition("a == 1 and (b < 2 or not answered(c))")
    assert condition == Joined(
        "and",
        (Compared("a", "==", "1"), Joined("or", (Compared("b", "<", "2"), Not(Answered("c"))))),
    )
    assert [part.code for part in references(condition)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "problem", "before"),
    [
        ("a = 1", "not allowed", "a"),
        ("a ==", "expected a value", "a =="),
        ("(a == 1", "expected )", "(a == 1"),
        ("a == 1 b", "behind its end", "a == 1 "),
        ("a in [1, 2", "expected , or ]", "a in [1, 2"),
        ("== 1", "code of a question", ""),
        ("'a' == 1", "code of a question", ""),
        ("a", "expected ==", "a"),
        ("__import__('os')", "expected ==", "__import__"),
        ("not " * 30 + "a == 1", "deeper than 20", "not not not not not "),
        ("", "code of a question", ""),
    ],
)
def test_faults_show_their_place(text, problem, before):
    with pytest.raises(QuestionnaireError) as caught:
        parse_condition(text)
    assert problem in caught.value.problem
    assert str(caught.value.found).startswith(f"{before[-20:]}⟦here⟧")


def test_too_long():
    with pytest.raises(QuestionnaireError, match="too long"):
        parse_condition("a == 1 or " * 200)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(QuestionnaireError):
        assert holds(parse_condition(text), ANSWERS) in {True, False}
