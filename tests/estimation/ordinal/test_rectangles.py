"""Rectangle probabilities, their derivatives, and the search for correlations."""

import numpy as np
import pytest

from loyaltysem.estimation.ordinal.rectangles import (
    FLOOR,
    limit_slopes,
    maximise_correlations,
    rectangle_probabilities,
    rectangle_slopes,
    table_derivatives,
)

FIRST = np.array([[[-100.0, -0.7, 0.4, 100.0]], [[-100.0, 0.1, 0.9, 100.0]]])
SECOND = np.array([[[-100.0, 0.2, 100.0, 100.0]], [[-100.0, -0.5, 1.1, 100.0]]])
RHO = np.array([0.3, -0.6])
STEP = 1e-6


def test_probabilities_of_all_rectangles_add_up_to_one() -> None:
    total = rectangle_probabilities(FIRST, SECOND, RHO).sum(axis=(2, 3))
    # Rectangles without area are raised to the floor.
    assert total == pytest.approx(np.ones((2, 1)), abs=4 * FLOOR)


def test_slopes_are_derivatives_by_rho() -> None:
    up, here, down = (rectangle_probabilities(FIRST, SECOND, RHO + s) for s in (1e-4, 0, -1e-4))
    slope, bend = rectangle_slopes(FIRST, SECOND, RHO)
    assert slope == pytest.approx((up - down) / 2e-4, abs=1e-7)
    assert bend == pytest.approx((up - 2 * here + down) / 1e-8, abs=1e-6)


def test_limit_slopes_are_derivatives_by_a_limit() -> None:
    moved = FIRST.copy()
    moved[:, :, 1] += STEP
    difference = rectangle_probabilities(moved, SECOND, RHO) - rectangle_probabilities(
        FIRST, SECOND, RHO
    )
    slopes = limit_slopes(FIRST, SECOND, RHO)[:, :, 1]
    assert difference[:, :, 0] / STEP == pytest.approx(slopes, abs=1e-6)
    assert difference[:, :, 1] / STEP == pytest.approx(-slopes, abs=1e-6)


def test_table_derivatives_are_those_of_the_log_likelihood() -> None:
    counts = np.array([[[[9, 4, 0], [5, 7, 0], [3, 8, 0]]], [[[4, 6, 5], [7, 2, 1], [8, 3, 2]]]])

    def loglik(rho: np.ndarray) -> np.ndarray:
        return (counts * np.log(rectangle_probabilities(FIRST, SECOND, rho))).sum(axis=(1, 2, 3))

    gradient, hessian, outer = table_derivatives(counts, FIRST, SECOND, RHO)
    up, here, down = (loglik(RHO + s) for s in (1e-4, 0, -1e-4))
    assert gradient == pytest.approx((up - down) / 2e-4, rel=1e-6)
    assert hessian == pytest.approx((up - 2 * here + down) / 1e-8, rel=1e-4)
    assert np.all(outer < 0)


def test_search_finds_inner_optima_and_bounds() -> None:
    # The log-likelihoods fall with the square and the fourth power of the distance to the peak.
    peaks = np.array([0.2, -0.7, 2.0, -3.0])

    def derivatives(rho: np.ndarray, active: np.ndarray) -> tuple[np.ndarray, ...]:
        away = rho - peaks[active]
        return -2 * away - 4 * away**3, -2 - 12 * away**2, np.full(len(rho), -1.0)

    rho, at_bound = maximise_correlations(derivatives, np.zeros(4), 0.9)
    assert rho == pytest.approx([0.2, -0.7, 0.9, -0.9], abs=1e-9)
    assert at_bound.tolist() == [False, False, True, True]


def test_search_survives_curvature_of_the_wrong_sign() -> None:
    def derivatives(rho: np.ndarray, active: np.ndarray) -> tuple[np.ndarray, ...]:
        # The log-likelihood is that of a Cauchy distribution: convex away from its peak.
        away = rho - 0.5
        base = 1 + 50 * away**2
        hessian = (100 * away / base) ** 2 - 100 / base
        return -100 * away / base, hessian, np.full(len(rho), -1.0)

    rho, _ = maximise_correlations(derivatives, np.array([-0.8]), 0.999)
    assert rho == pytest.approx([0.5], abs=1e-8)
