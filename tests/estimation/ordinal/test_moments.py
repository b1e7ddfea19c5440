"""Moments of ordinal and mixed data against lavaan's, made by reference/make.R."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.ordinal.columns import ordinal_columns
from loyaltysem.estimation.ordinal.gamma import asymptotic_covariance
from loyaltysem.estimation.ordinal.moments import OrdinalMoments, moment_vector, ordinal_moments
from loyaltysem.estimation.ordinal.sample import estimated_correlations, prepared_sample

REFERENCE = Path(__file__).parent / "reference"
CASES = json.loads((REFERENCE / "moments.json").read_text())
ANSWERS = pd.read_csv(REFERENCE / "answers.csv")


def prepared(case: dict[str, Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return values, sizes and covariates of a reference case, without all-empty rows."""
    coded = ordinal_columns(ANSWERS, case["ordered"])
    codes = np.where(coded.codes < 0, np.nan, coded.codes)
    values = np.column_stack([codes, ANSWERS[case["numeric"]].to_numpy()])
    kept = ~np.isnan(values).all(axis=1)
    sizes = np.concatenate([coded.sizes, np.zeros(len(case["numeric"]), dtype=int)])
    return values[kept], sizes, ANSWERS[case["covariates"]].to_numpy(float)[kept]


def moments_of(case: dict[str, Any]) -> OrdinalMoments:
    return ordinal_moments(*prepared(case))


@pytest.mark.parametrize("name", CASES)
def test_vector_equals_lavaan(name: str) -> None:
    # lavaan's optimiser stops about 1e-8 from the maximum.
    assert moments_of(CASES[name]).vector == pytest.approx(CASES[name]["vector"], abs=2e-7)


@pytest.mark.parametrize("name", CASES)
def test_gamma_equals_lavaan(name: str) -> None:
    expected = np.array(CASES[name]["gamma"])
    gamma = moments_of(CASES[name]).gamma
    assert gamma is not None
    assert np.abs(gamma - expected).max() < 1e-6 * np.abs(expected).max()


def test_gamma_of_tables_equals_gamma_of_respondents() -> None:
    values, sizes, covariates = prepared(CASES["pattern_covariate"])
    shifted = covariates + np.arange(len(covariates))[:, None] * 1e-13
    tabulated, casewise = (prepared_sample(values, sizes, x) for x in (covariates, shifted))
    assert tabulated.tabulated
    assert not casewise.tabulated
    rho, _ = estimated_correlations(tabulated)
    assert estimated_correlations(casewise)[0] == pytest.approx(rho, abs=1e-9)
    assert asymptotic_covariance(casewise, rho) == pytest.approx(
        asymptotic_covariance(tabulated, rho), abs=1e-6
    )


def test_gamma_does_not_depend_on_the_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    values, sizes, covariates = prepared(CASES["pairwise_mixed"])
    whole = ordinal_moments(values, sizes, covariates).gamma
    monkeypatch.setattr("loyaltysem.estimation.ordinal.gamma._CHUNK", 100)
    assert ordinal_moments(values, sizes, covariates).gamma == pytest.approx(whole, abs=1e-9)


def test_order_of_the_variables_does_not_matter() -> None:
    values, sizes, covariates = prepared(CASES["mixed"])
    turned = ordinal_moments(values[:, ::-1], sizes[::-1], covariates)
    straight = ordinal_moments(values, sizes, covariates)
    assert turned.cov[::-1, ::-1] == pytest.approx(straight.cov, abs=1e-9)


def test_vector_puts_minus_means_slopes_variances_then_covariances() -> None:
    vector = moment_vector(
        np.array([0.1, 0.2, 3.0]),
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        np.array([[1.0, 0.5], [0.5, 9.0]]),
        np.array([3, 0]),
        np.array([0, 0, 1]),
    )
    assert vector.tolist() == [0.1, 0.2, -3.0, 1.0, 3.0, 2.0, 4.0, 9.0, 0.5]


def test_without_gamma() -> None:
    moments = ordinal_moments(*prepared(CASES["ordinal"]), with_gamma=False)
    assert moments.gamma is None


def test_gaps_name_pairs_without_some_combination() -> None:
    values = np.array([[0, 0], [1, 1], [1, 0], [0, 0], [1, 1]], dtype=float)
    moments = ordinal_moments(values, np.array([2, 2]), np.zeros((5, 0)))
    assert moments.gaps == ((0, 1),)


def test_separating_covariate_is_refused() -> None:
    codes = np.repeat([0.0, 1.0], 20)
    values = np.column_stack([codes, np.tile([0.0, 1.0], 20)])
    with pytest.raises(EstimationError, match="no finite solution"):
        ordinal_moments(values, np.array([2, 2]), codes[:, None])
