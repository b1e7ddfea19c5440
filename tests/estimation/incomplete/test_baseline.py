import numpy as np
import pytest

from loyaltysem.estimation.incomplete.baseline import independence_moments
from loyaltysem.estimation.incomplete.likelihood import fiml_discrepancy
from loyaltysem.estimation.incomplete.patterns import missing_patterns
from loyaltysem.estimation.incomplete.saturated import em_moments


@pytest.fixture
def data():
    rng = np.random.default_rng(12)
    data = rng.normal(size=(100, 4)) + rng.normal(size=(100, 1))
    data[rng.random((100, 4)) < 0.2] = np.nan
    return data


def test_unrelated_variables_are_at_their_own_maximum(data):
    mean, cov = independence_moments(data, em_moments(data), (), fixed=False)
    _, d_mean, d_cov = fiml_discrepancy(missing_patterns(data), mean, cov)
    assert d_mean == pytest.approx(np.zeros(4), abs=1e-12)
    assert np.diagonal(d_cov) == pytest.approx(np.zeros(4), abs=1e-12)


def test_estimated_covariates_are_at_their_joint_maximum(data):
    mean, cov = independence_moments(data, em_moments(data), (1, 3), fixed=False)
    _, d_mean, d_cov = fiml_discrepancy(missing_patterns(data), mean, cov)
    assert d_mean == pytest.approx(np.zeros(4), abs=1e-9)
    assert d_cov[1, 3] == pytest.approx(0.0, abs=1e-9)
    assert cov[0, 1] == 0.0


def test_fixed_covariates_keep_their_saturated_moments(data):
    saturated = em_moments(data)
    _, cov = independence_moments(data, saturated, (1, 3), fixed=True)
    assert cov[1, 3] == saturated.cov[1, 3]
