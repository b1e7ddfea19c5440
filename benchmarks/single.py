"""One measurement in a fresh process: time, and the most memory that it took.

    python -m benchmarks.single fit ROWS.npy
    python -m benchmarks.single bootstrap ROWS.npy DRAWS WORKERS
    python -m benchmarks.single study STUDY.yaml OUTPUT
    python -m benchmarks.single report RESULTS.json

Prints one line of JSON. Memory comes from /proc (Linux).
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.cases import indicators, model_text


def fit_rows(file: str) -> dict[str, float]:
    """Fit all rows, and again from their moments."""
    from loyaltysem.estimation.fitting import fit

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
    """Draw bootstrap samples, elapsed and CPU time of all threads."""
    from loyaltysem.estimation.bootstrapping.conduct import bootstrap
    from loyaltysem.estimation.fitting import fit

    fitted = fit(model_text(), _rows(file))
    before, own = time.perf_counter(), time.process_time()
    found = bootstrap(fitted, int(draws), seed=1, workers=int(workers))
    elapsed, own = time.perf_counter() - before, time.process_time() - own
    return {"elapsed": elapsed, "cpu": own, "peak": peak_memory(), "failed": found.n_failed}


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


def render_results(file: str) -> dict[str, float]:
    """Make a report in one language and all formats from stored results, imports left out."""
    from loyaltysem import read_results, render_report
    from loyaltysem.report.render import FORMATS

    results = read_results(Path(file))
    before, own = time.perf_counter(), time.process_time()
    made = render_report(results, language="en", formats=FORMATS)
    elapsed, own = time.perf_counter() - before, time.process_time() - own
    pages = max(int(count) for count in re.findall(rb"/Count (\d+)", made["report.en.pdf"]))
    return {"elapsed": elapsed, "cpu": own, "peak": peak_memory(), "pages": pages}


def peak_memory() -> float:
    """Return the most memory that this process has held, in MiB; NaN where /proc does not tell."""
    file = Path("/proc/self/status")
    told = file.read_text(encoding="utf-8") if file.exists() else ""
    found = re.search(r"VmHWM:\s*(\d+) kB", told)
    return int(found[1]) / 1024 if found else float("nan")


def _rows(file: str) -> pd.DataFrame:
    values = np.load(file)
    return pd.DataFrame(values.astype(float), columns=indicators(model_text()))


MEASUREMENTS = {
    "fit": fit_rows,
    "bootstrap": bootstrap_rows,
    "study": run_study,
    "report": render_results,
}

if __name__ == "__main__":
    print(json.dumps(MEASUREMENTS[sys.argv[1]](*sys.argv[2:])))
