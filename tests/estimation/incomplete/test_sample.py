import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.incomplete.sample import (
    incomplete_data,
    incomplete_moments,
    pairwise_moments,
)
from loyaltysem.estimation.matrix_moments import moments_from_matrix
from loyaltysem.estimation.moments import moments_from_data

NAMES = ["x1", "x2", "x3", "age"]


@pytest.fixture
def data():
    rng = np.random.default_rng(11)
    frame = pd.DataFrame(rng.normal(size=(80, 4)), columns=NAMES)
    frame.loc[:9, "x1"] = np.nan
    frame.loc[5:14, "x2"] = np.nan
    frame.loc[20:22, "age"] = np.nan
    frame.loc[40] = np.nan
    return frame


def read(frame, **options):
    return moments_from_data(frame, list(frame.columns), listwise=False, **options)


def codes(moments):
    return [notice.code for notice in moments.notices]


def test_moments_are_those_of_the_saturated_model(data):
    moments = incomplete_moments(read(data))
    group = moments.groups[0]
    assert group.cov is incomplete_data(group).saturated.cov
    assert moments.n == 79
    assert codes(moments) == ["rows_left_out", "missing_patterns"]
    facts = moments.notices[1].facts
    assert (facts["n_incomplete"], facts["n_patterns"]) == (18, 5)
    assert facts["minimum_coverage"] == pytest.approx(64 / 79)


def test_rows_without_a_fixed_covariate_are_left_out_and_counted(data):
    moments = incomplete_moments(read(data), complete_in=["age"])
    assert moments.n == 76
    assert not np.isnan(moments.groups[0].data[:, 3]).any()
    lost = next(notice for notice in moments.notices if notice.code == "covariate_missing")
    assert lost.facts == {"n_lost": 3, "covariates": ["age"]}


def test_complete_data_need_no_word(data):
    assert codes(incomplete_moments(read(data.fillna(0.5)))) == []


def test_pairs_that_hardly_anybody_answered_are_named(data):
    data.loc[:65, "x3"] = np.nan
    data.loc[66:73, "x1"] = np.nan
    moments = incomplete_moments(read(data))
    low = next(notice for notice in moments.notices if notice.code == "low_coverage")
    assert low.facts["pairs"][0] == "x1 with x3"
    assert low.facts["minimum_coverage"] == pytest.approx(6 / 79)


def test_variables_never_answered_together_are_allowed(data):
    data.loc[:39, "x1"] = np.nan
    data.loc[40:, "x2"] = np.nan
    moments = incomplete_moments(read(data))
    assert incomplete_data(moments.groups[0]).saturated.converged
    low = next(notice for notice in moments.notices if notice.code == "low_coverage")
    assert low.facts["pairs"] == ["x1 with x2"]


def test_every_group_is_estimated_by_itself(data):
    data["sex"] = np.where(np.arange(80) % 2, "m", "f")
    moments = incomplete_moments(
        moments_from_data(data, NAMES, group="sex", listwise=False), complete_in=["age"]
    )
    assert [group.label for group in moments.groups] == ["f", "m"]
    assert moments.n_per_group == (37, 39)


def test_linear_dependence_is_named(data):
    data["copy"] = 2 * data["x3"]
    with pytest.raises(EstimationError, match="x3, copy"):
        incomplete_moments(read(data))


def test_moments_without_a_maximum_are_a_warning_when_the_data_hold_no_dependence():
    """Few answered all the variables: the saturated model fits those few exactly."""
    rng = np.random.default_rng(0)
    values = rng.normal(size=(60, 10)) + rng.normal(size=(60, 1))
    values[rng.random(values.shape) < 0.4] = np.nan
    moments = incomplete_moments(read(pd.DataFrame(values).rename(columns="x{}".format)))
    assert "saturated_not_converged" in codes(moments)
    assert np.linalg.eigvalsh(moments.groups[0].cov)[0] > 0


def test_too_few_rows_are_refused(data):
    with pytest.raises(EstimationError, match="too few"):
        incomplete_moments(read(data.iloc[22:26].fillna(0.5)))


def test_no_row_with_the_covariate_is_refused(data):
    few = data.iloc[50:60].copy()
    few.loc[52:, "age"] = np.nan
    few.loc[50, "age"] = np.nan
    few.loc[53, "age"] = 1.0
    with pytest.raises(EstimationError, match=r"too few|rows of raw data"):
        incomplete_moments(read(few), complete_in=["age"])


def test_a_covariance_matrix_has_no_patterns():
    moments = moments_from_matrix(np.eye(2), ["a", "b"], n=50)
    with pytest.raises(EstimationError, match="raw data"):
        incomplete_moments(moments)
    with pytest.raises(EstimationError, match="full-information"):
        incomplete_data(moments.groups[0])


def test_pairwise_moments_are_those_of_pandas(data):
    values = data.dropna(how="all")
    mean, cov = pairwise_moments(values.to_numpy())
    assert mean == pytest.approx(values.mean().to_numpy())
    assert cov == pytest.approx(values.cov().to_numpy() * 78 / 79)
