"""Fits of ordinal models against lavaan's, made by reference/make_fits.R."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.estimation import fit
from loyaltysem.estimation.fitted import Fit

REFERENCE = Path(__file__).parent / "reference"
CASES = json.loads((REFERENCE / "fits.json").read_text())
ANSWERS = pd.read_csv(REFERENCE / "answers.csv")
ITEMS = ["o2", "o3", "o4", "o5"]
MODEL = "f =~ o2 + o3 + o4 + o5"


def fitted(case: dict[str, Any]) -> Fit:
    options = {name.replace(".", "_"): value for name, value in case["options"].items()}
    return fit(case["model"], ANSWERS, **options)


@pytest.fixture(scope="module", params=CASES)
def pair(request: pytest.FixtureRequest) -> tuple[Fit, dict[str, Any]]:
    return fitted(CASES[request.param]), CASES[request.param]


def rows(frame: pd.DataFrame, column: str) -> dict[tuple[object, ...], float]:
    keys = zip(frame["lhs"], frame["op"], frame["rhs"], frame["group"], strict=True)
    return dict(zip(keys, frame[column], strict=True))


@pytest.mark.parametrize(("ours", "theirs"), [("est", "est"), ("std_all", "std.all")])
def test_estimates_equal_lavaan(pair: tuple[Fit, dict[str, Any]], ours: str, theirs: str) -> None:
    found, case = pair
    expected = rows(pd.DataFrame(case["parameters"]), theirs)
    values = rows(found.estimates(), ours)
    assert {key: values[key] for key in expected} == pytest.approx(expected, abs=2e-6)


def test_standard_errors_equal_lavaan(pair: tuple[Fit, dict[str, Any]]) -> None:
    found, case = pair
    expected = rows(pd.DataFrame(case["parameters"]), "se")
    values = rows(found.estimates(), "se")
    assert {key: values[key] for key in expected} == pytest.approx(expected, rel=1e-5, abs=1e-7)


def test_fit_measures_equal_lavaan(pair: tuple[Fit, dict[str, Any]]) -> None:
    found, case = pair
    expected = {name: value for name, value in case["fit"].items() if value is not None}
    measures = found.measures()
    absent = {name for name in expected if name not in measures} - {"ntotal"}
    assert not absent
    shared = {name: measures[name] for name in expected if name in measures}
    assert shared == pytest.approx({name: expected[name] for name in shared}, rel=1e-5, abs=1e-6)


def test_delta_and_theta_parameterizations_fit_alike() -> None:
    delta, theta = (
        fit(MODEL, ANSWERS, ordered=ITEMS, parameterization=name) for name in ("delta", "theta")
    )
    assert theta.tests[1].statistic == pytest.approx(delta.tests[1].statistic, rel=1e-8)
    std_all = [one.estimates().query("op == '=~'")["std_all"].to_numpy() for one in (delta, theta)]
    assert std_all[0] == pytest.approx(std_all[1], abs=1e-8)


def test_chain_of_ordinal_outcomes_fits_alike_in_both_forms() -> None:
    model = "o4 ~ female + age\no5 ~ o4 + age\ny1 ~ o5 + female"
    delta, theta = (
        fit(model, ANSWERS, ordered=ITEMS, parameterization=name) for name in ("delta", "theta")
    )
    assert theta.tests[1].statistic == pytest.approx(delta.tests[1].statistic, rel=1e-7)
    assert np.diagonal(delta.implied()[""]["cov"])[:2] == pytest.approx(1.0)
    errors = [one.standardized().query("op == '~'")["se"].to_numpy() for one in (delta, theta)]
    assert errors[0] == pytest.approx(errors[1], rel=1e-5)


def test_ordered_true_makes_all_indicators_ordinal() -> None:
    assert fit(MODEL, ANSWERS, ordered=True).theta == pytest.approx(
        fit(MODEL, ANSWERS, ordered=ITEMS).theta
    )


def test_ordered_categorical_columns_are_ordinal() -> None:
    declared = ANSWERS.assign(
        **{name: pd.Categorical(ANSWERS[name], ordered=True) for name in ITEMS}
    )
    assert fit(MODEL, declared).theta == pytest.approx(fit(MODEL, ANSWERS, ordered=ITEMS).theta)


def test_labels_of_categories_do_not_matter() -> None:
    spread = ANSWERS.assign(o5=ANSWERS["o5"] ** 2 - 7)
    assert fit(MODEL, spread, ordered=ITEMS).theta == pytest.approx(
        fit(MODEL, ANSWERS, ordered=ITEMS).theta, abs=1e-10
    )


def test_dwls_has_no_corrected_test() -> None:
    found = fit(MODEL, ANSWERS, ordered=ITEMS, estimator="DWLS")
    assert [test.name for test in found.tests] == ["standard"]


def test_uls_needs_no_asymptotic_covariance() -> None:
    found = fit(MODEL, ANSWERS, ordered=ITEMS, estimator="ULS", se="none")
    assert found.moments.groups[0].ordinal.gamma is None
    assert found.converged


def test_empty_category_in_a_group_is_named() -> None:
    lacking = ANSWERS[~((ANSWERS["female"] == 1) & (ANSWERS["o5"] == 5))]
    with pytest.raises(EstimationError, match="in group '1' chose category 5 of 'o5'"):
        fit(MODEL, lacking, ordered=ITEMS, group="female")


def test_misspelt_ordinal_variable_is_named() -> None:
    with pytest.raises(EstimationError, match="o22") as raised:
        fit(MODEL, ANSWERS, ordered=["o22"])
    assert raised.value.remedy == "Did you mean 'o2'?"


def test_covariance_matrix_cannot_be_ordinal() -> None:
    with pytest.raises(EstimationError, match="need the data"):
        fit(MODEL, sample_cov=np.eye(4), n=100, ordered=ITEMS)


def test_maximum_likelihood_is_refused() -> None:
    with pytest.raises(EstimationError, match="ML cannot be used with ordinal"):
        fit(MODEL, ANSWERS, ordered=ITEMS, estimator="ML")


def test_wls_with_too_few_rows_is_refused() -> None:
    with pytest.raises(EstimationError, match="more rows than sample moments"):
        fit(MODEL, ANSWERS.head(8), ordered=["o2"], estimator="WLS")


def test_linearly_dependent_covariates_are_named() -> None:
    twice = ANSWERS.assign(twice=2 * ANSWERS["age"])
    with pytest.raises(EstimationError, match="age, twice are linearly dependent"):
        fit(MODEL + "\nf ~ age + twice", twice, ordered=ITEMS)


def test_units_of_a_numeric_indicator_do_not_matter() -> None:
    model = "f =~ o2 + o3 + o4 + y1"
    plain, large = (
        fit(model, ANSWERS.assign(y1=scale * ANSWERS["y1"]), ordered=ITEMS) for scale in (1, 1e6)
    )
    std_all = [one.estimates()["std_all"].to_numpy() for one in (plain, large)]
    assert std_all[0] == pytest.approx(std_all[1], abs=1e-8)
    assert large.tests[1].statistic == pytest.approx(plain.tests[1].statistic, rel=1e-6)


def test_pairwise_keeps_incomplete_rows() -> None:
    model = "f =~ o2_m + o3_m + o4_m + o5_m"
    ordered = ["o2_m", "o3_m", "o4_m", "o5_m"]
    whole = fit(model, ANSWERS, ordered=ordered, missing="pairwise")
    complete = fit(model, ANSWERS, ordered=ordered)
    assert complete.n == len(ANSWERS[ordered].dropna())
    assert whole.n == len(ANSWERS[ordered].dropna(how="all"))


def test_respondents_with_covariates_alone_are_left_out() -> None:
    gone = ANSWERS.astype(dict.fromkeys(ITEMS, float))
    gone.loc[[3, 8], ITEMS] = np.nan
    found = fit(f"{MODEL}\nf ~ age", gone, ordered=ITEMS, missing="pairwise")
    assert found.n == len(ANSWERS) - 2


def test_residual_means_of_numeric_variables_are_in_their_deviations() -> None:
    found = fit("f =~ o3 + o4 + y1 + y2", ANSWERS, ordered=["o3", "o4"], estimator="WLS")
    raw, scaled = (found.residuals(kind)[""]["mean"] for kind in ("raw", "cor.bentler"))
    sd = np.sqrt(np.diagonal(found.sample()[""]["cov"]))
    assert abs(raw["y1"]) > 1e-5
    np.testing.assert_allclose(scaled, raw / sd)


def test_a_saturated_model_fits_perfectly_by_robust_indices_too() -> None:
    found = fit("f =~ o3 + o4 + o5", ANSWERS, ordered=ITEMS).measures()
    assert found["df"] == 0
    assert found["cfi.robust"] == found["tli.robust"] == 1.0
    assert found["rmsea.robust"] == found["rmsea.ci.upper.robust"] == 0.0
