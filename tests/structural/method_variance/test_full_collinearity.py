"""Variance inflation by regression, and what has none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.structural.method_variance import full_collinearity
from loyaltysem.structural.method_variance.full_collinearity import construct_means


def test_inflation_is_that_of_a_regression_on_all_others():
    rng = np.random.default_rng(2)
    scores = pd.DataFrame(
        rng.normal(size=(150, 3)) + rng.normal(size=(150, 1)), columns=list("abc")
    )
    X = np.column_stack([np.ones(150), scores[["b", "c"]]])
    residual = scores["a"] - X @ np.linalg.lstsq(X, scores["a"], rcond=None)[0]
    r2 = 1 - residual.var() / scores["a"].var()
    assert full_collinearity(scores)["a"] == pytest.approx(1 / (1 - r2))


def test_twins_are_endlessly_inflated():
    scores = pd.DataFrame({"a": [1.0, 2, 3, 5], "b": [1.0, 2, 3, 5], "c": [1.0, -1, 1, -1]})
    assert np.isinf(full_collinearity(scores)["a"])


def test_means_of_items_leave_out_who_lacks_one():
    answers = pd.DataFrame({"q1": [1.0, 2.0], "q2": [3.0, np.nan], "q3": [5.0, 5.0]})
    means = construct_means(answers, {"a": ["q1", "q2"], "b": ["q3"]})
    assert means["a"].tolist()[0] == 2.0
    assert np.isnan(means["a"].tolist()[1])


@pytest.mark.parametrize("columns", [{"a": [1, 2, 3]}, {"a": [1, 2, 3], "b": [4, 4, 4]}])
def test_a_single_or_constant_score_is_refused(columns):
    with pytest.raises(EstimationError, match="two constructs"):
        full_collinearity(pd.DataFrame(columns))
