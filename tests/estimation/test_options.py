"""Estimator names resolve as lavaan resolves them."""

import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.options import ESTIMATORS, resolve


@pytest.mark.parametrize(
    ("name", "discrepancy", "se", "test", "information"),
    [
        ("ML", "ML", "standard", None, "expected"),
        ("MLF", "ML", "standard", None, "first.order"),
        ("MLM", "ML", "robust.sem", "satorra.bentler", "expected"),
        ("MLR", "ML", "robust.huber.white", "yuan.bentler.mplus", "observed"),
        ("WLSMV", "DWLS", "robust.sem", "scaled.shifted", "expected"),
        ("ULSMVS", "ULS", "robust.sem", "mean.var.adjusted", "expected"),
    ],
)
def test_names_stand_for_lavaans_recipes(name, discrepancy, se, test, information):
    options = resolve(name)
    assert (options.discrepancy, options.se, options.scaled_test) == (discrepancy, se, test)
    assert options.information == (information, information)
    assert options.tests[0] == "standard"


@pytest.mark.parametrize(
    "case", ["mlm_cfa_loyalty", "mlr_cfa_loyalty", "mlf_cfa_hs", "gls_cfa_hs", "fiml_mlr"]
)
def test_resolved_options_are_those_of_the_reference(reference, case):
    golden, _ = reference(case)
    asked = golden["options"]
    options = resolve(asked["estimator"], missing=asked.get("missing", "listwise"))
    expected = golden["options_resolved"]
    assert options.discrepancy == expected["estimator"]
    assert options.se == expected["se"]
    assert options.tests[-1] == expected["test"]
    assert list(options.information) == expected["information"]
    assert options.missing == expected["missing"]


def test_the_default_estimator_follows_the_variables():
    assert resolve().estimator == "ML"
    assert resolve(ordinal=True).estimator == "WLSMV"


def test_covariates_are_fixed_under_ml_only():
    assert resolve("ML").fixed_x
    assert not resolve("GLS").fixed_x
    assert resolve("WLSMV", ordinal=True).conditional_x


def test_robust_errors_depend_on_missing_values():
    assert resolve("ML", se="robust").se == "robust.sem"
    assert resolve("ML", se="robust", missing="fiml").se == "robust.huber.white"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"estimator": "MLX"}, "Unknown value of estimator"),
        ({"missing": "drop"}, "Unknown value of missing"),
        ({"se": "big"}, "Unknown value of se"),
        ({"test": "t"}, "Unknown value of test"),
        ({"information": "fisher"}, "Unknown value of information"),
        ({"engine": "lisrel"}, "Unknown value of engine"),
        ({"likelihood": "cauchy"}, "Unknown value of likelihood"),
        ({"estimator": "ML", "ordinal": True}, "cannot be used with ordinal"),
        ({"estimator": "MLM", "missing": "fiml"}, "cannot be used with estimator MLM"),
        ({"estimator": "GLS", "se": "robust"}, "no robust standard errors"),
        ({"estimator": "MLR", "information": "first.order"}, "expected or the observed"),
        ({"estimator": "GLS", "likelihood": "wishart"}, "maximum likelihood only"),
    ],
)
def test_contradictions_and_unknown_values_are_refused(asked, words):
    with pytest.raises(EstimationError, match=words):
        resolve(**asked)


def test_an_unknown_estimator_is_answered_with_all_known_ones():
    with pytest.raises(EstimationError) as caught:
        resolve("MLRR")
    assert caught.value.expected == ", ".join(ESTIMATORS)
    assert "MLR" in caught.value.remedy


def test_the_wishart_likelihood_needs_complete_rows():
    with pytest.raises(EstimationError, match="Leave likelihood out"):
        resolve("ML", missing="fiml", likelihood="wishart")
