"""How time and memory grow with draws, rows, cores and the size of a study."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.cases import N, answers, simulated_file
from benchmarks.large import write_large_study
from benchmarks.programs import HERE, ONE_CORE
from loyaltysem.library import find

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Row = dict[str, float]

LARGE_STUDY = """\
title: {{en: Speed, zh: 速度}}
questionnaire: ecommerce_loyalty
data: {data}
simulated: true
model: six_factor_loyalty
language: [zh, en]
analyses: [descriptives, reliability, model]
formats: [html, docx]
output: output
profile: thesis
estimator: ML
missing: listwise
"""


def by_draws(folder: Path, draws: Iterable[int]) -> list[Row]:
    """Time bootstraps of different length on one core."""
    rows = write_rows(folder, N)
    return [{"draws": one, **measure("bootstrap", rows, one, 1)} for one in draws]


def by_cores(folder: Path, draws: int) -> list[Row]:
    """Time a bootstrap on one and on two cores."""
    rows = write_rows(folder, N)
    return [{"cores": one, **measure("bootstrap", rows, draws, one)} for one in (1, 2)]


def by_rows(folder: Path, sizes: Iterable[int]) -> list[Row]:
    """Time single fits of different samples, whole and from their moments."""
    return [{"n": n, **measure("fit", write_rows(folder, n))} for n in sizes]


def studies(folder: Path, respondents: int) -> list[Row]:
    """Time the example study, and the same with many respondents (0: without)."""
    example = find("examples", "six_factor_loyalty") / "study.yaml"
    found = [{"n": 420, **measure("study", example, folder / "demo")}]
    if respondents:
        study = folder / "study.yaml"
        study.write_text(LARGE_STUDY.format(data="large.csv"), encoding="utf-8")
        simulated_file(respondents).to_csv(folder / "large.csv", index=False)
        found.append({"n": respondents, **measure("study", study, folder / "large")})
    return found


def reports(folder: Path, sizes: Iterable[tuple[int, int]]) -> list[Row]:
    """Time the reports of studies with so many constructs and items; 0, 0 is the example study."""
    return [
        {"constructs": constructs, "items": items, **_report(folder, constructs, items)}
        for constructs, items in sizes
    ]


def _report(folder: Path, constructs: int, items: int) -> Row:
    """Run a study, which does not count, and make its report from the stored results."""
    place = folder / f"report{items}"
    study = find("examples", "six_factor_loyalty") / "study.yaml"
    if items:
        study = write_large_study(place / "study", constructs, items)
    measure("study", study, place / "output")
    return measure("report", place / "output" / "results.json")


def write_rows(folder: Path, n: int) -> Path:
    """Write ``n`` rows of answers, unless they are there."""
    file = folder / f"rows{n}.npy"
    if not file.exists():
        np.save(file, answers(n).to_numpy().astype(np.int8))
    return file


def measure(*arguments: object) -> Row:
    """Measure in a fresh process with one BLAS thread."""
    command = [sys.executable, "-m", "benchmarks.single", *map(str, arguments)]
    done = subprocess.run(
        command, env=os.environ | ONE_CORE, cwd=HERE.parent, capture_output=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr.decode())
    found: Row = json.loads(done.stdout)
    return found
