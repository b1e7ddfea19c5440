"""The CFA marker technique against lavaan 0.6-14."""

from __future__ import annotations

import numpy as np
import pytest

from loyaltysem.errors import ModelSpecificationError
from loyaltysem.estimation import fit
from loyaltysem.structural.method_variance import marker_factor

from .conftest import answers

MEASUREMENT = "\n".join(f"{c} =~ " + " + ".join(f"{c}{k}" for k in range(1, 5)) for c in "abcm")


@pytest.fixture(scope="module")
def speed(hs_fit):
    return marker_factor(hs_fit, "speed")


def test_the_models_are_those_of_lavaan(speed):
    """cfa(..., std.lv = TRUE) with the marker's loadings and residual variances fixed.

    Baseline: speed ~~ 0*visual + 0*textual; method_c: speed =~ a*x1 + ... + a*x6; method_u without
    the label; method_r: method_c with visual ~~ textual at its value in the baseline.
    """
    reference = {
        "cfa": (85.306, 24),
        "baseline": (123.694, 32),
        "method_c": (92.060, 31),
        "method_u": (83.192, 26),
    }
    for name, (chisq, df) in reference.items():
        assert speed.models.loc[name, "chisq"] == pytest.approx(chisq, abs=1e-3)
        assert speed.models.loc[name, "df"] == df
    assert speed.models.loc["method_r", "df"] == 32
    assert speed.steps["chisq"].tolist()[:2] == pytest.approx([31.634, 8.8672], abs=1e-3)
    assert speed.steps["pvalue"].tolist()[:2] == pytest.approx([1.862e-08, 0.1145], rel=1e-3)


def test_equal_loadings_are_kept_unless_free_ones_fit_better(speed):
    assert speed.chosen == "method_c"
    assert speed.loadings["pvalue"].nunique() == 1


def test_reliability_splits_into_construct_and_method(speed):
    table = speed.reliability
    assert list(table.index) == ["visual", "textual"]
    np.testing.assert_allclose(table["substantive"] + table["method"], table["total"])
    own = speed.loadings[speed.loadings["construct"] == "visual"]
    error = (1 - own["loading"] ** 2 - own["method"] ** 2).sum()
    whole = own["loading"].sum() ** 2 + own["method"].sum() ** 2 + error
    assert table.loc["visual", "method"] == pytest.approx(own["method"].sum() ** 2 / whole)


def test_larger_marker_loadings_move_the_correlation_further(speed):
    row = speed.correlations.iloc[0]
    moves = [abs(row[name] - row["baseline"]) for name in ("adjusted", "sensitivity_05")]
    assert moves[0] < moves[1]


def test_a_marker_without_method_variance_changes_nothing():
    found = marker_factor(fit(MEASUREMENT, answers(method=0.0, seed=8)), "m")
    assert found.steps["pvalue"].iloc[0] > 0.05
    table = found.correlations
    np.testing.assert_allclose(table["adjusted"], table["baseline"], atol=0.02)


def test_a_marker_that_is_no_construct_is_refused(hs_fit):
    with pytest.raises(ModelSpecificationError) as caught:
        marker_factor(hs_fit, "spead")
    assert "speed" in str(caught.value.remedy)
    assert "visual" in str(caught.value.expected)
