"""The golden tables of nested models, and the golden bootstrap, by the golden checker."""

import importlib.util
import json
from pathlib import Path

import pandas as pd
import pytest

import loyaltysem

GOLDEN = Path(__file__).parents[2].parent / "shared" / "golden"

pytestmark = pytest.mark.skipif(
    not GOLDEN.exists(),
    reason="the reference numbers (../shared/golden) are not beside this checkout",
)

LADDERS = [
    "mg_ml_hs_school",
    "mg_mlr_hs_school",
    "mg_mlm_loyalty_gender",
    "mg_wlsmv_loyalty_gender",
]


@pytest.fixture(scope="module")
def checker():
    spec = importlib.util.spec_from_file_location("golden_check", GOLDEN / "check.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(case):
    return json.loads((GOLDEN / "cases" / f"{case}.json").read_text("utf-8"))


def fitted(case):
    options = {name.replace(".", "_"): value for name, value in case["options"].items()}
    data = pd.read_csv(GOLDEN / case["data_file"])
    return loyaltysem.fit(case["model"], data, **options)


def plain(frame, names):
    """Return the rows under the reference's names, with None for what is not there."""
    frame = frame.rename(columns={"Chisq diff": "Chisq_diff", "Df diff": "Df_diff"})
    frame = frame.rename(columns={"Pr(>Chisq)": "Pr_Chisq"}).reset_index(names="model")
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [
        {"model": name, **{k: row.get(k) for k in row if k != "model"}}
        for name, row in zip(names, rows, strict=True)
    ]


def by_level(names, fits):
    """Return each model's measures, and their change from the model before."""
    rows = []
    for name, one in zip(names, fits, strict=True):
        measures = one.measures()
        row = {"model": name}
        for key in ("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr", "aic", "bic"):
            row[key] = measures.get(key)
        for key in ("chisq", "df", "cfi", "rmsea"):
            row[f"{key}_scaled"] = measures.get(f"{key}.scaled")
        for key in ("cfi", "tli", "rmsea"):
            row[f"{key}_robust"] = measures.get(f"{key}.robust")
        for key in ("cfi", "rmsea", "srmr"):
            row[f"delta_{key}"] = row[key] - rows[-1][key] if rows else None
        rows.append(row)
    return rows


@pytest.mark.parametrize("ladder", LADDERS)
def test_nested_models(ladder, checker):
    case = read(f"{ladder}_lrt")
    names = [row["model"] for row in case["values"]["lrt_default"]]
    fits = [fitted(read(f"{ladder}_{name}")) for name in names]
    values = {"fit_by_level": by_level(names, fits)}
    for key in case["values"]:
        if key.startswith("lrt_"):
            method = key.removeprefix("lrt_")
            values[key] = plain(loyaltysem.compare(*fits, method=method), names)
    report = checker.check(case, {"values": values}, set(), "all", {})
    assert report.fails == []
    assert report.missing == []


def test_equal_paths_by_difference_and_wald(checker):
    case = read("mg_sem_gender_pathtest")
    free, equal = (fitted(read(f"mg_sem_gender_{name}")) for name in ("free", "constrained"))
    wald = free.wald_test("b1 == b2")
    values = {
        "lrt": plain(loyaltysem.compare(free, equal), ["fg", "fc"]),
        "wald_b1_eq_b2": {"stat": wald.statistic, "df": wald.df, "p.value": wald.pvalue},
    }
    report = checker.check(case, {"values": values}, set(), "all", {})
    assert report.fails == []
    assert report.missing == []


def test_bootstrap_errors_and_intervals(checker):
    """Standard errors to 8 %, limits to a quarter of one: three times their Monte Carlo errors."""
    case = read("bootstrap_se_loyalty_mediation")
    data = pd.read_csv(GOLDEN / case["data_file"])
    fit = loyaltysem.fit(case["values"]["model"], data)
    found = loyaltysem.bootstrap(fit, case["values"]["draws"], seed=1)
    percentile = found.table("perc").set_index(["lhs", "op", "rhs"])
    corrected = found.table("bc").set_index(["lhs", "op", "rhs"])
    judged = 0
    for row in case["values"]["loose_sim"]["parameters"]:
        key = (row["lhs"], row["op"], row["rhs"])
        if key not in percentile.index:
            continue
        ours, bc = percentile.loc[key], corrected.loc[key]
        assert ours["est"] == pytest.approx(row["est"], abs=1e-5)
        assert ours["se"] == pytest.approx(row["boot_se"], rel=0.08)
        for frame, name in ((ours, "perc"), (bc, "bca")):
            for side in ("lower", "upper"):
                near = 0.25 * row["boot_se"]
                assert frame[f"ci_{side}"] == pytest.approx(row[f"{name}_{side}"], abs=near)
        judged += 1
    assert judged >= 25
