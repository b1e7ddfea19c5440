"""What a check found, on one screen."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from loyaltysem.study.checking import Change, StudyCheck

SHOWN = 60
WIDTH_OF_LOGS = 180
PLURALS = {
    "hypothesis": "hypotheses",
    "conclusion": "conclusions",
    "entry": "entries",
    "count": "counts",
    "number": "numbers",
    "text": "texts",
}
COLOURS = {"hypothesis": "red", "conclusion": "red", "entry": "magenta", "count": "yellow"}


def print_check(check: StudyCheck) -> None:
    """Print whether a study's results are still the same, and what moved."""
    console = Console()
    if not console.is_terminal:  # a log, which has room
        console = Console(width=WIDTH_OF_LOGS)
    name = escape(check.name)
    for note in check.notes:
        console.print(f"[yellow]![/] {name}: {escape(note)}")
    if check.passed:
        console.print(f"[green]same[/] {name}: no number moved.")
        return
    console.print(f"[red]moved[/] {name}: {_counted(check.changes)}, the gravest first.")
    console.print(_table(check.changes))
    if len(check.changes) > SHOWN:
        console.print(f"… and {len(check.changes) - SHOWN} more.")


def _counted(changes: tuple[Change, ...]) -> str:
    """Return ``1 hypothesis, 2 conclusions, 30 numbers``."""
    counts = Counter(change.kind for change in changes)
    return ", ".join(f"{n} {kind if n == 1 else PLURALS[kind]}" for kind, n in counts.items())


def _table(changes: tuple[Change, ...]) -> Table:
    table = Table(box=None, header_style="bold")
    for title in ("what", "where", "stored → now"):
        table.add_column(title, overflow="fold")
    for change in changes[:SHOWN]:
        colour = COLOURS.get(change.kind, "default")
        table.add_row(f"[{colour}]{change.kind}[/]", escape(change.place), escape(change.sentence))
    return table
