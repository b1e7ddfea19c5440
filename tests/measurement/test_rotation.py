"""Rotations against GPArotation 2022.10-2 on Holzinger and Swineford's nine tests."""

import json
from pathlib import Path

import numpy as np
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.measurement.rotation import rotate

GOLDEN = Path(__file__).parents[2].parent / "shared" / "golden"

# GPArotation::geominQ of psych::fa(X, 3, rotate = "none"): three rows and factor correlations
GEOMIN = [
    [0.192636, 0.027052, 0.595397],
    [0.041789, -0.125090, 0.506715],
    [-0.065969, 0.013917, 0.688610],
]
GEOMIN_PHI = [0.213154, 0.324592, 0.240157]
QUARTIMAX = [
    [0.353780, 0.121356, 0.580402],
    [0.155996, -0.049251, 0.477982],
    [0.118538, 0.107752, 0.654055],
]

A = np.array([[0.7, 0.3], [0.6, 0.4], [0.5, -0.4], [0.6, -0.3], [0.4, 0.5]])


@pytest.fixture
def unrotated():
    path = GOLDEN / "cases" / "efa_hs_3f.json"
    if not path.exists():
        pytest.skip("the reference numbers are not beside this checkout")
    return np.array(json.loads(path.read_text())["values"]["minres_none"]["loadings"]["values"])


def test_geomin_as_gparotation_finds_it(unrotated):
    found = rotate(unrotated, "geomin")
    np.testing.assert_allclose(found.loadings[:3], GEOMIN, atol=1e-4)
    np.testing.assert_allclose(found.phi[np.triu_indices(3, 1)], GEOMIN_PHI, atol=1e-4)


def test_quartimax_as_gparotation_finds_it(unrotated):
    np.testing.assert_allclose(rotate(unrotated, "quartimax").loadings[:3], QUARTIMAX, atol=1e-4)


@pytest.mark.parametrize("method", ["varimax", "quartimax"])
def test_orthogonal_rotations_keep_all_products(method):
    found = rotate(A, method)
    assert found.phi is None
    np.testing.assert_allclose(found.loadings @ found.loadings.T, A @ A.T, atol=1e-10)


@pytest.mark.parametrize("method", ["oblimin", "quartimin", "geomin", "promax"])
def test_oblique_rotations_keep_the_model(method):
    found = rotate(A, method)
    np.testing.assert_allclose(np.diag(found.phi), 1.0, atol=1e-10)
    np.testing.assert_allclose(found.loadings @ found.phi @ found.loadings.T, A @ A.T, atol=1e-10)
    assert found.converged


def test_varimax_can_be_found_exactly():
    found = rotate(A, "varimax", varimax_tolerance=1e-14)
    h = np.sqrt((A**2).sum(axis=1, keepdims=True))
    angles = np.linspace(0, np.pi / 2, 20001)
    cos, sin = np.cos(angles), np.sin(angles)
    X = A / h
    turned = np.stack([X[:, :1] * cos + X[:, 1:] * sin, X[:, 1:] * cos - X[:, :1] * sin])
    best = (turned**2).var(axis=1).sum(axis=0).max()
    assert ((found.loadings / h) ** 2).var(axis=0).sum() == pytest.approx(best, abs=1e-7)


def test_perfect_simple_structure_is_found():
    simple = np.kron(np.eye(3), np.array([[0.8], [0.7], [0.6]]))
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    for method in ("varimax", "oblimin", "geomin"):
        found = np.abs(rotate(simple @ turn, method).loadings)
        np.testing.assert_allclose(np.sort(found, axis=1)[:, :2], 0, atol=2e-2)


def test_local_optima_are_told():
    # Loadings without any simple structure have as many resting places
    rng = np.random.default_rng(0)
    loadings = rng.normal(size=(8, 4)) * 0.4
    (notice,) = rotate(loadings, "geomin").notices
    assert notice.code == "rotation_local_optima"
    assert 0 < notice.facts["other"] < notice.facts["starts"] == 11


def test_the_best_optimum_is_taken_on_demand():
    rng = np.random.default_rng(35)
    loadings = rng.normal(size=(8, 4)) * 0.4
    first, best = rotate(loadings, "varimax"), rotate(loadings, "varimax", best=True)
    h = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    spread = [((found.loadings / h) ** 2).var(axis=0).sum() for found in (first, best)]
    assert first.notices[0].facts["better"] > 0
    assert best.notices[0].facts["better"] == 0
    assert spread[1] > spread[0]


def test_one_factor_and_none_are_left_alone():
    assert rotate(A[:, :1], "oblimin").phi is None
    np.testing.assert_array_equal(rotate(A, "none").loadings, A)


def test_unknown_rotation():
    with pytest.raises(EstimationError) as caught:
        rotate(A, "varimx")
    assert caught.value.remedy == "Did you mean 'varimax'?"
