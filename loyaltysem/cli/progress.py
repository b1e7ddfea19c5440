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
def shown_progress(first: str) -> Iterator[Tell]:
    """Show a progress bar on standard error while the body runs.

    ``first`` is what is being done until ``tell(step, done, total)``, the function that is
    yielded, is called. Nothing is drawn where standard error is not a terminal.
    """
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
    )
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bars:
        task = bars.add_task(first, total=None)

        def tell(step: str, done: int, total: int) -> None:
            bars.update(task, description=step, completed=done, total=total)

        yield tell
