import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import ResponsesError
from loyaltysem.measurement.alpha import consistency
from loyaltysem.measurement.split_half import spearman_brown, split_half


def scale(k, n=150, seed=4):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(rng.normal(size=(n, 1)) + rng.normal(size=(n, k)))


def test_two_items_all_agree_and_are_warned_of():
    answers = scale(2)
    found = split_half(answers)
    expected = spearman_brown(answers.corr().iloc[0, 1])
    for name in ("odd_even", "lambda2", "lambda3", "lambda4", "lambda5", "worst", "mean"):
        assert getattr(found, name) == pytest.approx(expected), name
    assert [notice.code for notice in found.notices] == ["two_items"]


def test_mean_over_all_equal_splits_is_standardized_alpha():
    # Cronbach (1951), for an even number of items
    answers = scale(6)
    found = split_half(answers)
    assert found.n_splits == 10
    assert found.mean == pytest.approx(consistency(answers.cov()).alpha_standardized)
    assert found.lambda3 == pytest.approx(found.mean)


def test_bounds_keep_guttmans_order():
    found = split_half(scale(7))
    assert found.lambda1 < found.lambda3 <= found.lambda2 <= found.lambda4
    assert found.worst <= found.mean <= found.lambda4
    assert found.n_splits == 35


def test_long_scales_are_split_at_random_but_repeatably():
    answers = scale(20)
    assert split_half(answers, seed=1) == split_half(answers, seed=1)
    assert split_half(answers).n_splits == 10_000


def test_double_length():
    assert spearman_brown([0.5, 0.8]) == pytest.approx([2 / 3, 1.6 / 1.8])
    assert spearman_brown(0.5, 1.0) == pytest.approx(0.5)


def test_one_item_is_refused():
    with pytest.raises(ResponsesError):
        split_half(scale(1))


def test_items_that_cancel_out_are_refused():
    with pytest.raises(ResponsesError, match="cancel"):
        split_half(pd.DataFrame({"a": [1.0, 2, 3], "b": [3.0, 2, 1]}))
