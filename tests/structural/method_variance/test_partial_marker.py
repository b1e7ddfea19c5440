"""Lindell & Whitney's formulas by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from scipy.stats import t as student

from loyaltysem.errors import EstimationError
from loyaltysem.structural.method_variance import marker_correlations


@pytest.fixture(scope="module")
def scores() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    shared = rng.normal(size=(200, 1))
    values = pd.DataFrame(rng.normal(size=(200, 4)) + 0.5 * shared, columns=["a", "b", "c", "m"])
    values.loc[0, "a"] = np.nan
    return values


def test_the_adjusted_correlation_and_its_test(scores):
    found = marker_correlations(scores, "m")
    complete = scores.dropna()
    R = complete.corr()
    r_m = min(R.loc[["a", "b", "c"], "m"])
    assert found.n == 199
    assert found.method == pytest.approx(r_m)
    first = found.pairs.iloc[0]
    adjusted = (R.loc["a", "b"] - r_m) / (1 - r_m)
    assert first["adjusted"] == pytest.approx(adjusted)
    t = adjusted / np.sqrt((1 - adjusted**2) / (199 - 3))
    assert first["adj_t"] == pytest.approx(t)
    assert first["adj_pvalue"] == pytest.approx(2 * student.sf(abs(t), 196))


def test_constructs_named_beforehand_stand_for_the_method(scores):
    found = marker_correlations(scores, "m", unrelated=["b", "c"])
    R = scores.dropna().corr()
    r_m = R.loc[["b", "c"], "m"].mean()
    assert found.unrelated == ("b", "c")
    assert found.method == pytest.approx(r_m)
    assert found.pairs["adjusted"].iloc[0] == pytest.approx((R.loc["a", "b"] - r_m) / (1 - r_m))


def test_the_error_of_an_adjusted_correlation_is_that_of_the_jackknife(scores):
    complete = scores.dropna()
    full = marker_correlations(complete, "m", unrelated=["c"]).pairs
    left_out = np.array(
        [
            marker_correlations(complete.drop(index=row), "m", unrelated=["c"]).pairs["adjusted"]
            for row in complete.index
        ]
    )
    n = len(complete)
    jackknife = np.sqrt((n - 1) / n * ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0))
    np.testing.assert_allclose(full["adj_se"], jackknife, rtol=0.03)
    z = full["adjusted"] / full["adj_se"]
    np.testing.assert_allclose(full["sampling_pvalue"], 2 * norm.sf(abs(z)))


def test_nothing_is_judged_where_the_answers_chose_the_method(scores):
    pairs = marker_correlations(scores, "m").pairs
    assert pairs[["adj_se", "sampling_pvalue"]].isna().all(axis=None)
    assert list(pairs["lost"]) == [None] * 3
    assert pairs["adj_pvalue"].between(0, 1).all()


def test_a_correlation_that_turns_its_sign_is_lost():
    rng = np.random.default_rng(7)
    method = rng.normal(size=(2000, 1))
    scores = pd.DataFrame(0.7 * method + rng.normal(size=(2000, 3)), columns=["a", "c", "m"])
    scores["b"] = rng.normal(size=2000) + 0.15 * scores["a"]
    pairs = marker_correlations(scores, "m", unrelated=["c"]).pairs
    row = pairs[(pairs["first"] == "a") & (pairs["second"] == "b")].iloc[0]
    assert row["correlation"] > 0 > row["adjusted"]
    assert max(row["pvalue"], row["sampling_pvalue"]) < 0.05
    assert row["lost"]


def test_the_upper_limit_of_the_marker_is_stricter(scores):
    found = marker_correlations(scores, "m")
    width = 1.959964 / np.sqrt(196)
    assert found.upper == pytest.approx(np.tanh(np.arctanh(found.method) + width), abs=1e-6)
    assert (found.pairs["upper_adjusted"] < found.pairs["adjusted"]).all()


def test_a_marker_without_a_positive_correlation_adjusts_nothing(scores):
    turned = scores.assign(m=-scores["m"])
    found = marker_correlations(turned, "m")
    assert found.method == 0
    np.testing.assert_allclose(found.pairs["adjusted"], found.pairs["correlation"])


def test_what_cannot_be_a_marker_is_refused(scores):
    with pytest.raises(EstimationError) as caught:
        marker_correlations(scores, "marker")
    assert caught.value.expected == "a, b, c, m"
    with pytest.raises(EstimationError, match="unrelated to the marker") as caught:
        marker_correlations(scores, "m", unrelated=["d"])
    assert caught.value.expected == "a, b, c"
    with pytest.raises(EstimationError, match="scores that vary"):
        marker_correlations(scores.assign(m=3.0), "m")
