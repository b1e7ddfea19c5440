"""A report as PDF, set by Typst, whose compiler comes with a Python package.

The document goes to the template ``report.typ`` as data (``document.json``): nothing that a
respondent or an author wrote is ever read as markup.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from loyaltysem.diagrams.fonts import BUNDLED_FAMILY, drawable, missing_characters
from loyaltysem.errors import ReportError
from loyaltysem.report.document import (
    Bullets,
    Callout,
    Code,
    Figure,
    Heading,
    Paragraph,
    Run,
    Table,
    cell_line,
    colon,
    grid,
)
from loyaltysem.report.layout import END_ROWS, TOGETHER, cell_margin, layout, leads
from loyaltysem.report.plates import plate
from loyaltysem.report.shelves import shelved_text
from loyaltysem.report.typesetter import MAIN, fonts, page_pictures, typeset

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from loyaltysem.report.document import Block, Cell, Column, Document, Line, Row

Data = dict[str, Any]

LATIN_SERIF = ("Times New Roman", "Liberation Serif", "Libertinus Serif")
LATIN_SANS = ("Arial", "Helvetica", "Liberation Sans")
CHINESE_SERIF = (
    "SimSun",
    "Songti SC",
    "Source Han Serif SC",
    "Noto Serif CJK SC",
    "Noto Serif SC",
)
CHINESE_SANS = ("SimHei", "Source Han Sans SC", "Noto Sans CJK SC", "Noto Sans SC")
CODE = ("DejaVu Sans Mono",)
"""Faces in order of preference; the last resort for Chinese is the face that the package brings."""

SIDES = {"text": "left", "number": "right", "centre": "center"}

SEALED = re.compile(r"\b(?:import|include|eval|plugin)\b|@preview|@local")
"""What a study's own template may not do: load or run anything else."""


def write_pdf(document: Document, folder: Path | None = None) -> bytes:
    """Return a report as the content of a PDF file; equal reports give equal bytes.

    Parameters
    ----------
    document
        The report.
    folder
        The study's folder; its ``reports/templates/report.typ`` takes the shipped one's place.

    Raises
    ------
    ReportError
        The study's own template is faulty or loads something.
    """
    return typeset(_files(document, folder))


def write_pages(document: Document, ppi: int = 72) -> tuple[bytes, ...]:
    """Return the pages of the PDF report as PNG pictures, ``ppi`` dots per inch."""
    return page_pictures(_files(document, None), ppi)


def _files(document: Document, folder: Path | None) -> dict[str, str]:
    """Return all that Typst needs: the template, the document as data, and the figures."""
    content = json.dumps(_document(document), ensure_ascii=False)
    return {
        MAIN: _template(folder),
        "document.json": content.translate(_without_glyph(content)),
        **{f"{block.key}.svg": block.svg for block in document.blocks if isinstance(block, Figure)},
    }


def _template(folder: Path | None) -> str:
    text, own = shelved_text("templates/report.typ", folder)
    if own and (found := SEALED.search(text)):
        raise ReportError(
            "A template of a study may not load or run anything else",
            found=f"{found.group()} in {own}",
        )
    return text


def _without_glyph(content: str) -> dict[int, str]:
    """Return what stands for the characters that no font at hand can draw."""
    letters = {letter for letter in set(content) if ord(letter) > 127}
    return {ord(letter): drawable(letter) for letter in missing_characters(sorted(letters))}


def _families(language: str) -> Data:
    """Return the families of a report, those at hand of each list."""
    known = set(fonts().families())

    def first(names: Iterable[str]) -> list[str]:
        return [name for name in names if name in known][:1]

    serif, sans = first(LATIN_SERIF), first(LATIN_SANS)
    song, hei = [*first(CHINESE_SERIF), BUNDLED_FAMILY], [*first(CHINESE_SANS), BUNDLED_FAMILY]
    if language != "zh":
        return {"text": serif + song, "head": sans + hei, "code": [*CODE, *hei], "weight": "bold"}
    return {
        "text": [_apart_from_chinese(serif), *song],
        "head": [_apart_from_chinese(serif), *hei],
        "code": [*CODE, *hei],
        "weight": "regular",
    }


def _apart_from_chinese(latin: list[str]) -> Data:
    """Return a Latin family that leaves quotation marks and dashes to the Chinese one."""
    return {"name": latin[0], "covers": "latin-in-cjk"}


def _document(document: Document) -> Data:
    return {
        "language": document.language,
        "title": document.title,
        "subtitle": _line(document.subtitle, document),
        "colophon": _line(document.colophon, document),
        "labels": {**document.labels, "colon": colon(document.language)},
        "tables": document.tables,
        "fonts": _families(document.language),
        "blocks": [_block(block, document) for block in document.blocks],
    }


def _block(block: Block, document: Document) -> Data:
    def line(parts: Line) -> str | list[Data]:
        return _line(parts, document)

    match block:
        case Heading():
            return {
                "kind": "heading",
                "key": block.key,
                "level": block.level,
                "number": block.number,
                "text": line(block.text),
            }
        case Paragraph():
            return {"kind": "paragraph", "text": line(block.text)}
        case Bullets():
            return {
                "kind": "bullets",
                "hanging": block.hanging,
                "lines": [*map(line, block.items)],
            }
        case Callout():
            lines = [*map(line, block.items)]
            return {"kind": "callout", "title": line(block.title), "lines": lines}
        case Code():
            return {"kind": "code", "text": block.text}
        case _:
            return _captioned(block, document)


def _captioned(block: Table | Figure, document: Document) -> Data:
    common = {
        "key": block.key,
        "label": document.label(block.key),
        "caption": _line(block.caption, document),
        "notes": [_line(note, document) for note in block.notes],
    }
    if isinstance(block, Table):
        return {"kind": "table", **common, **_table(block, document)}
    size = plate(block)
    return {
        "kind": "figure",
        **common,
        "alt": block.alt,
        "file": f"{block.key}.svg",
        "width": size.width,
        "turned": size.turned,
    }


def _table(table: Table, document: Document) -> Data:
    size, widths = layout(table, document)
    return {
        "size": size,
        "margin": cell_margin(table) / 20,
        "together": len(table.rows) <= TOGETHER,
        "columns": [
            {
                "title": _line(column.title, document),
                "align": SIDES[column.align],
                "starred": column.starred,
                "width": width / 20,
                "lead": lead / 20,
            }
            for column, width, lead in zip(table.columns, widths, leads(table), strict=True)
        ],
        "rows": [
            {"group": row.group, "held": held, "cells": _cells(table, row, cells, document)}
            for row, cells, held in zip(table.rows, grid(table), _held(table.rows), strict=True)
        ],
    }


def _held(rows: Sequence[Row]) -> list[int]:
    """Return how many rows each holds on its page, itself included; 0 where one above does.

    These are the first and the last rows of a table that may be broken, as far as no heading of a
    group is among them, which stays with the next row anyway.
    """
    held = [1] * len(rows)
    first = next((position for position, row in enumerate(rows) if not row.group), 0)
    for start in (first, len(rows) - END_ROWS) if len(rows) > TOGETHER else ():
        if not any(row.group for row in rows[start : start + END_ROWS]):
            held[start : start + END_ROWS] = [END_ROWS, *[0] * (END_ROWS - 1)]
    return held


def _cells(
    table: Table, row: Row, cells: tuple[Cell | None, ...], document: Document
) -> list[str | Data | None]:
    columns = table.columns[:1] if row.group else table.columns
    return [
        None if cell is None else _cell(cell, column, document)
        for cell, column in zip(cells, columns, strict=True)
    ]


def _cell(cell: Cell, column: Column, document: Document) -> str | Data:
    """Return a cell, as text when there is nothing else to say of it."""
    line = _line(cell_line(cell, document.style), document)
    if isinstance(line, str) and cell.rows == 1 and not (column.starred or cell.strong):
        return line
    return {
        "line": line,
        "stars": cell.stars(document.style) if column.starred else "",
        "rows": cell.rows,
        "strong": cell.strong,
    }


def _line(parts: Line, document: Document) -> str | list[Data]:
    """Return a line as its parts, or as text when it is plain: tables hold thousands of those."""
    if len(parts) == 1 and isinstance(parts[0], Run) and parts[0].style == "plain":
        return parts[0].text
    return [
        {"text": part.text, "style": part.style}
        if isinstance(part, Run)
        else {"text": document.label(part.key), "to": part.key}
        for part in parts
    ]
