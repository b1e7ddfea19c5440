import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import ResponsesError
from loyaltysem.measurement.behaviour import customer_behaviour, known_groups, rfm_tiers


@pytest.fixture
def purchases():
    return pd.DataFrame(
        {
            "customer": ["x", "x", "x", "y", None],
            "date": ["2024-01-01", "2024-01-11", "2024-01-11 18:30", "2024-01-05", "2024-02-01"],
            "amount": [10.0, 20.0, 6.0, 50.0, 99.0],
        }
    )


def test_purchases_of_a_day_are_one(purchases):
    found = customer_behaviour(purchases)
    assert found.loc["x"].to_dict() == {
        "recency": 0,
        "frequency": 2,
        "monetary": 18.0,
        "total": 36.0,
        "tenure": 10,
        "repurchased": True,
    }
    assert found.loc["y", "recency"] == 6
    assert not found.loc["y", "repurchased"]


def test_what_comes_later_does_not_count(purchases):
    found = customer_behaviour(purchases, until="2024-01-06")
    assert found["frequency"].to_dict() == {"x": 1, "y": 1}
    assert found["recency"].to_dict() == {"x": 5, "y": 1}
    with pytest.raises(ResponsesError, match="no purchase"):
        customer_behaviour(purchases, until="2023-01-01")


@pytest.mark.parametrize(("column", "value"), [("date", "soon"), ("amount", "a lot")])
def test_unreadable_cells_are_shown(purchases, column, value):
    purchases[column] = purchases[column].astype(object)
    purchases.loc[1, column] = value
    with pytest.raises(ResponsesError) as caught:
        customer_behaviour(purchases)
    assert caught.value.found == value


def test_missing_columns(purchases):
    with pytest.raises(ResponsesError):
        customer_behaviour(purchases.drop(columns="date"))
    renamed = purchases.rename(columns={"customer": "who"})
    assert customer_behaviour(renamed, customer="who").index.name == "who"


def behaviour():
    return pd.DataFrame(
        {
            "recency": [1, 50, 100, 20, 80, 90],
            "frequency": [9, 4, 1, 5, 2, 1],
            "monetary": [90.0, 40, 10, 50, 20, 15],
        },
        index=list("abcdef"),
    )


def test_tiers_by_quantiles():
    found = rfm_tiers(behaviour())
    assert found["tier"].tolist() == ["gold", "silver", "bronze", "gold", "silver", "bronze"]
    assert found.loc["a", ["r", "f", "m"]].tolist() == [3, 3, 3]


def test_tiers_by_rules():
    rules = {"recency": [30, 60], "frequency": [2, 5], "monetary": [20, 80]}
    found = rfm_tiers(behaviour(), rules=rules)
    assert found.loc["b", ["r", "f", "m"]].tolist() == [2, 2, 2]
    assert found.loc["e", ["r", "f", "m"]].tolist() == [1, 2, 2]
    with pytest.raises(ResponsesError):
        rfm_tiers(behaviour(), rules={"recency": [60, 30]})


def test_scores_that_rise_with_the_tier():
    rng = np.random.default_rng(1)
    tiers = rfm_tiers(behaviour())["tier"].repeat(40).reset_index(drop=True)
    rank = tiers.cat.codes.to_numpy()
    scores = pd.DataFrame(
        {"loyalty": rank + rng.normal(size=240), "noise": -0.5 * rank + rng.normal(size=240)}
    )
    found = known_groups(scores, tiers)
    assert found["rises"].to_dict() == {"loyalty": True, "noise": False}
    assert found.loc["loyalty", "pvalue"] < 1e-6
    assert list(found.columns[:3]) == ["mean_bronze", "mean_silver", "mean_gold"]


def test_tiers_must_be_ordered():
    scores = pd.DataFrame({"loyalty": [1.0, 2.0]})
    with pytest.raises(ResponsesError, match="ordered"):
        known_groups(scores, pd.Series(["gold", "bronze"]))
    one = pd.Series(pd.Categorical(["gold", "gold"], ["bronze", "gold"], ordered=True))
    with pytest.raises(ResponsesError, match="two tiers"):
        known_groups(scores, one)
