"""The table of all simulations: ``docs/simulations.md``, from ``results.json`` beside this file."""

from __future__ import annotations

import json
import math
import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.simulations.cell import Summary
from benchmarks.simulations.cells import CELLS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from benchmarks.simulations.running import CellResult

STORE = Path(__file__).parent / "results.json"
TABLE = Path(__file__).parents[2] / "docs" / "simulations.md"

BIAS = 0.02
COVERAGE = 0.02
TYPE_ONE = (0.04, 0.06)

OPENING = """\
# Simulations

What no reference program can confirm is confirmed by simulation: answers are drawn from a
population of known values and analysed, again and again. Bias should stay below 2 %, intervals
should cover the truth in 95 % of the samples (93 to 97 % are accepted; of 90 % intervals 88 to
92 %), and a test at the 5 % level should reject a true hypothesis in 4 to 6 % of them. Values
outside these limits are set in **bold**. With 2,000 replications chance alone moves a coverage of
95 % by ±1 percentage point and a type I error of 5 % by ±1 point (two standard errors), with 500 by
twice as much. Lost are replications that gave no estimates.

Made by `python -m benchmarks.simulations` (populations and analyses are in
`benchmarks/simulations/`), with {versions}.
"""


def store(results: Iterable[CellResult], path: Path = STORE) -> dict[str, dict]:
    """Put results into the store, in the place of earlier ones of the same cells."""
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    known |= {one.name: asdict(one) for one in results}
    ordered = {cell.name: known[cell.name] for cell in CELLS if cell.name in known}
    path.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return ordered


def write_table(stored: dict[str, dict], path: Path = TABLE) -> str:
    """Write the table of all stored cells and return its text."""
    versions = (
        f"Python {platform.python_version()}, numpy {version('numpy')}, scipy {version('scipy')}"
    )
    parts = [OPENING.format(versions=versions)]
    parts += [_section(cell) for cell in stored.values()]
    parts.append(_outside(stored))
    text = "\n".join(parts)
    path.write_text(text, encoding="utf-8")
    return text


def _section(cell: dict) -> str:
    head = (
        f"## {cell['title']}\n\n"
        f"n = {cell['n']}, {cell['reps']:,} replications, {cell['lost']:,} lost ({cell['date']}).\n"
    )
    rows = [_row(Summary(**one)) for one in cell["summaries"]]
    table = [
        "| target | truth | mean | bias % | coverage % | type I % |",
        "|---|---:|---:|---:|---:|---:|",
        *rows,
    ]
    note = f"\n{cell['note']}\n" if cell["note"] else ""
    return head + "\n" + "\n".join(table) + "\n" + note


def _row(one: Summary) -> str:
    marks = faults(one)
    cells = [
        _number(one.truth, 3),
        _number(one.mean, 3),
        _marked(one.bias, "bias" in marks),
        _marked(one.coverage, "coverage" in marks),
        _marked(one.type_one, "type I error" in marks),
    ]
    return f"| {one.target} | " + " | ".join(cells) + " |"


def faults(one: Summary) -> list[str]:
    """Return which limits a target misses."""
    return [kind for kind, share, low, high in _limits(one) if not low <= share <= high]


def beyond_chance(one: Summary) -> list[str]:
    """Return which limits a target misses by more than two standard errors of the simulation."""
    return [
        kind
        for kind, share, low, high in _limits(one)
        if kind != "bias" and not low - _chance(share, one) <= share <= high + _chance(share, one)
    ]


def _limits(one: Summary) -> Iterator[tuple[str, float, float, float]]:
    """Yield what is judged of a target: kind, value, least and greatest value that is accepted."""
    if one.bias is not None:
        yield "bias", one.bias, -BIAS, BIAS
    if one.coverage is not None:
        yield "coverage", one.coverage, one.confidence - COVERAGE, one.confidence + COVERAGE
    if one.type_one is not None:
        yield "type I error", one.type_one, *TYPE_ONE


def _chance(share: float, one: Summary) -> float:
    return 2 * math.sqrt(share * (1 - share) / one.n)


def _number(value: float | None, decimals: int) -> str:
    return "" if value is None else f"{value:.{decimals}f}"


def _marked(share: float | None, marked: bool) -> str:
    text = "" if share is None else f"{100 * share:.1f}"
    return f"**{text}**" if marked else text


def _outside(stored: dict[str, dict]) -> str:
    """Return the list of what misses its limit, and by more than chance."""
    found = [
        (cell["title"], one, beyond_chance(one))
        for cell in stored.values()
        for one in (Summary(**summary) for summary in cell["summaries"])
        if faults(one)
    ]
    total = sum(len(cell["summaries"]) for cell in stored.values())
    sure = sum(bool(beyond) for _, _, beyond in found)
    head = (
        f"## Outside the limits\n\n{len(found)} of {total} targets, {sure} of them by more than two"
        " standard errors of the simulation (marked *).\n"
    )
    lines = [
        f"- {title}: {one.target} ({', '.join(faults(one))}){' *' if beyond else ''}"
        for title, one, beyond in found
    ]
    return head + ("\n" + "\n".join(lines) + "\n" if lines else "")
