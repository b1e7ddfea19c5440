"""Score tests of single items against lavaan's ``lavTestScore``."""

import numpy as np
import pandas as pd
import pytest

from loyaltysem import invariance

SCHOOL_MODEL = """
visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9
"""

ONE = "f =~ x1 + x2 + x3 + x4"
CUTS = [-1.6, -0.9, -0.1, 0.8]

# cfa(model, HS, group = "school", group.equal = c("loadings", "intercepts"), std.lv = TRUE),
# lavTestScore(...)$uni$X2
SCALAR = {
    "x1~1": 5.84730522926,
    "x2~1": 6.86325946310,
    "x3~1": 19.19252461505,
    "x4~1": 2.13879787784,
    "x5~1": 1.56273563525,
    "x6~1": 0.03249276106,
    "x7~1": 15.02145865810,
    "x8~1": 4.70959137017,
    "x9~1": 1.49787966503,
}


def test_tests_are_the_univariate_ones_of_lavaan(school):
    tests = invariance(SCHOOL_MODEL, school, group="school").item_tests["scalar"]
    found = dict(zip(tests["parameter"], tests["chisq"], strict=True))
    assert found == pytest.approx(SCALAR, rel=1e-4)
    assert tests["parameter"].iloc[0] == "x3~1"
    assert tests["item"].iloc[0] == "x3"
    assert (tests["df"] == 1).all()
    assert tests["chisq_standard"].to_numpy() == pytest.approx(tests["chisq"].to_numpy())


def test_items_of_three_groups_are_tested_jointly(school):
    thirds = school.assign(third=[f"g{k % 3}" for k in range(len(school))])
    found = invariance(SCHOOL_MODEL, thirds, group="third", levels=["metric"])
    tests = found.item_tests["metric"].set_index("parameter")
    assert (tests["df"] == 2).all()
    assert set(tests["group"]) <= {"g1", "g2"}
    # lavTestScore(fit, release = both constraints of the item)$test$X2
    assert tests.loc["visual=~x1", "chisq"] == pytest.approx(4.59204041, rel=1e-4)
    assert tests.loc["speed=~x9", "chisq"] == pytest.approx(1.19838453, rel=1e-4)


def test_expected_change_is_that_of_release(simulated, rng):
    data = simulated(rng, intercept=0.5)
    found = invariance("f =~ x1 + x2 + x3 + x4", data, group="who")
    first = found.item_tests["scalar"].iloc[0]
    assert first["parameter"] == "x2~1"
    assert first["group"] == "b"
    assert first["epc"] == pytest.approx(0.5, abs=0.1)
    assert first["pvalue_adjusted"] == pytest.approx(min(1.0, 4 * first["pvalue"]))


def test_thresholds_of_an_item_count_less_their_shift_and_stretch(loyalty):
    model = "image =~ im1 + im2 + im3 + im4"
    found = invariance(model, loyalty, group="gender", ordered=True, levels=["thresholds"])
    tests = found.item_tests["thresholds"]
    assert set(tests["parameter"]) == {"im1|", "im2|", "im3|", "im4|"}
    assert (tests["df"] == 4).all()


@pytest.mark.parametrize(("level", "op"), [("scalar", "~1"), ("strict", "~~")])
def test_fixed_parameters_of_ordinal_items_have_their_modification_index(loyalty, level, op):
    model = "image =~ im1 + im2 + im3 + im4"
    found = invariance(model, loyalty, group="gender", ordered=True, levels=["thresholds", level])
    tests = found.item_tests[level].set_index("item")
    tests = tests[tests["kind"] != "loadings"]
    indices = found.rung(level).fit.modification_indices(op=[op])
    indices = indices[(indices["group"] == 2) & (indices["lhs"].str.startswith("im"))]
    own = indices[(indices["rhs"] == indices["lhs"]) | (indices["rhs"] == "")].set_index("lhs")
    for kind in ("intercepts",) if level == "scalar" else ("residuals",):
        chosen = tests[tests["kind"] == kind]
        assert len(chosen) == 4
        for item, row in chosen.iterrows():
            assert row["chisq_standard"] == pytest.approx(own.loc[item, "mi"], rel=1e-6)
            assert row["epc"] == pytest.approx(own.loc[item, "epc"], rel=1e-6)


def test_binary_items_are_tested_by_their_intercepts(simulated, rng):
    data = simulated(rng, 500, intercept=1.0)
    for item, cut in zip(("x1", "x2", "x3", "x4"), (-0.8, 0.2, 0.9, 0.0), strict=True):
        data[item] = (data[item] > cut).astype(int)
    options = {"group": "who", "ordered": True, "criterion": "chisq", "release": True}
    found = invariance("f =~ x1 + x2 + x3 + x4", data, **options)
    tests = found.item_tests["scalar"]
    assert set(tests["parameter"]) == {"x1~1", "x2~1", "x3~1", "x4~1"}
    assert [one.parameter for one in found.releases][:1] == ["x2~1"]
    full, partial = (rung for rung in found.rungs if rung.level.name == "scalar")
    assert full.indices.df - partial.indices.df == 1
    assert partial.fit.tests[0].statistic < 0.2 * full.fit.tests[0].statistic


def difference_by_release(data, parameter, item, **options):
    """Return the squared Wald z of the difference that releasing a residual variance leaves."""
    found = invariance(ONE, data, group="who", partial=[parameter], **options)
    fit = found.rung("strict").fit
    first, second = (row for row in fit.table.rows if row.op == "~~" and row.lhs == row.rhs == item)
    contrast = np.zeros(len(fit.theta))
    contrast[[first.free - 1, second.free - 1]] = -1.0, 1.0
    return float((contrast @ fit.theta) ** 2 / (contrast @ fit.vcov @ contrast))


def test_robust_tests_agree_with_the_robust_wald_tests_of_release():
    """Skewed errors: residual variances vary far more than normal ones would."""
    rng = np.random.default_rng(4)
    score = rng.normal(size=(4000, 1))
    items = 0.8 * score + 0.6 * (rng.exponential(size=(4000, 4)) - 1)
    data = pd.DataFrame(items, columns=["x1", "x2", "x3", "x4"])
    data["who"] = np.repeat(["a", "b"], 2000)
    tests = invariance(ONE, data, group="who", estimator="MLR").item_tests["strict"]
    for row in tests.to_dict("records"):
        wald = difference_by_release(data, row["parameter"], row["item"], estimator="MLR")
        assert row["chisq"] == pytest.approx(wald, rel=0.1, abs=0.05)
    assert (tests["chisq_standard"] > 1.5 * tests["chisq"]).all()


def test_score_tests_of_thresholds_reject_as_often_as_they_should():
    """Without a correction they would hardly ever: their mean would be a fraction of their df."""
    rng = np.random.default_rng(8)
    found = []
    for _ in range(15):
        items = np.digitize(0.8 * rng.normal(size=(400, 1)) + 0.6 * rng.normal(size=(400, 4)), CUTS)
        data = pd.DataFrame(items, columns=["x1", "x2", "x3", "x4"])
        data["who"] = np.repeat(["a", "b"], 200)
        ladder = invariance(ONE, data, group="who", ordered=True, levels=["thresholds"])
        found.append(ladder.item_tests["thresholds"][["chisq", "chisq_standard", "df"]])
    means = pd.concat(found).mean()
    assert means["chisq"] == pytest.approx(means["df"], rel=0.35)
    assert means["chisq_standard"] < 0.6 * means["df"]
