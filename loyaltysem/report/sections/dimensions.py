"""What stands behind the dimensions of a construct: rival models and shares of variance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.rivals import rivals_table, steps_table, unusable

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import DimensionsResult, FactorShares, ModelResult, StepRecord


FEW = 3
"""Dimensions up to which correlated factors and a second-order factor are the same model."""


def dimensions(context: Context) -> list[Block]:
    """Return the section on dimensions; nothing where none were compared."""
    if not context.results.dimensions:
        return []
    blocks: list[Block] = [
        Heading(key="dimensions", level=1, text=context.say("dimensions.heading"))
    ]
    for number, one in enumerate(context.results.dimensions, start=1):
        blocks += _one(context, one, number)
    return blocks


def _one(context: Context, found: DimensionsResult, number: int) -> list[Block]:
    model = next((one for one in context.results.models if one.name == found.model), None)
    names = [context.construct(code, model) for code in found.constructs]
    models, steps = f"table_dimensions_{number}", f"table_dimension_steps_{number}"
    blocks: list[Block] = [
        Paragraph(text=_text(context, found, names, models, steps)),
        rivals_table(
            context,
            found.models,
            key=models,
            caption=context.say("dimensions.caption", names=names),
            notes=[context.say("dimensions.note", n=found.n), context.say("rivals.note")],
        ),
        steps_table(
            context,
            found.steps,
            key=steps,
            caption=context.say("dimensions.steps_caption", names=names),
            notes=[context.say("dimensions.steps_note")],
        ),
    ]
    if found.shares:
        key = f"table_dimension_shares_{number}"
        blocks += [
            Paragraph(text=_shares_text(context, found, key)),
            _shares_table(context, model, found, names, key),
        ]
    return blocks


def _text(
    context: Context, found: DimensionsResult, names: list[str], table: str, steps: str
) -> Line:
    rivals = {one.name: one for one in found.models}
    few = len(found.constructs) <= FEW
    readable = [
        one
        for one in found.models
        if one.bic is not None and not (few and one.name == "second_order")
    ]
    best = min(readable, key=lambda one: one.bic or 0.0, default=None)
    return context.say(
        "dimensions.text",
        names=names,
        table=table,
        steps=steps,
        correlated=rivals.get("correlated"),
        single=rivals.get("single_factor"),
        test=_step(found, "correlated", "second_order"),
        target=found.target,
        few=few,
        loadings=[
            (name, one.loading)
            for name, one in zip(names, found.second_order, strict=False)
            if one.loading is not None
        ],
        best=context.words.label(f"rival.{best.name}") if best else "",
        unusable=unusable(context, found.models),
    )


def _step(found: DimensionsResult, less: str, more: str) -> StepRecord | None:
    return next((one for one in found.steps if (one.less, one.more) == (less, more)), None)


def _shares_text(context: Context, found: DimensionsResult, table: str) -> Line:
    preferred = {one.model: one for one in found.shares}
    return context.say(
        "dimensions.shares",
        table=table,
        one=preferred.get("bifactor") or preferred.get("second_order"),
        bifactor="bifactor" in preferred,
    )


def _shares_table(
    context: Context,
    model: ModelResult | None,
    found: DimensionsResult,
    names: list[str],
    key: str,
) -> Table:
    rows: list[Row] = []
    for one in found.shares:
        name = context.words.label(f"rival.{one.model}")
        rows += [Row(cells=(words_cell(name),), group=True), _whole_row(context, one)]
        rows += [
            Row(
                cells=(
                    words_cell(context.construct(part.construct_code, model)),
                    number_cell(part.omega, Kind.BOUNDED),
                    number_cell(part.general, Kind.BOUNDED),
                    number_cell(part.own, Kind.BOUNDED),
                )
            )
            for part in found.dimensions
            if part.model == one.model
        ]
    return Table(
        key=key,
        caption=context.say("dimensions.shares_caption", names=names),
        columns=(
            context.column("scale_part", align="text"),
            *context.columns("omega_total", "omega_general", "omega_own"),
        ),
        rows=tuple(rows),
        notes=(context.say("dimensions.shares_note", shares=found.shares),),
    )


def _whole_row(context: Context, one: FactorShares) -> Row:
    return Row(
        cells=(
            words_cell(context.say("dimensions.whole")),
            number_cell(one.omega, Kind.BOUNDED),
            number_cell(one.omega_hierarchical, Kind.BOUNDED),
            words_cell(""),
        )
    )
