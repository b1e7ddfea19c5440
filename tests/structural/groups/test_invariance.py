"""Ladders of invariance against lavaan 0.6-14 and semTools 0.5-6."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem import invariance, latent_means
from loyaltysem.errors import EstimationError, ModelSpecificationError

GOLDEN = Path(__file__).parents[3].parent / "shared" / "golden"

SCHOOL_MODEL = """
visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9
"""

LOYALTY_MODEL = """
service =~ sq1 + sq2 + sq3 + sq4 + sq5
image =~ im1 + im2 + im3 + im4
postpurchase =~ pp1 + pp2 + pp3 + pp4
"""
ITEMS = [f"sq{k}" for k in range(1, 6)] + [f"{c}{k}" for c in ("im", "pp") for k in range(1, 5)]

# semTools::measEq.syntax(ID.fac = "std.lv", ID.cat = "Wu.Estabrook.2016",
#   parameterization = "theta", estimator = "WLSMV", group = "gender", group.equal = ...) and
# lavTestLRT: level, scaled chi-square, df, scaled CFI, scaled RMSEA, SRMR, difference, df, p
SEVEN_POINTS = [
    ("configural", 113.97690029, 124, 1.0, 0.0, 0.03349834, None, None, None),
    ("thresholds", 173.93273119, 176, 1.0, 0.0, 0.03349828, 66.75273045, 52, 0.08184144),
    ("metric", 179.87938741, 186, 1.0, 0.0, 0.03447305, 7.52122511, 10, 0.67549042),
    ("scalar", 201.77301703, 196, 0.99873657, 0.01216597, 0.03458482, 16.18479574, 10, 0.0944632),
    ("strict", 215.80195910, 209, 0.99851138, 0.01278843, 0.03735685, 14.12868593, 13, 0.36484412),
]
# the same after cutting the answers at 3 and 5
THREE_POINTS = [
    ("configural", 109.59243162, 124, 1.0, 0.0, 0.04305109, None, None, None),
    ("metric", 118.99446613, 134, 1.0, 0.0, 0.04340954, 9.28343627, 10, 0.50543237),
    ("scalar", 133.75641669, 144, 1.0, 0.0, 0.04350727, 14.52916860, 10, 0.15019350),
    ("strict", 150.05593761, 157, 1.0, 0.0, 0.04893893, 14.59463615, 13, 0.33333729),
]
# and at 4
TWO_POINTS = [
    ("configural", 134.30189868, 124, 0.99552108, 0.02043249, 0.06770609, None, None, None),
    ("scalar", 141.55598782, 131, 0.99541061, 0.02012275, 0.06779127, 7.30712615, 7, 0.3976176),
    ("strict", 166.28804597, 144, 0.99030990, 0.02788870, 0.07830609, 21.90278354, 13, 0.0568865),
]


def reference(case):
    path = GOLDEN / "cases" / f"{case}.json"
    if not path.is_file():
        pytest.skip("the reference numbers (shared/golden) are not beside this checkout")
    return json.loads(path.read_text("utf-8"))["values"]


def check_table(table, expected):
    assert table["level"].tolist() == [row[0] for row in expected]
    for ours, row in zip(table.to_dict("records"), expected, strict=True):
        assert ours["chisq"] == pytest.approx(row[1], rel=1e-5)
        assert ours["df"] == row[2]
        for name, value in zip(("cfi", "rmsea", "srmr"), row[3:6], strict=True):
            assert ours[name] == pytest.approx(value, abs=1e-5)
        if row[6] is not None:
            assert ours["chisq_diff"] == pytest.approx(row[6], rel=1e-5)
            assert ours["df_diff"] == row[7]
            assert ours["pvalue_diff"] == pytest.approx(row[8], abs=1e-5)


@pytest.mark.parametrize(("estimator", "case"), [("ML", "mg_ml"), ("MLR", "mg_mlr")])
def test_ladder_is_that_of_lavaan(school, estimator, case):
    golden = reference(f"{case}_hs_school_lrt")
    found = invariance(SCHOOL_MODEL, school, group="school", estimator=estimator)
    suffix = "_robust" if estimator == "MLR" else ""
    table = found.table()
    for ours, fit, step in zip(
        table.to_dict("records"), golden["fit_by_level"], golden["lrt_default"], strict=True
    ):
        assert ours["level"] == fit["model"]
        assert ours["chisq"] == pytest.approx(
            fit["chisq_scaled"] if suffix else fit["chisq"], rel=1e-5
        )
        assert ours["cfi"] == pytest.approx(fit[f"cfi{suffix}"], abs=1e-5)
        assert ours["rmsea"] == pytest.approx(fit[f"rmsea{suffix}"], abs=1e-5)
        assert ours["srmr"] == pytest.approx(fit["srmr"], abs=1e-5)
        if step["Chisq_diff"] is not None:
            assert ours["chisq_diff"] == pytest.approx(step["Chisq_diff"], rel=1e-4)
            assert ours["df_diff"] == step["Df_diff"]
            assert ours["pvalue_diff"] == pytest.approx(step["Pr_Chisq"], abs=1e-5)


def test_ordinal_ladder_is_that_of_wu_and_estabrook(loyalty):
    found = invariance(LOYALTY_MODEL, loyalty, group="gender", ordered=True)
    check_table(found.table(), SEVEN_POINTS)
    assert found.index == "scaled"
    assert "invariance_cutoffs_continuous" in {notice.code for notice in found.notices}


@pytest.mark.parametrize(("cuts", "expected"), [((3, 5), THREE_POINTS), ((4,), TWO_POINTS)])
def test_levels_that_few_categories_cannot_test_are_skipped(loyalty, cuts, expected):
    answers = loyalty.copy()
    answers[ITEMS] = np.searchsorted(cuts, loyalty[ITEMS].to_numpy(), side="left")
    found = invariance(LOYALTY_MODEL, answers, group="gender", ordered=True)
    check_table(found.table(), expected)


def test_structural_models_are_tested_by_their_measurement_part(school):
    whole = SCHOOL_MODEL + "speed ~ b*visual + textual\nind := 2*b\n"
    plain = invariance(SCHOOL_MODEL, school, group="school", levels=["metric"])
    found = invariance(whole, school, group="school", levels=["metric"])
    assert found.table()["chisq"].tolist() == pytest.approx(plain.table()["chisq"].tolist())


def test_means_of_second_order_models_are_identified(rng):
    """First-order intercepts are equal with the items' intercepts, so only the top mean differs."""
    group = np.repeat([0.0, 1.0], 250)
    top = 0.5 * group + rng.normal(size=500)
    factors = {name: 0.8 * top + 0.6 * rng.normal(size=500) for name in "fgh"}
    items = {
        f"{name}{k}": 0.8 * values + 0.6 * rng.normal(size=500)
        for name, values in factors.items()
        for k in range(1, 4)
    }
    data = pd.DataFrame(items).assign(who=group)
    model = "\n".join(f"{name} =~ {name}1 + {name}2 + {name}3" for name in "fgh")
    found = invariance(f"{model}\ntop =~ f + g + h", data, group="who")
    assert "not_identified" not in {notice.code for notice in found.rung("scalar").fit.notices}
    # metric: 12 loadings less 4 variances; scalar: 9 intercepts less 1 mean; strict: 9 residuals
    assert found.table()["df_diff"].tolist()[1:] == [8, 8, 9]
    assert latent_means(found).table["latent"].tolist() == ["top"]


def test_scales_set_in_the_text_are_kept(school):
    stated = SCHOOL_MODEL.replace("speed   =~ x7", "speed   =~ 1*x7")
    table = invariance(stated, school, group="school", levels=["metric"]).table()
    plain = invariance(SCHOOL_MODEL, school, group="school", levels=["metric"]).table()
    assert table["df"].tolist() == plain["df"].tolist()
    assert table["chisq"].tolist() == pytest.approx(plain["chisq"].tolist(), rel=1e-6)


def test_reached_is_the_last_level_before_the_first_that_fails(school):
    found = invariance(SCHOOL_MODEL, school, group="school")
    assert found.reached.level.name == "metric"
    assert found.rung("scalar").step.verdict.chen == "broken"
    assert not found.rung("scalar").step.verdict.cheung_rensvold


def test_what_did_not_converge_is_never_kept(school):
    found = invariance(SCHOOL_MODEL, school, group="school", levels=["metric"])
    rung = found.rung("metric")
    assert rung.is_kept("chen")
    stuck = replace(rung, fit=replace(rung.fit, converged=False))
    assert not any(stuck.is_kept(criterion) for criterion in ("chen", "cfi", "chisq"))
    assert replace(found, rungs=(found.rungs[0], stuck)).reached.level.name == "configural"


def test_rows_without_a_group_are_counted(school):
    some = school.copy()
    some.loc[some.index[:5], "school"] = None
    found = invariance(SCHOOL_MODEL, some, group="school", levels=["metric"])
    assert found.n_without_group == 5
    assert sum(found.n_per_group.values()) == len(school) - 5


def test_a_single_group_is_refused(school):
    one = school[school["school"] == "Pasteur"]
    with pytest.raises(EstimationError, match="does not divide") as caught:
        invariance(SCHOOL_MODEL, one, group="school")
    assert "Pasteur" in str(caught.value.found)


def test_small_groups_are_named_with_their_counts(school):
    few = school.groupby("school").head(12)
    with pytest.raises(EstimationError, match="30 parameters per group") as caught:
        invariance(SCHOOL_MODEL, few, group="school")
    assert "'Pasteur' with 12" in str(caught.value.found)
    assert "'Grant-White' with 12" in str(caught.value.found)


def test_unknown_levels_columns_and_models_are_refused(school):
    with pytest.raises(EstimationError, match="no such level"):
        invariance(SCHOOL_MODEL, school, group="school", levels=["metrical"])
    with pytest.raises(EstimationError, match="can be tested with these items") as caught:
        invariance(SCHOOL_MODEL, school, group="school", levels=["thresholds"])
    assert caught.value.expected == "metric, scalar, strict"
    with pytest.raises(EstimationError, match="no such criterion"):
        invariance(SCHOOL_MODEL, school, group="school", criterion="cheng")
    with pytest.raises(EstimationError, match="grouping column"):
        invariance(SCHOOL_MODEL, school, group="scool")
    with pytest.raises(ModelSpecificationError, match="latent variables"):
        invariance("x1 ~ x2", school, group="school")
    with pytest.raises(EstimationError, match="was not fitted"):
        invariance(SCHOOL_MODEL, school, group="school", levels=["metric"]).rung("strict")


def test_differences_without_a_distribution_are_not_tested(school):
    found = invariance(SCHOOL_MODEL, school, group="school", estimator="ULS", levels=["metric"])
    assert np.isnan(found.table()["pvalue_diff"].iloc[1])
    assert "differences_untested" in {notice.code for notice in found.notices}
    assert found.item_tests["metric"]["pvalue"].isna().all()
    robust = invariance(SCHOOL_MODEL, school, group="school", estimator="ULSMV", levels=["metric"])
    assert robust.rung("metric").step.method == "satorra.2000"
    assert robust.item_tests["metric"]["pvalue"].between(0, 1).all()


def test_incomplete_answers_by_full_information(school):
    gaps = school.copy()
    gaps.loc[gaps.index[::7], "x3"] = np.nan
    found = invariance(SCHOOL_MODEL, gaps, group="school", missing="fiml", levels=["metric"])
    assert sum(found.n_per_group.values()) == len(school)
    assert found.table()["df_diff"].tolist()[1] == 6
    assert found.table()["chisq"].notna().all()


def test_a_level_that_binary_items_do_not_identify_ends_nothing():
    """Items that half of the respondents affirm do not tell scale from residual variance."""
    rng = np.random.default_rng(1)
    latent = rng.normal(size=(400, 1))
    answers = (0.8 * latent + 0.6 * rng.normal(size=(400, 4)) > -0.1).astype(int)
    data = pd.DataFrame(answers, columns=["x1", "x2", "x3", "x4"])
    data["who"] = np.repeat(["a", "b"], 200)
    found = invariance("f =~ x1 + x2 + x3 + x4", data, group="who", ordered=True)
    table = found.table().set_index("level")
    assert list(table.index) == ["configural", "scalar", "strict"]
    assert found.equal_loadings().level.name == "scalar"
    failed = [one for one in found.notices if one.code == "invariance_not_converged"]
    assert [one.facts for one in failed] == [{"levels": ["scalar"]}]
    assert found.item_tests["scalar"].empty
    assert np.isnan(table.loc["strict", "pvalue_diff"])
    assert found.reached.level.name == "configural"
