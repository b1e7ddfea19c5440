"""The simulations in small: every cell runs, and simple ones come near the truth."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulations.cell import Reading, Summary, Tally
from benchmarks.simulations.cells import CELLS
from benchmarks.simulations.report import STORE, beyond_chance, faults, store, write_table
from benchmarks.simulations.running import replicate, run_cell

SLOW = {"mi", "lms", "lms-null", "free-method-factor", "ml", "mediation-null", "all-pairs-null"}
BY_NAME = {cell.name: cell for cell in CELLS}


@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell.name not in SLOW], ids=str)
def test_a_replication_gives_numbers(cell):
    readings = list(cell.run(np.random.default_rng(1)))
    assert readings
    for one in readings:
        assert math.isfinite(one.est) or 0 <= one.pvalue <= 1
        if one.truth is not None:
            assert one.lower < one.est < one.upper


def test_a_replication_depends_on_its_number_alone():
    # Written out, since a reading without a p-value holds NaN, which equals nothing.
    assert repr(replicate("alpha", 3, 4)) == repr(replicate("alpha", 0, 5)[3:4])
    assert replicate("alpha", 3, 4) != replicate("alpha", 4, 5)


def test_robust_paths_cover_the_truth():
    """Sixty samples: wide limits, which a wrong standard error (by a fifth) would still miss."""
    found = run_cell(BY_NAME["mlr"], 60)
    assert found.lost == 0
    paths = [one for one in found.summaries if one.truth is not None]
    assert len(paths) == 3
    assert np.mean([one.coverage for one in paths]) > 0.88
    assert all(abs(one.bias) < 0.1 for one in paths)


def test_a_tally_counts_coverage_errors_and_losses():
    tally = Tally()
    for est in (0.4, 0.5, 0.6, 0.9):
        one = Reading(target="path", truth=0.5, est=est, lower=est - 0.2, upper=est + 0.2)
        tally.add([one, Reading(target="test", pvalue=0.01 if est > 0.8 else 0.5)])
    tally.add([])
    path, test = tally.summaries()
    assert tally.lost == 1
    assert (path.mean, path.coverage) == (pytest.approx(0.6), 0.75)
    assert path.bias == pytest.approx(0.2)
    assert path.bias_se == pytest.approx(np.std([0.4, 0.5, 0.6, 0.9], ddof=1) / 2 / 0.5)
    assert (test.type_one, test.coverage) == (0.25, None)


def summary(**changes) -> Summary:
    facts = {
        "target": "path", "truth": 0.5, "n": 2000, "mean": 0.5, "bias": 0.0, "coverage": 0.95,
        "confidence": 0.95, "type_one": None,
    }  # fmt: skip
    return Summary(**facts | changes)


def test_limits_and_chance():
    assert faults(summary()) == []
    assert faults(summary(bias=-0.03, coverage=0.92)) == ["bias", "coverage"]
    assert beyond_chance(summary(coverage=0.92)) == []
    assert beyond_chance(summary(coverage=0.90)) == ["coverage"]
    assert faults(summary(coverage=0.90, confidence=0.90)) == []
    assert beyond_chance(summary(type_one=0.08, n=100)) == []
    assert beyond_chance(summary(bias=0.03, bias_se=0.01)) == []
    assert beyond_chance(summary(bias=0.05, bias_se=0.01)) == ["bias"]
    assert faults(summary(type_one=0.3, judged=False)) == []


def test_what_is_outside_its_limits_says_why(tmp_path):
    result = run_cell(BY_NAME["rmsea"], 2)
    bad = summary(target="RMSEA, 90 % interval", coverage=0.80, confidence=0.9)
    near = summary(target="chance", type_one=0.062, coverage=None)
    aside = summary(target="aside", type_one=0.3, coverage=None, judged=False)
    text = write_table(
        store([replace(result, summaries=[bad, near, aside])], tmp_path / "results.json"),
        tmp_path / "simulations.md",
    )
    assert "| (30.0) |" in text
    outside = text.split("## Outside the limits")[1]
    assert "2 of 2 targets, 1 of them by more than" in outside
    assert "chance, type I error 6.20 %. Within two standard errors of the limit" in outside
    assert "RMSEA, 90 % interval, coverage 80.00 %. The definition takes" in outside


def test_every_cell_is_measured_and_every_reason_belongs_to_a_target():
    stored = json.loads(STORE.read_text(encoding="utf-8"))
    assert list(stored) == [cell.name for cell in CELLS]
    for cell in [one for one in CELLS if one.why]:
        measured = {one["target"] for one in stored[cell.name]["summaries"]}
        assert set(cell.why) <= measured, cell.name


def test_stored_cells_are_replaced_one_by_one(tmp_path):
    path = tmp_path / "results.json"
    first = run_cell(BY_NAME["alpha"], 5)
    store([first], path)
    stored = store([run_cell(BY_NAME["rmsea"], 2)], path)
    assert list(stored) == ["alpha", "rmsea"]
    text = write_table(stored, tmp_path / "simulations.md")
    assert "## Reliability of five parallel items" in text
    assert "n = 400, 5 replications, 0 lost" in text
