from dataclasses import replace

import numpy as np
import pytest

from loyaltysem.estimation.fitting import fit
from loyaltysem.estimation.standardized import (
    delta_errors,
    r_squared,
    scale_factors,
    standardize,
)

MODEL = """
f =~ x1 + x2 + x3
g =~ x4 + x5 + x6
g ~ b*f + c*age
x1 ~~ x4
twice := 2*b
share := b/(b + c)
"""


@pytest.fixture(scope="module")
def fitted(skewed_data):
    return fit(MODEL, skewed_data, meanstructure=True)


def standardized(fitted, theta, kind):
    problem = fitted.problem
    point = problem.objective.at(theta)
    return standardize(
        problem.table,
        problem.row_estimates(theta),
        problem.row_jacobian(theta),
        problem.spreads(point),
        problem.constraints.defined,
        kind,
    )


def row(fitted, text):
    return next(k for k, r in enumerate(fitted.table.rows) if f"{r.lhs}{r.op}{r.rhs}" == text)


@pytest.mark.parametrize("kind", ["std.lv", "std.all", "std.nox"])
def test_derivatives_are_exact(fitted, kind):
    at = standardized(fitted, fitted.theta, kind)
    for k in range(len(fitted.theta)):
        step = 1e-6 * np.eye(len(fitted.theta))[k]
        above = standardized(fitted, fitted.theta + step, kind).values
        below = standardized(fitted, fitted.theta - step, kind).values
        assert at.jacobian[:, k] == pytest.approx((above - below) / 2e-6, abs=1e-6)


def test_all_variables_have_unit_variance(fitted):
    values = standardized(fitted, fitted.theta, "std.all").values
    loading, residual = values[row(fitted, "f=~x2")], values[row(fitted, "x2~~x2")]
    assert loading**2 + residual == pytest.approx(1.0)
    correlation = values[row(fitted, "x1~~x4")]
    est = fitted.est
    sizes = est[row(fitted, "x1~~x1")] * est[row(fitted, "x4~~x4")]
    assert correlation == pytest.approx(est[row(fitted, "x1~~x4")] / np.sqrt(sizes))


def test_covariates_keep_their_units_in_std_nox(fitted, skewed_data):
    every, but_x = (standardized(fitted, fitted.theta, k).values for k in ("std.all", "std.nox"))
    path = row(fitted, "g~age")
    sd = skewed_data["age"].std(ddof=0)
    assert every[path] == pytest.approx(but_x[path] * sd)
    assert but_x[row(fitted, "age~~age")] == pytest.approx(sd**2)


def test_indicators_keep_their_units_in_std_lv(fitted):
    latent = standardized(fitted, fitted.theta, "std.lv").values
    every = standardized(fitted, fitted.theta, "std.all").values
    assert latent[row(fitted, "x2~~x2")] == fitted.est[row(fitted, "x2~~x2")]
    assert latent[row(fitted, "g~f")] == pytest.approx(every[row(fitted, "g~f")])


def test_defined_parameters_are_evaluated_on_standardized_values(fitted):
    values = standardized(fitted, fitted.theta, "std.all").values
    b, c = values[row(fitted, "g~f")], values[row(fitted, "g~age")]
    assert values[row(fitted, "twice:=2*b")] == pytest.approx(2 * b)
    assert values[row(fitted, "share:=b/(b+c)")] == pytest.approx(b / (b + c))


def test_units_of_indicators_do_not_matter(fitted, skewed_data):
    stretched = fit(MODEL, skewed_data.assign(x2=skewed_data["x2"] * 1000), meanstructure=True)
    assert stretched.standardized()["est_std"].to_numpy() == pytest.approx(
        fitted.standardized()["est_std"].to_numpy(), abs=1e-8
    )
    assert stretched.standardized()["se"].to_numpy() == pytest.approx(
        fitted.standardized()["se"].to_numpy(), abs=1e-8
    )


def test_negative_variances_leave_no_standardized_value(fitted):
    (spread,) = fitted.problem.spreads(fitted.point)
    variances = spread.variances.copy()
    variances[spread.latent["f"]] = -0.1
    values = standardize(
        fitted.table,
        fitted.est,
        fitted.problem.row_jacobian(fitted.theta),
        [replace(spread, variances=variances)],
        fitted.problem.constraints.defined,
    ).values
    assert np.isnan(values[row(fitted, "f=~x2")])
    assert np.isfinite(values[row(fitted, "x6~~x6")])


def test_factors_are_ratios_of_values(fitted):
    spreads = fitted.problem.spreads(fitted.point)
    factors = scale_factors(fitted.table, fitted.est, spreads, "std.nox", ("age",))
    values = standardized(fitted, fitted.theta, "std.nox").values
    kept = [k for k, r in enumerate(fitted.table.rows) if r.op != ":=" and fitted.est[k] != 0]
    assert factors[kept] == pytest.approx(values[kept] / fitted.est[kept])


def test_errors_of_what_cannot_vary_are_zero():
    jacobian = np.array([[1.0, 0.0], [1e-9, 1e-9]])
    assert delta_errors(jacobian, np.diag([0.04, 0.01])).tolist() == [pytest.approx(0.2), 0.0]


def test_explained_variance_leaves_impossible_ones_out(fitted):
    values = standardized(fitted, fitted.theta, "std.all").values.copy()
    found = {name: value for name, _, value in r_squared(fitted.table, values)}
    assert set(found) == {"x1", "x2", "x3", "x4", "x5", "x6", "g"}
    assert found["g"] == pytest.approx(1 - values[row(fitted, "g~~g")])
    values[row(fitted, "x3~~x3")] = -0.2
    assert "x3" not in {name for name, _, _ in r_squared(fitted.table, values)}


def test_a_construct_without_variance_moves_nothing(skewed_data):
    text = "f =~ x1 + x2 + x3\nq =~ 0*x1 + 1*x2 + 2*x3\nq ~~ 0*q + 0*f"
    rows = fit(text, skewed_data).estimates()
    loadings = rows.query("lhs == 'q' and op == '=~'")
    assert loadings[["std_lv", "std_all", "std_nox"]].to_numpy().tolist() == [[0.0] * 3] * 3
    assert rows.query("lhs == 'q' and op == '~~'")["std_all"].isna().all()
