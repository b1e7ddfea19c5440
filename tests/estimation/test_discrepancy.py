"""Values, gradients and Hessians of the discrepancy functions."""

import numpy as np
import pytest

from loyaltysem.estimation.continuous import continuous_problem
from loyaltysem.estimation.moments import moments_from_data
from loyaltysem.estimation.options import resolve
from loyaltysem.syntax.build import build_table

MODEL = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ f"
WIDTH = 1e-5


def problem(data, estimator, *, means=False, groups=False, **options):
    labels = ("west", "east") if groups else ("",)
    table = build_table(MODEL, meanstructure=means, group_labels=labels)
    moments = moments_from_data(data, table.observed, group="school" if groups else None)
    return continuous_problem(table, moments, resolve(estimator, **options))


CASES = [
    ("ML", False, False),
    ("ML", True, False),
    ("ML", True, True),
    ("GLS", False, False),
    ("GLS", True, True),
    ("ULS", True, False),
    ("WLS", True, False),
    ("DWLS", False, True),
]


@pytest.mark.parametrize(("estimator", "means", "groups"), CASES)
def test_gradient_and_hessian_are_the_derivatives_of_the_value(
    skewed_data, estimator, means, groups
):
    made = problem(skewed_data, estimator, means=means, groups=groups)
    theta = made.start() * 1.05
    point = made.objective.at(theta)
    steps = WIDTH * np.eye(len(theta))
    pairs = [(made.objective.at(theta + s), made.objective.at(theta - s)) for s in steps]
    slope = [(up.value - down.value) / (2 * WIDTH) for up, down in pairs]
    np.testing.assert_allclose(point.gradient(), slope, atol=1e-8 * np.abs(slope).max() + 1e-9)
    bend = [(up.gradient() - down.gradient()) / (2 * WIDTH) for up, down in pairs]
    np.testing.assert_allclose(point.hessian(), bend, atol=1e-8 * np.abs(bend).max())


def test_ml_value_is_the_textbook_formula(skewed_data):
    made = problem(skewed_data, "ML", means=True)
    point = made.objective.at(made.start())
    sigma, mu = point.groups[0].implied.sigma, point.groups[0].implied.mu
    data = skewed_data[list(made.table.observed)].to_numpy()
    S, m = np.cov(data.T, ddof=0), data.mean(axis=0)
    inverse = np.linalg.inv(sigma)
    expected = np.log(np.linalg.det(sigma) / np.linalg.det(S)) + np.trace(S @ inverse) - len(S)
    expected += (m - mu) @ inverse @ (m - mu)
    assert 2 * point.value == pytest.approx(expected, abs=1e-12)


def test_ml_expected_information_is_the_mean_of_the_hessian(skewed_data):
    """At theta where the sample moments are the implied ones, both are the same matrix."""
    made = problem(skewed_data, "ML")
    theta = made.start()
    sigma = made.objective.at(theta).groups[0].implied.sigma
    from dataclasses import replace

    perfect = replace(made.samples[0], cov=sigma, log_det=np.linalg.slogdet(sigma)[1])
    point = replace(made.objective, samples=(perfect,)).at(theta)
    np.testing.assert_allclose(point.hessian(), point.information(), atol=1e-12)
    assert point.value == pytest.approx(0.0, abs=1e-12)


def test_gls_value_is_the_textbook_formula(skewed_data):
    made = problem(skewed_data, "GLS")
    point = made.objective.at(made.start())
    data = skewed_data[list(made.table.observed)].to_numpy()
    S, n = np.cov(data.T), len(data)
    gap = np.linalg.solve(S, S - point.groups[0].implied.sigma)
    assert 2 * point.value == pytest.approx((n - 1) / n * np.trace(gap @ gap) / 2, abs=1e-12)


def test_value_is_infinite_where_no_moments_are(skewed_data):
    made = problem(skewed_data, "ML")
    theta = np.zeros(made.table.n_free)
    assert made.objective.at(theta).value == np.inf
