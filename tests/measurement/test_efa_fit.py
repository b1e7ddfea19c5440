import numpy as np
import pytest

from loyaltysem.measurement.efa_fit import efa_measures

L = np.array([0.8, 0.7, 0.6, 0.5, 0.4])


def test_a_model_that_reproduces_all_fits_perfectly():
    model = np.outer(L, L)
    R = model.copy()
    np.fill_diagonal(R, 1.0)
    found = efa_measures(R, model, 1, 200)
    assert found["df"] == 5
    assert found["chisq"] == pytest.approx(0, abs=1e-10)
    assert found["pvalue"] == pytest.approx(1)
    assert (found["rmsea"], found["rmsea_lower"], found["rmsea_upper"]) == (0, 0, 0)
    assert found["rms"] == pytest.approx(0)
    assert found["fit_off"] == pytest.approx(1)
    assert found["tli"] > 1


def test_without_degrees_of_freedom_there_is_no_test():
    model = np.outer(L[:3], L[:3])
    R = model + np.diag(1 - L[:3] ** 2)
    found = efa_measures(R, model, 1, 200)
    assert found["df"] == 0
    assert all(np.isnan(found[name]) for name in ("pvalue", "rmsea", "crms", "tli"))


def test_a_singular_matrix_has_no_discrepancy():
    R = np.ones((4, 4))
    assert np.isnan(efa_measures(R, 0.5 * R, 1, 100)["objective"])
