"""Latent interactions by maximum likelihood, against ML, least squares and known truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError, ModelSpecificationError
from loyaltysem.estimation import fit
from loyaltysem.structural.lms import fit_lms

from .conftest import INTERACTION, MODEL, simulated

LINEAR = MODEL.replace(" + w*X:Z", "")


@pytest.fixture(scope="module")
def fitted(answers):
    return fit_lms(MODEL, answers)


def test_without_interaction_it_is_maximum_likelihood(answers):
    none = fit_lms(MODEL.replace("w*X:Z", "0*X:Z"), answers)
    linear = fit(LINEAR, answers, meanstructure=True, information="observed")
    assert none.logl == pytest.approx(linear.logl, abs=1e-6)
    ours = none.estimates().set_index(["lhs", "op", "rhs"]).drop(("Y", "~", "X:Z"))
    theirs = linear.estimates().set_index(["lhs", "op", "rhs"]).loc[ours.index]
    np.testing.assert_allclose(ours["est"], theirs["est"], atol=1e-6)
    np.testing.assert_allclose(ours["se"], theirs["se"], atol=1e-6)
    np.testing.assert_allclose(ours["std_all"], theirs["std_all"], atol=1e-6)


def test_with_fixed_covariates_the_likelihood_is_conditional_too():
    rng = np.random.default_rng(0)
    data = simulated(150, seed=4).assign(age=rng.normal(size=150))
    none = fit_lms(MODEL + "Y ~ age\nX ~ age", data)
    linear = fit(LINEAR + "Y ~ age\nX ~ age", data, meanstructure=True)
    assert none.linear.logl == pytest.approx(linear.logl, abs=1e-9)
    assert 0 < none.interaction_test()["chisq"] < 60


def test_observed_products_are_least_squares():
    """With nothing latent the estimates are those of the regression on the product."""
    rng = np.random.default_rng(3)
    data = pd.DataFrame(rng.normal(size=(120, 2)), columns=["x", "w"])
    data["y"] = 0.3 * data["x"] + 0.4 * data["x"] * data["w"] + rng.normal(size=120)
    design = np.column_stack([np.ones(120), data["x"], data["w"], data["x"] * data["w"]])
    expected, rss, *_ = np.linalg.lstsq(design, data["y"], rcond=None)
    found = fit_lms("y ~ x + w + x:w", data)
    table = found.estimates().set_index(["op", "rhs"])
    paths = [table.loc[("~", name), "est"] for name in ("x", "w", "x:w")]
    np.testing.assert_allclose(paths, expected[1:], atol=1e-8)
    assert table.loc[("~~", "y"), "est"] == pytest.approx(rss[0] / 120)
    assert found.n_nodes == 1


def test_the_truth_is_found():
    data = simulated(700, seed=8)
    found = fit_lms(MODEL, data).standardized().set_index(["lhs", "op", "rhs"])
    row = found.loc[("Y", "~", "X:Z")]
    variance = 0.16 + 0.09 + 2 * 0.4 * 0.3 * 0.3 + INTERACTION**2 * 1.09 + 0.49
    truth = INTERACTION / np.sqrt(variance)
    assert abs(row["est_std"] - truth) < 2.5 * row["se"]
    assert row["se"] < 0.06


def test_the_interaction_is_tested_by_likelihood(fitted):
    test = fitted.interaction_test()
    wald = fitted.estimates().set_index("label").loc["w", "z"] ** 2
    assert test["df"] == 1
    assert test["chisq"] == pytest.approx(wald, rel=0.25)
    assert test["pvalue"] < 0.01
    assert test["aic_difference"] == pytest.approx(2 - test["chisq"])
    measures = fitted.measures()
    assert measures["aic"] == pytest.approx(-2 * fitted.logl + 2 * fitted.npar)


def test_robust_errors_stay_near_when_the_model_holds(answers, fitted):
    for kind in ("robust", "first.order"):
        other = fit_lms(MODEL, answers, se=kind)
        np.testing.assert_allclose(other.est, fitted.est, atol=1e-7)
        free = [k for k, row in enumerate(other.table.rows) if row.free]
        ratio = other.se[free] / fitted.se[free]
        assert 0.6 < ratio.min() < ratio.max() < 1.6
        assert not np.allclose(ratio, 1.0, atol=1e-3)


def test_units_of_indicators_do_not_matter(answers, fitted):
    scaled = answers.assign(z2=answers["z2"] * 1000 + 50)
    other = fit_lms(MODEL, scaled)
    np.testing.assert_allclose(
        other.estimates()["std_all"].iloc[:12], fitted.estimates()["std_all"].iloc[:12], atol=1e-6
    )


def test_complete_answers_need_no_fiml(answers, fitted, incomplete):
    same = fit_lms(MODEL, answers, missing="fiml")
    assert same.logl == pytest.approx(fitted.logl, abs=1e-6)
    kept = fit_lms(MODEL, incomplete.iloc[:120], missing="fiml")
    assert kept.n == 120
    row = next(k for k, r in enumerate(kept.table.rows) if r.rhs == "X:Z")
    assert abs(kept.est[row] - fitted.est[row]) < 2 * kept.se[row]


def test_labels_tie_and_define(answers):
    text = MODEL.replace("Y ~ X + Z", "Y ~ a*X + a*Z") + "\nbend := 2*w\nsum := a + w"
    found = fit_lms(text, answers)
    table = found.estimates().set_index(["lhs", "op", "rhs"])
    assert table.loc[("Y", "~", "X"), "est"] == pytest.approx(table.loc[("Y", "~", "Z"), "est"])
    twice = table.loc[("bend", ":=", "2*w")]
    assert twice["est"] == pytest.approx(2 * table.loc[("Y", "~", "X:Z"), "est"])
    assert twice["se"] == pytest.approx(2 * table.loc[("Y", "~", "X:Z"), "se"])
    assert found.npar == found.linear.npar + 1


def test_the_moderator_may_come_before_the_predictor(answers):
    """A mediator as the predictor: X depends on Z, which moderates it."""
    found = fit_lms(MODEL + "X ~ Z", answers)
    plain = fit_lms(MODEL, answers)
    assert found.logl == pytest.approx(plain.logl, abs=1e-6)
    assert found.r2()["Y"] == pytest.approx(plain.r2()["Y"], abs=1e-6)


def test_what_is_explained_follows_from_the_moments(fitted):
    table = fitted.estimates().set_index(["lhs", "op", "rhs"])["est"]
    a, b, w = (table["Y", "~", name] for name in ("X", "Z", "X:Z"))
    xx, zz, xz = table["X", "~~", "X"], table["Z", "~~", "Z"], table["X", "~~", "Z"]
    explained = a * a * xx + b * b * zz + 2 * a * b * xz + w * w * (xx * zz + xz**2)
    total = explained + table["Y", "~~", "Y"]
    assert fitted.r2()["Y"] == pytest.approx(explained / total)
    std = fitted.estimates().set_index(["lhs", "op", "rhs"])["std_all"]["Y", "~", "X:Z"]
    assert std == pytest.approx(w * np.sqrt(xx * zz / total))


def test_it_prints_what_matters(fitted):
    assert "300 respondents" in str(fitted)
    assert "converged" in repr(fitted)
    assert "NOT" not in repr(fitted)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LINEAR, "no product"),
        (MODEL.replace("X:Z", "X:W"), "'W' in the product"),
        (LINEAR.replace("Y ~ X + Z", "Y ~ X + X:Z"), "lacks the path of 'Z'"),
        (MODEL + "X:Z ~~ X", "left of the operator"),
        (MODEL + "X ~~ X:Z", "no predictor"),
        (LINEAR + "Z ~ X + X:X\nY ~ Z:Z", "factor that no product acts upon"),
    ],
)
def test_models_that_cannot_be(answers, text, words):
    with pytest.raises(ModelSpecificationError, match=words):
        fit_lms(text, answers)


def test_requests_that_cannot_be(answers):
    with pytest.raises(EstimationError, match="too few respondents"):
        fit_lms(MODEL, answers.iloc[:25])
    with pytest.raises(EstimationError, match="Unknown value of se"):
        fit_lms(MODEL, answers, se="jackknife")
    with pytest.raises(EstimationError, match="linear equality"):
        fit_lms(MODEL + "\nw > 0", answers)
    gaps = answers.assign(x1=answers["x1"].mask(answers.index < 3))
    observed = "Z =~ z1 + z2 + z3\nY =~ y1 + y2 + y3\nY ~ x1 + Z + x1:Z\nZ ~~ x1\nx1 ~~ x1"
    with pytest.raises(EstimationError, match="has missing values"):
        fit_lms(observed.replace("x1:Z", "Z:x1"), gaps, missing="fiml")
