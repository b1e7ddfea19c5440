import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import ResponsesError
from loyaltysem.measurement.htmt import htmt, htmt_of

CONSTRUCTS = {"a": ["a1", "a2"], "b": ["b1", "b2", "b3"]}


@pytest.fixture
def answers():
    rng = np.random.default_rng(8)
    traits = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], size=300)
    rows = np.repeat(traits, [2, 3], axis=1) + 0.7 * rng.normal(size=(300, 5))
    return pd.DataFrame(rows, columns=["a1", "a2", "b1", "b2", "b3"])


@pytest.mark.parametrize("mean", ["arithmetic", "geometric"])
def test_exact_factors_give_the_factor_correlation(mean):
    # equal loadings: both versions equal the correlation of the factors
    l = np.repeat([[0.8, 0.0], [0.0, 0.6]], [2, 3], axis=0)  # noqa: E741
    R = l @ np.array([[1, 0.45], [0.45, 1]]) @ l.T
    np.fill_diagonal(R, 1)
    member = [[1, 1, 0, 0, 0], [0, 0, 1, 1, 1]]
    np.testing.assert_allclose(htmt_of(R, member, mean=mean), [[1, 0.45], [0.45, 1]])


def test_unequal_loadings_are_no_matter_to_htmt2():
    l = np.array([[0.9, 0], [0.4, 0], [0, 0.8], [0, 0.5], [0, 0.7]])  # noqa: E741
    R = l @ np.array([[1, 0.45], [0.45, 1]]) @ l.T
    np.fill_diagonal(R, 1)
    member = [[1, 1, 0, 0, 0], [0, 0, 1, 1, 1]]
    assert htmt_of(R, member, mean="geometric")[0, 1] == pytest.approx(0.45)
    assert htmt_of(R, member)[0, 1] > 0.46


def test_interval_surrounds_the_ratio_and_repeats(answers):
    found = htmt(answers, CONSTRUCTS, draws=300, seed=2)
    (pair,) = found.pairs.to_dict("records")
    assert pair["ci_lower"] < pair["htmt"] < pair["ci_upper"] < 0.9
    assert pair["distinct"]
    again = htmt(answers, CONSTRUCTS, draws=300, seed=2)
    pd.testing.assert_frame_equal(found.pairs, again.pairs)


def test_one_construct_in_two_names_is_not_distinct(answers):
    halves = {"b": ["b1", "b2"], "again": ["b2", "b3"]}
    assert not htmt(answers, halves, draws=100).pairs["distinct"].any()


def test_contradicting_items_are_told(answers):
    turned = answers.assign(a2=-answers["a2"])
    assert htmt(turned, CONSTRUCTS).ratios.notna().all(axis=None)
    found = htmt(turned, CONSTRUCTS, absolute=False)
    assert found.pairs["htmt"].isna().all()
    assert [notice.code for notice in found.notices] == ["htmt_undefined"]


def test_constructs_need_two_items_that_exist(answers):
    with pytest.raises(ResponsesError, match="two items"):
        htmt(answers, {"a": ["a1"], "b": ["b1", "b2"]})
    with pytest.raises(ResponsesError) as caught:
        htmt(answers, {"a": ["a1", "a9"]})
    assert caught.value.found == "a9"
