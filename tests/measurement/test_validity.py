"""Validity tables; the reference numbers are in the golden cases ``reliability_validity_*``."""

import numpy as np
import pandas as pd
import pytest

import loyaltysem
from loyaltysem.measurement.validity import (
    construct_validity,
    fornell_larcker,
    standardized_loadings,
)


@pytest.fixture(scope="module")
def fitted():
    l = np.array([[0.9, 0], [0.7, 0], [0.5, 0], [0, 0.8], [0, 0.6], [0, 0.7]])  # noqa: E741
    cov = l @ np.array([[1, 0.3], [0.3, 1]]) @ l.T
    np.fill_diagonal(cov, 1)
    names = ["a1", "a2", "a3", "b1", "b2", "b3"]
    frame = pd.DataFrame(cov, index=names, columns=names)
    return loyaltysem.fit("a =~ a1 + a2 + a3\nb =~ b1 + b2 + b3", sample_cov=frame, n=300)


def test_table_in_closed_form(fitted):
    row = construct_validity(fitted).loc["a"]
    squares = np.array([0.81, 0.49, 0.25])
    assert row["ave"] == pytest.approx(squares.mean(), abs=1e-5)
    assert row["msv"] == pytest.approx(0.09, abs=1e-5)
    assert row["asv"] == pytest.approx(0.09, abs=1e-5)
    assert row["max_h"] == pytest.approx(1 / (1 + 1 / (squares / (1 - squares)).sum()), abs=1e-5)


def test_matrix_of_fornell_and_larcker(fitted):
    matrix = fornell_larcker(fitted)
    assert matrix.loc["a", "b"] == pytest.approx(0.3, abs=1e-5)
    assert matrix.loc["a", "a"] == pytest.approx(np.sqrt(0.51666667), abs=1e-5)


def test_loadings_by_construct(fitted):
    loadings = standardized_loadings(fitted)
    assert list(loadings) == ["a", "b"]
    assert loadings["b"].to_dict() == pytest.approx({"b1": 0.8, "b2": 0.6, "b3": 0.7}, abs=1e-5)


def test_a_single_indicator_has_no_extracted_variance(fitted):
    cov = pd.DataFrame(fitted.sample()[""]["cov"])
    single = loyaltysem.fit("a =~ a1 + a2 + a3\nb =~ b1", sample_cov=cov, n=300)
    assert construct_validity(single).index.tolist() == ["a"]
    assert np.isnan(fornell_larcker(single).loc["b", "b"])
