"""Answered files in every layout name every item, by its code or its wording."""

from __future__ import annotations

import pandas as pd
import pyreadstat
import pytest

from loyaltysem.library import find
from loyaltysem.questionnaire import form_of, read_questionnaire
from loyaltysem.questionnaire.export.layout import one_line, stem
from loyaltysem.questionnaire.export.platforms.limesurvey import question_code
from loyaltysem.responses import read_responses
from tests.questionnaire.answered import LAYOUTS, answered, some_answers

ENCODINGS = {"wenjuanxing": "gb18030", "qualtrics_text": "utf-16"}


def text_of(path) -> str:
    if path.suffix == ".xlsx":
        return " ".join(map(str, pd.read_excel(path, engine="calamine").columns))
    if path.suffix in {".sav", ".dta"}:
        read = pyreadstat.read_sav if path.suffix == ".sav" else pyreadstat.read_dta
        return " ".join(read(str(path))[0].columns)
    encoding = next((e for name, e in ENCODINGS.items() if path.stem.startswith(name)), "utf-8")
    return path.read_bytes().decode(encoding)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["tests/questionnaire/rich.yaml", "ecommerce_loyalty"])
def test_every_layout_is_written(layout, name, tmp_path, pytestconfig):
    form = form_of(read_questionnaire(find("questionnaires", name, pytestconfig.rootpath)))
    answers = some_answers(form, n=4)
    assert tuple(answers.columns) == form.columns
    text = text_of(answered(layout, form, answers, tmp_path))
    for entry in (one for one in form.entries if one.kind == "rating"):
        names = {entry.code, question_code(entry.code), one_line(stem(entry, "zh"))}
        assert any(one in text for one in names), entry.code


@pytest.mark.parametrize("layout", ["html_csv", "plain_csv", "plain_xlsx"])
def test_answers_with_codes_as_headings_come_home(layout, loyalty, tmp_path):
    form = form_of(loyalty)
    answers = some_answers(form, n=40).assign(AC1="3")  # everybody attends
    responses = read_responses(answered(layout, form, answers, tmp_path), loyalty)
    assert responses.n_analysed == 40
    for item, scale in zip(loyalty.items, loyalty.item_scales, strict=True):
        given = pd.to_numeric(answers[item.code])
        expected = scale.reversed(given) if item.reverse else given
        assert responses.answers[item.code].tolist() == expected.tolist()
    assert responses.demographics["age"].tolist() == answers["age"].tolist()
