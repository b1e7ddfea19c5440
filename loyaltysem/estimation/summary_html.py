"""What a notebook shows of a fit: the account of `summary`, as HTML."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from loyaltysem.estimation.summary import COLUMNS, NO_TEST, estimate_lines, how_estimated, title
from loyaltysem.estimation.summary_fit import fit_lines

if TYPE_CHECKING:
    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.estimation.summary import Line
    from loyaltysem.estimation.summary_fit import FitLine

RULE = "border:0;border-{}:1px solid;"
LABEL = "text-align:left;padding:0.1em 1em 0.1em 0;"
NUMBER = "text-align:right;font-variant-numeric:tabular-nums;padding:0.1em 0.6em;"


def summary_html(fit: Fit) -> str:
    """Return the account of a fit as HTML that takes the notebook's own letters and colours."""
    notices = "".join(f"<li>{html.escape(str(notice))}</li>" for notice in fit.notices)
    lines = "".join(_row(line) for line in estimate_lines(fit))
    return (
        f"<div><p><b>{html.escape(title(fit))}</b></p>"
        f"{f'<ul>{notices}</ul>' if notices else ''}"
        f"{_facts(how_estimated(fit))}{_fit_table(fit)}"
        f'<table style="border-collapse:collapse;{RULE.format("bottom")}">{lines}</table></div>'
    )


def _facts(facts: dict[str, str]) -> str:
    rows = "".join(
        f'<tr style="background:none">{_cell(label, LABEL)}{_cell(value, "text-align:left;")}</tr>'
        for label, value in facts.items()
    )
    return _plain_table(rows)


def _fit_table(fit: Fit) -> str:
    """Return tests and indices of fit, the heading and the names of the columns in bold."""
    lines = fit_lines(fit)
    if not lines:
        return f"<p>{NO_TEST}</p>"
    return _plain_table("".join(_fit_row(line, bold=line is lines[0]) for line in lines))


def _fit_row(line: FitLine, *, bold: bool) -> str:
    cells = "".join(_cell(cell, NUMBER, bold=bold) for cell in line.cells)
    return f'<tr style="background:none">{_cell(line.label, LABEL, bold=bold)}{cells}</tr>'


def _plain_table(rows: str) -> str:
    return f'<table style="border-collapse:collapse;margin-bottom:1em">{rows}</table>'


def _row(line: Line) -> str:
    """Return a line of the table of estimates; sections stand between two rules."""
    if line.kind == "section":
        style = RULE.format("top") + RULE.format("bottom").removeprefix("border:0;")
        cells = "".join(_cell(column, NUMBER, bold=True) for column in COLUMNS)
        return f'<tr style="background:none;{style}">{_name(line)}{cells}</tr>'
    cells = "".join(_cell(cell, NUMBER) for cell in line.cells)
    blank = "" if line.cells else f'<td colspan="{len(COLUMNS)}"></td>'
    return f'<tr style="background:none">{_name(line)}{cells}{blank}</tr>'


def _name(line: Line) -> str:
    inset = {"heading": 1, "row": 1, "member": 2}.get(line.kind, 0)
    style = f"text-align:left;padding:0.1em 1em 0.1em {inset + 0.5}em;"
    return _cell(line.name, style, bold=line.kind in ("group", "section"))


def _cell(text: str, style: str, *, bold: bool = False) -> str:
    inner = f"<b>{html.escape(text)}</b>" if bold else html.escape(text)
    return f'<td style="{style}">{inner}</td>'
