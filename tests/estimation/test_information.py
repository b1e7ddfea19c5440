"""Inverses under constraints and the delta method."""

import numpy as np
import pytest

from loyaltysem.estimation.information import (
    constrained_inverse,
    delta_method,
    null_space,
    symmetric_inverse,
)
from loyaltysem.estimation.optimise import Reparameterisation

RNG = np.random.default_rng(2)
HALF = RNG.normal(size=(6, 4))
INFORMATION = HALF.T @ HALF
FREE = Reparameterisation(basis=None, offset=np.zeros(4))


def bordered(slopes):
    """Return the block of the inverse of the augmented information (Aitchison & Silvey 1958)."""
    k = len(slopes)
    system = np.block([[INFORMATION, slopes.T], [slopes, np.zeros((k, k))]])
    return np.linalg.inv(system)[:4, :4]


def test_the_inverse_does_not_depend_on_units():
    units = np.array([1e6, 1.0, 1e-6, 1.0])
    found = symmetric_inverse(INFORMATION * np.outer(units, units))
    np.testing.assert_allclose(
        found * np.outer(units, units), np.linalg.inv(INFORMATION), rtol=1e-10
    )


def test_indefinite_matrices_are_inverted_and_singular_ones_are_not():
    indefinite = np.diag([1.0, -2.0])
    np.testing.assert_allclose(symmetric_inverse(indefinite), np.diag([1.0, -0.5]))
    assert symmetric_inverse(np.ones((2, 2))) is None
    assert symmetric_inverse(np.diag([1.0, 0.0])) is None
    assert symmetric_inverse(np.array([[np.nan]])) is None


def test_constraints_by_reparameterisation_are_those_of_the_augmented_information():
    tied = Reparameterisation(
        basis=np.array([[1.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]), offset=np.zeros(4)
    )
    equal = np.array([[1.0, -1.0, 0.0, 0.0]])
    expected = bordered(equal)
    np.testing.assert_allclose(constrained_inverse(INFORMATION, tied), expected, atol=1e-10)
    np.testing.assert_allclose(constrained_inverse(INFORMATION, FREE, equal), expected, atol=1e-10)
    more = np.array([[0.0, 0.0, 1.0, 2.0]])
    both = constrained_inverse(INFORMATION, tied, more)
    np.testing.assert_allclose(both, bordered(np.vstack([equal, more])), atol=1e-10)


def test_null_space_is_orthogonal_to_the_rows():
    rows = RNG.normal(size=(2, 4))
    found = null_space(np.vstack([rows, rows[0]]))
    assert found.shape == (4, 2)
    np.testing.assert_allclose(rows @ found, 0.0, atol=1e-12)


def test_delta_method_on_a_product():
    vcov = np.array([[0.04, 0.01], [0.01, 0.09]])
    slopes = np.array([[3.0, 2.0]])
    expected = np.sqrt(9 * 0.04 + 4 * 0.09 + 12 * 0.01)
    assert delta_method(slopes, vcov)[0] == pytest.approx(expected)
