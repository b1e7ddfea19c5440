"""Reference numbers: semTools 0.5-6 (sem.mi, lavTestLRT.mi) on the same completed data sets."""

import math

import numpy as np
import pytest

from loyaltysem import compare_imputed, fit, fit_imputed
from loyaltysem.errors import EstimationError

MODEL = """
service =~ sq1 + sq2 + sq3 + sq4 + sq5
postpurchase =~ pp1 + pp2 + pp3 + pp4
affective =~ la1 + la2 + la3
postpurchase ~ a*service
affective ~ b*postpurchase + c*service
"""
NESTED = MODEL.replace("c*service", "0*service")
ITEMS = [f"sq{k}" for k in range(1, 6)] + [f"pp{k}" for k in range(1, 5)] + ["la1", "la2", "la3"]
ROWS = [
    ("postpurchase", "~", "service"),
    ("affective", "~", "postpurchase"),
    ("affective", "~", "service"),
    ("la2", "~~", "la2"),
]


@pytest.fixture(scope="module")
def copies(reference):
    """Return five completed copies, gaps filled by a rule that R can follow, too."""
    data = reference("fiml_cfa")[1][ITEMS]
    row, col = np.indices(data.shape)
    return [data.where(data.notna(), 1 + (row * 7 + col * 3 + k * 5) % 7) for k in range(1, 6)]


@pytest.fixture(scope="module")
def pooled(copies):
    return fit_imputed(MODEL + "indirect := a*b", copies, complete_df=math.inf)


def test_rubins_rules_of_semtools(pooled):
    rows = pooled.estimates().set_index(["lhs", "op", "rhs"]).loc[ROWS]
    assert rows["est"].tolist() == pytest.approx(
        [0.548906764, 0.380626108, 0.226838508, 1.942988989], rel=1e-5
    )
    assert rows["se"].tolist() == pytest.approx(
        [0.0574669880, 0.0774716305, 0.0679317414, 0.2494513127], rel=1e-5
    )
    assert rows["df"].tolist() == pytest.approx(
        [6162.9136, 1142.24999, 5066.57107, 38.4075973], rel=1e-3
    )
    assert rows["ci_lower"].tolist() == pytest.approx(
        [0.4362514121, 0.2286234381, 0.0936629272, 1.4381771407], rel=1e-5
    )
    assert rows["fmi"].tolist() == pytest.approx(
        [0.0254763353, 0.0591765189, 0.0280978394, 0.3227166896], rel=1e-3
    )
    assert rows["std_all"].tolist() == pytest.approx(
        [0.591461747, 0.396895761, 0.254872365, 0.470551180], rel=1e-5
    )


def test_pooled_tests_of_semtools(pooled, copies):
    d3 = pooled.test
    assert (d3.statistic, d3.df, d3.df_error, d3.pvalue, d3.riv) == pytest.approx(
        (0.787721738, 51, 5335.457139, 0.861636009, 0.237852407), rel=1e-5
    )
    d2 = fit_imputed(MODEL, copies, test="D2").test
    assert (d2.statistic, d2.df, d2.df_error, d2.pvalue, d2.riv) == pytest.approx(
        (1.0059731566, 51, 160.842154752, 0.4738905055, 0.0509496138), rel=1e-5
    )


def test_fit_measures_of_semtools(pooled):
    measures = pooled.measures()
    expected = {
        "chisq": 40.1738087,
        "baseline.chisq": 1273.22040,
        "cfi": 1.0,
        "tli": 1.01160547,
        "rmsea": 0.0,
        "srmr": 0.0255060242,
        "logl": -9212.507614871,
        "unrestricted.logl": -9187.642991997,
        "aic": 18479.015229741,
    }
    assert {key: measures[key] for key in expected} == pytest.approx(expected, rel=1e-5)


def test_robust_chisquare_is_the_pooled_one_over_the_average_factor(copies):
    measures = fit_imputed(MODEL, copies, estimator="MLR").measures()
    assert measures["chisq.scaled"] == pytest.approx(39.49444327, rel=1e-5)
    assert measures["chisq.scaling.factor"] == pytest.approx(1.01720154, rel=1e-5)


def test_nested_models_as_in_semtools(pooled, copies):
    nested = fit_imputed(NESTED, copies)
    d3, d2 = (compare_imputed(pooled, nested, test=test) for test in ("D3", "D2"))
    assert (d3.statistic, d3.df_error, d3.pvalue) == pytest.approx(
        (13.1843848, 249.736005, 3.42465301e-4), rel=1e-4
    )
    assert (d2.statistic, d2.df_error, d2.pvalue) == pytest.approx(
        (11.2702310, 5375.51333, 7.93068118e-4), rel=1e-4
    )
    with pytest.raises(EstimationError):
        compare_imputed(nested, pooled)


def test_copies_without_differences_give_the_plain_fit(copies):
    plain = fit(MODEL, copies[0])
    pooled = fit_imputed(MODEL, [copies[0]] * 3)
    assert pooled.pooled.est == pytest.approx(plain.est)
    assert pooled.pooled.se == pytest.approx(plain.se)
    assert pooled.test.chisq == pytest.approx(plain.measures()["chisq"])
    assert pooled.estimates()["fmi"].dropna().tolist() == pytest.approx(
        [0.0] * int((plain.se > 0).sum()), abs=1e-9
    )


@pytest.mark.parametrize(
    "asked", [{"ordered": ["sq1"]}, {"se": "bootstrap"}, {"estimator": "GLS", "test": "D3"}]
)
def test_what_cannot_be_pooled_is_refused(copies, asked):
    with pytest.raises(EstimationError) as caught:
        fit_imputed(MODEL, copies, **asked)
    assert caught.value.remedy


def test_groups_are_pooled(copies):
    halves = [copy.assign(half=np.arange(len(copy)) % 2) for copy in copies[:2]]
    found = fit_imputed(MODEL, halves, group="half", group_equal="loadings")
    assert found.pooled.n_per_group == (200, 200)
    assert found.estimates()["group"].max() == 2


def test_what_needs_rows_falls_back_on_the_averaged_moments(copies):
    pooled = fit_imputed(MODEL, copies, estimator="MLR").pooled
    assert pooled.modification_indices()["mi"].max() > 0
    assert pooled.residuals("standardized")[""]["cov"].notna().any().any()
    assert pooled.options.estimator == "MLR"
