"""What was asked, as records: an item may have a scale of its own."""

from __future__ import annotations

import pandas as pd
import pytest

from loyaltysem.library import find
from loyaltysem.questionnaire import Questionnaire, Scale, read_questionnaire
from loyaltysem.study.assemble import questionnaire_info
from loyaltysem.study.parts.descriptives import construct_descriptives


@pytest.fixture
def questionnaire() -> Questionnaire:
    """The shop's questionnaire, its first item answered from 0 to 10 instead of 1 to 7."""
    whole = read_questionnaire(find("questionnaires", "ecommerce_loyalty"))
    first = whole.constructs[0]
    item = first.items[0].model_copy(update={"scale": Scale(type="nps", lowest=0, highest=10)})
    construct = first.model_copy(update={"items": (item, *first.items[1:])})
    return whole.model_copy(update={"constructs": (construct, *whole.constructs[1:])})


def test_scales_are_those_of_the_items(questionnaire: Questionnaire) -> None:
    items = questionnaire_info(questionnaire).constructs[0].items
    assert [item.scale for item in items] == [(0, 10), (1, 7), (1, 7), (1, 7)]


def test_the_floor_of_a_construct_is_the_mean_of_its_items_ends(
    questionnaire: Questionnaire,
) -> None:
    rows = [[0, 1, 1, 1], [10, 7, 7, 7], [5, 4, 4, 5], [6, 3, 4, 2]]
    own = pd.DataFrame(rows, columns=["PQ1", "PQ2", "PQ3", "PQ4"], dtype=float)
    others = {code: [3.0, 4.0, 5.0, 2.0] for code in questionnaire.item_codes[4:]}
    found = construct_descriptives(own.assign(**others), questionnaire)[0]
    assert found.shape is not None
    assert (found.shape.floor, found.shape.ceiling) == (0.25, 0.25)
