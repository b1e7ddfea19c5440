"""What a check found, on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from loyaltysem.study.checking import Change, StudyCheck

SHOWN = 60
COLOURS = {"hypothesis": "red", "conclusion": "red", "entry": "magenta", "count": "yellow"}


def print_check(check: StudyCheck) -> None:
    """Print whether a study's results are still the same, and what moved."""
    console = Console()
    name = escape(check.name)
    if check.from_moments:
        console.print(
            f"[yellow]![/] {name}: the answers are not here; the models were fitted to the stored "
            "moments. Analyses that need the answers were not checked."
        )
    for role in check.inputs_changed:
        console.print(f"[yellow]![/] {name}: the {escape(role)} file is another one than before.")
    if check.passed:
        console.print(f"[green]same[/] {name}: no number moved.")
        return
    console.print(f"[red]moved[/] {name}: {len(check.changes)} differences, the gravest first.")
    console.print(_table(check.changes))
    if len(check.changes) > SHOWN:
        console.print(f"… and {len(check.changes) - SHOWN} more.")


def _table(changes: tuple[Change, ...]) -> Table:
    table = Table(box=None, header_style="bold")
    for title in ("what", "where", "stored → now"):
        table.add_column(title, overflow="fold")
    for change in changes[:SHOWN]:
        colour = COLOURS.get(change.kind, "default")
        table.add_row(f"[{colour}]{change.kind}[/]", escape(change.place), escape(change.sentence))
    return table
