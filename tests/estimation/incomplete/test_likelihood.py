import numpy as np
import pytest

from loyaltysem.estimation.asymptotics import normal_theory_weight, unvech, vech
from loyaltysem.estimation.incomplete.likelihood import (
    casewise_moment_scores,
    expected_form,
    expected_information,
    fiml_discrepancy,
    fiml_loglik,
    first_order_information,
    observed_information,
)
from loyaltysem.estimation.incomplete.patterns import missing_patterns

NAN = np.nan
P = 4


@pytest.fixture
def data():
    rng = np.random.default_rng(5)
    data = rng.normal(size=(150, P)) @ rng.normal(size=(P, P)) + np.arange(P)
    data[rng.random((150, P)) < 0.2] = NAN
    return data


@pytest.fixture
def point():
    """A mean and covariance away from the maximum."""
    rng = np.random.default_rng(6)
    root = rng.normal(size=(P, P))
    return rng.normal(size=P), root @ root.T + np.eye(P)


def gradient(patterns, moments):
    """Gradient of -log L / n by (mu, vech Sigma)."""
    _, d_mean, d_cov = fiml_discrepancy(patterns, moments[:P], unvech(moments[P:]))
    twice = vech(2.0 * d_cov - np.diag(np.diag(d_cov)))
    return 0.5 * np.concatenate([d_mean, twice])


def derivative(function, at, step=1e-5):
    units = np.eye(len(at)) * step
    return np.array([(function(at + u) - function(at - u)) / (2 * step) for u in units])


def test_likelihood_is_the_sum_over_respondents(data, point):
    mean, cov = point
    total = 0.0
    for row in data:
        seen = ~np.isnan(row)
        own, deviation = cov[np.ix_(seen, seen)], row[seen] - mean[seen]
        distance = deviation @ np.linalg.solve(own, deviation)
        total -= 0.5 * (seen.sum() * np.log(2 * np.pi) + np.linalg.slogdet(own)[1] + distance)
    assert fiml_loglik(missing_patterns(data), mean, cov) == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize("compress", [True, False])
def test_gradient_is_the_derivative_of_the_discrepancy(data, point, compress):
    patterns = missing_patterns(data, compress=compress)
    moments = np.concatenate([point[0], vech(point[1])])

    def value(at):
        return fiml_discrepancy(patterns, at[:P], unvech(at[P:]))[0] / 2

    assert gradient(patterns, moments) == pytest.approx(derivative(value, moments), abs=1e-8)


@pytest.mark.parametrize("compress", [True, False])
def test_observed_information_is_the_derivative_of_the_gradient(data, point, compress):
    patterns = missing_patterns(data, compress=compress)
    moments = np.concatenate([point[0], vech(point[1])])
    numeric = derivative(lambda at: gradient(patterns, at), moments)
    assert observed_information(patterns, *point) == pytest.approx(numeric, abs=1e-7)


def test_information_of_complete_data_is_the_normal_theory_weight(point):
    data = np.random.default_rng(7).normal(size=(60, P))
    mean, cov = data.mean(axis=0), np.cov(data.T, bias=True)
    weight = normal_theory_weight(np.linalg.inv(cov), meanstructure=True)
    patterns = missing_patterns(data)
    assert expected_information(patterns, cov) == pytest.approx(weight, abs=1e-10)
    assert observed_information(patterns, mean, cov) == pytest.approx(weight, abs=1e-10)


def test_expected_information_is_observed_when_data_behave_as_expected(point):
    """Plus and minus sqrt(p) times the columns of a root have exactly that covariance, mean 0."""
    _, cov = point
    full = np.linalg.cholesky(cov).T * np.sqrt(P)
    short = np.linalg.cholesky(cov[1:, 1:]).T * np.sqrt(P - 1)
    lacking = np.insert(short, 0, NAN, axis=1)
    patterns = missing_patterns(np.concatenate([full, -full, full, -full, lacking, -lacking]))
    assert observed_information(patterns, np.zeros(P), cov) == pytest.approx(
        expected_information(patterns, cov), abs=1e-10
    )


def test_casewise_scores_sum_to_the_gradient(data, point):
    patterns = missing_patterns(data, compress=False)
    chunks = list(casewise_moment_scores(patterns, *point))
    cases = np.concatenate([where for where, _ in chunks])
    scores = np.concatenate([block for _, block in chunks])
    assert sorted(cases) == np.flatnonzero(~np.isnan(data).all(axis=1)).tolist()
    moments = np.concatenate([point[0], vech(point[1])])
    assert -scores.mean(axis=0) == pytest.approx(gradient(patterns, moments), abs=1e-12)
    assert first_order_information(patterns, *point) == pytest.approx(
        scores.T @ scores / len(scores)
    )


def test_moments_among_fixed_variables_carry_no_information(data, point):
    patterns = missing_patterns(data)
    information = observed_information(patterns, *point, fixed=(1, 3))
    silent = np.flatnonzero(~information.any(axis=0))
    pairs = [(i, j) for i in range(P) for j in range(i, P)]
    expected = [1, 3] + [P + k for k, pair in enumerate(pairs) if set(pair) <= {1, 3}]
    assert silent.tolist() == expected


def test_many_small_parts_give_the_same_information(data, point, monkeypatch):
    patterns = missing_patterns(data)
    whole = observed_information(patterns, *point)
    monkeypatch.setattr("loyaltysem.estimation.incomplete.likelihood.CHUNK_CELLS", 1)
    assert observed_information(patterns, *point) == pytest.approx(whole, rel=1e-12)


def test_indefinite_covariance_is_refused(data):
    with pytest.raises(np.linalg.LinAlgError):
        fiml_discrepancy(missing_patterns(data), np.zeros(P), -np.eye(P))


def test_expected_form_is_the_form_of_the_expected_information(data, point):
    patterns = missing_patterns(data)
    d_mean, d_cov = point[0], unvech(np.arange(10.0))
    vector = np.concatenate([d_mean, vech(d_cov)])
    form = vector @ expected_information(patterns, point[1]) @ vector
    assert expected_form(patterns, point[1], d_mean, d_cov) == pytest.approx(form)
