"""What a questionnaire knows of itself."""

from __future__ import annotations

import pytest

from loyaltysem.errors import DocumentError
from loyaltysem.questionnaire import Scale, read_questionnaire


def test_items_in_the_order_of_asking_with_their_scales(written, text):
    questionnaire = read_questionnaire(written(text))
    assert questionnaire.item_codes == ("Q1", "Q2", "P1")
    assert [scale.highest for scale in questionnaire.item_scales] == [5, 5, 10]
    assert [item.reverse for item in questionnaire.items] == [False, True, False]
    assert questionnaire.construct_named("price").items[0].code == "P1"


def test_option_codes_are_text(written, text):
    questionnaire = read_questionnaire(written(text))
    assert list(questionnaire.demographics[0].options) == ["1", "2"]


def test_reversing_twice_changes_nothing():
    scale = Scale(lowest=1, highest=7, labels={})
    assert [scale.reversed(point) for point in scale.points] == [7, 6, 5, 4, 3, 2, 1]
    assert [scale.reversed(scale.reversed(point)) for point in scale.points] == list(scale.points)


def test_hash_is_of_the_content_and_not_of_the_layout(written, text):
    first = read_questionnaire(written(text)).content_hash()
    relaid = "# a comment\n" + text.replace("{en: Shop, zh: 商店}", "{zh: 商店, en: Shop}")
    assert read_questionnaire(written(relaid)).content_hash() == first
    reworded = text.replace("It lasts.", "It lasts long.")
    assert read_questionnaire(written(reworded)).content_hash() != first


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("code: Q1", "code: 1Q", 14, "begin with a letter"),
        ("code: Q1", "code: Q 1", 14, "begin with a letter"),
        ("correct: 2", "correct: two", 30, "whole number"),
        ("    source: Garvin (1987)\n", "", 10, "source"),
        ("reverse: true", "revers: true", 17, "revers"),
        ("{en: It lasts., zh: 耐用。}", "It lasts.", 15, "wording"),
        ("      2: {en: Female, zh: 女}\n", "", 35, "two options or more"),
    ],
)
def test_schema_faults_name_field_and_line(written, text, old, new, line, problem):
    with pytest.raises(DocumentError, match=problem) as caught:
        read_questionnaire(written(text.replace(old, new, 1)))
    assert caught.value.place.line == line
