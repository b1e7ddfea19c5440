import numpy as np

from loyaltysem.measurement.bounded_newton import minimise_within


def quadratic(centre):
    """Half the squared distance from a centre of each problem."""

    def objective(x, where):
        away = x - centre[where]
        eye = np.broadcast_to(np.eye(x.shape[-1]), (*x.shape, x.shape[-1])).copy()
        return 0.5 * (away**2).sum(axis=-1), away, eye

    return objective


def test_each_problem_finds_its_own_minimum():
    centre = np.array([[0.2, 0.3], [0.9, 0.5]])
    x, flat = minimise_within(quadratic(centre), np.full((2, 2), 0.5), 0.0, 1.0)
    np.testing.assert_allclose(x, centre, atol=1e-10)
    assert flat.all()


def test_bounds_hold():
    x, flat = minimise_within(quadratic(np.array([[-1.0, 0.4]])), np.full((1, 2), 0.5), 0.0, 1.0)
    np.testing.assert_allclose(x, [[0.0, 0.4]], atol=1e-10)
    assert flat.all()


def test_negative_curvature_is_left_downhill():
    def cosine(x, where):
        return np.cos(x).sum(axis=-1), -np.sin(x), -np.cos(x)[..., None] * np.eye(1)

    x, flat = minimise_within(cosine, np.array([[0.5]]), 0.0, 6.0)
    np.testing.assert_allclose(x, np.pi, atol=1e-8)
    assert flat.all()
