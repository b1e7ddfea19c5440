"""Reliability against psych, by the definition, and where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pingouin import cronbach_alpha

from loyaltysem.measurement.reliability import (
    alpha_of,
    average_variance_extracted,
    composite_reliability,
    convergent_validity,
    feldt_interval,
    reliability,
)

GOLDEN = Path(__file__).parents[2].parent / "shared" / "golden"

needs_golden = pytest.mark.skipif(
    not GOLDEN.is_dir(), reason="the reference numbers are not beside this checkout"
)


def golden(case: str):
    content = json.loads((GOLDEN / "cases" / f"{case}.json").read_text(encoding="utf-8"))
    return content["values"], pd.read_csv(GOLDEN / content["data_file"])


@needs_golden
@pytest.mark.parametrize("case", ["alpha_loyalty", "alpha_mobi"])
def test_alpha_as_psych_has_it(case):
    # closed formulas on the same data: only rounding may differ
    values, data = golden(case)
    for name, expected in values.items():
        codes = [row["item"] for row in expected["item_stats"]]
        found = reliability(data[codes], name)
        total, ci = expected["total"], expected["feldt_ci"]
        assert found.n == expected["n"]
        assert found.alpha == pytest.approx(total["raw_alpha"], rel=1e-10)
        assert found.alpha_standardized == pytest.approx(total["std_alpha"], rel=1e-10)
        assert found.ci == pytest.approx((ci["lower"], ci["upper"]), rel=1e-9)
        assert [item.item_total for item in found.items] == pytest.approx(
            [row["r_drop"] for row in expected["item_stats"]], rel=1e-9
        )
        if len(codes) > 2:
            assert [item.alpha_if_deleted for item in found.items] == pytest.approx(
                [row["raw_alpha"] for row in expected["alpha_drop"]], rel=1e-9
            )


@needs_golden
@pytest.mark.parametrize("case", ["reliability_validity_loyalty", "reliability_validity_mobi"])
def test_interval_agrees_with_the_three_decimals_of_pingouin(case):
    _, data = golden(case)
    answers = data.filter(regex="^(sq|PERQ)")
    alpha, rounded = cronbach_alpha(answers)
    assert feldt_interval(alpha, *answers.shape) == pytest.approx(rounded, abs=5.1e-4)


SCALE = pd.DataFrame({"q1": [1.0, 2, 3, 4, 5], "q2": [2.0, 2, 3, 5, 5], "q3": [1.0, 3, 3, 4, 4]})


def test_alpha_by_hand():
    # covariances 2.5, 2.3, 1.5 on the diagonal, 2.25, 1.75, 1.5 beside it
    by_hand = 3 / 2 * (1 - 6.3 / 17.3)
    assert alpha_of(SCALE.cov()) == pytest.approx(by_hand)
    assert reliability(SCALE, "scale").alpha == pytest.approx(by_hand)


def test_item_statistics_by_the_definition():
    found = reliability(SCALE, "scale")
    for item in found.items:
        others = SCALE.drop(columns=item.code)
        assert item.item_total == pytest.approx(SCALE[item.code].corr(others.sum(axis=1)))
        assert item.alpha_if_deleted == pytest.approx(alpha_of(others.cov()))
    assert found.notices == ()


@given(
    shift=st.lists(st.floats(-100, 100), min_size=3, max_size=3),
    scale=st.floats(0.01, 100),
)
def test_alpha_is_unchanged_by_shifts_and_a_common_scale(shift, scale):
    assert reliability(SCALE * scale + shift, "scale").alpha == pytest.approx(
        alpha_of(SCALE.cov()), rel=1e-6
    )


def test_respondents_with_a_missing_answer_are_left_out():
    with_gap = pd.concat([SCALE, pd.DataFrame({"q1": [1.0], "q2": [np.nan], "q3": [5.0]})])
    assert reliability(with_gap, "scale") == reliability(SCALE, "scale")


def test_two_items_have_no_alpha_if_deleted():
    found = reliability(SCALE[["q1", "q2"]], "scale")
    r = SCALE["q1"].corr(SCALE["q2"])
    assert found.alpha_standardized == pytest.approx(2 * r / (1 + r))
    assert [item.alpha_if_deleted for item in found.items] == [None, None]


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        (SCALE[["q1"]], "single_item"),
        (SCALE[:1], "too_few_answers"),
        (SCALE * np.nan, "too_few_answers"),
        (SCALE * 0 + 3, "constant_sum"),
        (pd.DataFrame({"q1": [1.0, 2, 3], "q2": [3.0, 2, 1]}), "constant_sum"),
    ],
)
def test_where_there_is_no_alpha_a_notice_says_why(answers, code):
    found = reliability(answers, "quality")
    assert (found.alpha, found.alpha_standardized, found.ci) == (None, None, None)
    assert [item.code for item in found.items] == list(answers.columns)
    (notice,) = found.notices
    assert notice.code == code
    assert notice.facts["construct"] == "quality"


def test_constant_item_is_named():
    found = reliability(SCALE.assign(q2=4.0), "quality")
    assert found.alpha is not None
    assert found.alpha_standardized is None
    assert found.items[1].item_total is None
    assert [notice.facts["items"] for notice in found.notices] == [["q2"]]


def test_item_that_was_not_turned_round_is_found():
    found = reliability(SCALE.assign(q1=6 - SCALE["q1"]), "quality")
    assert found.alpha < 0
    codes = [notice.code for notice in found.notices]
    assert codes == ["negative_alpha", "negative_item_total"]


@needs_golden
def test_composite_reliability_and_ave_of_the_golden_loadings():
    table = golden("reliability_validity_loyalty")[0]["cr_ave_table"]
    cfa = json.loads((GOLDEN / "cases" / "cfa_ml_loyalty_measurement.json").read_text())
    for row in table:
        loadings = [
            one["std_all"]
            for one in cfa["parameters"]
            if one["op"] == "=~" and one["lhs"] == row["factor"]
        ]
        # the table comes from lavaan's default stop, the loadings from a polished fit
        assert composite_reliability(loadings) == pytest.approx(row["CR"], rel=1e-5)
        assert average_variance_extracted(loadings) == pytest.approx(row["AVE"], rel=1e-5)


def test_composite_reliability_and_ave_by_hand():
    loadings = [0.8, 0.7, 0.6]
    assert composite_reliability(loadings) == pytest.approx(2.1**2 / (2.1**2 + 1.51))
    assert average_variance_extracted(loadings) == pytest.approx(1.49 / 3)
    assert convergent_validity(loadings) == {
        "composite_reliability": composite_reliability(loadings),
        "ave": average_variance_extracted(loadings),
    }


@pytest.mark.parametrize("loadings", [[1.0], [0.8, np.nan, 0.7], []])
def test_no_convergent_validity(loadings):
    assert convergent_validity(loadings) == {"composite_reliability": None, "ave": None}
