"""The short ways of maximum likelihood against the general form, and against reference cases."""

import numpy as np
import pytest

from loyaltysem.estimation.continuous_moments import moment_groups
from loyaltysem.estimation.fitting import fit
from loyaltysem.estimation.robust import moment_meat, ugamma_traces
from loyaltysem.estimation.robust_continuous import corrected_tests, robust_meat

MODEL = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ f + age"
GROUPED = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ f"


def bread_of(fitted):
    return np.linalg.inv(fitted.point.information())


@pytest.mark.parametrize("meanstructure", [False, True])
def test_short_ways_of_maximum_likelihood(skewed_data, meanstructure):
    fitted = fit(MODEL, skewed_data, estimator="MLM", meanstructure=meanstructure)
    moments = moment_groups(fitted.problem, fitted.point)
    meat = robust_meat(fitted.problem, fitted.point)
    assert meat == pytest.approx(moment_meat(moments), rel=1e-8, abs=1e-10)
    traces = ugamma_traces(moments, bread_of(fitted))
    assert fitted.tests[1].trace == pytest.approx(traces.trace)


def test_vcov_is_the_sandwich(skewed_data):
    fitted = fit(GROUPED, skewed_data, estimator="MLM", group="school")
    bread = bread_of(fitted)
    expected = bread @ robust_meat(fitted.problem, fitted.point) @ bread / fitted.n
    assert fitted.vcov == pytest.approx(expected, rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("estimator", ["ULSM", "WLSM"])
def test_least_squares_takes_its_own_weights(skewed_data, estimator):
    fitted = fit(GROUPED, skewed_data, estimator=estimator)
    plain = fit(GROUPED, skewed_data, estimator="MLM")
    assert fitted.tests[1].scaling_factor != pytest.approx(plain.tests[1].scaling_factor, rel=1e-3)
    traces = ugamma_traces(moment_groups(fitted.problem, fitted.point), bread_of(fitted))
    assert fitted.tests[1].trace == pytest.approx(traces.trace)


def test_original_yuan_bentler_with_expected_information_is_satorra_bentler(skewed_data):
    first = fit(GROUPED, skewed_data, test="yuan.bentler", information="expected")
    second = fit(GROUPED, skewed_data, test="satorra.bentler")
    assert first.tests[1].statistic == pytest.approx(second.tests[1].statistic)
    assert first.tests[1].scaling_h1 == pytest.approx(
        fit(GROUPED, skewed_data, estimator="MLR").tests[1].scaling_h1
    )


@pytest.mark.parametrize("test", ["satorra.bentler", "scaled.shifted", "yuan.bentler"])
def test_observed_information_changes_the_correction_little(skewed_data, test):
    expected = fit(GROUPED, skewed_data, test=test, information="expected").tests[1]
    observed = fit(GROUPED, skewed_data, test=test, information="observed").tests[1]
    assert observed.scaling_factor != expected.scaling_factor
    assert observed.scaling_factor == pytest.approx(expected.scaling_factor, rel=0.05)


def test_saturated_model_has_nothing_to_correct(skewed_data):
    fitted = fit("f =~ x1 + x2 + x3", skewed_data, estimator="MLR")
    assert (fitted.tests[1].df, fitted.tests[1].scaling_factor) == (0, None)


def test_all_tests_asked_for_come_in_order(skewed_data):
    asked = ("satorra.bentler", "mean.var.adjusted", "scaled.shifted")
    fitted = fit(GROUPED, skewed_data, test=asked)
    assert tuple(test.name for test in fitted.tests) == ("standard", *asked)
    again = corrected_tests(fitted.problem, fitted.point, bread_of(fitted), fitted.tests[0])
    assert [test.statistic for test in again] == pytest.approx(
        [test.statistic for test in fitted.tests[1:]]
    )


@pytest.mark.parametrize(
    "name",
    ["mlr_cfa_loyalty", "mlm_sem_poldem", "mlmv_cfa_loyalty", "mlmvs_cfa_loyalty", "ulsm_cfa_hs"],
)
def test_reference_cases(reference, name):
    case, data = reference(name)
    fitted = fit(case["model"], data, estimator=case["options"]["estimator"])
    expected, test = case["fit"], fitted.tests[1]
    assert test.statistic == pytest.approx(expected["chisq.scaled"], rel=1e-7)
    assert test.df == pytest.approx(expected["df.scaled"], rel=1e-9)
    assert test.scaling_factor == pytest.approx(expected["chisq.scaling.factor"], rel=1e-7)
    null = fitted.baseline[1]
    # the reference program stops its search for the baseline early
    assert null.statistic == pytest.approx(expected["baseline.chisq.scaled"], rel=1e-5)
