"""Full-information maximum likelihood with missing values: CPU time here and in lavaan.

The six-factor loyalty model (34 indicators, 123 parameters) and its measurement part without the
loyalty items (24 indicators), 400 respondents, 5 % of the answers missing at random: nearly every
respondent has a missing pattern of their own. Standard errors, chi-square and baseline are included
in the fit; the measures include the robust indices. lavaan is called through Rscript, once.

    python benchmarks/missing_data.py [--n 400] [--share 0.05] [--seed 1] [--without-lavaan]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from convergence import design_of, simulate

from loyaltysem.estimation.fit import fit
from loyaltysem.library import find
from loyaltysem.structural.definition import read_model

REPETITIONS = 5
PROBLEMS = ("measurement part, 24 indicators", "full model, 34 indicators")


def problems(n: int, share: float, seed: int) -> dict[str, tuple[str, pd.DataFrame]]:
    """Return model text and data of both problems."""
    rng = np.random.default_rng(seed)
    model = str(read_model(find("models", "six_factor_loyalty")).syntax)
    design = design_of(model)
    data = pd.DataFrame(simulate(design, n, rng).astype(float), columns=design.names)
    data = data.mask(rng.random(data.shape) < share)
    kept = [name for name in design.indicators if name not in design.dimensions]
    part = "\n".join(f"{name} =~ {' + '.join(design.indicators[name])}" for name in kept)
    return dict(zip(PROBLEMS, [(part, data), (model, data)], strict=True))


def time_here(model: str, data: pd.DataFrame) -> dict[str, float]:
    """Return the shortest CPU times of a few fits."""
    times = []
    for _ in range(REPETITIONS):
        start = time.process_time()
        result = fit(model, data, missing="fiml")
        fitted = time.process_time()
        measures = result.measures()
        times.append((fitted - start, time.process_time() - fitted))
    fastest = np.min(times, axis=0)
    return {
        "fit": fastest[0],
        "measures": fastest[1],
        "chisq": measures["chisq"],
        "cfi_robust": measures["cfi.robust"],
    }


def time_in_lavaan(model: str, data: pd.DataFrame) -> dict[str, float]:
    """Return the CPU times of one fit."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("model.txt", "data.csv", "out.csv")]
        files[0].write_text(model + "\n", encoding="utf-8")
        data.to_csv(files[1], index=False)
        script = Path(__file__).with_suffix(".R")
        subprocess.run(["Rscript", str(script), *map(str, files)], check=True)
        return pd.read_csv(files[2]).iloc[0].to_dict()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=400)
    parser.add_argument("--share", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-lavaan", action="store_true")
    options = parser.parse_args()
    for name, (model, data) in problems(options.n, options.share, options.seed).items():
        here = time_here(model, data)
        print(f"{name}, n = {options.n}, {options.share:.0%} missing")
        print(f"  here    {summary(here)}")
        if not options.without_lavaan:
            there = time_in_lavaan(model, data)
            ratios = [there[stage] / here[stage] for stage in ("fit", "measures")]
            print(f"  lavaan  {summary(there)}")
            print(f"  ratio   fit {ratios[0]:.0f}, measures {ratios[1]:.0f}")


def summary(times: dict[str, float]) -> str:
    return (
        f"fit {times['fit']:.3f} s, measures {times['measures']:.3f} s, "
        f"chi-square {times['chisq']:.4f}, robust CFI {times['cfi_robust']:.5f}"
    )


if __name__ == "__main__":
    main()
