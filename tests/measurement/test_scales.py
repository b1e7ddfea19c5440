import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import ResponsesError
from loyaltysem.measurement.alpha import alpha_analysis
from loyaltysem.measurement.scales import scale_coefficients, scale_table
from loyaltysem.measurement.split_half import spearman_brown

CONSTRUCTS = {"a": ["a1", "a2", "a3"], "b": ["b1", "b2"]}


@pytest.fixture
def answers():
    rng = np.random.default_rng(51)
    traits = rng.normal(size=(200, 2))
    rows = np.repeat(traits, [3, 2], axis=1) + 0.8 * rng.normal(size=(200, 5))
    columns = ["a1", "a2", "a3", "b1", "b2"]
    return pd.DataFrame(np.clip(np.round(rows + 3), 1, 5), columns=columns)


def test_one_row_per_scale(answers):
    found = scale_table(answers, CONSTRUCTS, draws=200)
    row = found.table.loc["a"]
    assert row["alpha"] == pytest.approx(alpha_analysis(answers[CONSTRUCTS["a"]]).scale.alpha)
    assert row["ci_lower"] < row["alpha"] < row["ci_upper"]
    assert row["boot_lower"] < row["alpha"] < row["boot_upper"]
    assert np.isnan(row["spearman_brown"])
    assert found.items["item"].tolist() == ["a1", "a2", "a3", "b1", "b2"]


def test_two_items_have_their_own_coefficient_and_warning(answers):
    found = scale_table(answers, CONSTRUCTS)
    row = found.table.loc["b"]
    assert row["spearman_brown"] == pytest.approx(
        spearman_brown(answers["b1"].corr(answers["b2"])).item()
    )
    assert np.isnan(row["omega"])
    assert np.isnan(row["boot_lower"])
    assert found.items.loc[found.items["scale"] == "b", "alpha_if_deleted"].isna().all()
    assert [(n.code, n.facts["construct"]) for n in found.notices] == [("two_items", "b")]


def test_the_rest_goes_on_where_a_scale_cannot_be_computed(answers):
    found = scale_table(answers.assign(b2=3), {**CONSTRUCTS, "single": ["a1"]})
    assert found.table["alpha"].isna().tolist() == [False, True, True]
    codes = [(n.code, n.facts["construct"]) for n in found.notices]
    assert codes == [("no_reliability", "b"), ("no_reliability", "single")]
    assert "b2" in str(found.notices[0])


def test_contradicting_items_are_told(answers):
    turned = answers.assign(b2=6 - answers["b2"])
    assert "negative_alpha" in [n.code for n in scale_table(turned, CONSTRUCTS).notices]
    wide = answers.assign(a3=6 - answers["a3"], a4=answers["a1"], a5=answers["a2"])
    (notice,) = scale_table(wide, {"a": ["a1", "a2", "a3", "a4", "a5"]}).notices
    assert notice.code == "negative_item_total"
    assert notice.facts["items"] == ["a3"]


def test_no_scale_at_all(answers):
    assert scale_table(answers, {"single": ["a1"]}).items.empty
    with pytest.raises(ResponsesError) as caught:
        scale_table(answers, {"a": ["a1", "zz"]})
    assert caught.value.found == "zz"


def test_coefficients_of_a_scale_beside_alpha(answers):
    found = scale_coefficients(answers[CONSTRUCTS["a"]], draws=100, seed=3)
    assert found["lambda3"] <= found["lambda2"] <= 1
    assert found["boot_lower"] < found["lambda3"] < found["boot_upper"]
    assert found["ordinal_omega"] > found["omega"] > found["mean_r"]
    assert found["categorical_omega"] == pytest.approx(found["omega"], abs=0.05)


def test_coefficients_without_categories_or_draws():
    rows = np.random.default_rng(4).normal(size=(60, 3))
    rows += rows[:, [0]]
    found = scale_coefficients(pd.DataFrame(rows, columns=["x", "y", "z"]))
    assert np.isnan(found["ordinal_alpha"])
    assert np.isnan(found["boot_lower"])
    assert 0 < found["omega"] < 1
