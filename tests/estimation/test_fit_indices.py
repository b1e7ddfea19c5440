import math

import pytest
from scipy.stats import chi2, ncx2

from loyaltysem.estimation import fit_indices as index
from loyaltysem.estimation.fit_indices import ModelPair

PAIR = ModelPair(chisq=85.0, df=24, null_chisq=918.0, null_df=36)


def test_incremental_indices_by_hand():
    assert index.cfi(PAIR) == pytest.approx(1 - 61 / 882)
    assert index.rni(PAIR) == pytest.approx(1 - 61 / 882)
    assert index.tli(PAIR) == pytest.approx(1 - (61 / 24) / (882 / 36))
    assert index.nfi(PAIR) == pytest.approx((918 - 85) / 918)
    assert index.pnfi(PAIR) == pytest.approx(24 / 36 * (918 - 85) / 918)
    assert index.rfi(PAIR) == pytest.approx(1 - (85 / 24) / (918 / 36))
    assert index.ifi(PAIR) == pytest.approx((918 - 85) / (918 - 24))


def test_good_fit_is_truncated_in_cfi_only():
    pair = ModelPair(chisq=10.0, df=24, null_chisq=918.0, null_df=36)
    assert index.cfi(pair) == 1.0
    assert index.rni(pair) > 1.0
    assert index.tli(pair) > 1.0


def test_scaling_factors_enter_only_together():
    robust = ModelPair(chisq=85.0, df=24, null_chisq=918.0, null_df=36, c_hat=1.2, null_c_hat=1.1)
    assert index.cfi(robust) == pytest.approx(1 - (85 - 1.2 * 24) / (918 - 1.1 * 36))
    half = ModelPair(chisq=85.0, df=24, null_chisq=918.0, null_df=36, c_hat=1.2)
    assert index.cfi(half) == index.cfi(PAIR)


@pytest.mark.parametrize(
    "function",
    [index.cfi, index.tli, index.rni, index.nfi, index.pnfi, index.rfi, index.ifi],
)
def test_missing_chi_square_makes_indices_undefined(function):
    pair = ModelPair(chisq=math.nan, df=24, null_chisq=918.0, null_df=36)
    assert math.isnan(function(pair))


def test_baseline_without_misfit():
    pair = ModelPair(chisq=0.0, df=0, null_chisq=0.0, null_df=0)
    assert index.cfi(pair) == 1.0
    assert math.isnan(index.rni(pair))
    assert math.isnan(index.nfi(pair))
    assert math.isnan(index.pnfi(pair))
    assert math.isnan(index.ifi(pair))


def test_rmsea_by_hand():
    assert index.rmsea(85.0, 24, 301) == pytest.approx(math.sqrt((85 - 24) / (24 * 301)))
    assert index.rmsea(85.0, 24, 301, n_groups=2) == pytest.approx(
        math.sqrt(2 * (85 - 24) / (24 * 301))
    )
    assert index.rmsea(20.0, 24, 301) == 0.0
    assert index.rmsea(5.0, 0, 301) == 0.0


def test_rmsea_interval_puts_the_statistic_at_its_tails():
    lower, upper = index.rmsea_interval(85.0, 24, 301)
    assert ncx2.cdf(85.0, 24, lower**2 * 301 * 24) == pytest.approx(0.95)
    assert ncx2.cdf(85.0, 24, upper**2 * 301 * 24) == pytest.approx(0.05)


def test_rmsea_interval_starts_at_zero_for_good_fit():
    lower, upper = index.rmsea_interval(20.0, 24, 301)
    assert lower == 0.0 < upper
    assert index.rmsea_interval(2.0, 24, 301) == (0.0, 0.0)


def test_close_and_not_close_fit_are_tails_of_the_same_distribution():
    ncp = 301 * 24 * 0.05**2
    assert index.rmsea_close_pvalue(40.0, 24, 301) == pytest.approx(ncx2.sf(40.0, 24, ncp))
    assert index.rmsea_notclose_pvalue(40.0, 24, 301, h0=0.05) == pytest.approx(
        ncx2.cdf(40.0, 24, ncp)
    )


def test_critical_n_would_just_be_rejected():
    n = index.critical_n(85.0, 24, 301, 0.05)
    assert chi2.sf((n - 1) * 85.0 / 301, 24) == pytest.approx(0.05)


def test_information_criteria():
    assert index.aic(-100.0, 5) == 210.0
    assert index.bic(-100.0, 5, 50) == pytest.approx(200 + 5 * math.log(50))
    assert index.sabic(-100.0, 5, 46) == pytest.approx(200 + 5 * math.log(2))


def test_parsimony_and_cross_validation():
    assert index.agfi(0.95, 45, 24) == pytest.approx(1 - 45 / 24 * 0.05)
    assert index.agfi(1.0, 45, 0) == 1.0
    assert index.pgfi(0.95, 45, 24) == pytest.approx(24 / 45 * 0.95)
    assert index.mfi(85.0, 24, 301) == pytest.approx(math.exp(-61 / 602))
    assert index.ecvi(85.0, 21, 301) == pytest.approx(127 / 301)
    assert index.wrmr(90.0, 10) == 3.0
