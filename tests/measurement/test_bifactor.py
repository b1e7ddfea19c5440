"""Indices of a bifactor solution by their definitions."""

from __future__ import annotations

import numpy as np
import pytest

from loyaltysem.measurement.bifactor import bifactor_indices, schmid_leiman


def test_without_group_factors_all_common_variance_is_general():
    found = bifactor_indices([0.7] * 6, [0.0] * 6, list("aabbcc"), list("uvwxyz"))
    assert found.ecv == 1
    assert found.omega == pytest.approx(found.omega_hierarchical)
    assert found.puc == pytest.approx(12 / 15)
    h = 6 * 0.49 / 0.51
    assert found.construct_replicability == pytest.approx(h / (1 + h))


def test_group_shares_are_those_of_the_sum_of_their_items():
    g, s = np.array([0.6, 0.5, 0.7, 0.4]), np.array([0.3, 0.4, 0.2, 0.5])
    found = bifactor_indices(g, s, list("aabb"), list("wxyz"))
    error = (1 - g**2 - s**2)[:2].sum()
    whole = 1.1**2 + 0.7**2 + error
    assert found.groups.loc["a", "omega"] == pytest.approx((1.1**2 + 0.7**2) / whole)
    assert found.groups.loc["a", "omega_hierarchical"] == pytest.approx(0.7**2 / whole)
    assert found.groups["ecv"].sum() + found.ecv == pytest.approx(1)


def test_schmid_leiman_keeps_the_communalities():
    loadings, higher = np.array([0.8, 0.7, 0.6]), np.array([0.9, 0.9, 0.5])
    general, group = schmid_leiman(loadings, higher)
    np.testing.assert_allclose(general**2 + group**2, loadings**2)


def test_a_perfect_item_has_no_replicability():
    found = bifactor_indices([1.0, 0.5], [0.0, 0.5], ["a", "b"], ["x", "y"])
    assert np.isnan(found.construct_replicability)
