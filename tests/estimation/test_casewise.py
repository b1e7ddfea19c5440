import numpy as np
import pytest

from loyaltysem.estimation.asymptotics import adf_gamma, normal_theory_weight
from loyaltysem.estimation.casewise import (
    casewise_scores,
    first_order_information,
    half_trace,
    normal_theory_meat,
)
from loyaltysem.estimation.fitting import fit
from loyaltysem.estimation.implied import implied_moments, jacobian

MODEL = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ f + age\nx1 ~~ x4"


@pytest.fixture(scope="module")
def fitted(skewed_data):
    return fit(MODEL, skewed_data, meanstructure=True)


def log_likelihood(fitted, theta):
    """Return the log-likelihood of every row at theta, from its definition."""
    at = implied_moments(fitted.problem.structures[0], theta)
    residual = fitted.moments.groups[0].data - at.mu
    inverse = np.linalg.inv(at.sigma)
    return -0.5 * (
        np.linalg.slogdet(at.sigma)[1] + np.einsum("ij,jk,ik->i", residual, inverse, residual)
    )


def scores_of(fitted):
    places = fitted.problem.structures[0]
    at = implied_moments(places, fitted.theta)
    data = fitted.moments.groups[0].data
    inverse = np.linalg.inv(at.sigma)
    return np.vstack(list(casewise_scores(data, at.mu, inverse, places, at, meanstructure=True)))


def test_scores_are_derivatives_of_the_log_likelihood(fitted):
    scores = scores_of(fitted)
    for k in range(len(fitted.theta)):
        step = 1e-6 * np.eye(len(fitted.theta))[k]
        above = log_likelihood(fitted, fitted.theta + step)
        below = log_likelihood(fitted, fitted.theta - step)
        assert scores[:, k] == pytest.approx((above - below) / 2e-6, abs=1e-6)


def test_scores_cancel_at_the_optimum(fitted):
    assert scores_of(fitted).mean(axis=0) == pytest.approx(0.0, abs=1e-9)


def test_first_order_information_is_the_mean_cross_product(fitted):
    scores = scores_of(fitted)
    halves = [scores[:150], scores[150:]]
    expected = scores.T @ scores / len(scores)
    assert first_order_information(halves, len(scores)) == pytest.approx(expected)


def test_half_trace_is_the_trace(fitted):
    places = fitted.problem.structures[0]
    at = implied_moments(places, fitted.theta)
    inverse = np.linalg.inv(at.sigma)
    delta = jacobian(places, at, means=False)
    twice = np.where(places.rows == places.cols, 1.0, 2.0)
    expected = 0.5 * (twice * inverse[places.rows, places.cols]) @ delta
    assert half_trace(places, at, inverse) == pytest.approx(expected)


@pytest.mark.parametrize("fixed", [(), (6,)])
def test_meat_is_that_of_the_moments(fitted, fixed):
    places = fitted.problem.structures[0]
    at = implied_moments(places, fitted.theta)
    data = fitted.moments.groups[0].data
    inverse = np.linalg.inv(at.sigma)
    delta = jacobian(places, at, means=True)
    pulled = normal_theory_weight(inverse, meanstructure=True, fixed=fixed) @ delta
    expected = pulled.T @ adf_gamma(data, meanstructure=True, fixed=fixed) @ pulled
    found = normal_theory_meat(data, inverse, places, at, meanstructure=True, fixed=fixed)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)
