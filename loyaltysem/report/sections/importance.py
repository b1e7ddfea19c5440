"""What moves the final outcome of a model, and how well it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import interval_cell, number_cell, words_cell
from loyaltysem.report.document import Block, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.model_charts import importance_chart

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import ImportanceResult, ModelResult

MOST_ITEMS = 3
"""Items that the text names as first to improve."""


def importance(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return the importance-performance analysis; nothing where there is none."""
    blocks: list[Block] = []
    for number, found in enumerate(model.importance, start=1):
        key = f"{index}_{number}"
        name = context.construct(found.target, model)
        blocks += [
            Heading(
                key=f"importance_{key}",
                level=2,
                text=context.say("importance.heading", target=name),
            ),
            *_indices(context, model, found, f"table_index_{key}"),
            Paragraph(text=_text(context, model, found, f"table_importance_{key}")),
            _constructs(context, model, found, f"table_importance_{key}"),
            *importance_chart(context, model, found, key),
            _items(context, model, found, f"table_item_importance_{key}"),
        ]
    return blocks


def _indices(
    context: Context, model: ModelResult, found: ImportanceResult, key: str
) -> list[Block]:
    """Return the index scores of the target and of what leads to it."""
    if not found.indices:
        return []
    highest = max(found.indices, key=lambda one: one.index)
    lowest = min(found.indices, key=lambda one: one.index)
    return [
        Paragraph(
            text=context.say(
                "importance.index",
                table=key,
                highest=context.construct(highest.code, model),
                most=highest.index,
                lowest=context.construct(lowest.code, model),
                least=lowest.index,
            )
        ),
        Table(
            key=key,
            caption=context.say("importance.index_caption"),
            columns=(
                context.column("construct", align="text"),
                *context.columns("index_score", "se", "ci95"),
            ),
            rows=tuple(
                Row(
                    cells=(
                        words_cell(context.construct(one.code, model)),
                        number_cell(one.index, Kind.MOMENT),
                        number_cell(one.se, Kind.MOMENT),
                        interval_cell((one.lower, one.upper), Kind.MOMENT),
                    )
                )
                for one in found.indices
            ),
            notes=(context.say("importance.index_note"),),
        ),
    ]


def _text(context: Context, model: ModelResult, found: ImportanceResult, table: str) -> Line:
    def named(quadrant: str) -> list[str]:
        return [
            context.construct(one.code, model)
            for one in found.constructs
            if one.quadrant == quadrant
        ]

    first = found.constructs[0]
    items = [one.code for one in found.items if one.quadrant == "improve"]
    return context.say(
        "importance.text",
        table=table,
        target=context.construct(found.target, model),
        performance=found.target_performance,
        first=context.construct(first.code, model),
        importance=first.importance,
        improve=named("improve"),
        keep=named("keep up"),
        items=items[:MOST_ITEMS],
    )


def _constructs(context: Context, model: ModelResult, found: ImportanceResult, key: str) -> Table:
    return Table(
        key=key,
        caption=context.say("importance.caption", target=context.construct(found.target, model)),
        columns=(
            context.column("construct", align="text"),
            *context.columns("importance", "importance_std", "performance"),
            context.column("quadrant", align="text"),
        ),
        rows=tuple(
            Row(
                cells=(
                    words_cell(context.construct(one.code, model)),
                    number_cell(one.importance, Kind.ESTIMATE),
                    number_cell(one.importance_std, Kind.BOUNDED),
                    number_cell(one.performance, Kind.MOMENT),
                    words_cell(context.say(f"quadrant.{one.quadrant.replace(' ', '_')}")),
                )
            )
            for one in found.constructs
        ),
        notes=(
            context.say(
                "importance.note",
                mean_importance=found.mean_importance,
                mean_performance=found.mean_performance,
                negative=any(one.importance < 0 for one in found.constructs),
            ),
        ),
    )


def _items(context: Context, model: ModelResult, found: ImportanceResult, key: str) -> Table:
    return Table(
        key=key,
        caption=context.say(
            "importance.items_caption", target=context.construct(found.target, model)
        ),
        columns=(
            *context.columns("item", "construct", texts=["item", "construct"]),
            *context.columns("importance", "performance"),
            context.column("quadrant", align="text"),
        ),
        rows=tuple(
            Row(
                cells=(
                    words_cell(one.code),
                    words_cell(context.construct(one.construct_code, model)),
                    number_cell(one.importance, Kind.ESTIMATE),
                    number_cell(one.performance, Kind.MOMENT),
                    words_cell(context.say(f"quadrant.{one.quadrant.replace(' ', '_')}")),
                )
            )
            for one in found.items
        ),
        notes=(context.say("importance.items_note"),),
    )
