"""The search: exact optima, scale invariance, honest reports."""

from dataclasses import dataclass

import numpy as np
import pytest

from loyaltysem.estimation.fitting import fit
from loyaltysem.estimation.optimise import Reparameterisation, minimise

FREE = Reparameterisation(basis=None, offset=np.zeros(2))


@dataclass
class Valley:
    """Rosenbrock's banana-shaped valley as an objective."""

    theta: np.ndarray

    @property
    def value(self):
        x, y = self.theta
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2

    def gradient(self):
        x, y = self.theta
        return np.array([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)])

    def hessian(self):
        x, y = self.theta
        return np.array([[2 - 400 * (y - 3 * x * x), -400 * x], [-400 * x, 200.0]])

    def information(self):
        x, _ = self.theta
        return np.array([[2 + 800 * x * x, -400 * x], [-400 * x, 200.0]])


class ValleyObjective:
    def at(self, theta):
        return Valley(theta)


class Slope:
    """A function without a minimum."""

    def at(self, theta):
        return SlopePoint(theta)


@dataclass
class SlopePoint:
    theta: np.ndarray

    @property
    def value(self):
        return float(-self.theta.sum())

    def gradient(self):
        return -np.ones(2)

    def hessian(self):
        return np.eye(2)

    information = hessian


def test_a_curved_valley_is_followed_to_its_end():
    found = minimise(ValleyObjective(), np.array([-1.2, 1.0]), FREE)
    assert found.converged
    np.testing.assert_allclose(found.theta, [1.0, 1.0], atol=1e-9)


def test_linear_constraints_hold_exactly():
    tied = Reparameterisation(basis=np.array([[1.0], [1.0]]), offset=np.array([0.0, 0.25]))
    found = minimise(ValleyObjective(), np.array([0.5, 0.5]), tied)
    assert found.converged
    assert found.theta[1] - found.theta[0] == pytest.approx(0.25, abs=1e-14)
    assert abs(tied.vector(Valley(found.theta).gradient())[0]) < 1e-8


def test_a_function_without_minimum_is_not_called_converged():
    assert not minimise(Slope(), np.zeros(2), FREE, max_iterations=50).converged


def test_an_impossible_start_is_reported():
    class Nowhere:
        def at(self, theta):
            return Valley(np.array([np.inf, 0.0]))

    with np.errstate(invalid="ignore"):
        assert not minimise(Nowhere(), np.zeros(2), FREE).converged


@pytest.mark.parametrize("factor", [1e3, 1e-3])
@pytest.mark.parametrize("variable", ["x1", "x3"])
def test_the_unit_of_an_indicator_changes_no_standardized_number(
    skewed_data, two_factor_fit, factor, variable
):
    rescaled = skewed_data.assign(**{variable: factor * skewed_data[variable]})
    other = fit("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ b*f", rescaled)
    np.testing.assert_allclose(
        other.estimates()["std_all"], two_factor_fit.estimates()["std_all"], atol=1e-9
    )
    assert other.tests[0].statistic == pytest.approx(two_factor_fit.tests[0].statistic, abs=1e-8)


@pytest.mark.parametrize("estimator", ["ML", "GLS", "ULS", "DWLS"])
@pytest.mark.parametrize("factor", [1e3, 1e-3])
def test_the_unit_of_all_indicators_changes_no_standardized_number(skewed_data, estimator, factor):
    model = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ f"
    found = fit(model, skewed_data, estimator=estimator)
    rescaled = factor * skewed_data[list(found.table.observed)]
    other = fit(model, rescaled, estimator=estimator)
    assert other.converged
    np.testing.assert_allclose(
        other.estimates()["std_all"], found.estimates()["std_all"], atol=1e-11
    )


def test_the_search_ends_at_a_zero_gradient(two_factor_fit):
    assert two_factor_fit.converged
    assert two_factor_fit.gradient_max < 1e-9
    assert np.abs(two_factor_fit.point.gradient()).max() < 1e-9


def test_the_ill_conditioned_satisfaction_model_is_solved(reference):
    case, data = reference("sem_ml_mobi_ecsi")
    found = fit(case["model"], data)
    assert found.converged
    assert found.tests[0].statistic == pytest.approx(case["fit"]["chisq"], abs=1e-7)
