"""Descriptives against psych and SPSS's definitions, and where nothing can be computed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import ResponsesError
from loyaltysem.measurement.descriptives import describe, describe_distributions

GOLDEN = Path(__file__).parents[2].parent / "shared" / "golden"
NAMES = {
    "mean": "mean",
    "sd": "sd",
    "skewness": "skew_type2",
    "kurtosis": "kurt_type2",
    "minimum": "min",
    "maximum": "max",
}


@pytest.mark.skipif(
    not GOLDEN.is_dir(), reason="the reference numbers are not beside this checkout"
)
@pytest.mark.parametrize("case", ["assumptions_loyalty", "assumptions_mobi"])
def test_items_as_psych_describes_them(case):
    # closed formulas on the same data: only rounding may differ
    content = json.loads((GOLDEN / "cases" / f"{case}.json").read_text(encoding="utf-8"))
    data = pd.read_csv(GOLDEN / content["data_file"])
    expected = content["values"]["describe"]
    found = describe(data[[row["item"] for row in expected]])
    for ours, theirs in NAMES.items():
        np.testing.assert_allclose(found[ours], [row[theirs] for row in expected], rtol=1e-9)


def test_as_pandas_computes_them():
    answers = pd.DataFrame({"q1": [1.0, 2, 2, 5, np.nan], "q2": [7.0, 1, np.nan, 1, 4]})
    found = describe(answers).set_index("code")
    assert found["n"].tolist() == [4, 4]
    assert found["n_missing"].tolist() == [1, 1]
    np.testing.assert_allclose(found["mean"], answers.mean())
    np.testing.assert_allclose(found["sd"], answers.std())
    np.testing.assert_allclose(found["skewness"], answers.skew())
    np.testing.assert_allclose(found["kurtosis"], answers.kurt())
    assert found["minimum"].tolist() == [1, 1]
    assert found["maximum"].tolist() == [5, 7]


@pytest.mark.parametrize(
    ("values", "computable"),
    [
        ([], set()),
        ([3.0], {"mean", "minimum", "maximum"}),
        ([3.0, 4.0], {"mean", "sd", "minimum", "maximum"}),
        ([3.0, 4.0, 6.0], {"mean", "sd", "skewness", "minimum", "maximum"}),
        ([0.1, 0.1, 0.1, 0.1], {"mean", "sd", "minimum", "maximum"}),
    ],
)
def test_what_cannot_be_computed_is_nan(values, computable):
    answers = pd.DataFrame({"q1": [*values, np.nan]})
    (row,) = describe(answers).to_dict("records")
    assert row["n"] == len(values)
    assert {name for name in NAMES if np.isfinite(row[name])} == computable


def test_text_is_refused():
    with pytest.raises(ResponsesError) as caught:
        describe(pd.DataFrame({"q1": [1, 2], "q2": ["a", "b"]}))
    assert caught.value.found == "q2"


def test_no_items():
    assert len(describe(pd.DataFrame(index=range(3)))) == 0
    assert len(describe_distributions(pd.DataFrame(index=range(3)))) == 0


def test_standard_errors_as_spss_prints_them_for_a_hundred_answers():
    answers = pd.DataFrame({"q1": np.random.default_rng(1).integers(1, 6, 100)})
    (row,) = describe_distributions(answers).to_dict("records")
    (basic,) = describe(answers).to_dict("records")
    assert row["skewness_se"] == pytest.approx(0.241, abs=5e-4)
    assert row["kurtosis_se"] == pytest.approx(0.478, abs=5e-4)
    assert row["skewness_z"] == pytest.approx(basic["skewness"] / row["skewness_se"])
    assert row["kurtosis_z"] == pytest.approx(basic["kurtosis"] / row["kurtosis_se"])


def test_floor_and_ceiling_are_those_of_the_scale():
    answers = pd.DataFrame({"q1": [2.0, 2, 3, np.nan], "q2": [1.0, 7, 7, 7]})
    found = describe_distributions(answers, scale=(1, 7)).set_index("code")
    assert found["floor"].tolist() == [0, 0.25]
    assert found["ceiling"].tolist() == [0, 0.75]
    own = describe_distributions(answers).set_index("code")
    assert own.loc["q1", "floor"] == pytest.approx(2 / 3)
    assert own["median"].tolist() == [2, 7]


def test_distributions_of_few_answers_are_nan():
    (row,) = describe_distributions(pd.DataFrame({"q1": [3.0, np.nan]})).to_dict("records")
    assert np.isnan([row[name] for name in ("se", "skewness_se", "kurtosis_z")]).all()
    assert row["floor"] == 1
