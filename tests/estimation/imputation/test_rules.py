import math

import numpy as np
import pytest

from loyaltysem.estimation.imputation.pooled_tests import d2, d3
from loyaltysem.estimation.imputation.rules import rubin


def test_rubins_example_by_hand():
    pooled = rubin(np.array([[1.0], [2.0], [3.0]]), np.full((3, 1), 0.5))
    assert pooled.between[0] == pytest.approx(1.0)
    assert pooled.se[0] == pytest.approx(math.sqrt(0.25 + 4 / 3))
    assert pooled.fmi[0] == pytest.approx((4 / 3) / (0.25 + 4 / 3))
    assert pooled.riv[0] == pytest.approx(16 / 3)
    assert pooled.df[0] == pytest.approx(2 / pooled.fmi[0] ** 2)


def test_barnard_and_rubins_degrees_of_freedom_stay_below_the_complete_ones():
    rng = np.random.default_rng(1)
    estimates = rng.normal(scale=0.01, size=(20, 3))
    pooled = rubin(estimates, np.full((20, 3), 0.5), complete_df=40.0)
    assert (pooled.df < 40).all()
    assert (rubin(estimates, np.full((20, 3), 0.5)).df > 1000).all()


def test_negative_statistics_count_as_zero():
    assert d2([0.1, 30.0, 0.2], 2).statistic == 0.0
    assert d3([-4.0, -5.0], [1.0, 1.5], 2).chisq == 0.0


def test_no_degrees_of_freedom_no_test():
    assert math.isnan(d3([0.0, 0.0], [0.0, 0.0], 0).pvalue)
    assert math.isnan(d2([0.0, 0.0], 0).pvalue)


def test_equal_chisquares_are_not_shrunk():
    for test in (d2([12.0] * 5, 4), d3([12.0] * 5, [12.0] * 5, 4)):
        assert test.chisq == pytest.approx(12.0)
        assert test.fmi == 0.0
