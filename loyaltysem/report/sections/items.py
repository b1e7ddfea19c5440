"""How well single items tell respondents apart."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Cell, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import LEVEL, Kind
from loyaltysem.report.sections.measurement_charts import information_chart

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import GradedItem, ItemDiscrimination, ItemsResult

POOR, GOOD = 0.20, 0.40
"""Limits of the index of discrimination (Ebel & Frisbie, 1991)."""

WEAK_SLOPE = 0.65
"""Slope below which an item discriminates little (Baker, 2001)."""


def items(context: Context) -> list[Block]:
    """Return the section on item analysis; nothing when it was not computed."""
    found = context.results.items
    if found is None:
        return []
    return [
        Heading(key="items", level=1, text=context.say("item_analysis.heading")),
        Paragraph(text=_text(context, found)),
        _table(context, found),
        *_graded(context, found),
    ]


def _text(context: Context, found: ItemsResult) -> Line:
    level = LEVEL
    return context.say(
        "item_analysis.text",
        share=found.share,
        poor=[(one.code, one.discrimination) for one in found.items if one.discrimination < POOR],
        fair=[one.code for one in found.items if POOR <= one.discrimination < GOOD],
        alike=[one.code for one in found.items if one.pvalue is None or one.pvalue >= level],
    )


def _table(context: Context, found: ItemsResult) -> Table:
    keys = ("low_group", "high_group", "critical_ratio", "p", "discrimination", "difficulty")
    rows: list[Row] = []
    for code, own in groupby(found.items, key=lambda one: one.construct_code):
        rows.append(Row(cells=(words_cell(context.construct(code)),), group=True))
        rows += [Row(cells=_cells(one)) for one in own]
    return Table(
        key="table_items",
        caption=context.say("item_analysis.caption"),
        columns=(context.column("item", align="text"), *context.columns(*keys)),
        rows=tuple(rows),
        notes=(context.say("item_analysis.note", share=found.share),),
    )


def _cells(item: ItemDiscrimination) -> tuple[Cell, ...]:
    return (
        words_cell(item.code),
        number_cell(item.mean_low, Kind.MOMENT),
        number_cell(item.mean_high, Kind.MOMENT),
        number_cell(item.critical_ratio, Kind.STATISTIC),
        number_cell(item.pvalue, Kind.PVALUE),
        number_cell(item.discrimination, Kind.BOUNDED, limit=POOR),
        number_cell(item.difficulty, Kind.BOUNDED),
    )


def _graded(context: Context, found: ItemsResult) -> list[Block]:
    """Return the graded response models; nothing where there are none."""
    if not found.graded:
        return []
    weak = [
        (one.code, one.slope)
        for scale in found.graded
        for one in scale.items
        if one.slope < WEAK_SLOPE
    ]
    most = max(len(one.locations) for scale in found.graded for one in scale.items)
    rows: list[Row] = []
    for scale in found.graded:
        label = context.say(
            "item_analysis.scale",
            name=context.construct(scale.construct_code),
            reliability=scale.reliability,
        )
        rows.append(Row(cells=(words_cell(label),), group=True))
        rows += [Row(cells=_graded_cells(one, most)) for one in scale.items]
    table = Table(
        key="table_graded",
        caption=context.say("item_analysis.graded_caption"),
        columns=(
            context.column("item", align="text"),
            *context.columns("graded_slope", "se"),
            *(context.column("location", number=k + 1) for k in range(most)),
        ),
        rows=tuple(rows),
        notes=(context.say("item_analysis.graded_note"),),
    )
    return [
        Paragraph(text=context.say("item_analysis.graded_text", weak=weak)),
        table,
        *information_chart(context, found),
    ]


def _graded_cells(item: GradedItem, most: int) -> tuple[Cell, ...]:
    locations = [number_cell(value, Kind.MOMENT) for value in item.locations]
    return (
        words_cell(item.code),
        number_cell(item.slope, Kind.MOMENT),
        number_cell(item.se, Kind.MOMENT),
        *locations,
        *[words_cell("")] * (most - len(locations)),
    )
