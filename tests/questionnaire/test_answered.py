"""Answered files in every layout name every item, by its code or its wording."""

from __future__ import annotations

import pandas as pd
import pyreadstat
import pytest

from loyaltysem.library import find
from loyaltysem.questionnaire import form_of, read_questionnaire
from loyaltysem.questionnaire.export.layout import one_line, stem
from loyaltysem.questionnaire.export.platforms.limesurvey import question_code
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
