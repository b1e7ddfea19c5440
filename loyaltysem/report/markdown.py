"""A report as Markdown (GitHub's) or as Quarto's dialect of it.

Everything that Markdown, Quarto or the programs behind it could take for markup, mathematics, a
citation or code to run is written as a character reference; only the report's own markup is live.
Quarto numbers tables and figures itself; in plain Markdown the numbers are text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from loyaltysem.report.document import (
    Bullets,
    Callout,
    Code,
    Figure,
    Heading,
    Paragraph,
    Reference,
    Table,
    cell_line,
    colon,
    grid,
)
from loyaltysem.report.layout import layout

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.report.document import Block, Cell, Column, Document, Inline, Line, Row, Run

Dialect = Literal["md", "qmd"]

LIVE = r"\`*_{}[]<>#$&^~|@!" + '"'
"""Characters that are never written as they are."""

LETTERS = str.maketrans({letter: f"&#{ord(letter)};" for letter in LIVE} | {"\u00a0": "&nbsp;"})
AT_START = re.compile(r"^([-+=:.]|\d+[.)])")
HARMLESS_CODE = re.compile(r"(?!r |python |julia |ojs |=)[\w .,:;=~+*/()<>%^\[\]-]+")
RULES = {"text": ":{}-", "number": "-{}:", "centre": ":{}:"}
MARKS = {"italic": ("*", "*"), "bold": ("**", "**"), "sub": ("<sub>", "</sub>")}
RAISED = ("<sup>", "</sup>")
QUARTO_MARKS = {**MARKS, "sub": ("~", "~")}
WIDEST = 120
"""Dashes that the column widths of a table are shared out over."""

FRONT = """\
---
title: "{title}"
lang: {lang}
engine: markdown
toc: true
number-sections: true
format:
  html: default
  docx: default
---
"""


def write_markdown(document: Document, dialect: Dialect = "md") -> bytes:
    """Return a report as the content of a Markdown file; pictures stand beside it.

    Parameters
    ----------
    document
        The report.
    dialect
        ``md`` for GitHub's, ``qmd`` for Quarto's with its own cross-references.
    """
    writer = _Quarto(document) if dialect == "qmd" else _Writer(document)
    parts = [writer.head(), *map(writer.block, document.blocks), writer.line(document.colophon)]
    return ("\n\n".join(parts) + "\n").encode("utf-8")


def escaped(text: str) -> str:
    """Return text that reads as it is, on one line."""
    return re.sub(r"\s*[\n\t]\s*", " ", text).translate(LETTERS)


class _Writer:
    """Turns blocks into GitHub's Markdown."""

    marks = MARKS
    raised = RAISED

    def __init__(self, document: Document) -> None:
        self.document = document

    def head(self) -> str:
        """Return what stands before the first block."""
        return f"# {escaped(self.document.title)}\n\n{self.line(self.document.subtitle)}"

    def block(self, block: Block) -> str:
        """Return one block."""
        match block:
            case Heading():
                return self.heading(block)
            case Paragraph():
                return self.paragraph(block.text)
            case Bullets():
                return "\n".join(f"- {self.paragraph(item)}" for item in block.items)
            case Callout():
                lines = [f"**{self.line(block.title)}**", *map(self.paragraph, block.items)]
                return "\n>\n".join(f"> {line}" for line in lines)
            case Code():
                return self.code(block.text)
            case Table():
                return self.table(block)
            case Figure():
                return self.figure(block)

    def heading(self, block: Heading) -> str:
        """Return a numbered heading with a place to link to."""
        anchor = f'<a id="{block.key}"></a>'
        return f"{anchor}\n\n{'#' * (block.level + 1)} {block.number} {self.line(block.text)}"

    def paragraph(self, text: Line) -> str:
        """Return a line that is not taken for a list or a rule."""
        return AT_START.sub(lambda found: f"&#{ord(found[0][0])};{found[0][1:]}", self.line(text))

    def code(self, text: str) -> str:
        """Return text in a fence that is longer than any fence within."""
        longest = max((len(run) for run in re.findall("`+", text)), default=0)
        fence = "`" * max(3, longest + 1)
        return f"{fence}{self.code_kind()}\n{text}\n{fence}"

    def code_kind(self) -> str:
        """Return what follows the fence."""
        return "text"

    def table(self, block: Table) -> str:
        """Return a pipe table between its caption and notes."""
        caption = f"**{self.document.label(block.key)}** {self.line(block.caption)}"
        parts = [f'<a id="{block.key}"></a>{caption}', self.rows(block), self.notes(block.notes)]
        return "\n\n".join(part for part in parts if part)

    def figure(self, block: Figure) -> str:
        """Return a picture and its caption."""
        source = f"{block.stem(self.document.language)}.svg"
        caption = f"**{self.document.label(block.key)}** {self.line(block.caption)}"
        parts = [
            f'<a id="{block.key}"></a>![{escaped(block.alt)}]({source})',
            caption,
            self.notes(block.notes),
        ]
        return "\n\n".join(part for part in parts if part)

    def notes(self, notes: tuple[Line, ...]) -> str:
        """Return the notes below a table or figure."""
        if not notes:
            return ""
        lead = f"*{self.document.labels['note']}{colon(self.document.language)}*"
        return " ".join([lead, *map(self.line, notes)])

    def rows(self, table: Table) -> str:
        """Return the rows of a table; blocks and spanning cells leave the cells beneath empty."""
        lines = [self._joined(self._title(column) for column in table.columns), self._rule(table)]
        for row, cells in zip(table.rows, grid(table), strict=True):
            texts = self._group(row, len(table.columns)) if row.group else map(self._cell, cells)
            lines.append(self._joined(texts))
        return "\n".join(lines)

    def _title(self, column: Column) -> str:
        return self.line(column.title)

    def _joined(self, texts: Iterator[str] | list[str] | map[str]) -> str:
        return f"| {' | '.join(texts)} |"

    def _rule(self, table: Table) -> str:
        _, widths = layout(table, self.document)
        dashes = (max(round(width * WIDEST / sum(widths)) - 2, 1) * "-" for width in widths)
        rules = (
            RULES[column.align].format(dash)
            for column, dash in zip(table.columns, dashes, strict=True)
        )
        return self._joined(rules)

    def _group(self, row: Row, columns: int) -> list[str]:
        text = self.line(cell_line(row.cells[0], self.document.style))
        return [f"**{text}**", *[""] * (columns - 1)]

    def _cell(self, cell: Cell | None) -> str:
        if cell is None:
            return ""
        text = self.line(cell_line(cell, self.document.style))
        stars = escaped(cell.stars(self.document.style))
        return f"**{text}**{stars}" if cell.strong and text else text + stars

    def line(self, parts: Line) -> str:
        """Return the runs and references of a line."""
        return "".join(map(self._part, parts))

    def _part(self, part: Inline) -> str:
        return self.mention(part.key) if isinstance(part, Reference) else self._run(part)

    def mention(self, key: str) -> str:
        """Return a link to a table or figure."""
        return f"[{self.document.label(key)}](#{key})"

    def _run(self, part: Run) -> str:
        text = escaped(part.text)
        if part.style == "code" and HARMLESS_CODE.fullmatch(part.text):
            return f"`{part.text}`"
        bare = text.strip()
        if part.style in {"plain", "code"} or not bare:
            return text
        before, after = self.marks.get(part.style, self.raised)
        return text.replace(bare, f"{before}{bare}{after}", 1)


class _Quarto(_Writer):
    """Turns blocks into Quarto's Markdown."""

    marks = QUARTO_MARKS
    raised = ("^", "^")

    def head(self) -> str:
        lang = {"zh": "zh-CN"}.get(self.document.language, self.document.language)
        front = FRONT.format(title=escaped(self.document.title), lang=lang)
        return f"{front}\n{self.line(self.document.subtitle)}"

    def heading(self, block: Heading) -> str:
        return f"{'#' * block.level} {self.line(block.text)} {{#sec-{_hyphenated(block.key)}}}"

    def code_kind(self) -> str:
        return '{.text shortcodes="false"}'

    def mention(self, key: str) -> str:
        """Return a mention in brackets: bare it would be taken for letters after a Chinese one."""
        return f"[@{self._name(key)}]"

    def table(self, block: Table) -> str:
        caption = f": {self.line(block.caption)} {{#{self._name(block.key)}}}"
        parts = [self.rows(block), caption, self.notes(block.notes)]
        return "\n\n".join(part for part in parts if part)

    def figure(self, block: Figure) -> str:
        source = f"{block.stem(self.document.language)}.png"
        settings = f'{{#{self._name(block.key)} fig-alt="{escaped(block.alt)}"}}'
        picture = f"![{self.line(block.caption)}]({source}){settings}"
        return "\n\n".join(part for part in (picture, self.notes(block.notes)) if part)

    def _name(self, key: str) -> str:
        """Return a name by which Quarto knows the kind of what is mentioned."""
        if self.document.is_heading(key):
            return f"sec-{_hyphenated(key)}"
        bare = _hyphenated(key.removeprefix("table_").removeprefix("figure_"))
        of_figure = any(isinstance(one, Figure) and one.key == key for one in self.document.blocks)
        return f"{'fig' if of_figure else 'tbl'}-{bare}"


def _hyphenated(key: str) -> str:
    return key.replace("_", "-")
