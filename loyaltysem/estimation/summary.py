"""What ``print(fit)`` shows: how it was estimated, how well it fits, and what was found."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING, Literal, NamedTuple

from loyaltysem.estimation.fit_summary import first_corrected
from loyaltysem.estimation.summary_fit import fit_lines, number_text, pvalue_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pandas as pd

    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.estimation.summary_fit import FitLine

COLUMNS = ("Estimate", "Std.Err", "z", "p", "Std.lv", "Std.all")
NO_TEST = "No test of fit."
NARROWEST = 24
"""Least width of the column of names."""

MISSING_NAMES = {
    "ml": "full-information ML",
    "ml.x": "full-information ML",
    "two.stage": "two-stage ML (EM moments)",
    "robust.two.stage": "robust two-stage ML (EM moments)",
}


class Line(NamedTuple):
    """One line of the table of estimates: what it is, what it is called, and its numbers."""

    kind: Literal["group", "section", "heading", "member", "row"]
    name: str
    cells: tuple[str, ...] = ()


class _Section(NamedTuple):
    """One block of the table of estimates: its heading, its rows, and how a row is named."""

    title: str
    keep: Callable[[pd.Series], bool]
    name: Callable[[pd.Series], str]
    heading: Callable[[pd.Series], str] | None = None


SECTIONS = (
    _Section("Latent variables", lambda r: r.op == "=~", lambda r: r.rhs, lambda r: f"{r.lhs} =~"),
    _Section("Regressions", lambda r: r.op == "~", lambda r: r.rhs, lambda r: f"{r.lhs} ~"),
    _Section(
        "Covariances",
        lambda r: r.op == "~~" and r.lhs != r.rhs,
        lambda r: r.rhs,
        lambda r: f"{r.lhs} ~~",
    ),
    _Section("Intercepts", lambda r: r.op == "~1", lambda r: r.lhs),
    _Section("Thresholds", lambda r: r.op == "|", lambda r: f"{r.lhs}|{r.rhs}"),
    _Section("Variances", lambda r: r.op == "~~" and r.lhs == r.rhs, lambda r: r.lhs),
    _Section("Scales", lambda r: r.op == "~*~", lambda r: r.lhs),
    _Section("Defined parameters", lambda r: r.op == ":=", lambda r: r.lhs),
    _Section(
        "Constraints",
        lambda r: r.op in {"==", "<", ">"},
        lambda r: f"{r.lhs} {r.op} {r.rhs}",
    ),
)


def one_line(fit: Fit) -> str:
    """Return ``<Fit ML: n = 301, 21 parameters, chisq(24) = 85.31, p < .001>``."""
    parts = [f"n = {fit.n}", f"{fit.npar} parameters"]
    if fit.tests:
        test = first_corrected(fit.tests) or fit.tests[-1]
        parts.append(f"chisq({test.df:g}) = {test.statistic:.2f}")
        if test.pvalue is not None:
            parts.append(f"p {'< .001' if test.pvalue < 0.0005 else f'= {test.pvalue:.3f}'}")
    if not fit.converged:
        parts.append("NOT CONVERGED")
    return f"<Fit {fit.options.estimator}: {', '.join(parts)}>"


def summary_text(fit: Fit) -> str:
    """Return the whole account of a fit as text."""
    blocks = [title(fit) + "\n", *_notices(fit), *_pairs(how_estimated(fit)), "", *_fit_block(fit)]
    return "\n".join([*blocks, *_table(list(estimate_lines(fit)))]) + "\n"


def _table(lines: list[Line]) -> Iterator[str]:
    """Yield the lines of the table of estimates, the column of names as wide as they need it."""
    width = max([NARROWEST, *(_width(_indented(line)) + 1 for line in lines if line.cells)])
    for line in lines:
        if line.kind in ("group", "section"):
            yield ""
        name = _indented(line)
        cells = COLUMNS if line.kind == "section" else line.cells
        padding = " " * (width - _width(name)) if cells else ""
        yield name + padding + "".join(f"{cell:>9}" for cell in cells)


def _indented(line: Line) -> str:
    return {"heading": "  ", "row": "  ", "member": "    "}.get(line.kind, "") + line.name


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def title(fit: Fit) -> str:
    """Return what was estimated, and whether it was found."""
    state = f"converged after {fit.iterations} iterations" if fit.converged else "NOT CONVERGED"
    return f"Structural equation model, {fit.options.estimator} ({state})"


def _notices(fit: Fit) -> list[str]:
    lines = [f"! {notice}" for notice in fit.notices]
    return [*lines, ""] if lines else []


def how_estimated(fit: Fit) -> dict[str, str]:
    """Return what was done, as (label, value) in order."""
    options = fit.options
    facts = {
        "Observations": _observations(fit),
        "Free parameters": _parameters(fit),
        "Missing values": MISSING_NAMES.get(options.missing, options.missing),
        "Standard errors": options.se,
        "Information": options.information[0],
    }
    if options.engine != "native":
        facts["Engine"] = options.engine
    return facts


def _observations(fit: Fit) -> str:
    lost = fit.moments.n_read - fit.n
    used = f"{fit.n} of {fit.moments.n_read} rows" if lost else f"{fit.n}"
    if fit.table.n_groups == 1:
        return used
    sizes = zip(fit.table.group_labels, fit.n_per_group, strict=True)
    return f"{used} ({', '.join(f'{label}: {n}' for label, n in sizes)})"


def _parameters(fit: Fit) -> str:
    tied = fit.table.n_free - fit.npar
    return f"{fit.npar}" + (f" ({fit.table.n_free} less {tied} by equality)" if tied else "")


def _pairs(facts: dict[str, str]) -> list[str]:
    return [f"  {label:<34}{value}" for label, value in facts.items()]


def _fit_block(fit: Fit) -> list[str]:
    """Return the block of tests and indices, its columns as wide as their widest number."""
    lines = fit_lines(fit)
    if not lines:
        return [NO_TEST]
    most = max(len(line.cells) for line in lines)
    full = [line.cells for line in lines if len(line.cells) == most]
    widths = [max(map(len, column)) + 2 for column in zip(*full, strict=True)]
    heading, *rest = lines
    return [_fit_line("", heading, widths), *(_fit_line("  ", line, widths) for line in rest)]


def _fit_line(inset: str, line: FitLine, widths: list[int]) -> str:
    cells = zip(line.cells, widths, strict=False)
    numbers = "".join(f"{cell:>{width}}" for cell, width in cells)
    return f"{inset + line.label:<30}{numbers}".rstrip()


def estimate_lines(fit: Fit) -> Iterator[Line]:
    """Yield the table of estimates: groups, sections, and in them the parameters."""
    estimates = fit.estimates()
    for group, label in enumerate(fit.table.group_labels, start=1):
        if fit.table.n_groups > 1:
            yield Line("group", f"Group {group} [{label}]")
        yield from _of_group(estimates[estimates["group"] == group])
    yield from _of_group(estimates[estimates["group"] == 0])


def _of_group(rows: pd.DataFrame) -> Iterator[Line]:
    for section in SECTIONS:
        kept = [row for _, row in rows.iterrows() if section.keep(row)]
        if kept:
            yield Line("section", section.title)
            yield from _of_section(section, kept)


def _of_section(section: _Section, rows: Iterable[pd.Series]) -> Iterator[Line]:
    before = None
    for row in rows:
        if section.heading is not None and (heading := section.heading(row)) != before:
            before = heading
            yield Line("heading", heading)
        label = f" ({row.label})" if row.label and row.op != ":=" else ""
        kind: Literal["row", "member"] = "row" if section.heading is None else "member"
        yield Line(kind, section.name(row) + label, _cells(row))


def _cells(row: pd.Series) -> tuple[str, ...]:
    fixed = row.se == 0 or math.isnan(row.se)
    inference = ("", "", "") if fixed else (_number(row.se), _number(row.z), _pvalue(row.pvalue))
    return (_number(row.est), *inference, _number(row.std_lv), _number(row.std_all))


def _number(value: float) -> str:
    return "" if math.isnan(value) else number_text(value)


def _pvalue(value: float) -> str:
    return "" if math.isnan(value) else pvalue_text(value)
