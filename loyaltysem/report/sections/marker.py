"""A measured marker variable: partial correlations, and the marker models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.rivals import rivals_table, unusable

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import MarkerResult, ModelResult, StepRecord

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
    return context.say(
        "marker.pairs",
        table=table,
        marker=context.construct(found.marker, model),
        unrelated=[context.construct(one, model) for one in found.unrelated],
        method=found.method,
        total=len(found.pairs),
        significant=len(significant),
        lost=[
            f"{context.construct(one.first, model)} – {context.construct(one.second, model)}"
            for one in found.pairs
            if one.lost
        ],
    )


def _pairs_table(context: Context, model: ModelResult, found: MarkerResult, key: str) -> Table:
    rows = tuple(
        Row(
            cells=(
                words_cell(context.construct(one.first, model)),
                words_cell(context.construct(one.second, model)),
                number_cell(one.correlation, Kind.BOUNDED, pvalue=one.pvalue),
                number_cell(one.adjusted, Kind.BOUNDED, pvalue=one.sampling_pvalue),
                number_cell(one.adj_se, Kind.BOUNDED),
                number_cell(one.sampling_pvalue, Kind.PVALUE),
                number_cell(one.adj_pvalue, Kind.PVALUE),
                number_cell(one.upper_adjusted, Kind.BOUNDED, pvalue=one.upper_pvalue),
            )
        )
        for one in found.pairs
    )
    return Table(
        key=key,
        caption=context.say("marker.pairs_caption", title=context.text(model.title)),
        columns=(
            *context.columns(
                "construct", "other_construct", texts=["construct", "other_construct"]
            ),
            context.column("correlation", starred=True),
            context.column("adjusted_correlation", starred=True),
            *context.columns("se", "p", "p_method_known"),
            context.column("upper_adjusted", starred=True),
        ),
        rows=rows,
        notes=(
            context.say("marker.pairs_note", method=found.method, upper=found.upper, n=found.n),
            context.say("stars"),
        ),
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
