"""A report as LaTeX: booktabs tables that run over pages, native numbers and cross-references.

It is compiled with xelatex (twice, for the references); the figures stand beside it as PDF files.
Greek letters, relations and raised digits become mathematics, so that any text face will do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import BaseLoader, StrictUndefined

from loyaltysem.report.document import (
    Bullets,
    Callout,
    Code,
    Figure,
    Heading,
    Paragraph,
    Reference,
    Run,
    Table,
    cell_line,
    colon,
    grid,
)
from loyaltysem.report.layout import WIDE, cell_margin, layout
from loyaltysem.report.plates import plate
from loyaltysem.report.sandbox import FAULTS, Sandbox, faulty_template
from loyaltysem.report.shelves import shelved_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from loyaltysem.report.document import Block, Cell, Column, Document, Inline, Line, Row, Style

SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "^": r"\textasciicircum{}",
    "_": r"\_\allowbreak{}",
    "~": r"\textasciitilde{}",
    "%": r"\%",
    "`": r"\textasciigrave{}",
    "'": r"{'}",
    "-": r"{-}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "[": r"{[}",
    "]": r"{]}",
    "*": r"{*}",
    '"': r"\textquotedbl{}",
    "|": r"\textbar{}",
    "\u00a0": "~",
    "\t": "    ",
}
"""Characters that mean something to LaTeX, and how they are printed."""

MATHEMATICS = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "varepsilon",
    "θ": "theta",
    "λ": "lambda",
    "μ": "mu",
    "ρ": "rho",
    "σ": "sigma",
    "φ": "varphi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
    "Δ": "Delta",
    "Σ": "Sigma",
    "Φ": "Phi",
    "Ψ": "Psi",
    "Ω": "Omega",
    "−": "mathord{-}",
    "→": "rightarrow",
    "←": "leftarrow",
    "↔": "leftrightarrow",
    "≤": "leq",
    "≥": "geq",
    "×": "times",
    "≈": "approx",
    "≠": "neq",
    "±": "pm",
    "√": "surd",
    "∞": "infty",
    "·": "cdot",
}
"""Letters and signs that text faces may lack, and their commands."""

RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))

LETTERS = str.maketrans(
    SPECIAL
    | {letter: f"$\\{name}$" for letter, name in MATHEMATICS.items()}
    | {letter: f"\\textsuperscript{{{digit}}}" for letter, digit in RAISED.items()}
    | {letter: f"\\textsubscript{{{digit}}}" for letter, digit in LOWERED.items()}
)

COMMANDS: dict[Style, str] = {
    "italic": "emph",
    "bold": "textbf",
    "code": "texttt",
    "sub": "textsubscript",
    "sup": "textsuperscript",
}
APOSTROPHE = re.compile(r"(?<=[A-Za-zÀ-ɏ])’")
"""What stands after a Latin letter; the sign itself is as wide as a Chinese letter in ctex."""

ENDLESS_WORD = re.compile(r"(?<=[!-~]{40})(?=[!-~]{8})")
"""Where a word that no line holds may be broken."""

LONG_WORD = re.compile(r"(?<=\S{8})(?=\S{8})")
HEADINGS = ("section", "subsection", "subsubsection")
SIDES = {"text": r"\raggedright", "number": r"\raggedleft", "centre": r"\centering"}
NAMED_SIZES = {10.5: r"\small", 9.0: r"\footnotesize"}


def _type_size(size: float) -> str:
    """Return the command for a type size in points."""
    return NAMED_SIZES.get(size, rf"\fontsize{{{size:g}}}{{{1.2 * size:.3g}}}\selectfont")


def write_latex(document: Document, folder: Path | None = None) -> bytes:
    """Return a report as the content of a LaTeX file.

    Parameters
    ----------
    document
        The report.
    folder
        The study's folder; its ``reports/templates/report.tex`` takes the shipped one's place. The
        template is Jinja's with ``<< … >>`` for values and ``<% … %>`` for statements.

    Raises
    ------
    ReportError
        The study's own template is faulty.
    """
    source, _ = shelved_text("templates/report.tex", folder)
    writer = _Writer(document)
    body = "\n\n".join(writer.block(block) for block in document.blocks)
    try:
        text = (
            _environment()
            .from_string(source)
            .render(
                chinese=document.language == "zh",
                wide=bool(WIDE.search(body)),
                apa=document.tables == "apa",
                title=escaped(document.title),
                subtitle=writer.line(document.subtitle),
                colophon=writer.line(document.colophon),
                contents=escaped(document.labels["contents"]),
                table=escaped(document.labels["table"]),
                figure=escaped(document.labels["figure"]),
                body=body,
            )
        )
    except FAULTS as error:
        raise faulty_template("report.tex", error) from None
    return text.encode("utf-8")


def _environment() -> Sandbox:
    return Sandbox(
        loader=BaseLoader(),
        undefined=StrictUndefined,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        keep_trailing_newline=True,
    )


def escaped(text: str) -> str:
    """Return text that LaTeX prints as it is, on one line."""
    line = APOSTROPHE.sub("'", re.sub(r"\s*\n\s*", " ", text))
    parts = (part.translate(LETTERS) for part in ENDLESS_WORD.split(line))
    return r"\allowbreak{}".join(parts)


def _breakable(code: str) -> str:
    """Return code that may be broken within its long words, such as hashes."""
    return r"\allowbreak{}".join(map(escaped, LONG_WORD.split(code)))


class _Writer:
    """Turns blocks into LaTeX."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def block(self, block: Block) -> str:
        """Return one block."""
        match block:
            case Heading():
                command = HEADINGS[block.level - 1]
                return f"\\{command}{{{self.line(block.text)}}}\\label{{{block.key}}}"
            case Paragraph():
                return self.line(block.text)
            case Bullets():
                name = "referencelist" if block.hanging else "itemize"
                return _environment_of(name, (rf"\item {self.line(item)}" for item in block.items))
            case Callout():
                title = rf"\textbf{{{self.line(block.title)}}}"
                lines = [self.line(item) for item in block.items]
                if len(lines) > 1:
                    lines = [_environment_of("itemize", (rf"\item {line}" for line in lines))]
                return _environment_of("notice", [rf"{title}\par", *lines])
            case Code():
                return _environment_of("listing", map(_code_line, block.text.split("\n")))
            case Table():
                return self.table(block)
            case Figure():
                return self.figure(block)

    def line(self, parts: Line) -> str:
        """Return the runs and references of a line."""
        return "".join(map(self._part, parts))

    def _part(self, part: Inline) -> str:
        if isinstance(part, Reference):
            return self._mention(part.key)
        text = _breakable(part.text) if part.style == "code" else escaped(part.text)
        return f"\\{COMMANDS[part.style]}{{{text}}}" if part.style in COMMANDS else text

    def _mention(self, key: str) -> str:
        word = escaped(self.document.label(key).rpartition(" ")[0])
        return rf"\hyperref[{key}]{{{word}~\ref*{{{key}}}}}"

    def figure(self, block: Figure) -> str:
        """Return a figure with its caption below, on a page of its own if it is turned."""
        size = plate(block)
        wide = rf"\ifdim{size.width:.1f}bp<\linewidth {size.width:.1f}bp\else\linewidth\fi"
        name = "sidewaysfigure" if size.turned else "figure"
        stem = block.stem(self.document.language)
        lines = [
            r"\centering",
            rf"\includegraphics[width={wide}]{{{stem}.pdf}}",
            rf"\caption{{{self.line(block.caption)}}}\label{{{block.key}}}",
        ]
        if block.notes:
            lines.append(self._notes(block.notes))
        place = "" if size.turned else "[H]"
        return "\n".join([rf"\begin{{{name}}}{place}", *lines, rf"\end{{{name}}}"])

    def table(self, block: Table) -> str:
        """Return a table that may run over pages, its heading repeated."""
        size, widths = layout(block, self.document)
        margin = cell_margin(block) / 20
        columns = "".join(
            f">{{{SIDES[column.align]}\\arraybackslash}}p{{{width / 20 - 2 * margin:.1f}pt}}"
            for column, width in zip(block.columns, widths, strict=True)
        )
        head = " & ".join(self._title(column) for column in block.columns)
        lines = [
            rf"\begingroup{_type_size(size)}\setlength{{\tabcolsep}}{{{margin:.1f}pt}}",
            rf"\begin{{longtable}}{{{columns}}}",
            rf"\caption{{{self.line(block.caption)}}}\label{{{block.key}}}\\",
            rf"\toprule {head} \\ \midrule \endfirsthead",
            rf"\toprule {head} \\ \midrule \endhead",
            r"\bottomrule \endfoot",
            *self._rows(block),
            r"\end{longtable}",
            rf"{self._notes(block.notes)}\endgroup",
        ]
        return "\n".join(lines)

    def _title(self, column: Column) -> str:
        stars = r"\nostars" if column.starred else ""
        return rf"\textbf{{{self.line(column.title)}}}{stars}"

    def _rows(self, table: Table) -> Iterator[str]:
        for row, cells in zip(table.rows, grid(table), strict=True):
            if row.group:
                yield self._group(row, len(table.columns))
            else:
                pairs = zip(cells, table.columns, strict=True)
                yield " & ".join(self._cell(cell, column) for cell, column in pairs) + r" \\"

    def _group(self, row: Row, columns: int) -> str:
        text = self.line(cell_line(row.cells[0], self.document.style))
        width = r"p{\dimexpr\linewidth-2\tabcolsep\relax}"
        return rf"\multicolumn{{{columns}}}{{{width}}}{{\raggedright\textbf{{{text}}}}} \\*"

    def _cell(self, cell: Cell | None, column: Column) -> str:
        if cell is None:
            return ""
        text = self.line(cell_line(cell, self.document.style))
        if cell.strong:
            text = rf"\textbf{{{text}}}"
        stars = cell.stars(self.document.style)
        return rf"{text}\stars{{{stars}}}" if column.starred else text

    def _notes(self, notes: tuple[Line, ...]) -> str:
        if not notes:
            return ""
        lead: Line = (Run(self.document.labels["note"] + colon(self.document.language), "italic"),)
        text = " ".join(self.line(note) for note in notes)
        return rf"\tablenote{{{self.line(lead)} {text}}}"


def _environment_of(name: str, lines: Iterator[str] | list[str] | map[str]) -> str:
    return "\n".join([rf"\begin{{{name}}}", *lines, rf"\end{{{name}}}"])


def _code_line(line: str) -> str:
    """Return a line of code with its blanks; never the verbatim environment, which text can end."""
    text = escaped(line)
    indent = len(text) - len(text.lstrip(" "))
    return "~" * indent + text[indent:].replace("  ", "~~") + r"\mbox{}\par"
