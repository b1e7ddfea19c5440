"""The likelihood by brute force, its derivatives by differences, its integration by refinement."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import multivariate_normal

from loyaltysem.errors import EstimationError
from loyaltysem.structural.lms import fit_lms

from .conftest import MODEL


@pytest.fixture(scope="module")
def fitted(answers):
    return fit_lms(MODEL, answers)


def brute_force(estimates, answers) -> float:
    """Return the log-likelihood of one respondent, integrating over both factors' conditionals.

    Given z, X is normal and everything else a linear function of X and errors, so that the nine
    indicators are normal; the integral over z is done by adaptive quadrature.
    """
    est = estimates.set_index(["lhs", "op", "rhs"])["est"]
    names = [f"{name}{k}" for name in "xzy" for k in (1, 2, 3)]
    loading = {name: est[name[0].upper(), "=~", name] for name in names}
    xx, zz, xz = est["X", "~~", "X"], est["Z", "~~", "Z"], est["X", "~~", "Z"]
    a, b, w = (est["Y", "~", name] for name in ("X", "Z", "X:Z"))
    errors = np.diag([est[name, "~~", name] for name in names])
    means = np.array([est[name, "~1", ""] for name in names])

    def density(z: float) -> float:
        x_mean, x_var = xz / zz * z, xx - xz**2 / zz
        step = {"x": 1.0, "z": 0.0, "y": a + w * z}
        start = {"x": x_mean, "z": z, "y": b * z + (a + w * z) * x_mean}
        along = np.array([loading[name] * step[name[0]] for name in names])
        mu = means + np.array([loading[name] * start[name[0]] for name in names])
        own = np.array([loading[name] * (name[0] == "y") for name in names])
        cov = x_var * np.outer(along, along) + est["Y", "~~", "Y"] * np.outer(own, own) + errors
        prior = np.exp(-0.5 * z * z / zz) / np.sqrt(2 * np.pi * zz)
        return prior * multivariate_normal.pdf(answers, mu, cov)

    return float(np.log(quad(density, -8, 8, epsabs=0, epsrel=1e-10, limit=200)[0]))


def test_a_respondents_likelihood_is_the_integral(fitted, answers):
    objective = fitted.problem.objective(fitted.theta, "adapted", None, 0.0)
    found = objective.at(fitted.theta).parts[0].loglik
    estimates = fitted.estimates()
    for row in (0, 17, int(np.argmin(found))):
        expected = brute_force(estimates, answers.iloc[row].to_numpy())
        assert found[row] == pytest.approx(expected, abs=1e-7)


CASES = {
    "interaction": MODEL,
    "quadratic": "X =~ x1 + x2 + x3\nY =~ y1 + y2 + y3\nY ~ X + X:X",
    "mediated": MODEL + "X ~ Z\nY ~ Z:Z",
    "observed": "X =~ x1 + x2 + x3\nY =~ y1 + y2 + y3\nY ~ X + z1 + X:z1\nz1 ~~ z1 + X",
    "fixed": MODEL.replace("Y ~ X", "Y ~ 0.4*X"),
}


@pytest.mark.parametrize("case", [*CASES, "incomplete"])
def test_derivatives_are_those_of_differences(case, answers, incomplete):
    data, missing = answers.iloc[:90].round(1), "listwise"
    if case == "incomplete":
        data, missing = incomplete.iloc[:90], "fiml"
    fitted = fit_lms(CASES.get(case, MODEL), data, missing=missing)
    rng = np.random.default_rng(0)
    theta = fitted.theta + rng.normal(0, 0.05, len(fitted.theta))
    objective = fitted.problem.objective(fitted.theta, "adapted", None, 0.0)
    point = objective.at(theta)
    gradient, hessian = point.gradient(), point.hessian()
    for k in range(0, len(theta), 3):
        step = np.zeros_like(theta)
        step[k] = 1e-5
        up, down = objective.at(theta + step), objective.at(theta - step)
        assert gradient[k] == pytest.approx((up.value - down.value) / 2e-5, abs=1e-7)
        slope = (up.gradient() - down.gradient()) / 2e-5
        np.testing.assert_allclose(hessian[k], slope, atol=1e-6)


def test_finer_integration_changes_nothing(fitted, answers):
    finer = fit_lms(MODEL, answers, nodes=2 * fitted.n_nodes)
    assert finer.logl == pytest.approx(fitted.logl, abs=1e-6)
    np.testing.assert_allclose(finer.est, fitted.est, atol=1e-6)
    np.testing.assert_allclose(finer.se, fitted.se, atol=1e-6)


def test_gauss_hermite_comes_near(fitted, answers):
    coarse = fit_lms(MODEL, answers, integration="gauss_hermite")
    fine = fit_lms(MODEL, answers, integration="gauss_hermite", nodes=60)
    assert coarse.n_nodes == 24
    assert abs(fine.logl - fitted.logl) < 1e-4 < abs(coarse.logl - fitted.logl) < 0.5


def test_two_moderators_are_integrated_together(answers):
    found = fit_lms(MODEL + "Y ~ X:X + Z:Z", answers.iloc[:60], nodes=18)
    assert set(found.problem.model.conditions) == {"X", "Z"}
    assert 200 < found.n_nodes <= 18**2
    assert found.interaction_test()["df"] == 3
    assert found.logl >= fit_lms(MODEL, answers.iloc[:60]).logl


def test_too_many_nodes_are_refused(answers):
    with pytest.raises(EstimationError, match="nodes"):
        fit_lms(MODEL + "Y ~ X:X + Z:Z", answers, nodes=200)
