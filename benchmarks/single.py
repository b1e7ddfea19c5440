"""One measurement in a fresh process: time, and the most memory that it took.

    python -m benchmarks.single fit ROWS.npy
    python -m benchmarks.single bootstrap ROWS.npy DRAWS WORKERS
    python -m benchmarks.single study STUDY.yaml OUTPUT

Prints one line of JSON. Memory and other processes' times come from /proc (Linux).
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.cases import indicators, model_text


def fit_rows(file: str) -> dict[str, float]:
    """Fit all rows, and again from their moments."""
    from loyaltysem.estimation.fit import fit

    model, data = model_text(), _rows(file)
    fit(model, data.head(500)).measures()
    start = time.process_time()
    fit(model, data).measures()
    whole = time.process_time() - start
    cov = pd.DataFrame(np.cov(data.to_numpy().T, bias=True), data.columns, data.columns)
    start = time.process_time()
    fit(model, sample_cov=cov, n=len(data)).measures()
    return {"whole": whole, "after": time.process_time() - start, "peak": peak_memory()}


def bootstrap_rows(file: str, draws: str, workers: str) -> dict[str, float]:
    """Draw bootstrap samples; with workers, their processes are started within the time."""
    from loyaltysem.estimation.bootstrap.conduct import bootstrap
    from loyaltysem.estimation.fit import fit

    fitted = fit(model_text(), _rows(file))
    before, own = time.perf_counter(), time.process_time()
    found = bootstrap(fitted, int(draws), seed=1, workers=int(workers))
    elapsed, own = time.perf_counter() - before, time.process_time() - own
    children = child_processes()
    helpers = [cpu_seconds(pid) for pid in children]
    return {
        "elapsed": elapsed,
        "cpu": own + sum(helpers),
        "longest": own + max(helpers, default=0.0),
        "peak": peak_memory() + sum(peak_memory(str(pid)) for pid in children),
        "failed": found.n_failed,
    }


def run_study(study: str, output: str) -> dict[str, float]:
    """Run a study from its answers to its reports, imports included."""
    from loyaltysem.cli.app import app

    begin = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        app(["run", study, "--output", output, "--overwrite", "--quiet"], standalone_mode=False)
    return {
        "elapsed": time.perf_counter() - begin,
        "cpu": time.process_time(),
        "peak": peak_memory(),
    }


def peak_memory(pid: str = "self") -> float:
    """Return the most memory that a process has held, in MiB; NaN where /proc does not tell."""
    found = re.search(r"VmHWM:\s*(\d+) kB", _proc(pid, "status"))
    return int(found[1]) / 1024 if found else float("nan")


def child_processes() -> list[int]:
    """Return the processes that this one has started."""
    return [int(pid) for pid in _proc("self", f"task/{os.getpid()}/children").split()]


def cpu_seconds(pid: int) -> float:
    """Return user and system seconds of a process."""
    fields = _proc(str(pid), "stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _proc(pid: str, name: str) -> str:
    file = Path("/proc") / pid / name
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _rows(file: str) -> pd.DataFrame:
    values = np.load(file)
    return pd.DataFrame(values.astype(float), columns=indicators(model_text()))


MEASUREMENTS = {"fit": fit_rows, "bootstrap": bootstrap_rows, "study": run_study}

if __name__ == "__main__":
    print(json.dumps(MEASUREMENTS[sys.argv[1]](*sys.argv[2:])))
