"""How often does a misspecified six-factor loyalty model converge, here and in lavaan?

Every draw has its own population: random loadings, paths and covariances, with cross-loadings and
correlated errors that the fitted model leaves out, answered on a seven-point scale by 150
respondents. Both programs fit the same draws from their own starting values.

    python benchmarks/convergence.py [--draws 1000] [--n 150] [--seed 1] [--without-lavaan]

lavaan is called through Rscript.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd

from loyaltysem.errors import LoyaltysemError
from loyaltysem.estimation.fitting import fit
from loyaltysem.library import find
from loyaltysem.structural.definition import read_model

EXOGENOUS = ("product_quality", "service_quality", "price", "image", "substitutes")
MEDIATOR, OUTCOME = "post_purchase", "loyalty"
N_CROSS_LOADINGS = 6
N_ERROR_PAIRS = 6


@dataclass(frozen=True)
class Design:
    """The measurement part: which indicators a construct has, and the second-order dimensions."""

    indicators: dict[str, list[str]]
    dimensions: list[str]

    @property
    def names(self) -> list[str]:
        return [name for names in self.indicators.values() for name in names]


def design_of(model: str) -> Design:
    """Read the measurement part out of the model text."""
    found = re.findall(r"^\s*(\w+)\s*=~\s*(.+)$", model, re.MULTILINE)
    parts = {lhs: [name.strip() for name in rhs.split("+")] for lhs, rhs in found}
    dimensions = parts.pop(OUTCOME)
    return Design(indicators=parts, dimensions=dimensions)


def simulate(design: Design, n: int, rng: np.random.Generator) -> np.ndarray:
    """Return one draw (n, 34) of answers from 1 to 7 from a random population."""
    scores = latent_scores(design, n, rng)
    names, constructs = design.names, list(design.indicators)
    owner = [c for c in constructs for _ in design.indicators[c]]
    loadings = np.zeros((len(constructs), len(names)))
    for k, construct in enumerate(owner):
        loadings[constructs.index(construct), k] = rng.uniform(0.4, 0.9)
    cells = np.flatnonzero(loadings == 0)
    cross = rng.choice(cells, N_CROSS_LOADINGS, replace=False)
    loadings.flat[cross] = rng.uniform(0.2, 0.5, N_CROSS_LOADINGS)
    errors = rng.normal(size=(n, len(names)))
    for _ in range(N_ERROR_PAIRS):
        first, second = rng.choice(len(names), 2, replace=False)
        shared = rng.normal(size=n)
        errors[:, [first, second]] = 0.8 * errors[:, [first, second]] + 0.6 * shared[:, np.newaxis]
    uniqueness = np.sqrt(np.maximum(1 - (loadings**2).sum(axis=0), 0.1))
    answers = np.column_stack([scores[c] for c in constructs]) @ loadings + uniqueness * errors
    return np.clip(np.rint(4 + 1.3 * answers), 1, 7).astype(np.int8)


def latent_scores(design: Design, n: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return standardized scores (n,) of the first-order constructs."""
    common = rng.normal(size=n)
    scores = {}
    for name in EXOGENOUS:
        weight = rng.uniform(0.3, 0.85)
        scores[name] = weight * common + np.sqrt(1 - weight**2) * rng.normal(size=n)
    scores[MEDIATOR] = outcome([scores[name] for name in EXOGENOUS[:4]], n, rng)
    loyalty = outcome(list(scores.values()), n, rng)
    for name in design.dimensions:
        weight = rng.uniform(0.5, 0.95)
        scores[name] = weight * loyalty + np.sqrt(1 - weight**2) * rng.normal(size=n)
    return scores


def outcome(causes: list[np.ndarray], n: int, rng: np.random.Generator) -> np.ndarray:
    """Return a standardized combination of causes with random paths and a disturbance."""
    paths = rng.uniform(-0.2, 0.5, len(causes))
    total = sum(path * cause for path, cause in zip(paths, causes, strict=True))
    total = total + rng.uniform(0.4, 0.9) * rng.normal(size=n)
    return np.asarray((total - total.mean()) / total.std())


def fit_here(model: str, draws: np.ndarray, names: list[str]) -> pd.DataFrame:
    """Fit every draw with the native core."""
    rows = []
    for values in draws:
        data = pd.DataFrame(values.astype(float), columns=names)
        start = time.process_time()
        try:
            found = fit(model, data, se="none")
            row = (found.converged, found.fmin)
        except LoyaltysemError:
            row = (False, np.nan)
        rows.append((*row, time.process_time() - start))
    return pd.DataFrame(rows, columns=["converged", "fmin", "seconds"])


def fit_in_lavaan(model: str, draws: np.ndarray, names: list[str]) -> pd.DataFrame:
    """Fit every draw with lavaan."""
    script = Path(__file__).with_suffix(".R")
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("model.txt", "draws.bin", "out.csv")]
        files[0].write_text(model + "\n", encoding="utf-8")
        files[1].write_bytes(draws.tobytes())
        shape = [str(draws.shape[0]), str(draws.shape[1]), ",".join(names)]
        command = ["Rscript", str(script), str(files[0]), str(files[1]), *shape, str(files[2])]
        subprocess.run(command, check=True)
        return pd.read_csv(files[2]).astype({"converged": bool})


def report(here: pd.DataFrame, there: pd.DataFrame | None) -> None:
    """Print what happened."""
    print(f"draws                    {len(here)}")
    print(f"converged here           {here.converged.sum()}")
    print(f"CPU per fit here         {1e3 * here.seconds.mean():.1f} ms")
    if there is None:
        return
    both = here.converged & there.converged
    gap = (here.fmin - there.fmin)[both]
    print(f"converged in lavaan      {there.converged.sum()}")
    print(f"CPU per fit in lavaan    {1e3 * there.seconds.mean():.1f} ms")
    print(f"only here                {(here.converged & ~there.converged).sum()}")
    lost = list(np.flatnonzero(there.converged & ~here.converged))
    print(f"only in lavaan           {len(lost)} {lost[:20]}")
    print(f"lower minimum here       {(gap < -1e-6).sum()}")
    print(f"lower minimum in lavaan  {(gap > 1e-6).sum()} {list(gap.index[gap > 1e-6])[:20]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--n", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-lavaan", action="store_true")
    options = parser.parse_args()
    model = str(read_model(find("models", "six_factor_loyalty")).syntax)
    design = design_of(model)
    seeds = np.random.SeedSequence(options.seed).spawn(options.draws)
    draws = np.stack([simulate(design, options.n, np.random.default_rng(s)) for s in seeds])
    here = fit_here(model, draws, design.names)
    there = None if options.without_lavaan else fit_in_lavaan(model, draws, design.names)
    report(here, there)


if __name__ == "__main__":
    main()
