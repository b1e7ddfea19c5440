"""Every golden model through ``fit`` and the golden checker, within the golden tolerances.

The reference numbers are lavaan's, refined to gradients of 1e-14; ``check.py`` beside them holds
the tolerances and says why they are what they are.
"""

import importlib.util
import json
from pathlib import Path

import pandas as pd
import pytest

import loyaltysem
from loyaltysem.errors import LoyaltysemError
from loyaltysem.estimation.export import EXTRAS, export_fit

GOLDEN = Path(__file__).parents[2].parent / "shared" / "golden"
# Extras that the checker compares but that are no part of a fit: see the tests of their modules.
ELSEWHERE = {"probe2WayMC"}


def sem_cases():
    cases = [json.loads(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("cases/*.json"))]
    return {case["case"]: case for case in cases if case["kind"] == "sem"}


CASES = sem_cases() if GOLDEN.exists() else {}
pytestmark = pytest.mark.skipif(
    not CASES, reason="the reference numbers (../shared/golden) are not beside this checkout"
)


@pytest.fixture(scope="module")
def checker():
    spec = importlib.util.spec_from_file_location("golden_check", GOLDEN / "check.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fitted(case):
    """Fit the model of a case with the options that were passed to lavaan."""
    options = {name.replace(".", "_"): value for name, value in case["options"].items()}
    if case["lavaan_function"] == "growth":
        options = {"int_ov_free": False, "int_lv_free": True, "meanstructure": True, **options}
    if case["data_file"]:
        data = pd.read_csv(GOLDEN / case["data_file"])
        return loyaltysem.fit(case["model"], data, **options)
    given = case["cov_input"]
    matrix = given["sample.cov"]
    cov = pd.DataFrame(matrix["values"], index=matrix["rows"], columns=matrix["cols"])
    return loyaltysem.fit(case["model"], sample_cov=cov, n=given["sample.nobs"], **options)


def result_of(case):
    wanted = [name for name in case.get("extras") or {} if name in EXTRAS]
    try:
        return export_fit(fitted(case), wanted)
    except LoyaltysemError as error:
        return {"error": str(error)}


@pytest.mark.parametrize("name", CASES)
def test_golden(name, checker):
    case, result = CASES[name], result_of(CASES[name])
    extras = set(case.get("extras") or {}) - ELSEWHERE
    report = checker.check(case, result, {"n", "parameters", "fit", "extras"}, extras, {})
    assert not report.fails, report.fails[:10]
    assert not report.missing, (report.missing[:10], result.get("error"))


@pytest.mark.parametrize("name", [n for n, case in CASES.items() if case["tier"] == "behaviour"])
def test_pathological_input_is_told_in_words(name):
    result = result_of(CASES[name])
    assert result.get("error") or result["warnings"]
