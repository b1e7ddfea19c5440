"""A report as one HTML file: nothing from outside, everything escaped, tables that can be sorted.

The one script is the package's own; the page's policy names its hash, so that no other can run.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup

from loyaltysem.errors import ReportError
from loyaltysem.library import shipped_folder
from loyaltysem.report.document import (
    Figure,
    Heading,
    Line,
    Table,
    cell_line,
    colon,
    grid,
    printable,
)
from loyaltysem.report.layout import room_for_text
from loyaltysem.report.numbers import Kind
from loyaltysem.report.plates import plate
from loyaltysem.report.sandbox import FAULTS, Sandbox, faulty_template
from loyaltysem.report.shelves import shelved_text, shelves

if TYPE_CHECKING:
    from pathlib import Path

    from loyaltysem.report.document import Block, Cell, Column, Document, Row

LANGUAGE_TAGS = {"zh": "zh-Hans", "en": "en"}

FEW_COLUMNS, MANY_COLUMNS, SHORT = 4, 11, 15
"""A table of fewer columns stays narrow, one of so many has small type; one of fewer rows stays on
one page."""

ROOM, PADDING, MUCH_TEXT = 10.0, 1.1, 36.0
"""Ems that a column of text gets before it is broken into lines, and what stands around it; a table
whose columns of text get so many has small type."""

SVG_ELEMENTS = frozenset(
    {
        *("svg", "g", "defs", "path", "use", "clipPath", "rect", "style", "text", "tspan"),
        *("line", "circle", "ellipse", "polygon", "polyline", "title", "desc", "image"),
        *("linearGradient", "radialGradient", "stop", "marker"),
    }
)
"""What a figure may consist of inside a page; nothing here runs, nests HTML or loads anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _CellView:
    """A table cell as the template needs it; ``room`` is the least width of its column in ems."""

    tag: str
    text: str = ""
    line: Line | None = None
    stars: str = ""
    starred: bool = False
    scope: str = ""
    classes: str = ""
    value: str = ""
    rows: int = 1
    columns: int = 1
    room: str = ""

    @property
    def attributes(self) -> Markup:
        """What stands in the tag: asked for once, since a template pays for every question."""
        given = (
            ("scope", self.scope),
            ("rowspan", str(self.rows) if self.rows > 1 else ""),
            ("colspan", str(self.columns) if self.columns > 1 else ""),
            ("class", self.classes),
            ("style", f"min-width:{self.room}em" if self.room else ""),
            ("data-value", self.value),
        )
        parts = [f' {name}="{escape(value, quote=True)}"' for name, value in given if value]
        return Markup("".join(parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class _RowView:
    classes: str
    cells: tuple[_CellView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _BlockView:
    """A block with its kind's name, and what the template cannot make of it itself."""

    kind: str
    of: Block
    head: tuple[_CellView, ...] = ()
    rows: tuple[_RowView, ...] = ()
    svg: str = ""
    sizes: str = ""
    classes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """An entry of the table of contents."""

    key: str
    number: str
    text: Line
    parts: tuple[_Part, ...] = ()


def write_html(document: Document, folder: Path | None = None) -> bytes:
    """Return a report as the content of an HTML file.

    Parameters
    ----------
    document
        The report.
    folder
        The study's folder; its ``reports/templates/report.html`` and ``reports/styles/report.css``
        take the shipped ones' place.

    Raises
    ------
    ReportError
        The user's own template is faulty, or a figure holds something that could run in a browser.
    """
    environment = Sandbox(
        loader=FileSystemLoader([shelf / "templates" for shelf in shelves(folder)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    try:
        page = environment.get_template("report.html").render(
            document=document,
            blocks=[_view(block, document) for block in document.blocks],
            contents=_contents(document),
            css=_stylesheet(folder),
            script=_script(),
            lang=LANGUAGE_TAGS.get(document.language, document.language),
            colon=colon(document.language),
        )
    except FAULTS as error:
        raise faulty_template("report.html", error) from None
    return page.encode("utf-8")


def _stylesheet(folder: Path | None) -> str:
    text, _ = shelved_text("styles/report.css", folder)
    return text.replace("</", "<\\/").strip()


def _script() -> dict[str, str]:
    """Return the shipped script and its hash; a study's folder cannot replace it."""
    path = shipped_folder("reports") / "templates" / "sort.js"
    text = path.read_text(encoding="utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return {"text": text, "hash": f"sha256-{digest}"}


def _contents(document: Document) -> tuple[_Part, ...]:
    headings = [block for block in document.blocks if isinstance(block, Heading)]
    starts = [k for k, heading in enumerate(headings) if heading.level == 1]
    ends = [*starts[1:], len(headings)]
    return tuple(
        _Part(
            key=headings[start].key,
            number=headings[start].number,
            text=headings[start].text,
            parts=tuple(
                _Part(key=one.key, number=one.number, text=one.text)
                for one in headings[start + 1 : end]
            ),
        )
        for start, end in zip(starts, ends, strict=True)
    )


def _view(block: Block, document: Document) -> _BlockView:
    kind = type(block).__name__
    if isinstance(block, Figure):
        return _picture(block)
    if not isinstance(block, Table):
        return _BlockView(kind=kind, of=block)
    room = room_for_text(block, document, ROOM)
    return _BlockView(
        kind=kind,
        of=block,
        head=tuple(map(_head, block.columns, room)),
        rows=_rows(block, document),
        classes=_table_classes(block, document, wide=sum(room) >= MUCH_TEXT),
    )


def _table_classes(table: Table, document: Document, *, wide: bool) -> str:
    """Return the classes of a table; one in blocks cannot be sorted."""
    blocks = any(row.group or any(cell.rows > 1 for cell in row.cells) for row in table.rows)
    return _classes(
        len(table.columns) < FEW_COLUMNS and "narrow",
        (wide or len(table.columns) >= MANY_COLUMNS) and "wide",
        len(table.rows) < SHORT and "short",
        not blocks and len(table.rows) > 1 and "sortable",
        document.tables == "apa" and "apa",
    )


def _head(column: Column, room: float) -> _CellView:
    classes = _classes(column.align != "text" and column.align, column.starred and "starred")
    least = f"{room + PADDING:.1f}" if room else ""
    return _CellView(tag="th", scope="col", line=column.title, classes=classes, room=least)


def _rows(table: Table, document: Document) -> tuple[_RowView, ...]:
    blocks = any(cell.rows > 1 for row in table.rows for cell in row.cells)
    groups = any(row.group for row in table.rows)
    return tuple(
        _group_row(row, table, document)
        if row.group
        else _row(table, cells, document, blocks=blocks, inside=groups)
        for row, cells in zip(table.rows, grid(table), strict=True)
    )


def _group_row(row: Row, table: Table, document: Document) -> _RowView:
    text, line = _content(row.cells[0], document)
    cell = _CellView(tag="th", scope="rowgroup", columns=len(table.columns), text=text, line=line)
    return _RowView(classes="group", cells=(cell,))


def _row(
    table: Table, cells: tuple[Cell | None, ...], document: Document, *, blocks: bool, inside: bool
) -> _RowView:
    starts = blocks and cells[0] is not None
    heads = 2 if blocks and table.columns[1].align == "text" else 1
    views = tuple(
        _cell(cell, column, document, head=place < heads)
        for place, (cell, column) in enumerate(zip(cells, table.columns, strict=True))
        if cell is not None
    )
    return _RowView(classes=_classes(starts and "block", inside and "inside"), cells=views)


def _cell(cell: Cell, column: Column, document: Document, *, head: bool) -> _CellView:
    text, line = _content(cell, document)
    scope = ("rowgroup" if cell.rows > 1 else "row") if head else ""
    return _CellView(
        tag="th" if head else "td",
        scope=scope,
        text=text,
        line=line,
        stars=cell.stars(document.style),
        starred=column.starred,
        classes=_classes(column.align != "text" and column.align, cell.strong and "strong"),
        value=_raw(cell),
        rows=cell.rows,
    )


def _content(cell: Cell, document: Document) -> tuple[str, Line | None]:
    """Return a cell's text, or its line of runs."""
    if cell.kind is Kind.TEXT and isinstance(cell.value, tuple):
        return "", cell_line(cell)
    return cell.text(document.style), None


def _raw(cell: Cell) -> str:
    """Return the value before rounding (or the ends of an interval), for programs."""
    ends = cell.value if isinstance(cell.value, tuple) else (cell.value,)
    return " ".join(repr(end) for end in ends if isinstance(end, int | float))


def _classes(*names: str | bool) -> str:
    return " ".join(name for name in names if isinstance(name, str) and name)


def _picture(figure: Figure) -> _BlockView:
    """Return a figure with its size, as drawn and in print, for the style sheet."""
    size = plate(figure)
    drawn = size.width / size.scale
    return _BlockView(
        kind="Figure",
        of=figure,
        svg=_svg(figure),
        sizes=f"--drawn: {drawn:.1f}pt; --printed: {size.width:.1f}pt",
        classes=_classes(size.turned and "turned"),
    )


def _svg(figure: Figure) -> str:
    """Return the figure's ``<svg>`` element, named for those who cannot see it.

    Raises
    ------
    ReportError
        It is no SVG, or holds an element or attribute that has no place in a picture.
    """
    svg = figure.svg[figure.svg.find("<svg") :]
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        raise ReportError(f"A figure is not valid SVG: {error}", found=figure.key) from None
    for element in root.iter():
        _check_svg_element(element, figure.key)
    name = escape(printable(figure.alt), quote=True)
    return f'<svg role="img" aria-label="{name}"{svg.removeprefix("<svg")}'


def _check_svg_element(element: ElementTree.Element, figure: str) -> None:
    tag = str(element.tag).rpartition("}")[2]
    if tag not in SVG_ELEMENTS:
        raise ReportError(
            "A figure holds an element that pictures do not have", found=f"{figure}: {tag}"
        )
    for name, value in element.attrib.items():
        attribute = name.rpartition("}")[2].lower()
        outside = attribute == "href" and not value.startswith(("#", "data:image/"))
        if attribute.startswith("on") or outside:
            raise ReportError(
                "A figure holds an attribute that pictures do not have",
                found=f"{figure}: {attribute}",
            )
