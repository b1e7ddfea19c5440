"""semopy's estimates, driven to an optimum that our gradient checks, equal the native ones."""

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.estimation import fit
from loyaltysem.estimation.replication import replicate_in_semopy
from loyaltysem.estimation.second_engine import run_semopy
from loyaltysem.estimation.semopy_model import rows_with_cov

SECOND_ORDER = """
a =~ a1 + a2 + a3
b =~ b1 + b2 + b3
c =~ c1 + c2 + c3
L =~ a + b + c
"""
MEDIATION = """
f =~ a1 + a2 + a3
g =~ b1 + b2 + b3
g ~ p*f + z
c1 ~ q*g + p*f
a1 ~~ b1
indirect := p*q
"""


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(5)
    n = 300
    z = rng.normal(size=n)
    common = rng.normal(size=n)
    frame = pd.DataFrame({"z": z})
    for name, weight in (("a", 0.8), ("b", 0.7), ("c", 0.6)):
        factor = weight * common + 0.3 * z + 0.6 * rng.normal(size=n)
        for k in range(1, 4):
            frame[f"{name}{k}"] = 3 + factor * (0.6 + 0.2 * k) + 0.7 * rng.normal(size=n)
    return frame


@pytest.mark.parametrize(
    ("model", "options"),
    [
        (SECOND_ORDER, {}),
        (SECOND_ORDER, {"std_lv": True}),
        (MEDIATION, {}),
        (MEDIATION, {"estimator": "MLR"}),
        (MEDIATION, {"estimator": "GLS"}),
        (MEDIATION, {"estimator": "ULS", "meanstructure": True}),
        (MEDIATION, {"fixed_x": False, "meanstructure": True}),
        ("`c1` ~ a1 + 满意\na1 ~ 满意", {}),
    ],
)
def test_engines_agree(data, model, options):
    data = data.rename(columns={"z": "满意"}) if "满意" in model else data
    native = fit(model, data, **options)
    other = fit(model, data, engine="semopy", **options)
    assert other.converged
    np.testing.assert_allclose(other.theta, native.theta, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(other.se, native.se, rtol=1e-4, atol=1e-6)
    assert other.measures()["chisq"] == pytest.approx(native.measures()["chisq"], abs=1e-5)
    assert other.options.engine == "semopy"


def test_a_stop_short_of_the_optimum_is_told(data):
    scaled = data.assign(a2=1000 * data["a2"])
    problem = fit(SECOND_ORDER, scaled).problem
    solvers = (("SLSQP", {"maxiter": 3}),)
    run = run_semopy(problem, solvers=solvers)
    assert not run.optimum.converged
    table = replicate_in_semopy(fit(SECOND_ORDER, scaled), solvers=solvers)
    assert "stopped short" in table.loc[~table["agrees"], "reason"].iloc[0]


def test_badly_scaled_indicator_is_no_trap(data):
    scaled = data.assign(a2=1000 * data["a2"])
    native, other = fit(SECOND_ORDER, data), fit(SECOND_ORDER, scaled, engine="semopy")
    assert other.converged
    assert other.measures()["chisq"] == pytest.approx(native.measures()["chisq"], abs=1e-4)


def test_negative_variance_is_not_clamped():
    cov = pd.DataFrame(
        [[1.0, 0.8, 0.7], [0.8, 1.0, 0.4], [0.7, 0.4, 1.0]], columns=["x1", "x2", "x3"]
    )
    native = fit("f =~ x1 + x2 + x3", sample_cov=cov, n=100)
    other = fit("f =~ x1 + x2 + x3", sample_cov=cov, n=100, engine="semopy")
    assert native.theta.min() < 0
    np.testing.assert_allclose(other.theta, native.theta, atol=1e-4)


@pytest.mark.parametrize(
    ("model", "options", "reason"),
    [
        (SECOND_ORDER, {"group": "sex"}, "several groups"),
        (SECOND_ORDER, {"estimator": "WLS"}, "estimator WLS"),
        (SECOND_ORDER, {"missing": "fiml"}, "missing values"),
        (MEDIATION + "p == 2*q", {}, "constraints other than equal labels"),
        (MEDIATION + "p > 0", {}, "constraints other than equal labels"),
        (SECOND_ORDER + "a1 ~ 0*1", {"int_lv_free": True}, "a restricted mean structure"),
    ],
)
def test_what_semopy_cannot_do_is_refused_with_the_reason(data, model, options, reason):
    data = data.assign(sex=np.arange(len(data)) % 2)
    with pytest.raises(EstimationError) as caught:
        fit(model, data, engine="semopy", **options)
    assert reason in caught.value.found


def test_replication_says_where_and_why_the_two_differ(data):
    table = replicate_in_semopy(fit(MEDIATION, data)).set_index("name")
    parameters = table[table["kind"] == "parameter"]
    assert parameters["agrees"].all()
    assert (parameters["in_se"].abs() < 1e-3).all()
    assert table.loc["chisq", "agrees"]
    assert table.loc["gfi", "semopy"] == pytest.approx(table.loc["nfi", "semopy"])
    assert "NFI" in table.loc["gfi", "reason"]
    assert "covariates" in table.loc["df", "reason"]
    assert (table["agrees"] == (table["reason"] == "")).all()


def test_semopy_is_not_believed_before_it_is_checked(data):
    run = run_semopy(fit(SECOND_ORDER, data).problem)
    gradient = run.optimum.point.gradient()
    assert run.optimum.converged
    assert np.abs(gradient).max() < 1e-5


def test_rows_have_the_matrix():
    cov = np.array([[2.0, 0.3], [0.3, 1.0]])
    rows = rows_with_cov(cov)
    np.testing.assert_allclose(rows.T @ rows / len(rows), cov)
    np.testing.assert_allclose(rows.mean(axis=0), 0.0, atol=1e-15)
