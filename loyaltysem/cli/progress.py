"""Progress on the terminal, one line a step."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.study import Tell


@contextmanager
def shown_progress() -> Iterator[Tell]:
    """Show a progress bar on standard error while the body runs.

    Yields a function ``tell(step, done, total)`` for the study to call; nothing is drawn where
    standard error is not a terminal.
    """
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        task = bars.add_task("Reading the study", total=None)

        def tell(step: str, done: int, total: int) -> None:
            bars.update(task, description=step, completed=done, total=total)

        yield tell
