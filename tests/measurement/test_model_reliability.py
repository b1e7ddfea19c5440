"""Reliability from fits; semTools' numbers are in the golden cases ``reliability_validity_*``."""

import numpy as np
import pandas as pd
import pytest

import loyaltysem
from loyaltysem.errors import ModelSpecificationError
from loyaltysem.measurement.model_reliability import (
    ave_from_model,
    model_reliability,
    omega_from_model,
    second_order_reliability,
)

LOADINGS = np.array([0.9, 0.7, 0.5])
HIGHER = "a =~ a1 + a2 + a3\nb =~ b1 + b2 + b3\nc =~ c1 + c2 + c3\ng =~ a + b + c"


def exact(names, cov):
    return pd.DataFrame(cov, index=names, columns=names)


def second_order():
    """Covariances of three factors with loadings 0.8, 0.7, 0.6 on one above them."""
    higher = np.array([0.8, 0.7, 0.6])
    phi = np.outer(higher, higher)
    np.fill_diagonal(phi, 1)
    l = np.kron(np.eye(3), LOADINGS[:, None])  # noqa: E741
    cov = l @ phi @ l.T
    np.fill_diagonal(cov, 1)
    names = [f"{factor}{i}" for factor in "abc" for i in (1, 2, 3)]
    return loyaltysem.fit(HIGHER, sample_cov=exact(names, cov), n=500), cov


def test_one_factor_in_closed_form():
    cov = np.outer(LOADINGS, LOADINGS)
    np.fill_diagonal(cov, 1)
    fitted = loyaltysem.fit("a =~ a1 + a2 + a3", sample_cov=exact(["a1", "a2", "a3"], cov), n=300)
    expected = LOADINGS.sum() ** 2 / cov.sum()
    row = model_reliability(fitted).loc["a"]
    assert row[["omega", "omega2", "omega3"]].tolist() == pytest.approx([expected] * 3, abs=1e-5)
    assert row["ave"] == pytest.approx((LOADINGS**2).mean(), abs=1e-5)
    assert omega_from_model(fitted)["a"] == pytest.approx(expected, abs=1e-5)
    assert ave_from_model(fitted, variance="implied")["a"] == pytest.approx(row["ave"], abs=1e-5)


def test_a_crossing_item_leaves_no_ave():
    pattern = np.array([[0.8, 0], [0.7, 0], [0.6, 0], [0.3, 0.6], [0, 0.7], [0, 0.5]])
    cov = pattern @ np.array([[1, 0.4], [0.4, 1]]) @ pattern.T
    np.fill_diagonal(cov, 1)
    frame = exact(["a1", "a2", "a3", "b1", "b2", "b3"], cov)
    model = "a =~ a1 + a2 + a3 + b1\nb =~ b1 + b2 + b3"
    crossed = loyaltysem.fit(model, sample_cov=frame, n=500)
    assert model_reliability(crossed)["ave"].isna().all()
    assert ave_from_model(crossed).isna().all()


def test_second_order_in_closed_form():
    fitted, cov = second_order()
    found = second_order_reliability(fitted, "g")
    common = LOADINGS.sum() ** 2 * 2.1**2
    assert found["omega_l1"] == pytest.approx(common / cov.sum(), abs=1e-5)
    assert found["omega_higher"] == pytest.approx(common / cov.sum(), abs=1e-5)
    error = (1 - LOADINGS**2).sum() * 3
    assert found["partial_omega_l1"] == pytest.approx(common / (common + error), abs=1e-5)


def test_no_such_second_order_factor():
    fitted, _ = second_order()
    with pytest.raises(ModelSpecificationError) as caught:
        second_order_reliability(fitted, "a")
    assert caught.value.expected == "g"
