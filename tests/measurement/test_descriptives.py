"""Descriptives against psych and SPSS's definitions, and where nothing can be computed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.measurement.descriptives import describe

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


def test_no_items():
    assert len(describe(pd.DataFrame(index=range(3)))) == 0
