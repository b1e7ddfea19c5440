import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import ModelSpecificationError, ResponsesError
from loyaltysem.measurement.discriminant import constrained_correlation_tests, cross_loadings

CONSTRUCTS = {"a": ["a1", "a2", "a3"], "b": ["b1", "b2", "b3"]}
MODEL = "a =~ a1 + a2 + a3\nb =~ b1 + b2 + b3"


def answers(r):
    rng = np.random.default_rng(21)
    traits = rng.multivariate_normal([0, 0], [[1, r], [r, 1]], size=250)
    rows = np.repeat(traits, 3, axis=1) + 0.8 * rng.normal(size=(250, 6))
    return pd.DataFrame(rows, columns=[item for own in CONSTRUCTS.values() for item in own])


def test_items_correlate_most_with_their_own_construct():
    table = cross_loadings(answers(0.4), CONSTRUCTS)
    assert table.shape == (6, 2)
    assert (table["a"] > table["b"]).tolist() == [True] * 3 + [False] * 3


def test_an_item_is_left_out_of_its_own_construct():
    rows = answers(0.4)
    table = cross_loadings(rows, CONSTRUCTS)
    assert table.loc["a1", "a"] == pytest.approx(rows["a1"].corr(rows["a2"] + rows["a3"]))
    assert table.loc["a1", "b"] == pytest.approx(
        rows["a1"].corr(rows["b1"] + rows["b2"] + rows["b3"])
    )
    plain = cross_loadings(rows, CONSTRUCTS, corrected=False)
    assert (plain.loc[["a1", "a2", "a3"], "a"] > table.loc[["a1", "a2", "a3"], "a"]).all()


def test_a_single_item_has_no_others():
    table = cross_loadings(answers(0.4), {"a": ["a1"], "b": ["b1", "b2"]})
    assert np.isnan(table.loc["a1", "a"])
    assert np.isfinite(table.loc["a1", "b"])


def test_unknown_items_are_named():
    with pytest.raises(ResponsesError) as caught:
        cross_loadings(answers(0.4), {"a": ["a1", "z"]})
    assert caught.value.found == "z"


def test_different_constructs_differ():
    (row,) = constrained_correlation_tests(MODEL, answers(0.4)).to_dict("records")
    assert (row["first"], row["second"]) == ("a", "b")
    assert row["df_diff"] == 1
    assert row["pvalue"] < 1e-6
    assert row["distinct"]


def test_the_same_construct_twice_does_not():
    (row,) = constrained_correlation_tests(MODEL, answers(1.0)).to_dict("records")
    assert row["correlation"] > 0.9
    assert not row["distinct"]


def test_opposite_constructs_are_held_against_minus_one():
    rows = answers(0.4)
    rows[CONSTRUCTS["b"]] *= -1
    (row,) = constrained_correlation_tests(MODEL, rows).to_dict("records")
    (mirrored,) = constrained_correlation_tests(MODEL, answers(0.4)).to_dict("records")
    assert row["correlation"] == pytest.approx(-mirrored["correlation"], abs=1e-6)
    assert row["chisq_diff"] == pytest.approx(mirrored["chisq_diff"], abs=1e-4)


def test_unknown_constructs_are_named():
    with pytest.raises(ModelSpecificationError) as caught:
        constrained_correlation_tests(MODEL, answers(0.4), pairs=[("a", "c")])
    assert caught.value.found == "c"
    with pytest.raises(ModelSpecificationError):
        constrained_correlation_tests("a =~ a1 + a2 + a3", answers(0.4))
