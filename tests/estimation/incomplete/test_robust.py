import numpy as np
import pytest

from loyaltysem.estimation.implied import implied_moments, jacobian
from loyaltysem.estimation.incomplete.likelihood import casewise_moment_scores
from loyaltysem.estimation.incomplete.patterns import missing_patterns
from loyaltysem.estimation.incomplete.robust import (
    casewise_scores,
    moment_information,
    saturated_covariance,
    saturated_trace,
)
from loyaltysem.estimation.incomplete.sample import incomplete_moments
from loyaltysem.estimation.moments import GroupMoments, Moments
from loyaltysem.estimation.structure import structure
from loyaltysem.syntax import build_table, model_matrices


@pytest.fixture
def data():
    rng = np.random.default_rng(10)
    data = rng.normal(size=(90, 4)) + rng.normal(size=(90, 1))
    data[rng.random((90, 4)) < 0.2] = np.nan
    return data[~np.isnan(data).all(axis=1)]


@pytest.fixture
def group(data):
    raw = GroupMoments(label="", n=len(data), mean=np.zeros(4), cov=np.eye(4), data=data)
    moments = Moments(names=("a", "b", "c", "d"), groups=(raw,), n_read=len(data))
    return incomplete_moments(moments).groups[0]


def test_scores_by_theta_are_scores_by_moments_along_the_jacobian(data):
    table = build_table("f =~ a + b + c + d", meanstructure=True)
    places = structure(model_matrices(table).groups[0], table.n_free)
    theta = np.full(table.n_free, 0.8)
    point = implied_moments(places, theta)
    patterns = missing_patterns(data, compress=False)
    by_moments = np.empty((len(data), 14))
    for cases, block in casewise_moment_scores(patterns, point.mu, point.sigma):
        by_moments[cases] = block
    scores = np.concatenate(list(casewise_scores(places, patterns, point)))
    delta = jacobian(places, point, means=True)
    assert scores == pytest.approx((by_moments @ delta)[patterns.cases], abs=1e-10)


def test_small_chunks_give_the_same_scores(data, monkeypatch):
    table = build_table("f =~ a + b + c + d", meanstructure=True)
    places = structure(model_matrices(table).groups[0], table.n_free)
    point = implied_moments(places, np.full(table.n_free, 0.8))
    patterns = missing_patterns(data, compress=False)
    whole = np.concatenate(list(casewise_scores(places, patterns, point)))
    monkeypatch.setattr("loyaltysem.estimation.incomplete.robust.CHUNK_CELLS", 1)
    rows = list(casewise_scores(places, patterns, point))
    assert len(rows) == len(data)
    assert np.concatenate(rows) == pytest.approx(whole)


def test_scores_vanish_on_average_at_the_saturated_moments(group, data):
    patterns = missing_patterns(data, compress=False)
    blocks = [block for _, block in casewise_moment_scores(patterns, group.mean, group.cov)]
    assert np.concatenate(blocks).mean(axis=0) == pytest.approx(np.zeros(14), abs=1e-10)


def test_saturated_trace_is_near_the_number_of_moments_for_normal_data(group):
    assert saturated_trace(group, "observed") == pytest.approx(14, rel=0.25)


def test_covariance_of_saturated_moments_is_the_inverse_information(group):
    information = moment_information(group, "observed", mean=group.mean, cov=group.cov)
    covariance = saturated_covariance(group, "observed", robust=False)
    assert covariance @ information * group.n == pytest.approx(np.eye(14), abs=1e-9)


def test_fixed_covariates_have_no_sampling_error(group):
    covariance = saturated_covariance(group, "expected", robust=True, fixed=(2, 3))
    assert np.flatnonzero(np.diagonal(covariance) == 0).tolist() == [2, 3, 11, 12, 13]
