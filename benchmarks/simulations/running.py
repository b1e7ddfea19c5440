"""Run cells: every replication from its own seed, so that workers do not change the numbers."""

from __future__ import annotations

import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from benchmarks.simulations.cell import Cell, Reading, Summary, Tally
from benchmarks.simulations.cells import CELLS
from loyaltysem.errors import LoyaltysemError

SEED = 20260
CHUNK = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CellResult:
    """What one cell showed."""

    name: str
    n: int
    reps: int
    lost: int
    seconds: float
    date: str
    summaries: list[Summary]


def run_cell(cell: Cell, reps: int, workers: int = 1) -> CellResult:
    """Run ``reps`` replications of one cell."""
    started = time.perf_counter()
    tally = Tally()
    for some in _replications(cell, reps, workers):
        for readings in some:
            tally.add(readings)
    return CellResult(
        name=cell.name,
        n=cell.n,
        reps=reps,
        lost=tally.lost,
        seconds=time.perf_counter() - started,
        date=time.strftime("%Y-%m-%d"),
        summaries=tally.summaries(),
    )


def _replications(cell: Cell, reps: int, workers: int):
    starts = range(0, reps, CHUNK)
    tasks = [(cell.name, start, min(start + CHUNK, reps)) for start in starts]
    if workers == 1:
        yield from (replicate(*task) for task in tasks)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(replicate, *zip(*tasks, strict=True))


def replicate(name: str, start: int, stop: int) -> list[list[Reading]]:
    """Return the readings of some replications of a cell."""
    cell = next(one for one in CELLS if one.name == name)
    return [_one(cell, rep) for rep in range(start, stop)]


def generator(name: str, rep: int) -> np.random.Generator:
    """Return the random numbers of one replication of a cell."""
    return np.random.default_rng([SEED, crc32(name.encode()), rep])


def _one(cell: Cell, rep: int) -> list[Reading]:
    rng = generator(cell.name, rep)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return list(cell.run(rng))
        except (LoyaltysemError, np.linalg.LinAlgError):
            return []
