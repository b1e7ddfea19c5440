"""Steps of limited length on quadratics."""

import numpy as np
import pytest

from loyaltysem.estimation.trust_region import quadratic

UNIT = np.ones(3)
GRADIENT = np.array([1.0, -2.0, 0.5])
CONVEX = np.diag([1.0, 2.0, 4.0])
SADDLE = np.array([[1.0, 2.0, 0.0], [2.0, -1.0, 0.5], [0.0, 0.5, 2.0]])


def value(metric, step):
    return GRADIENT @ step + 0.5 * step @ metric @ step


def test_a_wide_region_gives_the_newton_step():
    step, promised = quadratic(CONVEX, GRADIENT, UNIT).step(10.0)
    np.testing.assert_allclose(step, -GRADIENT / np.diagonal(CONVEX))
    assert promised == pytest.approx(-value(CONVEX, step))


@pytest.mark.parametrize("metric", [CONVEX, SADDLE])
def test_the_step_is_the_best_of_its_length(metric):
    step, promised = quadratic(metric, GRADIENT, UNIT).step(0.3)
    length = np.linalg.norm(step)
    assert length == pytest.approx(0.3, rel=0.02)
    others = np.random.default_rng(0).normal(size=(2000, 3))
    others *= length / np.linalg.norm(others, axis=1, keepdims=True)
    assert promised >= max(-value(metric, other) for other in others)


def test_scaling_the_parameters_scales_the_step():
    units = np.array([10.0, 1.0, 0.01])
    plain, promised = quadratic(SADDLE, GRADIENT, UNIT).step(0.5)
    metric = SADDLE / np.outer(units, units)
    step, same = quadratic(metric, GRADIENT / units, 1 / units**2).step(0.5)
    np.testing.assert_allclose(step, plain * units, rtol=1e-10)
    assert same == pytest.approx(promised)


def test_a_saddle_without_slope_is_left_along_its_lowest_curvature():
    step, promised = quadratic(np.diag([-1.0, 2.0]), np.zeros(2), np.ones(2)).step(0.5)
    np.testing.assert_allclose(np.abs(step), [0.5, 0.0])
    assert promised == pytest.approx(0.125)
