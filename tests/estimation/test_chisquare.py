import math

import pytest
from scipy.stats import chi2

from loyaltysem.estimation.chisquare import (
    chisq_pvalue,
    mean_var_adjusted,
    satorra_bentler,
    scaled_shifted,
    standard_test,
    yuan_bentler,
)


def test_pvalue_is_the_upper_tail():
    assert chisq_pvalue(30.0, 20) == pytest.approx(chi2.sf(30.0, 20))
    assert chisq_pvalue(30.0, 7.5) == pytest.approx(chi2.sf(30.0, 7.5))
    assert chisq_pvalue(0.0, 0) is None
    assert chisq_pvalue(math.nan, 3) is None


def test_standard_test_cuts_rounding_error_and_knows_its_reference():
    assert standard_test(-1e-12, 5).statistic == 0.0
    assert standard_test(8.0, 5, has_reference=False).pvalue is None


def test_corrections_by_hand():
    standard = standard_test(30.0, 20)
    scaled = satorra_bentler(standard, 24.0)
    assert (scaled.scaling_factor, scaled.statistic) == (pytest.approx(1.2), pytest.approx(25.0))
    adjusted = mean_var_adjusted(standard, 24.0, 36.0)
    assert (adjusted.df, adjusted.statistic) == (pytest.approx(16.0), pytest.approx(20.0))
    shifted = scaled_shifted(standard, 24.0, 45.0)
    slope = math.sqrt(20 / 45)
    assert shifted.shift == pytest.approx(20 - 24 * slope)
    assert shifted.statistic == pytest.approx(30 * slope + shifted.shift)
    assert shifted.scaling_factor == pytest.approx(1 / slope)


def test_yuan_bentler_takes_the_difference_of_traces():
    standard = standard_test(30.0, 20)
    test = yuan_bentler(standard, trace_h1=60.0, trace_h0=36.0, n_moments=50, n_free=30)
    assert test.scaling_factor == pytest.approx(1.2)
    assert (test.scaling_h1, test.scaling_h0) == (pytest.approx(1.2), pytest.approx(1.2))
    original = yuan_bentler(
        standard, trace_h1=60.0, trace_h0=36.0, n_moments=50, n_free=30, trace=22.0
    )
    assert original.scaling_factor == pytest.approx(1.1)


def test_corrections_of_an_uncorrected_test_change_nothing():
    standard = standard_test(30.0, 20)
    for test in (
        satorra_bentler(standard, 20.0),
        mean_var_adjusted(standard, 20.0, 20.0),
        scaled_shifted(standard, 20.0, 20.0),
        yuan_bentler(standard, trace_h1=50.0, trace_h0=30.0, n_moments=50, n_free=30),
    ):
        assert test.statistic == pytest.approx(30.0)
        assert test.df == pytest.approx(20)
        assert test.scaling_factor == pytest.approx(1.0)
        assert test.pvalue == pytest.approx(standard.pvalue)


def test_negative_scaling_factor_leaves_no_statistic():
    test = satorra_bentler(standard_test(30.0, 20), -1.0)
    assert test.scaling_factor is None
    assert test.pvalue is None
    assert math.isnan(test.statistic)


def test_saturated_model_keeps_its_statistic():
    for name, test in {
        "satorra.bentler": satorra_bentler(standard_test(0.0, 0), 0.0),
        "scaled.shifted": scaled_shifted(standard_test(0.0, 0), 0.0, 0.0),
        "mean.var.adjusted": mean_var_adjusted(standard_test(0.0, 0), 0.0, 0.0),
    }.items():
        assert (test.name, test.statistic, test.df, test.pvalue) == (name, 0.0, 0, None)
