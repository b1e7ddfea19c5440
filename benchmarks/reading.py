"""Time the reading of a million respondents; print what it takes beside pandas.

python -m benchmarks.reading               1,000,000 respondents, 60 items
python -m benchmarks.reading --rows 10000
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

import loyaltysem as ls
from loyaltysem.questionnaire import Construct, Item, Questionnaire, Scale

CONSTRUCTS, ITEMS = 12, 5


def main() -> None:
    """Write the files, read them, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    n = parser.parse_args().rows
    asked = questionnaire()
    with tempfile.TemporaryDirectory() as scratch:
        paths = write_files(asked, n, Path(scratch))
        print(f"{n:,} respondents, {CONSTRUCTS * ITEMS} items: read, checked, recoded, scored")
        print("| file | seconds | pandas alone | ratio | peak memory (GB) |")
        print("|---|---:|---:|---:|---:|")
        for path in paths:
            ours = timed(lambda path=path: scored(path, asked))
            theirs = timed(lambda path=path: plain(path))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
            kind = path.suffix.removeprefix(".")
            print(f"| {kind} | {ours:.1f} | {theirs:.1f} | {ours / theirs:.1f} | {peak:.1f} |")


def questionnaire() -> Questionnaire:
    """Return a questionnaire of twelve constructs with five items, the last one reverse."""

    def both(text: str) -> dict[str, str]:
        return {"en": text, "zh": text}

    return Questionnaire(
        name="benchmark",
        version="1",
        title=both("Benchmark"),
        scale=Scale(highest=7, labels={1: both("No"), 7: both("Yes")}),
        constructs=tuple(
            Construct(
                code=f"c{c}",
                name=both(f"Construct {c}"),
                source="none",
                items=tuple(
                    Item(code=f"c{c}_{k}", wording=both(f"Item {c} {k}"), reverse=k == ITEMS)
                    for k in range(1, ITEMS + 1)
                ),
            )
            for c in range(1, CONSTRUCTS + 1)
        ),
    )


def write_files(asked: Questionnaire, n: int, folder: Path) -> list[Path]:
    """Write random answers, one in a hundred missing, as Parquet and CSV."""
    rng = np.random.default_rng(7)
    columns = {}
    for code in asked.item_codes:
        given = pd.array(rng.integers(1, 8, n), dtype="Int8")
        given[rng.random(n) < 0.01] = pd.NA
        columns[code] = given
    frame = pd.DataFrame(columns)
    paths = [folder / "answers.parquet", folder / "answers.csv"]
    frame.to_parquet(paths[0])
    frame.to_csv(paths[1], index=False)
    return paths


def scored(path: Path, asked: Questionnaire) -> pd.DataFrame:
    """Read the answers and return the construct scores."""
    responses = ls.read_responses(path, asked)
    return pd.DataFrame(
        {one.code: responses.construct_answers(one.code).mean(axis=1) for one in asked.constructs}
    )


def plain(path: Path) -> pd.DataFrame:
    """Read the file with pandas, unchecked."""
    return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)


def timed(call) -> float:
    """Return the seconds a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
