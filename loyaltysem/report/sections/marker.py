"""A measured marker variable: partial correlations, and the marker models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.rivals import rivals_table, unusable

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Cell, Line
    from loyaltysem.results import MarkerPair, MarkerResult, ModelResult, StepRecord

SIGNIFICANCE = 0.05


def marker(context: Context, model: ModelResult, found: MarkerResult, index: int) -> list[Block]:
    """Return the paragraphs and tables on a marker variable."""
    pairs, models = f"table_marker_pairs_{index}", f"table_marker_models_{index}"
    split = f"table_marker_reliability_{index}"
    blocks: list[Block] = [
        Paragraph(text=_pairs_text(context, model, found, pairs)),
        _pairs_table(context, model, found, pairs),
        Paragraph(text=_models_text(context, found, models, split)),
        rivals_table(
            context,
            found.models,
            key=models,
            caption=context.say("marker.models_caption", title=context.text(model.title)),
            notes=[context.say("marker.models_note"), context.say("rivals.note")],
        ),
    ]
    if found.reliability:
        blocks.append(_reliability_table(context, model, found, split))
    return blocks


def _pairs_text(context: Context, model: ModelResult, found: MarkerResult, table: str) -> Line:
    significant = [
        one for one in found.pairs if one.pvalue is not None and one.pvalue < SIGNIFICANCE
    ]
    adjusted = [one.adjusted for one in found.pairs if one.adjusted is not None]
    return context.say(
        "marker.pairs",
        table=table,
        marker=context.construct(found.marker, model),
        unrelated=[context.construct(one, model) for one in found.unrelated],
        method=found.method,
        total=len(found.pairs),
        lowest=min(adjusted, default=None),
        highest=max(adjusted, default=None),
        significant=len(significant),
        negative=found.method and any((one.correlation or 0) < 0 for one in significant),
        lost=[
            f"{context.construct(one.first, model)} – {context.construct(one.second, model)}"
            for one in found.pairs
            if one.lost
        ],
    )


def _pairs_table(context: Context, model: ModelResult, found: MarkerResult, key: str) -> Table:
    """Return the correlations; nothing is judged of adjusted ones where the answers chose r_M."""
    judged = bool(found.unrelated)
    return Table(
        key=key,
        caption=context.say("marker.pairs_caption", title=context.text(model.title)),
        columns=(
            *context.columns(
                "construct", "other_construct", texts=["construct", "other_construct"]
            ),
            context.column("correlation", starred=True),
            context.column("adjusted_correlation", starred=judged),
            *(context.columns("se", "p") if judged else ()),
            context.column("p_method_known"),
            context.column("upper_adjusted", starred=judged),
        ),
        rows=tuple(
            Row(
                cells=(
                    words_cell(context.construct(one.first, model)),
                    words_cell(context.construct(one.second, model)),
                    *(_judged_cells(one) if judged else _plain_cells(one)),
                )
            )
            for one in found.pairs
        ),
        notes=(
            context.say(
                "marker.pairs_note",
                method=found.method,
                upper=found.upper,
                n=found.n,
                judged=judged,
            ),
            context.say("stars"),
        ),
    )


def _judged_cells(one: MarkerPair) -> tuple[Cell, ...]:
    """Return the numbers of a pair whose r_M was named; no star for a correlation that turned."""
    same = (one.upper_adjusted or 0) * (one.correlation or 0) > 0
    return (
        number_cell(one.correlation, Kind.BOUNDED, pvalue=one.pvalue),
        number_cell(one.adjusted, Kind.BOUNDED, pvalue=one.sampling_pvalue),
        number_cell(one.adj_se, Kind.BOUNDED),
        number_cell(one.sampling_pvalue, Kind.PVALUE),
        number_cell(one.adj_pvalue, Kind.PVALUE),
        number_cell(one.upper_adjusted, Kind.BOUNDED, pvalue=one.upper_pvalue if same else None),
    )


def _plain_cells(one: MarkerPair) -> tuple[Cell, ...]:
    return (
        number_cell(one.correlation, Kind.BOUNDED, pvalue=one.pvalue),
        number_cell(one.adjusted, Kind.BOUNDED),
        number_cell(one.adj_pvalue, Kind.PVALUE),
        number_cell(one.upper_adjusted, Kind.BOUNDED),
    )


def _models_text(context: Context, found: MarkerResult, table: str, split: str) -> Line:
    shares = [one.method_share for one in found.reliability if one.method_share is not None]
    return context.say(
        "marker.models",
        table=table,
        split=split if found.reliability else "",
        chosen=found.chosen,
        presence=_step(found, "method_c", "baseline"),
        equality=_step(found, "method_u", "method_c"),
        bias=_step(found, found.chosen, "method_r"),
        lowest=min(shares, default=None),
        highest=max(shares, default=None),
        unusable=unusable(context, found.models),
    )


def _step(found: MarkerResult, less: str | None, more: str) -> StepRecord | None:
    return next((one for one in found.steps if (one.less, one.more) == (less, more)), None)


def _reliability_table(
    context: Context, model: ModelResult, found: MarkerResult, key: str
) -> Table:
    return Table(
        key=key,
        caption=context.say("marker.reliability_caption", title=context.text(model.title)),
        columns=(
            context.column("construct", align="text"),
            *context.columns("reliability_total", "reliability_own", "reliability_method", "share"),
        ),
        rows=tuple(
            Row(
                cells=(
                    words_cell(context.construct(one.construct_code, model)),
                    number_cell(one.total, Kind.BOUNDED),
                    number_cell(one.substantive, Kind.BOUNDED),
                    number_cell(one.method, Kind.BOUNDED),
                    number_cell(one.method_share, Kind.PERCENT),
                )
            )
            for one in found.reliability
        ),
        notes=(context.say("marker.reliability_note"),),
    )
