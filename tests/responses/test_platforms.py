"""From a questionnaire to every platform's file of answers and back: the same answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.questionnaire import form_of, read_questionnaire
from loyaltysem.responses import read_responses
from tests.questionnaire.answered import LAYOUTS, answered, some_answers

RICH = Path(__file__).parents[1] / "questionnaire" / "rich.yaml"

PLATFORM_OF = {
    "html": "html",
    "wenjuanxing": "wenjuanxing",
    "qualtrics": "qualtrics",
    "limesurvey": "limesurvey",
    "kobo": "kobo",
    "google": "googleforms",
    "surveyjs": "surveyjs",
    "spss": "plain",
    "stata": "plain",
    "plain": "plain",
}

COUNTED = {"wenjuanxing_number_csv", "qualtrics_numeric_csv"}
"""Layouts with numbers that are positions, which a reader of the results is told."""


def expected(form, answers: pd.DataFrame) -> dict[str, list[str]]:
    """Return the answers as they should come home: nothing chosen counts as no answer."""
    told = {name: list(answers[name].astype(str)) for name in form.columns}
    for entry in form.entries:
        if entry.kind == "multiple":
            for row in range(len(answers)):
                if all(told[name][row] != "1" for name in entry.columns):
                    told |= {
                        name: [*told[name][:row], "", *told[name][row + 1 :]]
                        for name in entry.columns
                    }
    return told


def came_home(responses, form) -> dict[str, list[str]]:
    """Return what was read, as text, reverse items turned back."""
    told: dict[str, list[str]] = {}
    asked = responses.questionnaire
    scales = dict(zip(asked.item_codes, asked.item_scales, strict=True))
    for item in asked.items:
        values = responses.answers[item.code]
        if item.reverse:
            values = scales[item.code].lowest + scales[item.code].highest - values
        told[item.code] = ["" if np.isnan(one) else str(int(one)) for one in values]
    for name in responses.demographics:
        told[name] = ["" if pd.isna(one) else str(one) for one in responses.demographics[name]]
    told |= {name: list(responses.questions[name]) for name in responses.questions}
    for entry in form.entries:
        if entry.kind == "multiple":
            for row in range(len(responses.answers)):
                if all(told[name][row] != "1" for name in entry.columns):
                    for name in entry.columns:
                        told[name][row] = ""
    return told


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_answers_come_home(layout, language, tmp_path):
    questionnaire = read_questionnaire(RICH)
    form = form_of(questionnaire)
    answers = some_answers(form)
    for check in questionnaire.attention_checks:
        answers[check.code] = str(check.correct)
    file = answered(layout, form, answers, tmp_path, language)
    responses = read_responses(file, questionnaire)
    assert responses.platform == PLATFORM_OF[layout.split("_")[0]]
    counted = "points_counted" in {notice.code for notice in responses.notices}
    assert counted == (layout in COUNTED)
    found, wanted = came_home(responses, form), expected(form, answers)
    checks = {check.code for check in questionnaire.attention_checks}
    for name in set(wanted) - checks:
        assert found[name] == wanted[name], name
