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

    from benchmarks.simulations.cell import Cell
    from benchmarks.simulations.running import CellResult

STORE = Path(__file__).parent / "results.json"
LAVAAN = Path(__file__).parent / "lavaan.json"
TABLE = Path(__file__).parents[2] / "docs" / "simulations.md"

BIAS = 0.02
COVERAGE = 0.02
TYPE_ONE = (0.04, 0.06)
TOLD = {cell.name: cell for cell in CELLS}
"""What is said of each cell, beside what was measured."""

OPENING = """\
# Simulations

What no reference program can confirm is confirmed by simulation: answers are drawn from a
population of known values and analysed, again and again. Bias should stay below 2 % of the true
value, intervals should cover it in 95 % of the samples (93 to 97 % are accepted; of 90 % intervals
88 to 92 %), and a test at the 5 % level should reject a true hypothesis in 4 to 6 % of them. Values
outside these limits are set in **bold**; the last section says of each why it stays. In (brackets)
are p-values from which no conclusion is drawn anywhere, measured to show why not.

With 2,000 replications chance alone moves a coverage of 95 % and a type I error of 5 % by ±1
percentage point (two standard errors), so that of a hundred exact tests some four fall outside; the
standard error of a bias stands beside it. Lost are replications that gave no estimates.

Made by `python -m benchmarks.simulations` (populations and analyses are in
`benchmarks/simulations/`), with {versions}.
"""

CHANCE = "within two standard errors of the limit, and so perhaps by chance"


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
    if LAVAAN.is_file():
        parts.append(_agreements(json.loads(LAVAAN.read_text(encoding="utf-8"))))
    parts.append(_outside(stored))
    text = "\n".join(parts)
    path.write_text(text, encoding="utf-8")
    return text


def _section(cell: dict) -> str:
    told = TOLD[cell["name"]]
    head = (
        f"## {told.title}\n\n"
        f"n = {cell['n']:,}, {cell['reps']:,} replications, {cell['lost']:,} lost "
        f"({cell['date']}).\n"
    )
    rows = [_row(Summary(**one)) for one in cell["summaries"]]
    table = [
        "| target | truth | mean | bias % | coverage % | type I % |",
        "|---|---:|---:|---:|---:|---:|",
        *rows,
    ]
    note = f"\n{told.note}\n" if told.note else ""
    return head + "\n" + "\n".join(table) + "\n" + note


def _row(one: Summary) -> str:
    marks = faults(one)
    error = "" if one.bias_se is None else f" ± {100 * one.bias_se:.1f}"
    type_one = _marked(one.type_one, "type I error" in marks)
    cells = [
        _number(one.truth, 3),
        _number(one.mean, 3),
        _marked(one.bias, "bias" in marks) + error,
        _marked(one.coverage, "coverage" in marks),
        type_one if one.judged else f"({type_one})",
    ]
    return f"| {one.target} | " + " | ".join(cells) + " |"


def faults(one: Summary) -> list[str]:
    """Return which limits a target misses; none where it is not judged."""
    return [kind for kind, share, low, high, _ in _limits(one) if not low <= share <= high]


def beyond_chance(one: Summary) -> list[str]:
    """Return which limits a target misses by more than two standard errors of the simulation."""
    return [
        kind
        for kind, share, low, high, error in _limits(one)
        if not low - 2 * error <= share <= high + 2 * error
    ]


def _limits(one: Summary) -> Iterator[tuple[str, float, float, float, float]]:
    """Yield what is judged of a target: kind, value, limits, standard error of the simulation."""
    if not one.judged:
        return
    if one.bias is not None:
        yield "bias", one.bias, -BIAS, BIAS, one.bias_se or 0.0
    if one.coverage is not None:
        low, high = one.confidence - COVERAGE, one.confidence + COVERAGE
        yield "coverage", one.coverage, low, high, _error_of_share(one.coverage, one.n)
    if one.type_one is not None:
        yield "type I error", one.type_one, *TYPE_ONE, _error_of_share(one.type_one, one.n)


def _error_of_share(share: float, n: int) -> float:
    return math.sqrt(share * (1 - share) / n)


def _number(value: float | None, decimals: int) -> str:
    return "" if value is None else f"{value:.{decimals}f}"


def _marked(share: float | None, marked: bool) -> str:
    text = "" if share is None else f"{100 * share:.1f}"
    return f"**{text}**" if marked else text


def _agreements(found: list[dict]) -> str:
    """Return the table of tests that were repeated in lavaan."""
    head = (
        "## The same samples in lavaan\n\n"
        "P-values of the first samples of some cells, beside those that lavaan gives for the same "
        "answers\n"
        f"(`python -m benchmarks.simulations.against_lavaan`; {found[0]['versions']}).\n\n"
        "| test | samples | largest difference of p | rejected | rejected by lavaan |\n"
        "|---|---:|---:|---:|---:|\n"
    )
    rows = [
        f"| {TOLD[one['cell']].title}: {one['target']} | {one['reps']} | {one['largest']:.0e} | "
        f"{one['rejected']} | {one['rejected_lavaan']} |\n"
        for one in found
    ]
    return head + "".join(rows)


def _outside(stored: dict[str, dict]) -> str:
    """Return the list of what misses its limit, each with the reason why it stays."""
    judged = [
        (TOLD[name], one)
        for name, cell in stored.items()
        for one in (Summary(**summary) for summary in cell["summaries"])
        if one.judged
    ]
    found = [(cell, one) for cell, one in judged if faults(one)]
    sure = sum(bool(beyond_chance(one)) for _, one in found)
    head = (
        f"## Outside the limits\n\n{len(found)} of {len(judged)} targets, {sure} of them by more "
        "than two standard errors of the simulation; each stays for the reason beside it.\n"
    )
    lines = [_line(cell, one) for cell, one in found]
    return head + ("\n" + "\n".join(lines) + "\n" if lines else "")


def _line(cell: Cell, one: Summary) -> str:
    values = {kind: share for kind, share, *_ in _limits(one)}
    missed = ", ".join(f"{kind} {100 * values[kind]:.2f} %" for kind in faults(one))
    reasons = [] if beyond_chance(one) else [CHANCE]
    reasons += [cell.why[one.target]] if one.target in cell.why else []
    return f"- {cell.title}: {one.target}, {missed}. {_sentence('; '.join(reasons))}".rstrip()


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""
