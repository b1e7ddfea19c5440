"""Markdown in a terminal; the cells of a table are folded, never cut off."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Group
from rich.markdown import Markdown
from rich.padding import Padding
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

CELL = re.compile(r"(?<!\\)\|")


def in_terminal(lines: Iterable[str]) -> RenderableType:
    """Return lines of Markdown as something to print.

    Chinese has no blanks to break at: rich's own tables would end a long cell with an ellipsis.
    """
    return Group(*_blocks(lines))


def _blocks(lines: Iterable[str]) -> Iterator[RenderableType]:
    for is_table, group in groupby(lines, key=lambda line: line.startswith("|")):
        block = list(group)
        yield Padding(_table(block), (1, 0)) if is_table else Markdown("\n".join(block))


def _table(lines: list[str]) -> Table:
    heads, _, *rows = (_cells(line) for line in lines)
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(Markdown(cell) if "*" in cell else cell for cell in row))
    return table


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in CELL.split(line)[1:-1]]
