import numpy as np
import pytest

from loyaltysem.estimation.continuous_moments import moment_groups, weighted_moments
from loyaltysem.estimation.fitting import fit
from loyaltysem.estimation.robust import moment_information

MODEL = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ f"


@pytest.mark.parametrize("estimator", ["ML", "GLS", "ULS", "WLS", "DWLS"])
def test_weights_make_the_expected_information(skewed_data, estimator):
    fitted = fit(MODEL, skewed_data, estimator=estimator, group="school")
    found = moment_information(weighted_moments(fitted.problem, fitted.point))
    assert found == pytest.approx(fitted.point.information(), rel=1e-8, abs=1e-10)


@pytest.mark.parametrize("meanstructure", [False, True])
def test_weights_make_the_first_order_information(skewed_data, meanstructure):
    fitted = fit(MODEL, skewed_data, meanstructure=meanstructure)
    weighted = weighted_moments(fitted.problem, fitted.point, "first.order")
    expected = fitted.problem.information(fitted.point, "first.order")
    assert moment_information(weighted) == pytest.approx(expected, rel=1e-8, abs=1e-9)


def test_observed_weights_of_a_saturated_model_make_its_hessian(skewed_data):
    model = "x1 ~~ x2 + x3\nx2 ~~ x3"
    fitted = fit(model, skewed_data, meanstructure=True)
    weighted = weighted_moments(fitted.problem, fitted.point, "observed")
    assert moment_information(weighted) == pytest.approx(fitted.point.hessian(), abs=1e-8)


def test_gamma_stands_beside_the_weights(skewed_data):
    fitted = fit(MODEL, skewed_data, group="school")
    groups = moment_groups(fitted.problem, fitted.point)
    assert [group.share for group in groups] == [0.5, 0.5]
    for group in groups:
        assert group.gamma.shape == group.weight.shape == (27, 27)
        assert np.linalg.eigvalsh(group.gamma).min() > 0


def test_gfi_is_one_for_a_saturated_model(skewed_data):
    for estimator in ("ML", "GLS", "ULS", "WLS"):
        fitted = fit("f =~ x1 + x2 + x3", skewed_data, estimator=estimator)
        assert fitted.problem.gfi(fitted.point) == pytest.approx(1.0)
