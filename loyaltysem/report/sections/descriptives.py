"""The answers to each item."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.shapes import constructs, distributions, shapes

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import ItemDescriptive

SKEWNESS_LIMIT, KURTOSIS_LIMIT = 3.0, 10.0
"""Absolute values above which normal-theory estimates are doubted (Kline, 2016)."""


def descriptives(context: Context) -> list[Block]:
    """Return the section on the items' distributions; nothing when they were not computed."""
    items = context.results.descriptives
    if not items:
        return []
    return [
        Heading(key="descriptives", level=1, text=context.say("descriptives.heading")),
        Paragraph(text=_text(context, items)),
        _table(context, items),
        *shapes(context, items),
        *distributions(context, items),
        *constructs(context),
    ]


def _text(context: Context, items: tuple[ItemDescriptive, ...]) -> Line:
    means = [(one.mean, one.code) for one in items if one.mean is not None]
    departing = [
        one.code
        for one in items
        if abs(one.skewness or 0) >= SKEWNESS_LIMIT or abs(one.kurtosis or 0) >= KURTOSIS_LIMIT
    ]
    return context.say(
        "descriptives.text",
        n_items=len(items),
        lowest=min(means, default=None),
        highest=max(means, default=None),
        constant=[one.code for one in items if one.sd == 0],
        departing=departing,
        skewness_limit=SKEWNESS_LIMIT,
        kurtosis_limit=KURTOSIS_LIMIT,
    )


def _table(context: Context, items: tuple[ItemDescriptive, ...]) -> Table:
    complete = all(one.n_missing == 0 for one in items)
    backward = _reversed_items(context)
    rows: list[Row] = []
    for construct, members in groupby(items, key=lambda one: one.construct_code):
        rows.append(Row(cells=(words_cell(context.construct(construct)),), group=True))
        rows += [
            _row(context, one, backward=one.code in backward, complete=complete) for one in members
        ]
    counts = () if complete else ("n", "missing")
    moments = ("mean", "sd", "skewness", "kurtosis", "minimum", "maximum")
    return Table(
        key="table_descriptives",
        caption=context.say("descriptives.caption"),
        columns=context.columns("item", *counts, *moments, texts=["item"]),
        rows=tuple(rows),
        notes=(
            context.say(
                "descriptives.note",
                n=items[0].n if complete else None,
                reverse=any(one.code in backward for one in items),
            ),
        ),
    )


def _reversed_items(context: Context) -> frozenset[str]:
    constructs = context.results.questionnaire.constructs
    return frozenset(item.code for one in constructs for item in one.items if item.reverse)


def _row(context: Context, item: ItemDescriptive, *, backward: bool, complete: bool) -> Row:
    code = context.say("descriptives.reversed", item=item.code) if backward else item.code
    counts = () if complete else (item.n, item.n_missing)
    moments = (item.mean, item.sd, item.skewness, item.kurtosis)
    return Row(
        cells=(
            words_cell(code),
            *(number_cell(count, Kind.COUNT) for count in counts),
            *(number_cell(moment, Kind.MOMENT) for moment in moments),
            *(number_cell(end, Kind.COUNT) for end in (item.minimum, item.maximum)),
        )
    )
