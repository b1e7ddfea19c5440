"""Thresholds, probit regressions and numeric margins."""

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import norm

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.ordinal.thresholds import (
    OUTERMOST,
    case_limits,
    interval_probability,
    numeric_margin,
    numeric_scores,
    ordinal_margin,
    ordinal_scores,
    threshold_estimates,
)

RNG = np.random.default_rng(11)
COVARIATES = np.column_stack([RNG.normal(size=300), RNG.integers(0, 2, 300)])
RESPONSE = COVARIATES @ [0.5, -0.4] + RNG.normal(size=300)
CODES = np.searchsorted([-0.6, 0.4, 1.2], RESPONSE)
NO_COVARIATES = np.zeros((300, 0))


def test_thresholds_are_quantiles_of_cumulative_shares() -> None:
    assert threshold_estimates(np.array([10.0, 30.0, 60.0])) == pytest.approx(ndtri([0.1, 0.4]))


def test_without_covariates_thresholds_are_those_of_the_shares() -> None:
    margin = ordinal_margin(CODES, 4, NO_COVARIATES)
    assert margin.location == pytest.approx(threshold_estimates(np.bincount(CODES).astype(float)))
    assert margin.ordinal


def test_scores_of_a_probit_regression_sum_to_zero_at_the_estimates() -> None:
    margin = ordinal_margin(CODES, 4, COVARIATES)
    for scores in ordinal_scores(CODES, margin, COVARIATES):
        assert scores.sum(axis=0) == pytest.approx(0.0, abs=1e-8)
    assert margin.slopes == pytest.approx([0.5, -0.4], abs=0.3)


def test_missing_answers_have_no_score() -> None:
    codes = CODES.copy()
    codes[:7] = -1
    margin = ordinal_margin(codes, 4, COVARIATES)
    location, slopes = ordinal_scores(codes, margin, COVARIATES)
    assert not location[:7].any()
    assert not slopes[:7].any()


def test_limits_of_a_missing_answer_are_the_whole_line() -> None:
    margin = ordinal_margin(CODES, 4, NO_COVARIATES)
    lower, upper = case_limits(np.array([-1, 0, 3]), margin, np.zeros((3, 0)))
    assert lower.tolist() == [-OUTERMOST, -OUTERMOST, margin.location[2]]
    assert upper.tolist() == [OUTERMOST, margin.location[0], OUTERMOST]


def test_separated_categories_are_refused() -> None:
    x = np.linspace(-1, 1, 40)[:, None]
    with pytest.raises(EstimationError, match="'item'"):
        ordinal_margin((x[:, 0] > 0).astype(int), 2, x, "item")


def test_interval_probability_keeps_its_digits_in_the_upper_tail() -> None:
    upper = interval_probability(np.array([8.0]), np.array([9.0]))
    lower = interval_probability(np.array([-9.0]), np.array([-8.0]))
    assert upper == pytest.approx(lower, rel=1e-12)
    assert upper == pytest.approx(norm.sf(8) - norm.sf(9), rel=1e-10)


def test_numeric_margin_is_least_squares_with_divisor_n() -> None:
    margin = numeric_margin(RESPONSE, COVARIATES)
    design = np.column_stack([np.ones(300), COVARIATES])
    coefficients = np.linalg.lstsq(design, RESPONSE, rcond=None)[0]
    residuals = RESPONSE - design @ coefficients
    assert np.concatenate([margin.location, margin.slopes]) == pytest.approx(coefficients)
    assert margin.variance == pytest.approx(np.mean(residuals**2))
    for scores in numeric_scores(residuals / np.sqrt(margin.variance), margin, COVARIATES):
        assert scores.sum(axis=0) == pytest.approx(0.0, abs=1e-8)
