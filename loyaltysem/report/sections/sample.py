"""Who answered, who was left out, what was done to the answers, and who the respondents are."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from loyaltysem.diagrams.charts import respondent_flow
from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Cell, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.charts import chart, look_of

if TYPE_CHECKING:
    from loyaltysem.diagrams.style import StyleName
    from loyaltysem.diagrams.wording import Language
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Figure, Line
    from loyaltysem.results import Demographic


def sample(context: Context) -> list[Block]:
    """Return the section on respondents and the treatment of their answers."""
    return [
        Heading(key="sample", level=1, text=context.say("sample.heading")),
        *_flow(context),
        *_treatment(context),
        *_demographics(context),
    ]


def _flow(context: Context) -> list[Block]:
    result = context.results.sample
    text = context.say(
        "sample.text",
        read=result.n_read,
        analysed=result.n_analysed,
        simulated=context.results.study.simulated,
        reasons=[(context.text(one.reason), one.n) for one in result.exclusions],
    )
    if not result.exclusions:
        return [Paragraph(text=text)]
    rows = [
        _flow_row(words_cell(context.say("sample.read")), result.n_read),
        *(
            _flow_row(
                words_cell(context.say("sample.excluded", reason=context.text(one.reason))), one.n
            )
            for one in result.exclusions
        ),
        _flow_row(words_cell(context.say("sample.analysed"), strong=True), result.n_analysed),
    ]
    table = Table(
        key="table_sample",
        caption=context.say("sample.caption"),
        columns=context.columns("step", "n", texts=["step"]),
        rows=tuple(rows),
    )
    return [Paragraph(text=text), table, _flow_chart(context)]


def _flow_chart(context: Context) -> Figure:
    result = context.results.sample
    return _drawn_flow(
        context.say("sample.figure"),
        context.say("sample.alt", read=result.n_read, analysed=result.n_analysed),
        (result.n_read, result.n_analysed),
        tuple((context.text(one.reason), one.n) for one in result.exclusions),
        **look_of(context),
    )


@lru_cache(maxsize=16)
def _drawn_flow(
    caption: Line,
    alt: Line,
    respondents: tuple[int, int],
    excluded: tuple[tuple[str, int], ...],
    language: Language,
    style: StyleName,
) -> Figure:
    """Draw the flow of respondents (read, analysed), once for every format of a report."""
    read, analysed = respondents
    return chart(
        key="figure_sample",
        caption=caption,
        alt=alt,
        drawing=respondent_flow(
            read=read,
            excluded=dict(excluded),
            analysed=analysed,
            language=language,
            style=style,
        ),
    )


def _flow_row(step: Cell, n: int) -> Row:
    return Row(cells=(step, number_cell(n, Kind.COUNT)))


def _treatment(context: Context) -> list[Block]:
    ledger = context.results.sample.ledger
    text = Paragraph(text=context.say("treatment.text", kinds=len(ledger)))
    if not ledger:
        return [text]
    table = Table(
        key="table_ledger",
        caption=context.say("treatment.caption"),
        columns=context.columns("action", "cells", "respondents", texts=["action"]),
        rows=tuple(
            Row(
                cells=(
                    words_cell(context.text(one.action)),
                    number_cell(one.cells, Kind.COUNT),
                    number_cell(one.respondents, Kind.COUNT),
                )
            )
            for one in ledger
        ),
    )
    return [text, table]


def _demographics(context: Context) -> list[Block]:
    variables = [one for one in context.results.sample.demographics if one.categories]
    if not variables:
        return []
    largest = [
        (context.text(one.name), max(one.categories, key=lambda category: category.n))
        for one in variables
    ]
    text = context.say(
        "demographics.text",
        largest=[(name, context.text(top.label), top.share) for name, top in largest],
    )
    missing = [(context.text(one.name), one.n_missing) for one in variables if one.n_missing]
    table = Table(
        key="table_demographics",
        caption=context.say("demographics.caption"),
        columns=context.columns(
            "variable", "category", "n", "percent", "cumulative", texts=["variable", "category"]
        ),
        rows=tuple(row for one in variables for row in _categories(context, one)),
        notes=(context.say("demographics.note", missing=missing),),
    )
    return [Paragraph(text=text), table]


def _categories(context: Context, variable: Demographic) -> list[Row]:
    rows = []
    for position, category in enumerate(variable.categories):
        cells = (
            words_cell(context.text(category.label)),
            number_cell(category.n, Kind.COUNT),
            number_cell(category.share, Kind.PERCENT),
            number_cell(category.cumulative, Kind.PERCENT),
        )
        first = words_cell(context.text(variable.name), rows=len(variable.categories))
        rows.append(Row(cells=cells if position else (first, *cells)))
    return rows
