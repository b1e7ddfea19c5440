"""Run the simulations and write docs/simulations.md.

python -m benchmarks.simulations               2,000 replications, a few hours of one core
python -m benchmarks.simulations --look        40 replications, printed and not stored
python -m benchmarks.simulations --only lms    some cells; the others stay as they are stored
python -m benchmarks.simulations --workers 2   the numbers do not depend on it
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.simulations.cells import CELLS
from benchmarks.simulations.report import STORE, TABLE, store, write_table
from benchmarks.simulations.running import run_cell

FULL, LOOK = 2000, 40


def main() -> None:
    """Run what the command line asks for."""
    options = read_options()
    chosen = [cell for cell in CELLS if cell.name in (options.only or [cell.name])]
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) if options.look else None
        for cell in chosen:
            result = run_cell(cell, LOOK if options.look else options.reps, options.workers)
            print(f"{cell.name}: {result.reps} replications, {result.seconds:.0f} s", flush=True)
            stored = store([result], folder / STORE.name if folder else STORE)
            text = write_table(stored, folder / TABLE.name if folder else TABLE)
    print(text if options.look else f"Written to {TABLE}")


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulations", description=__doc__)
    parser.add_argument("--reps", type=int, default=FULL, help="replications of each cell")
    parser.add_argument("--look", action="store_true", help=f"{LOOK} replications, not stored")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    names = [cell.name for cell in CELLS]
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=", ".join(names))
    return parser.parse_args()


if __name__ == "__main__":
    main()
