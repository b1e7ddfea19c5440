"""Full-information fits against lavaan's, made by reference/make.R, and the golden cases."""

import json
from pathlib import Path

import pandas as pd
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.fitting import fit

REFERENCE = Path(__file__).parent / "reference"
GOLDEN = Path(__file__).parents[3].parent / "shared" / "golden"
CASES = json.loads((REFERENCE / "fits.json").read_text(encoding="utf-8"))
# With ml.x lavaan takes pairwise moments of the covariates out of the saturated log-likelihood and
# EM moments out of the model's, so that twice their difference is not its chi-square.
DIFFERENT = {"mimic_keep_x": ("unrestricted.logl",)}
GOLDEN_CASES = ("fiml_cfa", "fiml_expected_info", "fiml_mlr", "mg_ml_fiml_gender")


@pytest.fixture(scope="module")
def answers():
    return pd.read_csv(REFERENCE / "answers.csv")


def in_python(options):
    return {name.replace(".", "_"): value for name, value in options.items()}


def compare_parameters(result, parameters, *, est, se):
    ours = {(r.lhs, r.op, r.rhs, r.group): r for r in result.estimates().itertuples()}
    for row in parameters:
        own = ours[row["lhs"], row["op"], row["rhs"], row["group"]]
        assert own.est == pytest.approx(row["est"], abs=est), row
        assert own.se == pytest.approx(row["se"], rel=se), row


def compare_measures(result, measures, rel):
    ours = result.measures()
    defined = {name: value for name, value in measures.items() if value is not None}
    assert {name: ours[name] for name in defined} == pytest.approx(defined, rel=rel, abs=rel)


@pytest.mark.parametrize("name", CASES)
def test_fits_equal_lavaan(name, answers):
    case = CASES[name]
    result = fit(case["model"], answers, **{"missing": "fiml", **in_python(case["options"])})
    assert result.converged
    assert result.n == case["n"]
    compare_parameters(result, case["parameters"], est=1e-7, se=1e-5)
    measures = {k: v for k, v in case["fit"].items() if k not in DIFFERENT.get(name, ())}
    compare_measures(result, measures, rel=2e-6)


@pytest.mark.skipif(not GOLDEN.is_dir(), reason="the golden reference numbers are not here")
@pytest.mark.parametrize("name", GOLDEN_CASES)
def test_golden_fits_are_met_to_many_digits(name):
    case = json.loads((GOLDEN / "cases" / f"{name}.json").read_text(encoding="utf-8"))
    data = pd.read_csv(GOLDEN / case["data_file"])
    result = fit(case["model"], data, **in_python(case["options"]))
    free = [row for row in case["parameters"] if row["free"]]
    compare_parameters(result, free, est=1e-8, se=1e-6)
    compare_measures(result, case["fit"], rel=1e-6)


def test_an_incomplete_fit_of_complete_data_is_the_complete_fit(answers):
    data = answers.dropna()
    model = CASES["cfa"]["model"]
    one = fit(model, data, missing="fiml", information="expected")
    other = fit(model, data, meanstructure=True)
    assert one.est == pytest.approx(other.est, abs=1e-8)
    assert one.se == pytest.approx(other.se, rel=1e-8)
    assert one.tests[0].statistic == pytest.approx(other.tests[0].statistic, abs=1e-8)
    assert one.logl == pytest.approx(other.logl, abs=1e-7)


def test_units_of_the_indicators_make_no_difference(answers):
    model = CASES["cfa"]["model"]
    plain = fit(model, answers, missing="fiml")
    scaled = answers.assign(x2=answers["x2"] * 1000, x7=answers["x7"] / 1000)
    other = fit(model, scaled, missing="fiml")
    assert other.estimates()["std_all"].to_numpy() == pytest.approx(
        plain.estimates()["std_all"].to_numpy(), abs=1e-8
    )
    assert other.tests[0].statistic == pytest.approx(plain.tests[0].statistic, abs=1e-7)


@pytest.mark.parametrize("estimator", ["GLS", "MLM"])
def test_estimators_without_a_likelihood_of_incomplete_data_are_refused(answers, estimator):
    with pytest.raises(EstimationError, match="fiml"):
        fit(CASES["cfa"]["model"], answers, missing="fiml", estimator=estimator)


def test_pairwise_moments_are_fitted_as_n_complete_rows(answers):
    model = CASES["cfa"]["model"]
    result = fit(model, answers, missing="pairwise")
    assert result.n == 238
    assert "pairwise_moments" in [notice.code for notice in result.notices]
    indicators = answers[[f"x{k}" for k in range(1, 10)]]
    other = fit(model, sample_cov=indicators.cov(), n=238)
    assert result.est == pytest.approx(other.est, abs=1e-9)


def test_pairwise_moments_of_complete_data_are_the_moments(answers):
    model = CASES["cfa"]["model"]
    one, other = (
        fit(model, answers.dropna(), estimator="MLR", missing=m) for m in ("pairwise", "listwise")
    )
    assert one.se == pytest.approx(other.se)


def test_pairwise_moments_have_no_robust_errors(answers):
    with pytest.raises(EstimationError, match="pairwise"):
        fit(CASES["cfa"]["model"], answers, missing="pairwise", estimator="MLR")
