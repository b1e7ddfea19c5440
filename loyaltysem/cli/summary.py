"""One screen that says what a run found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from loyaltysem.results import ModelResult, ReliabilityResult, StudyResults

VERDICTS = {
    "supported": "[green]supported[/]",
    "not_supported": "[yellow]not supported[/]",
    "opposite": "[red]opposite sign[/]",
    "not_judged": "[magenta]not judged[/]",
}

MEASURES = ("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr")

SMALLEST_P = 0.001
"""Smaller ones are printed as in the report."""


def print_summary(results: StudyResults, written: Sequence[Path]) -> None:
    """Print sample, reliability, fit, hypotheses and notices, then where the files are."""
    console = Console()
    sample = results.sample
    console.print(f"[bold]{escape(_in_english(results.study.title))}[/]")
    if results.study.simulated:
        console.print("[magenta]The answers are simulated.[/]")
    console.print(f"{sample.n_analysed} of {sample.n_read} respondents analysed")
    for exclusion in sample.exclusions:
        console.print(f"  {exclusion.n} left out: {escape(_in_english(exclusion.reason))}")
    if results.reliability:
        console.print(_reliability(results.reliability))
    for model in results.models:
        console.print(_model(model))
    for notice in results.notices:
        console.print(f"[yellow]![/] {escape(notice.text)}")
    print_files(console, written)


def print_reports(written: Sequence[Path]) -> None:
    """Print where a report is and what lies beside it."""
    print_files(Console(), written)


def print_files(console: Console, written: Sequence[Path]) -> None:
    """Print the reports one a line, then how many other files stand in which folder."""
    reports = [path for path in written if path.name.startswith("report.")]
    console.print("\n[bold]Reports[/]")
    for path in reports:
        console.print(f"  {escape(str(path))}", soft_wrap=True, highlight=False)
    folders: dict[Path, list[str]] = {}
    for path in written:
        if path not in reports:
            folders.setdefault(path.parent, []).append(path.name)
    console.print("[bold]Beside them[/]")
    for folder, names in folders.items():
        console.print(f"  {_told(folder, names)}", soft_wrap=True, highlight=False)


FOLDERS = {
    "figures": "files of figures and editable diagrams",
    "reproduce": "files to fit the models in lavaan, Mplus and semopy",
}
"""What the folders of an output hold, where there is more to it than a few names."""


def _told(folder: Path, names: Sequence[str]) -> str:
    """Return what a folder holds: a count, or the names of a few files."""
    kind = FOLDERS.get(folder.name)
    where = escape(str(folder))
    return f"{where}: {len(names)} {kind}" if kind else f"{where}: {escape(', '.join(names))}"


def print_paths(paths: Sequence[Path]) -> None:
    """Print paths, one a line."""
    for path in paths:
        typer.echo(path)


def _in_english(text: dict[str, str]) -> str:
    return text.get("en") or next(iter(text.values()), "")


def _figure(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _p_value(value: float | None) -> str:
    return "<0.001" if value is not None and value < SMALLEST_P else _figure(value)


def _reliability(rows: Sequence[ReliabilityResult]) -> Table:
    table = Table("construct", "items", "alpha", box=None, header_style="bold")
    for row in rows:
        table.add_row(escape(_in_english(row.name)), str(row.n_items), _figure(row.alpha))
    return table


def _measure(name: str, value: float | None) -> str:
    return _p_value(value) if name == "pvalue" else _figure(value, 0 if name == "df" else 3)


def _model(model: ModelResult) -> RenderableType:
    fit = "  ".join(f"{name} {_measure(name, model.fit.get(name))}" for name in MEASURES)
    head = f"\n[bold]{escape(model.name)}[/]  {escape(model.estimator)}, n = {model.n}\n{fit}"
    table = Table("hypothesis", "path", "std.", "p", "verdict", box=None, header_style="bold")
    for one in model.hypotheses:
        figures = (_figure(one.std_all), _p_value(one.pvalue))
        table.add_row(escape(one.id), escape(one.path), *figures, VERDICTS[one.verdict])
    notices = [f"[yellow]![/] {escape(notice.text)}" for notice in model.notices]
    return Group(head, table, *notices) if model.hypotheses else Group(head, *notices)
