"""Fits and times on request, in a process of its own (see `benchmarks.programs`).

Argument: folder with NAME.txt (model) and NAME.csv (rows) of every case. A line of JSON on the
standard input with ``name``, ``draws`` and ``options`` is answered by ``CPU-SECONDS VALUE``.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pandas as pd

from loyaltysem.estimation.bootstrapping.conduct import bootstrap
from loyaltysem.estimation.fitting import fit


def time_fit(model: str, data: pd.DataFrame, options: dict) -> tuple[float, float]:
    """Return the CPU seconds of a fit with its fit measures, and the chi-square."""
    start = time.process_time()
    measures = fit(model, data, **options).measures()
    return time.process_time() - start, float(measures["chisq"])


def time_bootstrap(
    model: str, data: pd.DataFrame, options: dict, draws: int
) -> tuple[float, float]:
    """Return the CPU seconds of a bootstrap in this process, and how many draws converged."""
    fitted = fit(model, data, **options)
    start = time.process_time()
    found = bootstrap(fitted, draws, seed=1)
    return time.process_time() - start, len(found.estimates)


def main() -> None:
    folder = Path(sys.argv[1])
    for line in sys.stdin:
        asked = json.loads(line)
        model = (folder / f"{asked['name']}.txt").read_text(encoding="utf-8")
        data = pd.read_csv(folder / f"{asked['name']}.csv")
        if asked["draws"]:
            answer = time_bootstrap(model, data, asked["options"], asked["draws"])
        else:
            answer = time_fit(model, data, asked["options"])
        print(*answer, flush=True)


if __name__ == "__main__":
    main()
