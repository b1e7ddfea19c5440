import numpy as np
import pandas as pd
import pytest

from loyaltysem.measurement.item_analysis import item_discrimination
from loyaltysem.questionnaire import Questionnaire
from loyaltysem.study.parts.constructs import all_constructs
from loyaltysem.study.parts.items import analysed_items


@pytest.fixture(scope="module")
def questionnaire():
    constructs = [
        {
            "code": code,
            "name": {"en": code},
            "source": "Own",
            "items": [{"code": f"{code}{k}", "wording": {"en": "x"}} for k in range(1, n + 1)],
        }
        for code, n in (("trust", 3), ("value", 2), ("single", 1))
    ]
    scale = {"lowest": 1, "highest": 5, "labels": {1: {"en": "No"}, 5: {"en": "Yes"}}}
    return Questionnaire.model_validate(
        {
            "name": "small",
            "version": "1",
            "title": {"en": "Small"},
            "languages": ["en"],
            "scale": scale,
            "constructs": constructs,
        }
    )


@pytest.fixture
def answers(questionnaire):
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(150, 1)) + 0.8 * rng.normal(size=(150, 6))
    columns = list(questionnaire.item_codes)
    return pd.DataFrame(np.clip(np.round(3 + rows), 1, 5), columns=columns)


def test_every_construct_of_two_items_or_more_is_analysed(questionnaire, answers):
    record = analysed_items(answers, all_constructs(questionnaire), questionnaire).record
    plain = item_discrimination(answers[["value1", "value2"]], scale=(1, 5))
    assert [one.code for one in record.items] == ["trust1", "trust2", "trust3", "value1", "value2"]
    assert record.items[3].discrimination == plain.loc["value1", "discrimination"]
    (scale,) = record.graded
    assert scale.construct_code == "trust"
    assert len(scale.items[0].locations) == 4
    total = np.sum([one.information for one in scale.items], axis=0)
    assert np.allclose(total, scale.information)


def test_too_many_categories_leave_the_groups(questionnaire, answers):
    fine = answers + np.random.default_rng(1).uniform(-0.4, 0.4, size=answers.shape)
    found = analysed_items(fine, all_constructs(questionnaire), questionnaire)
    assert len(found.record.items) == 5
    assert found.record.graded == ()
    assert [one.code for one in found.notices] == ["no_item_analysis"]


def test_nothing_to_analyse(questionnaire, answers):
    flat = answers * 0 + 3
    assert analysed_items(flat, all_constructs(questionnaire), questionnaire).record is None
