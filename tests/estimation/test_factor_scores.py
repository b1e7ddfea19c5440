import numpy as np
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.factor_scores import factor_scores
from loyaltysem.estimation.fitting import fit
from loyaltysem.estimation.implied import implied_moments

MODEL = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ f"


def implied(fitted):
    return implied_moments(fitted.problem.structures[0], fitted.theta)


def test_regression_scores_are_conditional_means(two_factor_fit, skewed_data):
    at = implied(two_factor_fit)
    loadings = two_factor_fit.problem.structures[0].matrices.lambda_.fill(two_factor_fit.theta)
    data = skewed_data[list(two_factor_fit.table.observed)].to_numpy()
    expected = (data - data.mean(axis=0)) @ np.linalg.solve(at.sigma, loadings @ at.cov_lv)
    assert factor_scores(two_factor_fit).to_numpy() == pytest.approx(expected)


def test_regression_scores_are_less_spread_than_the_construct(two_factor_fit):
    scores = factor_scores(two_factor_fit)
    variances = np.diagonal(implied(two_factor_fit).cov_lv)
    assert (scores.var(ddof=0).to_numpy() < variances).all()


def test_bartlett_scores_minimise_weighted_residuals(two_factor_fit, skewed_data):
    matrices = two_factor_fit.problem.structures[0].matrices
    loadings = matrices.lambda_.fill(two_factor_fit.theta)
    precision = np.linalg.inv(matrices.theta.fill(two_factor_fit.theta))
    data = skewed_data[list(two_factor_fit.table.observed)].to_numpy()
    scores = factor_scores(two_factor_fit, method="bartlett").to_numpy()
    residual = data - data.mean(axis=0) - scores @ loadings.T
    assert residual @ precision @ loadings == pytest.approx(0.0, abs=1e-8)


def test_means_enter_when_they_are_modelled(skewed_data):
    text = MODEL.replace("f =~ x1", "f =~ 1*x1") + "\nx1 ~ 0*1\nf ~ 1"
    fitted = fit(text, skewed_data)
    scores = factor_scores(fitted)["f"]
    assert scores.mean() == pytest.approx(skewed_data["x1"].mean(), abs=1e-6)


def test_covariates_shift_scores_without_a_mean_structure(skewed_data):
    shifted = skewed_data.assign(age=skewed_data["age"] + 10)
    model = MODEL + "\nf ~ age"
    plain, moved = (factor_scores(fit(model, data)) for data in (skewed_data, shifted))
    slope = fit(model, skewed_data).estimates().query("lhs == 'f' and op == '~'")["est"].item()
    assert (moved["f"] - plain["f"]).to_numpy() == pytest.approx(10 * slope)


def test_incomplete_rows_are_scored_from_what_is_there(skewed_data):
    data = skewed_data.copy()
    data.loc[0, ["x1", "x2"]] = np.nan
    data.loc[1, ["x1", "x2", "x3"]] = np.nan
    fitted = fit(MODEL, data, missing="fiml")
    regression, bartlett = (factor_scores(fitted, method=m) for m in ("regression", "bartlett"))
    assert np.isfinite(regression.to_numpy()).all()
    assert np.isfinite(bartlett.loc[0, "f"])
    assert np.isnan(bartlett.loc[1, "f"])
    assert np.isfinite(bartlett.loc[1, "g"])


def test_higher_order_constructs(skewed_data):
    model = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nh =~ 1*f + 1*g\nf ~~ v*f\ng ~~ v*g"
    fitted = fit(model, skewed_data)
    assert factor_scores(fitted)["h"].std() > 0.1
    assert factor_scores(fitted, method="bartlett")["h"].to_numpy() == pytest.approx(0.0)


def test_groups_are_named(skewed_data):
    scores = factor_scores(fit(MODEL, skewed_data, group="school"))
    assert list(scores.columns) == ["group", "f", "g"]
    assert scores["group"].tolist() == skewed_data["school"].tolist()


def test_impossible_requests_are_refused(two_factor_fit, skewed_data):
    with pytest.raises(EstimationError, match="Unknown kind of factor scores"):
        factor_scores(two_factor_fit, method="sum")
    cov = skewed_data[[f"x{k}" for k in range(1, 7)]].cov()
    with pytest.raises(EstimationError):
        factor_scores(fit(MODEL, sample_cov=cov, n=400))


@pytest.mark.parametrize("name", ["cfa_ml_hs", "mimic_fixedx_hs", "second_order_cfa_ml"])
def test_reference_cases(reference, name):
    case, data = reference(name)
    fitted = fit(case["model"], data)
    for method, expected in case["extras"]["factor_scores_first10"].items():
        found = factor_scores(fitted, method=method)[expected["cols"]].head(10).to_numpy()
        assert found == pytest.approx(np.array(expected["values"]), rel=1e-6, abs=1e-7)


def test_scores_bear_the_labels_of_their_respondents(skewed_data):
    names = [f"x{k}" for k in range(1, 7)]
    labelled = skewed_data.set_axis([f"r{k}" for k in range(len(skewed_data))], axis=0)
    gaps = labelled.copy()
    gaps.loc["r1", names] = np.nan
    gaps.loc["r3", "x2"] = np.nan
    complete = factor_scores(fit(MODEL, gaps))
    assert complete.index.tolist() == [f"r{k}" for k in range(len(gaps)) if k not in (1, 3)]
    full = factor_scores(fit(MODEL, gaps, missing="fiml"))
    assert full.index.tolist() == labelled.index.tolist()
    assert full.index[full["f"].isna()].tolist() == ["r1"]
    groups = factor_scores(fit(MODEL, gaps, group="school", missing="fiml"))
    together = labelled.join(groups)
    assert (together["group"].astype(str) == together["school"].astype(str)).all()
