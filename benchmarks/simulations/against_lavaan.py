"""Repeat tests of the simulations in lavaan, on the same samples.

python -m benchmarks.simulations.against_lavaan    100 samples of each cell; needs R with lavaan
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.simulations import measurement, paths
from benchmarks.simulations import populations as population
from benchmarks.simulations.report import LAVAAN, STORE, write_table
from benchmarks.simulations.running import generator, replicate

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

HERE = Path(__file__).parent
REPS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A test of a cell, as lavaan is asked for it.

    ``draw`` is how the cell draws its answers, ``less`` the model with fewer restrictions or the
    only one, ``options`` are arguments of ``sem()`` in R.
    """

    cell: str
    target: str
    draw: Callable[[np.random.Generator], pd.DataFrame]
    less: str
    more: str = ""
    options: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The largest difference of p-values, and how many of them are below 5 % in each program."""

    cell: str
    target: str
    reps: int
    largest: float
    rejected: int
    rejected_lavaan: int
    versions: str


METHOD = "\nmethod =~ " + " + ".join(f"1*{c}{k}" for c in "xmy" for k in range(1, 5))
APART = "\nmethod ~~ 0*X + 0*M + 0*Y"

TWINS = (
    Twin(
        cell="mlr",
        target="scaled χ² test of the true model",
        draw=paths.skewed_answers,
        less=population.MEDIATION,
        options='estimator = "MLR"',
    ),
    Twin(
        cell="fiml",
        target="χ² test of the true model",
        draw=paths.incomplete_answers,
        less=population.MEDIATION,
        options='missing = "fiml"',
    ),
    Twin(
        cell="method-factor",
        target="Δχ² test, equal method loadings",
        draw=measurement.unequal_answers,
        less=measurement.FOUR_EACH + METHOD + APART,
        more=measurement.FOUR_EACH,
    ),
    Twin(
        cell="dimensions",
        target="Δχ² test, second-order against correlated",
        draw=measurement.dimension_answers,
        less=measurement.DIMENSIONS,
        more=measurement.WHOLE,
    ),
)


def main() -> None:
    """Compare all twins, store what was found and write the table."""
    found = [_agreement(twin) for twin in TWINS]
    LAVAAN.write_text(
        json.dumps([asdict(one) for one in found], indent=1, ensure_ascii=False) + "\n",
        encoding="utf-8",
    )
    write_table(json.loads(STORE.read_text(encoding="utf-8")))


def _agreement(twin: Twin) -> Agreement:
    versions, theirs = _lavaan(twin)
    own = np.array([_pvalue(twin, readings) for readings in replicate(twin.cell, 0, REPS)])
    return Agreement(
        cell=twin.cell,
        target=twin.target,
        reps=REPS,
        largest=float(np.abs(own - theirs).max()),
        rejected=int((own < 0.05).sum()),
        rejected_lavaan=int((theirs < 0.05).sum()),
        versions=versions,
    )


def _pvalue(twin: Twin, readings: list) -> float:
    return next(one.pvalue for one in readings if one.target == twin.target)


def _lavaan(twin: Twin) -> tuple[str, np.ndarray]:
    """Return lavaan's versions and its p-values in the samples of the first replications."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for rep in range(REPS):
            twin.draw(generator(twin.cell, rep)).to_csv(folder / f"{rep}.csv", index=False)
        (folder / "less.txt").write_text(twin.less + "\n", encoding="utf-8")
        if twin.more:
            (folder / "more.txt").write_text(twin.more + "\n", encoding="utf-8")
        command = ["Rscript", str(HERE / "against_lavaan.R"), scratch, twin.options]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    versions, *values = told.split("\n")
    return versions.strip(), np.array([float(one) for one in values if one.strip()])


if __name__ == "__main__":
    main()
