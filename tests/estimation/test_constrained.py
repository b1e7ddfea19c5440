"""Non-linear equalities and inequalities."""

import numpy as np
import pytest

from loyaltysem.estimation.fitting import fit

MODEL = "f =~ x1 + l2*x2 + l3*x3\ng =~ x4 + x5 + x6\n"


def loading(found, name):
    rows = found.estimates()
    return float(rows.loc[rows["label"] == name, "est"].iloc[0])


def test_a_nonlinear_equality_holds_at_an_optimum(skewed_data):
    found = fit(MODEL + "l2 == l3^2", skewed_data)
    assert found.converged
    assert loading(found, "l2") == pytest.approx(loading(found, "l3") ** 2, abs=1e-10)
    assert (found.npar, found.df) == (12, 9)
    slopes = found.problem.constraints.nonlinear.jacobian(found.theta)
    outside = np.linalg.lstsq(slopes.T, found.point.gradient(), rcond=None)[0]
    np.testing.assert_allclose(found.point.gradient(), slopes.T @ outside, atol=1e-9)


def test_an_inequality_that_does_not_bind_changes_nothing(skewed_data):
    free = fit(MODEL, skewed_data)
    bound = fit(MODEL + "l2 > -5", skewed_data)
    np.testing.assert_allclose(bound.theta, free.theta, atol=1e-8)
    np.testing.assert_allclose(bound.vcov, free.vcov, atol=1e-8)


def test_a_binding_inequality_is_an_equality_for_standard_errors(skewed_data):
    free = fit(MODEL, skewed_data)
    limit = loading(free, "l2") + 0.2
    bound = fit(MODEL + f"l2 > {limit}", skewed_data)
    equal = fit(MODEL + f"l2 == {limit}", skewed_data)
    np.testing.assert_allclose(bound.theta, equal.theta, atol=1e-8)
    np.testing.assert_allclose(bound.vcov, equal.vcov, atol=1e-8)
    assert bound.df == equal.df - 1


@pytest.mark.parametrize("case", ["sem_ml_nonlinear_constraint", "sem_ml_inequality_constraint"])
def test_the_optimum_is_not_above_the_references(reference, case):
    golden, data = reference(case)
    found = fit(golden["model"], data)
    assert found.converged
    assert found.fmin <= golden["fit"]["fmin"] + 1e-9
    assert found.fmin == pytest.approx(golden["fit"]["fmin"], abs=1e-6)
