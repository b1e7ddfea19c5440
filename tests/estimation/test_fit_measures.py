"""Fit measures recomputed from lavaan's own chi-squares must be lavaan's fit measures."""

import json
import math
from pathlib import Path

import pytest

from loyaltysem.estimation.chisquare import ChiSquare, chisq_pvalue, standard_test
from loyaltysem.estimation.fit_measures import FitSummary, RobustBasis, fit_measures

CASES = Path(__file__).parents[2].parent / "shared" / "golden" / "cases"
if not CASES.exists():
    pytest.skip("reference numbers are not beside this checkout", allow_module_level=True)


def sem_cases() -> list[str]:
    names = []
    for path in sorted(CASES.glob("*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        if case["kind"] == "sem" and (case.get("fit") or {}).get("chisq") is not None:
            names.append(path.stem)
    return names


def scaled_test(name: str, fit: dict, prefix: str) -> ChiSquare:
    """Rebuild a corrected test from the printed statistic and factor."""
    factor, df = fit[f"{prefix}chisq.scaling.factor"], fit[f"{prefix}df"]
    statistic = fit[f"{prefix}chisq.scaled"]
    shift = statistic - fit[f"{prefix}chisq"] / factor if name == "scaled.shifted" else None
    trace = factor * fit[f"{prefix}df.scaled"]
    if shift is not None:
        trace = factor * (df - shift)
    return ChiSquare(
        name=name,
        statistic=statistic,
        df=fit[f"{prefix}df.scaled"],
        pvalue=chisq_pvalue(statistic, fit[f"{prefix}df.scaled"]),
        scaling_factor=factor,
        shift=shift,
        trace=trace,
        scaling_h0=fit.get("scaling.factor.h0"),
        scaling_h1=fit.get("scaling.factor.h1"),
    )


def summary_of(case: dict) -> FitSummary:
    fit, options = case["fit"], case["options_resolved"]
    n_groups = len(case["n_per_group"])
    ml = options["estimator"] == "ML"
    corrected = fit.get("chisq.scaled") is not None
    has_reference = options["estimator"] != "ULS"
    scaled = scaled_test(options["test"], fit, "") if corrected else None
    null = scaled_test(options["test"], fit, "baseline.") if corrected else None
    return FitSummary(
        npar=fit["npar"],
        n=case["n"],
        n_divisor=case["n"] - (0 if ml and options["likelihood"] == "normal" else n_groups),
        n_groups=n_groups,
        fmin=fit["fmin"],
        standard=standard_test(fit["chisq"], fit["df"], has_reference=has_reference),
        scaled=scaled,
        baseline=standard_test(
            fit["baseline.chisq"], fit["baseline.df"], has_reference=has_reference
        ),
        baseline_scaled=null,
        logl=fit.get("logl"),
        unrestricted_logl=fit.get("unrestricted.logl"),
        has_robust=corrected and options["missing"] == "listwise" and ml,
    )


@pytest.mark.parametrize("name", sem_cases())
def test_measures_follow_from_the_chi_squares(name):
    case = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    expected = case["fit"]
    measures = fit_measures(summary_of(case))
    compared = 0
    for key, value in measures.items():
        if expected.get(key) is None:
            assert key in ("pvalue", "baseline.pvalue") or key not in expected, key
            continue
        # lavaan searches the limits of RMSEA's interval to 1e-4 in the noncentrality only
        tolerance = 1e-4 if ".ci." in key else 1e-7
        assert value == pytest.approx(expected[key], rel=tolerance, abs=tolerance), key
        compared += 1
    assert compared >= 20


def test_undefined_measures_are_absent():
    saturated = standard_test(0.0, 0)
    summary = FitSummary(npar=6, n=100, n_divisor=100, n_groups=1, fmin=0.0, standard=saturated)
    measures = fit_measures(summary)
    assert {"pvalue", "cfi", "logl", "rmsea.pvalue", "gfi"}.isdisjoint(measures)
    assert measures["rmsea"] == 0.0
    assert all(math.isfinite(value) for value in measures.values())


def test_robust_basis_of_incomplete_data_is_used():
    basis = RobustBasis(
        chisq=80.0,
        c_hat=1.3,
        scaled_chisq=80 / 1.3,
        interval_c_hat=1.3,
        null_chisq=900.0,
        null_c_hat=1.1,
    )
    measures = fit_measures(
        FitSummary(
            npar=6,
            n=100,
            n_divisor=100,
            n_groups=1,
            fmin=0.4,
            standard=standard_test(82.0, 40),
            baseline=standard_test(920.0, 60),
            robust=basis,
        )
    )
    assert measures["cfi.robust"] == pytest.approx(1 - (80 - 1.3 * 40) / (900 - 1.1 * 60))
    assert measures["rmsea.robust"] == pytest.approx(math.sqrt(80 / 4000 - 1.3 / 100))
    assert "cfi.scaled" not in measures
