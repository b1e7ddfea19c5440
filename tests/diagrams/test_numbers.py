"""How coefficients are written."""

import math

import pytest

from loyaltysem.diagrams.numbers import number_text, stars


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.274, ".27"),
        (-0.274, "−.27"),
        (-0.001, ".00"),
        (0.0, ".00"),
        (0.996, "1.00"),
        (-1.5, "−1.50"),
    ],
)
def test_standardized_numbers_lose_their_zero_but_never_get_a_negative_one(value, text):
    assert number_text(value, leading_zero=False) == text


def test_raw_numbers_keep_their_zero():
    assert number_text(0.5, digits=3) == "0.500"


@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_what_is_unknown_is_not_written(value):
    assert number_text(value) == ""


@pytest.mark.parametrize(
    ("pvalue", "marks"),
    [(0.0009, "***"), (0.001, "**"), (0.01, "*"), (0.05, ""), (None, ""), (math.nan, "")],
)
def test_stars_begin_below_their_limit(pvalue, marks):
    assert stars(pvalue) == marks


def test_another_convention():
    assert stars(0.07, ((0.05, "**"), (0.1, "*"))) == "*"
