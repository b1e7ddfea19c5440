import numpy as np
import pytest

from loyaltysem.measurement.extraction import LOWEST_UNIQUENESS, extract

LOADINGS = np.array([[0.8, 0.1], [0.7, 0.2], [0.6, 0.0], [0.1, 0.7], [0.0, 0.6], [0.2, 0.5]])


def exact(loadings):
    R = loadings @ loadings.T
    np.fill_diagonal(R, 1.0)
    return R


def sample(seed, p=8, n=200, k=2):
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(n, k)) @ rng.normal(size=(k, p))
    return np.corrcoef((common + 1.5 * rng.normal(size=(n, p))).T)


@pytest.mark.parametrize("method", ["minres", "ml", "pa"])
def test_an_exact_model_is_recovered(method):
    found = extract(exact(LOADINGS), 2, method)
    assert found.converged
    np.testing.assert_allclose(found.loadings @ found.loadings.T, LOADINGS @ LOADINGS.T, atol=1e-6)
    np.testing.assert_allclose(found.communalities, (LOADINGS**2).sum(axis=1), atol=1e-6)


@pytest.mark.parametrize("method", ["minres", "ml"])
def test_the_gradient_vanishes(method):
    R = sample(1)
    found = extract(R, 2, method)
    residual = found.loadings @ found.loadings.T + np.diag(found.uniquenesses) - R
    weight = np.diag(1 / found.uniquenesses) if method == "ml" else np.eye(len(R))
    # stationarity in the loadings (Lawley & Maxwell 1971)
    np.testing.assert_allclose(weight @ residual @ weight @ found.loadings, 0, atol=1e-7)
    np.testing.assert_allclose(np.diag(residual), 0, atol=1e-7)


@pytest.mark.parametrize(("seed", "best"), [(3, 1.8936244), (17, 2.1158031), (38, 1.7447582)])
def test_small_samples_end_in_the_best_of_several_optima(seed, best):
    """From squared multiple correlations alone these samples end .06 to .33 above their optimum."""
    rng = np.random.default_rng(seed)
    common = np.repeat(rng.normal(size=(48, 3)), 4, axis=1)
    R = np.corrcoef((0.6 * common + 0.8 * rng.normal(size=(48, 12))).T)
    found = extract(R, 2, "ml")
    implied = found.loadings @ found.loadings.T + np.diag(found.uniquenesses)
    ratio = np.linalg.solve(implied, R)
    assert np.trace(ratio) - np.linalg.slogdet(ratio)[1] - len(R) == pytest.approx(best, abs=1e-6)


def test_principal_axes_end_where_minres_does():
    R = sample(2)
    np.testing.assert_allclose(
        extract(R, 2, "pa").loadings, extract(R, 2, "minres").loadings, atol=1e-6
    )


def test_all_components_reproduce_the_matrix():
    R = sample(3)
    loadings = extract(R, len(R), "pca").loadings
    np.testing.assert_allclose(loadings @ loadings.T, R, atol=1e-12)


@pytest.mark.parametrize("method", ["minres", "ml", "pa", "pca"])
def test_many_matrices_are_one_call(method):
    R = np.stack([sample(seed) for seed in range(4)])
    together = extract(R, 2, method)
    for i in range(4):
        np.testing.assert_allclose(
            together.loadings[i], extract(R[i], 2, method).loadings, atol=1e-7
        )
    assert together.loadings.shape == (4, 8, 2)
    assert together.converged.shape == (4,)


def test_columns_are_positive_and_ordered():
    found = extract(sample(4), 2)
    assert (found.loadings.sum(axis=0) >= 0).all()
    sizes = (found.loadings**2).sum(axis=0)
    assert sizes[0] >= sizes[1]


@pytest.mark.parametrize("method", ["minres", "ml"])
def test_a_heywood_case_stops_at_the_bound(method):
    R = np.array([[1, 0.8, 0.7, 0.1], [0.8, 1, 0.3, 0.1], [0.7, 0.3, 1, 0.1], [0.1, 0.1, 0.1, 1]])
    found = extract(R, 1, method)
    assert found.at_bound.tolist() == [True, False, False, False]
    if method == "ml":  # psych::fa(R, fm = "ml"), which stops at the same bound
        expected = [0.997516499, 0.800222176, 0.698859425, 0.100669837]
        np.testing.assert_allclose(found.loadings[:, 0], expected, atol=1e-5)
        assert found.uniquenesses[0] == pytest.approx(LOWEST_UNIQUENESS, abs=5e-4)
