"""A report before it has a format: headings, paragraphs, tables and figures in reading order.

Sections describe, this module holds what they described, writers put it into HTML or Word. Table
cells carry the raw value and what kind of value it is; how it is written is decided by
:mod:`loyaltysem.report.numbers`, the same for every format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from loyaltysem.errors import ReportError
from loyaltysem.report.numbers import APA, NBSP, Kind, NumberStyle, stars, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

# Controls that XML and HTML do not allow, and marks that reorder the text around them.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)

Style = Literal["plain", "italic", "bold", "code", "sub", "sup"]

TableStyle = Literal["three_line", "apa"]
"""Thick outer rules and a caption on one line, or even rules and number and title on two lines."""


LINE_ENDS = re.compile("[\u2028\u2029\x85]")
"""Line ends that some programs know and others print."""


def printable(text: str) -> str:
    """Return text without characters that no document can hold or that would reorder its line."""
    return UNPRINTABLE.sub("", LINE_ENDS.sub("\n", text))


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style; characters that no document can hold are dropped."""

    text: str
    style: Style = "plain"

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", printable(self.text))


@dataclass(frozen=True, slots=True)
class Reference:
    """A mention of a table, figure or section by its key; writers show 'Table 3' and link it."""

    key: str


Inline = Run | Reference
Line = tuple[Inline, ...]


def plain(text: str) -> Line:
    """Return text as a line in one plain run."""
    return (Run(text),)


def as_text(line: Line) -> str:
    """Return the line's text without styles (references show their key)."""
    return "".join(part.text if isinstance(part, Run) else part.key for part in line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A section heading; ``level`` counts from 1; ``number`` is filled when the report is built."""

    key: str
    level: int
    text: Line
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text."""

    text: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list of short statements, or with ``hanging`` of works in the style of a reference list."""

    items: tuple[Line, ...]
    hanging: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout:
    """What a reader must not miss."""

    title: Line
    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Text to copy, such as model syntax."""

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", printable(self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One table cell.

    ``value`` is the raw value (a pair for an interval); ``pvalue`` adds stars; ``limit`` is the
    cut-off the value is judged by; ``prefix`` stands before it (``<``); ``rows`` is the number of
    rows it spans.
    """

    value: float | str | Line | tuple[float | None, float | None] | None
    kind: Kind = Kind.TEXT
    pvalue: float | None = None
    limit: float | None = None
    prefix: str = ""
    rows: int = 1
    strong: bool = False

    def text(self, style: NumberStyle = APA) -> str:
        """Return what is printed, without stars."""
        if isinstance(self.value, str):
            return printable(self.value)
        if isinstance(self.value, tuple):
            return self._pair(self.value, style)
        number = written(self.value, self.kind, style, limit=self.limit)
        return f"{self.prefix}{NBSP}{number}" if self.prefix else number

    def stars(self, style: NumberStyle = APA) -> str:
        """Return the stars after the value."""
        return stars(self.pvalue, style)

    def _pair(self, value: tuple[object, ...], style: NumberStyle) -> str:
        ends = [end for end in value if end is None or isinstance(end, float | int)]
        if len(ends) != len(value):
            return as_text(tuple(part for part in value if isinstance(part, Run | Reference)))
        if None in ends:
            return style.missing
        return f"[{', '.join(written(end, self.kind, style) for end in ends)}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A table column; the first ``text`` column names the row."""

    title: Line
    align: Literal["text", "number", "centre"] = "number"
    starred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A table row. ``group`` rows head a block and have one cell over all columns.

    Cells under a spanning cell of an earlier row are left out.
    """

    cells: tuple[Cell, ...]
    group: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A three-line table with its caption above and notes below."""

    key: str
    caption: Line
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[Line, ...] = ()
    number: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "notes", tuple(note for note in self.notes if note))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A picture with its caption below; ``svg`` for the screen, ``png()`` where vectors fail."""

    key: str
    caption: Line
    alt: str
    svg: str
    png: Callable[[], bytes]
    notes: tuple[Line, ...] = ()
    number: int = 0

    def stem(self, language: str) -> str:
        """Return the name of the picture's files in one language, without their endings."""
        return f"figures/{self.key.removeprefix('figure_').replace('_', '-')}.{language}"


def cell_line(cell: Cell, style: NumberStyle = APA) -> Line:
    """Return what a cell prints, without stars, as a line."""
    if cell.kind is Kind.TEXT and isinstance(cell.value, tuple):
        return tuple(part for part in cell.value if isinstance(part, Run | Reference))
    return plain(cell.text(style))


def colon(language: str) -> str:
    """Return what stands between the word 'Note' and the note."""
    return "：" if language == "zh" else "."


def grid(table: Table) -> tuple[tuple[Cell | None, ...], ...]:
    """Return each row's cells column by column, None where a cell from above reaches down.

    Group rows are returned as they are: one cell.
    """
    reach = [0] * len(table.columns)
    return tuple(row.cells if row.group else _placed(row, reach) for row in table.rows)


def cell_texts(table: Table, style: NumberStyle = APA) -> list[list[str]]:
    """Return what a table prints, row by row, stars included; empty under a spanning cell."""
    return [
        ["" if cell is None else cell.text(style) + cell.stars(style) for cell in row]
        for row in grid(table)
    ]


def _placed(row: Row, reach: list[int]) -> tuple[Cell | None, ...]:
    """Return a row's cells at their columns; ``reach`` counts the rows still covered, in place."""
    waiting = iter(row.cells)
    placed: list[Cell | None] = []
    for column, covered in enumerate(reach):
        cell = None if covered else next(waiting)
        reach[column] = covered - 1 if cell is None else cell.rows - 1
        placed.append(cell)
    return tuple(placed)


Block = Heading | Paragraph | Bullets | Callout | Code | Table | Figure


def block_text(block: Block) -> str:
    """Return the words of a block, captions, cells and notes included, numbers left out."""
    return "\n".join(as_text(line) for line in _lines(block))


def _lines(block: Block) -> Iterator[Line]:
    if isinstance(block, Heading | Paragraph):
        yield block.text
    elif isinstance(block, Bullets):
        yield from block.items
    elif isinstance(block, Callout):
        yield from (block.title, *block.items)
    elif isinstance(block, Table | Figure):
        yield from (block.caption, *block.notes)
    if isinstance(block, Table):
        cells = (cell for row in block.rows for cell in row.cells)
        yield from (cell_line(cell) for cell in cells if cell.kind is Kind.TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report in one language."""

    language: str
    title: str
    subtitle: Line
    colophon: Line
    blocks: tuple[Block, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    style: NumberStyle = APA
    tables: TableStyle = "three_line"

    def label(self, key: str) -> str:
        """Return what a reference to a table, figure or section shows, such as 'Table 3'.

        Raises
        ------
        ReportError
            Nothing has this key.
        """
        for block in self.blocks:
            if isinstance(block, Table | Figure | Heading) and block.key == key:
                return f"{self.labels[type(block).__name__.lower()]} {block.number}"
        raise ReportError("The report refers to something that it does not contain", found=key)

    def is_heading(self, key: str) -> bool:
        """Tell whether a key is that of a section."""
        return any(isinstance(block, Heading) and block.key == key for block in self.blocks)

    def resolved(self, line: Line) -> str:
        """Return a line as plain text, its references as readers see them."""
        return "".join(
            part.text if isinstance(part, Run) else self.label(part.key) for part in line
        )


def numbered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return blocks with headings (1, 1.1), tables and figures numbered in reading order."""
    counters = [0, 0, 0]
    tables = figures = 0
    done: list[Block] = []
    for block in blocks:
        if isinstance(block, Table):
            block = replace(block, number=(tables := tables + 1))
        elif isinstance(block, Figure):
            block = replace(block, number=(figures := figures + 1))
        elif isinstance(block, Heading):
            block = replace(block, number=_next_number(counters, block.level))
        done.append(block)
    return tuple(done)


def _next_number(counters: list[int], level: int) -> str:
    """Count one up at ``level``, forget the levels below, and return the number in full."""
    counters[level - 1] += 1
    counters[level:] = [0] * (len(counters) - level)
    return ".".join(str(count) for count in counters[:level])
