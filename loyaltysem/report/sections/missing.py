"""Missing answers: how many, where, whether at random, and what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from loyaltysem.diagrams.charts import missing_pattern
from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.charts import chart, look_of

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Figure, Line
    from loyaltysem.results import MissingResult


def missing(context: Context) -> list[Block]:
    """Return the section on missing answers; nothing where it was not asked for."""
    found = context.results.missing
    if found is None:
        return []
    heading = Heading(key="missing", level=1, text=context.say("missing.heading"))
    if not found.n_missing:
        text = context.say("missing.nothing", n=found.n, n_items=found.n_items)
        return [heading, Paragraph(text=text)]
    return [
        heading,
        Paragraph(text=_text(context, found)),
        _table(context, found),
        _figure(context, found),
        Paragraph(text=_test(context, found)),
        Paragraph(text=_treatment(context, found)),
    ]


def _text(context: Context, found: MissingResult) -> Line:
    most = max(found.items, key=lambda one: one.share)
    return context.say(
        "missing.text",
        n_missing=found.n_missing,
        share=found.share,
        n=found.n,
        n_items=found.n_items,
        incomplete=found.n - found.n_complete,
        incomplete_share=1 - found.n_complete / found.n,
        most=most.code,
        most_share=most.share,
        patterns=found.n_patterns,
    )


def _table(context: Context, found: MissingResult) -> Table:
    concerned = [one for one in found.items if one.n_missing]
    return Table(
        key="table_missing",
        caption=context.say("missing.caption"),
        columns=context.columns("item", "missing", "percent", texts=["item"]),
        rows=tuple(
            Row(
                cells=(
                    words_cell(one.code),
                    number_cell(one.n_missing, Kind.COUNT),
                    number_cell(one.share, Kind.PERCENT),
                )
            )
            for one in concerned
        ),
        notes=(context.say("missing.note", complete=found.n_items - len(concerned)),),
    )


def _figure(context: Context, found: MissingResult) -> Figure:
    items = [one.code for one in found.items if one.n_missing]
    rows = [
        {"n": one.n, **{code: code not in one.missing for code in items}} for one in found.patterns
    ]
    return chart(
        key="figure_missing",
        caption=context.say("missing.figure"),
        alt=context.say("missing.alt", patterns=found.n_patterns),
        drawing=missing_pattern(pd.DataFrame(rows), **look_of(context)),
        notes=(
            (context.say("missing.figure_note", shown=len(rows), patterns=found.n_patterns),)
            if len(rows) < found.n_patterns
            else ()
        ),
    )


def _test(context: Context, found: MissingResult) -> Line:
    if found.little is None:
        return context.say("missing.untested")
    little = found.little
    return context.say("missing.little", chisq=little.chisq, df=little.df, pvalue=little.pvalue)


def _treatment(context: Context, found: MissingResult) -> Line:
    made = found.imputation
    if made is None:
        return context.say(f"missing_treatment.{found.method}")
    return context.say(
        "missing_treatment.mi",
        datasets=made.datasets,
        steps=made.steps,
        seed=made.seed,
        cells=made.n_cells,
        respondents=made.n_respondents,
        test=made.test,
    )
