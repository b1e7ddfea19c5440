"""A questionnaire that contradicts itself is refused, with every fault and its line."""

from __future__ import annotations

import re

import pytest

from loyaltysem.errors import QuestionnaireError
from loyaltysem.questionnaire import read_questionnaire


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("code: P1", "code: q1", 26, "'q1' is used twice .first on line 14."),
        ("code: A1", "code: P1", 29, "'P1' is used twice"),
        ("code: gender", "code: QUALITY", 33, "'QUALITY' is used twice"),
        ("code: Q1", "code: ID", 14, "'ID' is reserved"),
        ("{en: It lasts., zh: 耐用。}", "{en: It lasts.}", 15, "'It lasts.' is not translated"),
        ("zh: 商店", "zh: 商店, fr: Magasin", 3, "'fr' is not one"),
        ("    5: {en: Yes, zh: 是}\n", "", 6, "end 5 of the scale has no label"),
        ("    5: {en: Yes", "    6: {en: Yes, zh: 是}\n    5: {en: Yes", 8, "Label 6 lies off"),
        ("  highest: 5", "  highest: 1", 4, "two points"),
        ("correct: 2", "correct: 6", 30, "lies off the scale"),
    ],
)
def test_fault_with_its_line(written, text, old, new, line, problem):
    with pytest.raises(QuestionnaireError, match=problem) as caught:
        read_questionnaire(written(text.replace(old, new, 1)))
    assert line in [fault.place.line for fault in caught.value.faults]


def test_all_faults_at_once(written, text):
    broken = text.replace("code: P1", "code: Q1").replace("correct: 2", "correct: 9")
    with pytest.raises(QuestionnaireError, match="2 faults") as caught:
        read_questionnaire(written(broken))
    assert [fault.place.line for fault in caught.value.faults] == [26, 30]


def test_one_language_is_enough_when_it_is_the_only_one(written, text):
    english = text.replace('version: "1.0"', 'version: "1.0"\nlanguages: [en]')
    with pytest.raises(QuestionnaireError, match="faults"):
        read_questionnaire(written(english))

    only = re.sub(r", zh: [^},]+", "", english)
    assert read_questionnaire(written(only)).languages == ("en",)
