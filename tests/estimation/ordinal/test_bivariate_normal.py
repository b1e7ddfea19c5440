"""The bivariate normal distribution against scipy's integration and known values."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from loyaltysem.estimation.ordinal.bivariate_normal import (
    bivariate_normal_cdf,
    bivariate_normal_pdf,
    log_density_slope,
)

LIMITS = st.floats(-6, 6)
CORRELATIONS = st.floats(-0.98, 0.98)


@settings(max_examples=60, deadline=None)
@given(x=LIMITS, y=LIMITS, rho=CORRELATIONS)
def test_cdf_equals_numerical_integration(x: float, y: float, rho: float) -> None:
    expected = multivariate_normal.cdf([x, y], cov=[[1, rho], [rho, 1]])
    assert bivariate_normal_cdf(x, y, rho) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("rho", [-0.9, -0.2, 0.0, 0.5, 0.97])
def test_cdf_at_the_origin(rho: float) -> None:
    expected = 0.25 + np.arcsin(rho) / (2 * np.pi)
    assert bivariate_normal_cdf(0.0, 0.0, rho) == pytest.approx(expected, abs=1e-14)


def test_cdf_with_infinite_limits_is_that_of_one_variable() -> None:
    assert bivariate_normal_cdf(np.inf, 0.0, 0.4) == pytest.approx(0.5, abs=1e-14)
    assert bivariate_normal_cdf(-np.inf, 1.0, 0.4) == pytest.approx(0.0, abs=1e-14)


def test_cdf_rises_with_rho_as_the_density() -> None:
    x, y, step = np.array([-1.0, 0.3]), np.array([0.2, 0.9]), 1e-5
    slope = bivariate_normal_cdf(x, y, 0.4 + step) - bivariate_normal_cdf(x, y, 0.4 - step)
    assert slope / (2 * step) == pytest.approx(bivariate_normal_pdf(x, y, 0.4), rel=1e-7)


def test_log_density_slope_is_the_derivative() -> None:
    x, y, step = np.array([-1.0, 0.3]), np.array([0.2, 0.9]), 1e-5
    up, down = (np.log(bivariate_normal_pdf(x, y, 0.4 + s)) for s in (step, -step))
    assert (up - down) / (2 * step) == pytest.approx(log_density_slope(x, y, 0.4), rel=1e-7)
