"""Time everything and write RESULTS.md.

python -m benchmarks                        all of it, about ten minutes with lavaan
python -m benchmarks --quick                fewer repeats and draws, under a minute
python -m benchmarks --only ml bootstrap    some of the comparisons with lavaan, nothing else
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.anatomy import anatomy
from benchmarks.cases import BOOTSTRAP, Case, comparisons, write_case
from benchmarks.programs import HERE, Lavaan, Loyaltysem, has_lavaan, in_turns
from benchmarks.report import Outcome, write_results
from benchmarks.scaling import by_cores, by_draws, by_rows, reports, studies

QUICK = ("ml", "mlr", BOOTSTRAP)
DRAWS = (500, 1000, 2000, 5000)
ROWS = (1_000, 10_000, 100_000, 1_000_000)
RESPONDENTS = 100_000
REPORTS = ((0, 0), (24, 96), (60, 222))
"""Constructs and items of the studies whose reports are timed; the first is the example."""


def main() -> None:
    """Run what the command line asks for."""
    cases = comparisons()
    options = read_options([case.name for case in cases])
    wanted = options.only or (QUICK if options.quick else [case.name for case in cases])
    chosen = [_shorter(case) if options.quick else case for case in cases if case.name in wanted]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        versions, compared = compare(chosen, folder)
        outcome = Outcome(versions=versions, compared=compared)
        if not options.only:
            outcome = replace(outcome, **beyond(folder, quick=options.quick))
    partial = options.quick or options.only
    file = Path(scratch).parent / "RESULTS.md" if partial else HERE / "RESULTS.md"
    print(write_results(outcome, file))
    print(f"Written to {file}")


def read_options(names: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under a minute")
    parser.add_argument("--only", nargs="+", choices=names, help="only these comparisons")
    return parser.parse_args()


def compare(cases: list[Case], folder: Path) -> tuple[str, list]:
    """Time both programs in turns; only ours where lavaan is not installed."""
    for case in cases:
        write_case(case, folder)
    with Loyaltysem(folder) as ours:
        if not has_lavaan():
            print("Rscript with lavaan was not found: only our own times.")
            return "lavaan not installed", [(case, *_told(case, ours, None)) for case in cases]
        with Lavaan(folder) as theirs:
            versions = theirs.ask("version")
            return versions, [(case, *_told(case, ours, theirs)) for case in cases]


def _told(case: Case, ours: Loyaltysem, theirs: Lavaan | None):
    print(f"{case.title} …", flush=True)
    return in_turns(case, ours, theirs)


def beyond(folder: Path, *, quick: bool) -> dict:
    """Measure growth, cores, studies and the parts of a bootstrap."""
    print("Growth, cores, studies …", flush=True)
    if quick:
        return {"by_rows": by_rows(folder, ROWS[:2]), "anatomy": anatomy(500)}
    return {
        "by_draws": by_draws(folder, DRAWS),
        "by_cores": by_cores(folder, DRAWS[-1]),
        "by_rows": by_rows(folder, ROWS),
        "studies": studies(folder, RESPONDENTS),
        "reports": reports(folder, REPORTS),
        "anatomy": anatomy(2000),
    }


def _shorter(case: Case) -> Case:
    draws = {"draws": 500, "draws_lavaan": 20} if case.draws else {}
    return replace(case, repeats=min(case.repeats, 3), repeats_lavaan=1, **draws)


if __name__ == "__main__":
    main()
