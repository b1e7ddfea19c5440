"""The independence model in closed form against the same model fitted."""

import pytest

from loyaltysem.estimation.baseline import exogenous_observed
from loyaltysem.estimation.fitting import fit
from loyaltysem.syntax.build import build_table

VARIANCES = "\n".join(f"x{k} ~~ x{k}" for k in range(1, 7))
MODEL = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6"
CASES = [("ML", False), ("ML", True), ("GLS", False), ("GLS", True), ("ULS", True), ("WLS", True)]


@pytest.mark.parametrize(("estimator", "means"), CASES)
def test_baseline_is_the_fit_of_unrelated_variables(skewed_data, estimator, means):
    asked = {"estimator": estimator, "meanstructure": means}
    baseline = fit(MODEL, skewed_data, **asked).baseline[0]
    unrelated = fit(VARIANCES, skewed_data, **asked)
    assert baseline.df == unrelated.df == 15
    assert baseline.statistic == pytest.approx(unrelated.tests[0].statistic, abs=1e-8)


@pytest.mark.parametrize("fixed", [True, False])
@pytest.mark.parametrize("estimator", ["ML", "GLS", "WLS"])
def test_covariates_stay_related(skewed_data, estimator, fixed):
    data = skewed_data.assign(sex=(skewed_data["x1"] > 2).astype(float))
    found = fit(MODEL + "\nf + g ~ age + sex", data, estimator=estimator, fixed_x=fixed)
    related = VARIANCES + "\nage ~~ age + sex\nsex ~~ sex"
    unrelated = fit(related, data, estimator=estimator, fixed_x=False)
    assert found.baseline[0].df == 27
    if not fixed or estimator == "ML":
        assert found.baseline[0].statistic == pytest.approx(unrelated.tests[0].statistic, abs=1e-7)


def test_covariates_are_predictors_that_nothing_explains_or_states():
    table = build_table(MODEL + "\nf ~ age + sex + x9\nsex ~~ sex\nx9 ~ age", fixed_x=False)
    assert exogenous_observed(table) == ("age",)
