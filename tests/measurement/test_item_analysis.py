import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import ResponsesError
from loyaltysem.measurement.item_analysis import item_discrimination


@pytest.fixture
def answers():
    rng = np.random.default_rng(31)
    trait = rng.normal(size=(300, 1))
    rows = np.clip(np.round(4 + 1.2 * trait + rng.normal(size=(300, 4))), 1, 7)
    return pd.DataFrame(rows, columns=list("abcd")).assign(noise=rng.integers(1, 8, 300))


def test_a_useless_item_stands_out(answers):
    found = item_discrimination(answers, scale=(1, 7))
    assert found["item_total"].idxmin() == "noise"
    assert (found.loc[list("abcd"), "pvalue"] < 1e-6).all()
    assert found["discrimination"].between(0, 1).all()


def test_groups_by_hand(answers):
    total = answers.sum(axis=1)
    low, high = answers[total <= total.quantile(0.27)], answers[total >= total.quantile(0.73)]
    found = item_discrimination(answers).loc["a"]
    assert found["mean_low"] == pytest.approx(low["a"].mean())
    assert found["critical_ratio"] == pytest.approx(
        (high["a"].mean() - low["a"].mean())
        / np.sqrt(low["a"].var() / len(low) + high["a"].var() / len(high))
    )
    assert found["item_total"] == pytest.approx(answers["a"].corr(total - answers["a"]))


def test_rows_may_be_shuffled(answers):
    shuffled = answers.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(item_discrimination(shuffled), item_discrimination(answers))


def test_items_that_separate_perfectly_have_no_t():
    rows = pd.DataFrame({"a": [1, 1, 1, 5, 5, 5], "b": [1, 1, 2, 5, 5, 4]})
    found = item_discrimination(rows, share=0.5)
    assert np.isnan(found.loc["a", "critical_ratio"])
    assert found.loc["a", "discrimination"] == 1


@pytest.mark.parametrize("share", [0, 0.6])
def test_impossible_groups(answers, share):
    with pytest.raises(ResponsesError):
        item_discrimination(answers, share=share)


def test_too_few(answers):
    with pytest.raises(ResponsesError, match="two items"):
        item_discrimination(answers[["a"]])
    with pytest.raises(ResponsesError):
        item_discrimination(answers.head(2))
