"""Constructs of several questionnaires in one: codes, scales, sources and languages stay true."""

from __future__ import annotations

import pytest

from loyaltysem.errors import QuestionnaireError
from loyaltysem.library import find
from loyaltysem.questionnaire import read_questionnaire
from loyaltysem.questionnaire.combining import combine_questionnaires


@pytest.fixture
def shipped():
    return {
        name: read_questionnaire(find("questionnaires", name))
        for name in ("acsi", "platform_loyalty", "engagement_loyalty")
    }


def test_a_combination_can_be_read_and_keeps_scales_and_sources(shipped, tmp_path):
    parts = [
        (shipped["acsi"], "quality"),
        (shipped["platform_loyalty"], "trust"),
        (shipped["engagement_loyalty"], "trust"),
    ]
    made = combine_questionnaires(parts, name="mine", title={"en": "Mine", "zh": "我的问卷"})
    path = tmp_path / "mine.yaml"
    path.write_text(made.text, encoding="utf-8")
    whole = read_questionnaire(path)
    assert [one.code for one in whole.constructs] == ["quality", "trust", "trust_3"]
    assert made.renamed[("engagement_loyalty", "trust")] == "trust_3"
    assert made.renamed[("engagement_loyalty", "TR1")] == "TR1_3"
    assert [(one.scale or whole.scale).highest for one in whole.constructs] == [10, 5, 7]
    assert (
        whole.construct_named("trust").source
        == shipped["platform_loyalty"].construct_named("trust").source
    )
    assert whole.construct_named("quality").items[2].reverse
    assert whole.languages == ("en", "zh")
    assert [one.code for one in whole.attention_checks] == ["AC1"]


def test_languages_are_those_that_all_have(shipped):
    english = shipped["acsi"].model_copy(update={"languages": ("en",)})
    parts = [(english, "quality"), (shipped["platform_loyalty"], "trust")]
    made = combine_questionnaires(parts, name="mine", title={"en": "Mine"})
    assert "信任" not in made.text
    chinese = shipped["platform_loyalty"].model_copy(update={"languages": ("zh",)})
    with pytest.raises(QuestionnaireError, match="no language in common"):
        combine_questionnaires([(english, "quality"), (chinese, "trust")], name="m", title={})


def test_unknown_and_repeated_constructs_are_named(shipped):
    acsi = shipped["acsi"]
    with pytest.raises(QuestionnaireError, match="no construct 'qualty'") as caught:
        combine_questionnaires([(acsi, "qualty")], name="m", title={})
    assert "quality" in str(caught.value)
    with pytest.raises(QuestionnaireError, match="named twice"):
        combine_questionnaires([(acsi, "quality"), (acsi, "quality")], name="m", title={})


def test_demographics_that_differ_are_not_lost_silently(shipped):
    other = read_questionnaire(find("questionnaires", "ecommerce_loyalty"))
    parts = [(shipped["platform_loyalty"], "trust"), (other, "affective")]
    made = combine_questionnaires(parts, name="mine", title={"en": "Mine", "zh": "我的问卷"})
    assert ("ecommerce_loyalty", "income") in made.left_out
    assert "over_6000" in made.text
    assert "6001_10000" not in made.text
    assert "platform" in made.text
    assert "'2_4'" in made.text


def test_scales_and_translation_stand_once(shipped):
    parts = [(shipped["engagement_loyalty"], "trust"), (shipped["engagement_loyalty"], "browsing")]
    made = combine_questionnaires(parts, name="mine", title={"en": "Mine", "zh": "我的问卷"})
    assert made.text.count("Strongly agree") == 1
    assert "type: count" in made.text
    assert "method: single" in made.text
