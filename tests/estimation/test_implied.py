"""Derivatives of the implied moments against differences, on a model that uses every matrix."""

import numpy as np
import pytest

from loyaltysem.estimation.implied import (
    adjoint,
    compress,
    curvature,
    implied_moments,
    jacobian,
    mean_cov_products,
    mean_products,
    scatter_square,
    trace_products,
)
from loyaltysem.estimation.structure import structure
from loyaltysem.syntax.build import build_table
from loyaltysem.syntax.matrices import model_matrices

# A feedback loop, a cross-loading, a residual covariance, an observed predictor, latent means.
MODEL = """
f =~ x1 + x2 + x3
g =~ x4 + x5 + x6 + x2
h =~ x7 + x8
g ~ f + z
h ~ g
f ~ h
x3 ~~ x6
g ~ 1
"""
WIDTH = 1e-5


@pytest.fixture(scope="module")
def place():
    table = build_table(MODEL, meanstructure=True, fixed_x=False)
    matrices = model_matrices(table)
    return structure(matrices.groups[0], matrices.n_free)


@pytest.fixture(scope="module")
def theta(place):
    return np.random.default_rng(3).uniform(0.2, 0.5, place.n_free)


@pytest.fixture(scope="module")
def weights(place):
    """Return a symmetric and a positive definite matrix, and a vector."""
    rng = np.random.default_rng(4)
    full = rng.normal(size=(place.p, place.p))
    return full + full.T, full @ full.T + np.eye(place.p), rng.normal(size=place.p)


def differences(function, theta):
    steps = WIDTH * np.eye(len(theta))
    columns = [(function(theta + step) - function(theta - step)) / (2 * WIDTH) for step in steps]
    return np.stack(columns, axis=-1)


def moments_at(place, theta):
    point = implied_moments(place, theta)
    return np.concatenate([point.mu, point.sigma[place.rows, place.cols]])


def dense(place, theta):
    """Return dSigma (q, p, p) and dmu (p, q) from the Jacobian."""
    slopes = jacobian(place, implied_moments(place, theta), means=True)
    cov = np.zeros((place.n_free, place.p, place.p))
    cov[:, place.rows, place.cols] = slopes[place.p :].T
    cov[:, place.cols, place.rows] = slopes[place.p :].T
    return cov, slopes[: place.p]


def test_jacobian_is_the_derivative_of_the_moments(place, theta):
    found = jacobian(place, implied_moments(place, theta), means=True)
    expected = differences(lambda t: moments_at(place, t), theta)
    np.testing.assert_allclose(found, expected, atol=1e-8)


def test_adjoint_is_the_transposed_jacobian(place, theta, weights):
    symmetric, _, vector = weights
    cov, mean = dense(place, theta)
    found = adjoint(place, implied_moments(place, theta), symmetric, vector)
    np.testing.assert_allclose(found, np.einsum("qab,ab->q", cov, symmetric) + vector @ mean)


def test_curvature_is_the_derivative_of_the_adjoint(place, theta, weights):
    symmetric, _, vector = weights

    def gradient(at):
        return adjoint(place, implied_moments(place, at), symmetric, vector)

    found = curvature(place, implied_moments(place, theta), symmetric, vector)
    expected = differences(gradient, theta)
    np.testing.assert_allclose(scatter_square(place, found), expected, atol=1e-7)


def test_trace_products_match_the_dense_traces(place, theta, weights):
    symmetric, positive, _ = weights
    point = implied_moments(place, theta)
    cov, _ = dense(place, theta)
    tables = compress(point, positive), compress(point, symmetric)
    found = scatter_square(place, trace_products(place, *tables))
    expected = np.einsum("iab,bc,jcd,da->ij", cov, positive, cov, symmetric)
    np.testing.assert_allclose(found, expected, atol=1e-10)
    alone = scatter_square(place, trace_products(place, tables[0]))
    expected = np.einsum("iab,bc,jcd,da->ij", cov, positive, cov, positive)
    np.testing.assert_allclose(alone, expected, atol=1e-9)


def test_products_with_means_match_the_dense_ones(place, theta, weights):
    _, positive, vector = weights
    point = implied_moments(place, theta)
    cov, mean = dense(place, theta)
    table = compress(point, positive)
    found = scatter_square(place, mean_products(place, point, table))
    np.testing.assert_allclose(found, mean.T @ positive @ mean, atol=1e-10)
    found = scatter_square(place, mean_cov_products(place, point, table, vector))
    expected = np.einsum("ai,ab,jbc,c->ij", mean, positive, cov, vector)
    np.testing.assert_allclose(found, expected, atol=1e-10)


def test_a_batch_is_its_members(place, theta, weights):
    symmetric, positive, vector = weights
    batch = implied_moments(place, np.stack([theta, 1.1 * theta]))
    for k, factor in enumerate((1.0, 1.1)):
        alone = implied_moments(place, factor * theta)
        np.testing.assert_allclose(batch.sigma[k], alone.sigma)
        for function in (
            lambda p: jacobian(place, p, means=True),
            lambda p: adjoint(place, p, symmetric, vector),
            lambda p: curvature(place, p, symmetric, vector),
            lambda p: trace_products(place, compress(p, positive)),
        ):
            np.testing.assert_allclose(function(batch)[k], function(alone), atol=1e-12)


def test_a_loop_of_strength_one_has_no_moments():
    table = build_table("y ~ b*x\nx ~ b*y\nx ~~ 0*y")
    matrices = model_matrices(table)
    place = structure(matrices.groups[0], matrices.n_free)
    point = implied_moments(place, np.ones(matrices.n_free))
    assert np.isnan(point.sigma).all()
