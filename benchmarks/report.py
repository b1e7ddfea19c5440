"""RESULTS.md: the tables of one run."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.anatomy import Anatomy
    from benchmarks.cases import Case
    from benchmarks.programs import Timing
    from benchmarks.scaling import Row

OPENING = """\
# Speed

Written by `python -m benchmarks` (`make bench`). Both programs run in the same session and take
turns, on one core each (one BLAS thread) unless said otherwise. Times are CPU seconds (user and
system), the median of repeated calls after one that does not count; other work on the machine
hardly changes them, and what it does change happens to both. Each call is what a user makes: the
rows are loaded; estimates, standard errors, test, baseline model and all fit measures are inside
(lavaan: `sem()` and `fitMeasures()`). The data are simulated from the population of the example
study (six antecedents of loyalty, 34 five-point items, 91 parameters).
"""

NOTES = """\
* Bootstrap: lavaan's `bootstrapLavaan` is timed on fewer draws ({lavaan_draws}) and scaled. Ours
  also evaluates the standardized estimates of every draw and the acceleration of BCa intervals.
* The chi-square values show that both did the same work; where the last digit differs, lavaan's EM
  for the saturated model stopped earlier.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """All that was measured; a part that was left out is empty."""

    versions: str
    compared: list[tuple[Case, Timing, Timing | None]] = field(default_factory=list)
    by_draws: list[Row] = field(default_factory=list)
    by_cores: list[Row] = field(default_factory=list)
    by_rows: list[Row] = field(default_factory=list)
    studies: list[Row] = field(default_factory=list)
    reports: list[Row] = field(default_factory=list)
    anatomy: Anatomy | None = None


def write_results(outcome: Outcome, file: Path) -> str:
    """Write the report and return its text."""
    parts = [
        OPENING,
        machine(outcome.versions),
        comparison(outcome),
        cores(outcome),
        draws(outcome.by_draws),
        rows(outcome.by_rows),
        studies(outcome.studies),
        reports(outcome.reports),
        anatomy(outcome.anatomy),
    ]
    text = "\n".join(part for part in parts if part)
    file.write_text(text, encoding="utf-8")
    return text


def machine(versions: str) -> str:
    """Describe the machine and the versions, not who owns it."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", info.read_text()) if info.exists() else None
    cpu = found[1].strip() if found else platform.machine()
    load = f", load {os.getloadavg()[0]:.1f} when it ended" if hasattr(os, "getloadavg") else ""
    ours = ", ".join(f"{name} {version(name)}" for name in ("loyaltysem", "numpy", "scipy"))
    when = datetime.now(UTC).date()
    return (
        f"{when}: {cpu}, {os.cpu_count()} cores{load}; {platform.system()}, "
        f"Python {platform.python_version()}, {ours}; {versions}.\n"
    )


def comparison(outcome: Outcome) -> str:
    """Tabulate the calls of both programs."""
    if not outcome.compared:
        return ""
    lines = [_compared(*one) for one in outcome.compared]
    head = ("call", "here, s", "lavaan, s", "ratio", "goal", "chi-square here / lavaan")
    boot = [str(case.draws_lavaan) for case, _, _ in outcome.compared if case.draws]
    notes = NOTES if boot else NOTES.split("\n", 2)[2]
    notes = notes.replace("{lavaan_draws}", ", ".join(boot))
    return "## One core, in turns\n\n" + table(head, lines) + "\n" + notes


def _compared(case: Case, ours: Timing, theirs: Timing | None) -> tuple[str, ...]:
    goal = f"{case.goal:.0f}"
    value = "" if case.draws else f"{ours.value:.3f}"
    if theirs is None:
        return case.title, f"{ours.median:.3f}", "not installed", "", goal, value
    other = theirs.median * (case.draws / case.draws_lavaan if case.draws else 1)
    both = "" if case.draws else f"{value} / {theirs.value:.3f}"
    ratio = f"**{other / ours.median:.0f}**"
    return case.title, f"{ours.median:.3f}", f"{other:.2f}", ratio, goal, both


def cores(outcome: Outcome) -> str:
    """Tabulate the bootstrap on one and two cores."""
    if not outcome.by_cores:
        return ""
    other = [theirs for case, _, theirs in outcome.compared if case.draws and theirs]
    scaled = [case.draws / case.draws_lavaan for case, _, _ in outcome.compared if case.draws]
    theirs = other[0].median * scaled[0] if other else None
    lines = [
        (
            f"{row['cores']:.0f}",
            f"{row['elapsed']:.1f}",
            f"{row['cpu']:.1f}",
            "" if theirs is None else f"{theirs / row['elapsed']:.0f}",
            f"{row['peak']:.0f}",
            f"{row['failed']:.0f}",
        )
        for row in outcome.by_cores
    ]
    head = ("cores", "elapsed, s", "CPU, s", "ratio", "peak, MiB", "failed")
    note = (
        "\nThe ratio is of lavaan's CPU seconds on one core to the time that elapsed, which other "
        "work on the\nmachine lengthens (see the load above). Goals: 50 on one core, 90 on two; "
        "less than 8 s and 1,024 MiB\non two.\n"
    )
    return "## Bootstrap on one and two cores\n\n" + table(head, lines) + note


def draws(found: list[Row]) -> str:
    """Tabulate the growth with draws."""
    if not found:
        return ""
    lines = [
        (
            f"{row['draws']:,.0f}",
            f"{row['cpu']:.2f}",
            f"{1e3 * row['cpu'] / row['draws']:.2f}",
            f"{row['peak']:.0f}",
        )
        for row in found
    ]
    return "## Growth with draws\n\n" + table(("draws", "CPU, s", "ms a draw", "peak, MiB"), lines)


def rows(found: list[Row]) -> str:
    """Tabulate the growth with rows."""
    if not found:
        return ""
    lines = [
        (
            f"{row['n']:,.0f}",
            f"{row['whole']:.3f}",
            f"{row['after']:.3f}",
            f"{row['peak']:.0f}",
        )
        for row in found
    ]
    head = ("rows", "fit on rows, s", "fit on their moments, s", "peak, MiB")
    note = "\nA single ML fit with all measures. Only the moments of the rows take longer with n.\n"
    return "## Growth with rows\n\n" + table(head, lines) + note


def studies(found: list[Row]) -> str:
    """Tabulate whole studies."""
    if not found:
        return ""
    lines = [
        (f"{row['n']:,.0f}", f"{row['elapsed']:.1f}", f"{row['cpu']:.1f}", f"{row['peak']:.0f}")
        for row in found
    ]
    head = ("respondents", "elapsed, s", "CPU, s", "peak, MiB")
    note = (
        "\n`loyaltysem run` from answers (37 items, an attention check, six demographics) to HTML "
        "and Word in\ntwo languages. Goals: 15 s for the example; 60 s and 2,048 MiB for 100,000 "
        "respondents.\n"
    )
    return "## Whole studies\n\n" + table(head, lines) + note


def reports(found: list[Row]) -> str:
    """Tabulate reports made from stored results."""
    if not found:
        return ""
    lines = [
        (
            f"{row['constructs']:.0f} constructs, {row['items']:.0f} items"
            if row["items"]
            else "the example",
            f"{row['pages']:.0f}",
            f"{row['elapsed']:.1f}",
            f"{row['cpu']:.1f}",
            f"{row['peak']:.0f}",
        )
        for row in found
    ]
    head = ("study", "pages, PDF", "elapsed, s", "CPU, s", "peak, MiB")
    note = (
        "\nAll formats in one language, from stored results. Goals: 12 s for the example; 60 s for "
        "200 pages.\n"
    )
    return "## Reports\n\n" + table(head, lines) + note


def anatomy(found: Anatomy | None) -> str:
    """Say where the time of a bootstrap goes."""
    if found is None:
        return ""
    parts = {
        "drawing rows, moments": found.sampling,
        "values and gradients": found.gradients,
        "search directions, bookkeeping": found.search,
        "standardized estimates, acceleration": found.afterwards,
    }
    lines = [
        (name, f"{1e3 * seconds / found.draws:.3f}", f"{seconds / found.total:.0%}")
        for name, seconds in parts.items()
    ]
    reached = found.mflop / found.microseconds
    bound = 1e3 * found.mflop / found.gflops * found.n_gradients / found.draws / 1e3
    note = (
        f"\n{found.n_gradients / found.draws:.1f} gradients a draw, {found.microseconds:.0f} µs "
        f"each. A gradient takes {found.mflop:.3f} Mflop\n(Woodbury's form, loadings as a dense "
        f"matrix), so {1e3 * reached:.1f} Gflop/s are reached, where the largest\nproduct of "
        f"the gradient alone runs at {found.gflops:.1f} Gflop/s: the gradients of a draw "
        f"could not take less\nthan {bound:.3f} ms that way.\n"
    )
    return "## Where the time of a draw goes\n\n" + table(("part", "ms", "share"), lines) + note


def table(head: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    """Return a table in Markdown; all columns but the first are numbers."""
    head = list(head)
    rule = [":--", *["--:"] * (len(head) - 1)]
    return "".join(f"| {' | '.join(line)} |\n" for line in (head, rule, *lines))
