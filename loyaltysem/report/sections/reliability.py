"""Whether the items of each construct belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import interval_cell, number_cell, words_cell
from loyaltysem.report.document import Block, Cell, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.coefficients import coefficients, retest

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import ItemReliability, ReliabilityResult


def reliability(context: Context) -> list[Block]:
    """Return the section on reliability; nothing when it was not computed."""
    if not context.results.reliability:
        return []
    return [
        Heading(key="reliability", level=1, text=context.say("reliability.heading")),
        Paragraph(text=_text(context)),
        _table(context),
        *coefficients(context),
        *retest(context),
    ]


def _text(context: Context) -> Line:
    results = context.results.reliability
    rule = context.cutoffs["alpha"]
    known = [(context.text(one.name), one.alpha) for one in results if one.alpha is not None]
    low = [(name, alpha) for name, alpha in known if not rule.met_by(alpha)]
    return context.say(
        "reliability.text",
        n_constructs=len(known),
        lowest=min(known, key=lambda pair: pair[1], default=None),
        highest=max(known, key=lambda pair: pair[1], default=None),
        rule=rule,
        below=[pair for pair in low if not rule.tolerates(pair[1])],
        tolerable=[pair for pair in low if rule.tolerates(pair[1])],
        weak_items=_weak_items(context),
        item_rule=context.cutoffs["item_total"],
        better_without=_better_without(context),
        not_computed=[context.text(one.name) for one in results if one.alpha is None],
    )


def _weak_items(context: Context) -> list[tuple[str, float]]:
    """Return the items whose corrected item-total correlation misses its cut-off."""
    rule = context.cutoffs["item_total"]
    return [
        (item.code, item.item_total)
        for construct in context.results.reliability
        for item in construct.items
        if item.item_total is not None and not rule.met_by(item.item_total)
    ]


def _better_without(context: Context) -> list[tuple[str, float]]:
    """Return the items without which their construct's alpha would be higher."""
    return [
        (item.code, item.alpha_if_deleted)
        for construct in context.results.reliability
        for item in construct.items
        if construct.alpha is not None
        and item.alpha_if_deleted is not None
        and item.alpha_if_deleted > construct.alpha
    ]


def _table(context: Context) -> Table:
    return Table(
        key="table_reliability",
        caption=context.say("reliability.caption"),
        columns=context.columns(
            "construct",
            "item",
            "item_total",
            "alpha_if_deleted",
            "alpha",
            "ci95",
            texts=["construct", "item"],
        ),
        rows=tuple(row for one in context.results.reliability for row in _rows(context, one)),
        notes=(context.say("reliability.note"),),
    )


def _rows(context: Context, result: ReliabilityResult) -> list[Row]:
    rows = [_item_cells(context, item) for item in result.items] or [_no_item()]
    span = len(rows)
    name = words_cell(context.text(result.name), rows=span)
    limit = context.cutoffs["alpha"].cutoff
    whole = (
        number_cell(result.alpha, Kind.BOUNDED, limit=limit, rows=span),
        interval_cell(result.ci, Kind.BOUNDED, rows=span),
    )
    first = Row(cells=(name, *rows[0], *whole))
    return [first, *(Row(cells=cells) for cells in rows[1:])]


def _item_cells(context: Context, item: ItemReliability) -> tuple[Cell, ...]:
    limit = context.cutoffs["item_total"].cutoff
    return (
        words_cell(item.code),
        number_cell(item.item_total, Kind.BOUNDED, limit=limit),
        number_cell(item.alpha_if_deleted, Kind.BOUNDED),
    )


def _no_item() -> tuple[Cell, ...]:
    return (words_cell("–"), number_cell(None, Kind.BOUNDED), number_cell(None, Kind.BOUNDED))
