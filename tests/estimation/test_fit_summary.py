import pytest

from loyaltysem.estimation.fit_summary import first_corrected, fit_summary, measures
from loyaltysem.estimation.fitting import fit

MODEL = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ f"


def test_likelihoods_belong_to_maximum_likelihood_only(skewed_data):
    assert {"logl", "aic", "bic", "bic2"} <= set(measures(fit(MODEL, skewed_data)))
    assert {"logl", "aic", "ntotal"}.isdisjoint(measures(fit(MODEL, skewed_data, estimator="GLS")))


def test_scaled_measures_come_with_a_corrected_test(skewed_data):
    plain, scaled = (measures(fit(MODEL, skewed_data, estimator=e)) for e in ("ML", "MLR"))
    assert not any("scal" in name or "robust" in name for name in plain)
    assert {"cfi.scaled", "rmsea.robust", "scaling.factor.h1"} <= set(scaled)
    assert scaled["cfi"] == pytest.approx(plain["cfi"])


def test_mean_and_variance_adjusted_test_has_no_robust_indices(skewed_data):
    found = measures(fit(MODEL, skewed_data, estimator="MLMVS"))
    assert "cfi.scaled" in found
    assert "cfi.robust" not in found


def test_without_a_test_only_the_count_of_parameters_is_left(skewed_data):
    assert measures(fit(MODEL, skewed_data, test="none")) == {"npar": 13.0}


def test_divisor_follows_the_estimator(skewed_data):
    assert fit_summary(fit(MODEL, skewed_data, group="school")).n_divisor == 400
    assert fit_summary(fit(MODEL, skewed_data, estimator="GLS", group="school")).n_divisor == 398
    assert fit_summary(fit(MODEL, skewed_data, likelihood="wishart")).n_divisor == 399


def test_first_corrected_test(skewed_data):
    assert first_corrected(fit(MODEL, skewed_data).tests) is None
    fitted = fit(MODEL, skewed_data, estimator="MLMV")
    assert first_corrected(fitted.tests) is fitted.tests[1]


@pytest.mark.parametrize(
    "name", ["cfa_ml_hs_wishart", "uls_cfa_hs", "mlr_sem_poldem", "mimic_fixedx_hs", "fiml_mlr"]
)
def test_reference_cases(reference, name):
    case, data = reference(name)
    options = case["options"]
    fitted = fit(
        case["model"],
        data,
        estimator=options["estimator"],
        likelihood=options.get("likelihood", "normal"),
        missing=options.get("missing", "listwise"),
    )
    found = measures(fitted)
    for key, value in case["fit"].items():
        if value is not None and ".ci." not in key and key in found:
            assert found[key] == pytest.approx(value, rel=1e-5, abs=1e-6), key
    assert {key for key, value in case["fit"].items() if value is not None} == set(found)
