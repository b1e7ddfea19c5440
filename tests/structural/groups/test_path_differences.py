"""Paths compared between groups, against lavaan."""

import json
from pathlib import Path

import pytest

from loyaltysem import fit, path_differences
from loyaltysem.errors import EstimationError, ModelSpecificationError

GOLDEN = Path(__file__).parents[3].parent / "shared" / "golden"

SCHOOL_MODEL = """
visual  =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed   =~ x7 + x8 + x9
"""

MODEL = SCHOOL_MODEL + "speed ~ visual + textual\ntextual ~ visual\n"

# sem(model, data, group = "g", group.equal = "loadings"), then with speed ~ c(a, a, c)*visual and
# so on; lavTestLRT: differences for the pairs (a, b), (a, c), (b, c), the three, all regressions
DIFFERENCES = {
    "ML": (0.2562013, 0.1065678, 0.8034580, 0.8157425, 3.1166642),
    "MLM": (0.2998431, 0.1007378, 0.7239880, 0.8128946, 2.8797306),
}


def thirds(school):
    return school.assign(g=[("a", "b", "c")[k % 3] for k in range(len(school))])


@pytest.mark.parametrize("estimator", ["ML", "MLM"])
def test_differences_are_those_of_lavaan(school, estimator):
    found = path_differences(MODEL, thirds(school), group="g", estimator=estimator)
    chosen = found.pairs[(found.pairs["from"] == "visual") & (found.pairs["to"] == "speed")]
    *pairs, three, everything = DIFFERENCES[estimator]
    assert chosen["chisq_diff"].tolist() == pytest.approx(pairs, abs=5e-5)
    omnibus = found.omnibus.set_index(["from", "to"])
    assert omnibus.loc[("visual", "speed"), "chisq_diff"] == pytest.approx(three, abs=5e-5)
    assert omnibus.loc[("visual", "speed"), "df_diff"] == 2
    assert found.overall.statistic == pytest.approx(everything, abs=1e-4)
    assert found.overall.df == 6
    assert found.method == ("standard" if estimator == "ML" else "satorra.bentler.2001")


def test_one_path_of_the_reference_case(loyalty):
    golden = json.loads((GOLDEN / "cases" / "mg_sem_gender_pathtest.json").read_text("utf-8"))
    model = """
    service =~ sq1 + sq2 + sq3 + sq4 + sq5
    postpurchase =~ pp1 + pp2 + pp3 + pp4
    affective =~ la1 + la2 + la3
    postpurchase ~ service
    affective ~ b*postpurchase + service
    """
    found = path_differences(model, loyalty, group="gender", paths=[("postpurchase", "affective")])
    row = found.pairs.iloc[0]
    values = golden["values"]
    assert row["chisq_diff"] == pytest.approx(values["lrt"][1]["Chisq_diff"], abs=1e-4)
    assert row["pvalue"] == pytest.approx(values["lrt"][1]["Pr_Chisq"], abs=1e-6)
    assert row["z"] ** 2 == pytest.approx(values["wald_b1_eq_b2"]["stat"], rel=1e-4)
    assert len(found.pairs) == 1


def test_differences_and_intervals_fit_together(simulated, rng):
    data = simulated(rng, 500, slope=0.4)
    model = "f =~ x1 + x2 + x3 + x4\ng =~ y1 + y2 + y3\ng ~ f"
    found = path_differences(model, data, group="who")
    row = found.pairs.iloc[0]
    estimates = found.estimates.set_index("group")
    assert row["difference"] == pytest.approx(estimates.loc["b", "est"] - estimates.loc["a", "est"])
    assert row["ci_lower"] < 0.4 < row["ci_upper"]
    assert row["pvalue"] < 0.001
    assert row["pvalue_wald"] == pytest.approx(row["pvalue"], abs=0.01)


def test_released_loadings_may_include_the_first(simulated, rng):
    data = simulated(rng)
    model = "f =~ x1 + x2 + x3 + x4\ng =~ y1 + y2 + y3\ng ~ f"
    found = path_differences(model, data, group="who", partial=["f=~x1", "x2~1"])
    assert found.released == ("f=~x1",)
    same = fit(
        "f =~ NA*x1 + 1*x2 + x3 + x4\ng =~ y1 + y2 + y3\ng ~ f",
        data,
        group="who",
        group_equal="loadings",
        group_partial="f=~x1",
    )
    assert found.fit.tests[0].statistic == pytest.approx(same.tests[0].statistic, rel=1e-6)
    assert found.fit.df == same.df


def test_labels_do_not_tie_regressions_but_constraints_stay(simulated, rng):
    data = simulated(rng)
    text = "y1 ~ b1*x1 + b2*x2\nind := b1*b2\nb1 == b2"
    found = path_differences(text, data, group="who")
    by_path = found.estimates.pivot(index="from", columns="group", values="est")
    assert by_path.loc["x1", "a"] == pytest.approx(by_path.loc["x2", "a"])
    assert by_path.loc["x1", "a"] != pytest.approx(by_path.loc["x1", "b"])


def test_ordinal_items(loyalty):
    model = "image =~ im1 + im2 + im3\npost =~ pp1 + pp2 + pp3\npost ~ image"
    found = path_differences(model, loyalty, group="gender", ordered=True)
    assert found.method == "satorra.2000"
    assert found.pairs["df_diff"].tolist() == [1]
    assert found.fit.converged


def test_what_cannot_be_compared_is_refused(school):
    with pytest.raises(EstimationError, match="no free path"):
        path_differences(SCHOOL_MODEL, school, group="school")
    with pytest.raises(ModelSpecificationError, match="no free path 'visual -> sped'") as caught:
        path_differences(MODEL, school, group="school", paths=[("visual", "sped")])
    assert "visual -> speed" in str(caught.value.remedy)
    with pytest.raises(EstimationError, match="no such correction"):
        path_differences(MODEL, school, group="school", correction="hom")
