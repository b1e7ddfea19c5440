import math

import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.comparison import (
    compare,
    held_parameter_test,
    scaling_at,
    scaling_of,
)
from loyaltysem.estimation.fitting import fit

LEVELS = {"configural": (), "metric": ("loadings",), "scalar": ("loadings", "intercepts")}
MODEL = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ f"


def ladder(data, estimator="ML", **options):
    return [
        fit(MODEL, data, estimator=estimator, group="school", group_equal=equal, **options)
        for equal in LEVELS.values()
    ]


def test_plain_differences(skewed_data):
    fits = ladder(skewed_data)
    frame = compare(*fits, names=LEVELS)
    assert list(frame.index) == list(LEVELS)
    assert list(frame.columns) == [
        "Df", "AIC", "BIC", "Chisq", "Chisq diff", "RMSEA", "Df diff", "Pr(>Chisq)",
    ]  # fmt: skip
    first, second = fits[0].tests[0], fits[1].tests[0]
    assert math.isnan(frame.loc["configural", "Chisq diff"])
    assert frame.loc["metric", "Chisq diff"] == pytest.approx(second.statistic - first.statistic)
    assert frame.loc["metric", "Df diff"] == second.df - first.df
    assert frame.loc["metric", "AIC"] == pytest.approx(fits[1].measures()["aic"])
    assert frame.attrs["method"] == "standard"


def test_least_restricted_model_comes_first(skewed_data):
    fits = ladder(skewed_data)
    frame = compare(*reversed(fits), names=list(reversed(LEVELS)))
    assert list(frame.index) == list(LEVELS)


@pytest.mark.parametrize(
    ("estimator", "method"),
    [
        ("MLR", "satorra.bentler.2001"),
        ("MLM", "satorra.bentler.2001"),
        ("MLMV", "satorra.2000"),
        ("MLMVS", "satorra.2000"),
    ],
)
def test_default_method_follows_the_test(skewed_data, estimator, method):
    frame = compare(*ladder(skewed_data, estimator))
    assert frame.attrs["method"] == method
    assert "RMSEA" not in frame
    assert frame["Pr(>Chisq)"].iloc[1:].between(0, 1).all()


def test_scaled_difference_by_its_formula(skewed_data):
    less, more, _ = ladder(skewed_data, "MLM")
    df = more.df - less.df
    factor = (more.df * scaling_of(more) - less.df * scaling_of(less)) / df
    plain = more.tests[0].statistic - less.tests[0].statistic
    frame = compare(less, more)
    assert frame["Chisq diff"].iloc[1] == pytest.approx(plain / factor)


def test_methods_agree_on_the_size_of_the_correction(skewed_data):
    fits = ladder(skewed_data, "MLM")
    found = [
        compare(*fits, method=method)["Chisq diff"].iloc[1:].to_numpy()
        for method in ("satorra.bentler.2001", "satorra.bentler.2010", "satorra.2000")
    ]
    assert found[1] == pytest.approx(found[0], rel=0.2)
    assert found[2] == pytest.approx(found[0], rel=0.2)


def test_scaling_factor_at_own_estimates_is_its_own(skewed_data):
    less = ladder(skewed_data, "MLR")[0]
    assert scaling_at(less, less) == pytest.approx(scaling_of(less))


def test_saturated_model_has_factor_one(skewed_data):
    saturated = fit("f =~ x1 + x2 + x3", skewed_data, estimator="MLM")
    tied = fit("f =~ x1 + x2 + a*x3\na == 0.8", skewed_data, estimator="MLM")
    assert scaling_of(saturated) == 1.0
    assert compare(saturated, tied)["Df diff"].iloc[1] == 1


def test_order_of_restrictions_does_not_matter_for_satorra_2000(skewed_data):
    """The test must not depend on how equality constraints are written."""
    less, more = (
        fit(
            "f =~ x1 + a*x2 + b*x3\ng =~ x4 + x5 + x6\ng ~ f" + extra, skewed_data, estimator="MLMV"
        )
        for extra in ("", "\na == b")
    )
    again = fit("f =~ x1 + a*x2 + a*x3\ng =~ x4 + x5 + x6\ng ~ f", skewed_data, estimator="MLMV")
    one, other = compare(less, more), compare(less, again)
    assert one["Chisq diff"].iloc[1] == pytest.approx(other["Chisq diff"].iloc[1])


def test_equal_degrees_of_freedom_leave_nothing_to_test(skewed_data):
    first = fit("f =~ x1 + x2 + x3 + x4", skewed_data)
    second = fit("f =~ x4 + x3 + x2 + x1", skewed_data)
    frame = compare(first, second)
    assert frame["Df diff"].iloc[1] == 0
    assert math.isnan(frame["Pr(>Chisq)"].iloc[1])


def test_what_cannot_be_compared_is_refused(skewed_data):
    plain = fit(MODEL, skewed_data)
    with pytest.raises(EstimationError, match="two fits or more"):
        compare(plain)
    with pytest.raises(EstimationError, match="different data"):
        compare(plain, fit(MODEL, skewed_data.head(300)))
    with pytest.raises(EstimationError, match="different data"):
        compare(plain, fit("f =~ x1 + x2 + x3", skewed_data))
    with pytest.raises(EstimationError, match="differ in estimator"):
        compare(plain, fit(MODEL, skewed_data, estimator="MLR"))
    with pytest.raises(EstimationError, match="number of names"):
        compare(plain, plain, names=["a"])
    with pytest.raises(EstimationError, match="Unknown method"):
        compare(plain, plain, method="best")
    with pytest.raises(EstimationError, match="corrected chi-squares"):
        compare(plain, plain, method="satorra.2000")
    with pytest.raises(EstimationError, match="no chi-square"):
        compare(plain, fit(MODEL, skewed_data, test="none"))


def test_models_that_are_not_nested_are_refused(skewed_data):
    first = fit("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6", skewed_data)
    second = fit("f =~ 1*x1 + 1*x2 + 1*x3 + 1*x4 + 1*x5 + 1*x6\nx1 ~~ x4", skewed_data)
    with pytest.raises(EstimationError, match="not nested"):
        compare(first, second)


def test_incomplete_data_have_no_satorra_2000(skewed_data):
    data = skewed_data.copy()
    data.loc[:40, "x1"] = math.nan
    fits = ladder(data, "MLR", missing="fiml")
    assert compare(*fits)["Chisq diff"].iloc[1] > 0
    with pytest.raises(EstimationError, match="complete data"):
        compare(*fits, method="satorra.2000")


@pytest.mark.parametrize(
    ("name", "estimator", "group"),
    [
        ("mg_ml_hs_school_lrt", "ML", "school"),
        ("mg_mlr_hs_school_lrt", "MLR", "school"),
        ("mg_mlm_loyalty_gender_lrt", "MLM", "gender"),
    ],
)
def test_reference_cases(reference, name, estimator, group):
    case, data = reference(name)
    stem = name.removesuffix("lrt")
    for key, rows in case["values"].items():
        if not key.startswith("lrt"):
            continue
        fits = []
        for row in rows:
            level, _ = reference(stem + row["model"])
            equal = level["options"].get("group.equal", ())
            fits.append(
                fit(level["model"], data, estimator=estimator, group=group, group_equal=equal)
            )
        method = "default" if key == "lrt_default" else key.removeprefix("lrt_")
        frame = compare(*fits, method=method)
        for found, row in zip(frame.to_dict("records"), rows, strict=True):
            assert found["Chisq"] == pytest.approx(row["Chisq"])
            if row["Chisq_diff"] is not None:
                assert found["Chisq diff"] == pytest.approx(row["Chisq_diff"], rel=1e-6)
                assert found["Pr(>Chisq)"] == pytest.approx(row["Pr_Chisq"], rel=1e-5)


def held(data, value, **options):
    """Return a fit with a free covariance, and one that holds it at a value."""
    model = "f =~ NA*x1 + x2 + x3\ng =~ NA*x4 + x5 + x6\nf ~~ 1*f\ng ~~ 1*g\nf ~~ {}g"
    return [fit(model.format(held), data, **options) for held in ("", f"{value}*")]


@pytest.mark.parametrize(("estimator", "lavaan"), [("MLM", 61.5763027), ("MLR", 59.0680172)])
def test_one_held_parameter_is_scaled_as_by_satorra_2000(reference, estimator, lavaan):
    """The values are of ``lavTestLRT(…, method = "satorra.2000", A.method = "exact")``."""
    _, data = reference("mg_ml_hs_school_lrt")
    less, more = held(data, 1.0, estimator=estimator)
    assert held_parameter_test(less, more).statistic == pytest.approx(lavaan, rel=1e-6)


@pytest.mark.parametrize("estimator", ["ML", "MLMV"])
def test_without_a_mean_correction_one_held_parameter_is_compared_as_usual(skewed_data, estimator):
    less, more = held(skewed_data, 0.2, estimator=estimator)
    found = held_parameter_test(less, more)
    assert found.statistic == pytest.approx(compare(less, more)["Chisq diff"].iloc[1])
    assert found.df == 1


def test_a_held_parameter_has_a_test_with_incomplete_answers_and_bad_fit(skewed_data):
    data = skewed_data.copy()
    data.loc[:40, "x1"] = math.nan
    less, more = held(data, 1.0, estimator="MLR", missing="fiml")
    plain = more.tests[0].statistic - less.tests[0].statistic
    found = held_parameter_test(less, more)
    assert 0.5 * plain < found.statistic < 2 * plain
    assert found.pvalue < 0.05
