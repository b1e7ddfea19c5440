"""Keys of a study that say how its report is written."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from loyaltysem.measurement.cutoffs import profiles_of, read_cutoffs
from loyaltysem.study.settings.style import DigitsDefinition, StyleDefinition


def test_only_given_digits_are_passed_on() -> None:
    assert StyleDefinition().digits.given() == {}
    assert DigitsDefinition(estimate=2, pvalue=4).given() == {"estimate": 2, "pvalue": 4}


@pytest.mark.parametrize(
    "wrong",
    [
        {"stars": (0.01, 0.05)},
        {"stars": (0.05, 0.01, 0.001, 0.0001)},
        {"stars": (1.5,)},
        {"tables": "booktabs"},
        {"digits": {"estimate": 9}},
        {"digits": {"pvalue": 1}},
        {"digits": {"loading": 2}},
    ],
)
def test_what_cannot_be_written_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        StyleDefinition.model_validate(wrong)


def test_both_profiles_judge_by_the_first_and_add_the_second() -> None:
    assert profiles_of("both") == ("thesis", "strict")
    thesis, both = read_cutoffs("thesis"), read_cutoffs("both")
    assert both[: len(thesis)] == thesis
    assert {rule.quantity for rule in both} >= {rule.quantity for rule in read_cutoffs("strict")}
