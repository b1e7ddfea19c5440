import numpy as np
import pytest

from loyaltysem.estimation import asymptotics
from loyaltysem.estimation.asymptotics import (
    adf_gamma,
    block_diagonal,
    moments_among,
    normal_theory_gamma,
    normal_theory_weight,
    observed_weight,
    quartic_trace,
    residual_cov,
    unvech,
    vech,
)


@pytest.fixture
def data():
    rng = np.random.default_rng(1)
    return rng.exponential(size=(300, 4)) @ rng.normal(size=(4, 4)) + 5.0


@pytest.fixture
def cov(data):
    return np.cov(data.T, bias=True)


def test_vech_runs_down_the_columns_of_the_lower_triangle():
    matrix = np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 5.0], [3.0, 5.0, 6.0]])
    assert vech(matrix).tolist() == [1, 2, 3, 4, 5, 6]
    assert np.array_equal(unvech(vech(matrix)), matrix)


def test_block_diagonal_keeps_blocks_apart():
    matrix = block_diagonal(np.ones((1, 1)), np.full((2, 2), 2.0))
    assert matrix.tolist() == [[1, 0, 0], [0, 2, 2], [0, 2, 2]]


@pytest.mark.parametrize("meanstructure", [False, True])
def test_normal_theory_weight_inverts_gamma(cov, meanstructure):
    gamma = normal_theory_gamma(cov, meanstructure=meanstructure)
    weight = normal_theory_weight(np.linalg.inv(cov), meanstructure=meanstructure)
    assert weight @ gamma == pytest.approx(np.eye(len(gamma)), abs=1e-9)


@pytest.mark.parametrize("meanstructure", [False, True])
def test_moments_of_fixed_columns_have_no_variance(data, cov, meanstructure):
    among = moments_among((1, 3), 4, meanstructure=meanstructure)
    assert among.sum() == (5 if meanstructure else 3)
    for gamma in (
        normal_theory_gamma(cov, meanstructure=meanstructure, fixed=(1, 3)),
        adf_gamma(data, meanstructure=meanstructure, fixed=(1, 3)),
    ):
        assert gamma[among] == pytest.approx(0.0, abs=1e-8)
        assert np.diagonal(gamma)[~among].min() > 0
    weight = normal_theory_weight(np.linalg.inv(cov), meanstructure=meanstructure, fixed=(1, 3))
    assert not weight[among].any()


def test_distribution_free_gamma_is_the_covariance_of_products(data):
    centred = data - data.mean(axis=0)
    products = np.array([vech(np.outer(row, row)) for row in centred])
    full = np.hstack([data, products])
    expected = np.cov(full.T, bias=True)
    assert adf_gamma(data, meanstructure=True) == pytest.approx(expected)
    assert adf_gamma(data) == pytest.approx(expected[4:, 4:])


def test_gamma_does_not_depend_on_chunks(data, monkeypatch):
    whole = adf_gamma(data, meanstructure=True, fixed=(2,))
    monkeypatch.setattr(asymptotics, "CHUNK_CELLS", 100)
    assert adf_gamma(data, meanstructure=True, fixed=(2,)) == pytest.approx(whole, rel=1e-12)


def test_gamma_of_normal_data_is_the_normal_theory_one():
    data = np.random.default_rng(3).normal(size=(200_000, 3)) @ np.array(
        [[1.0, 0.5, 0.2], [0.0, 1.0, 0.3], [0.0, 0.0, 1.0]]
    )
    normal = normal_theory_gamma(np.cov(data.T, bias=True))
    assert adf_gamma(data) == pytest.approx(normal, rel=0.05, abs=0.05)


@pytest.mark.parametrize("fixed", [(), (3,), (1, 3)])
def test_quartic_trace_is_the_trace_of_the_product(data, fixed):
    weight = np.linalg.inv(np.cov(data.T, bias=True) + 0.3 * np.eye(4))
    expected = np.trace(normal_theory_weight(weight) @ adf_gamma(data, fixed=fixed))
    found = quartic_trace(data, data.mean(axis=0), weight, fixed)
    assert found == pytest.approx(expected, rel=1e-10)


def test_observed_information_at_the_sample_moments_is_the_expected_one(cov):
    inverse = np.linalg.inv(cov)
    found = observed_weight(inverse, cov, np.zeros(4))
    assert found == pytest.approx(normal_theory_weight(inverse, meanstructure=True), rel=1e-9)


def test_observed_information_is_the_curvature_of_the_likelihood(cov):
    sigma, mean = cov + 0.5 * np.eye(4), np.array([0.3, -0.2, 0.1, 0.4])

    def deviance(moments):
        m, s = mean - moments[:4], unvech(moments[4:])
        inverse = np.linalg.inv(s)
        total = np.trace(inverse @ cov) + m @ inverse @ m
        return 0.5 * (np.linalg.slogdet(s)[1] + total)

    at = np.concatenate([np.zeros(4), vech(sigma)])
    weight = observed_weight(np.linalg.inv(sigma), cov, mean)
    step, k, j = 1e-3, 2, 7
    ek, ej = step * np.eye(len(at))[k], step * np.eye(len(at))[j]
    curvature = (
        deviance(at + ek + ej) - deviance(at + ek - ej) - deviance(at - ek + ej)
        + deviance(at - ek - ej)
    ) / (4 * step**2)  # fmt: skip
    assert weight[k, j] == pytest.approx(curvature, rel=1e-4)


def test_residual_covariance_of_a_regression(data, cov):
    x = data[:, [3]] - data[:, 3].mean()
    y = data[:, :3] - data[:, :3].mean(axis=0)
    residual = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    found = residual_cov(cov, (3,))
    assert found[:3, :3] == pytest.approx(residual.T @ residual / len(data))
    assert found[3] == pytest.approx(0.0, abs=1e-10)
