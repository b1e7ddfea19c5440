"""Whether constructs differ: by the measurement models, and by the answers alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import interval_cell, number_cell, words_cell
from loyaltysem.report.document import Block, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.chapters import converged
from loyaltysem.report.sections.measurement_charts import htmt_chart
from loyaltysem.report.sections.measurement_model import distinctness

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import CrossLoading, DiscriminantResult, HtmtPair


def discriminant(context: Context) -> list[Block]:
    """Return the chapter on discriminant validity; nothing when it was not looked at."""
    models = [
        block
        for index, model in converged(context)
        for block in distinctness(context, model, index)
    ]
    blocks = [*models, *_by_answers(context)]
    heading = Heading(key="discriminant", level=1, text=context.say("discriminant.heading"))
    return [heading, *blocks] if blocks else []


def _by_answers(context: Context) -> list[Block]:
    """Return HTMT and cross-loadings, which need no model; nothing for a single construct."""
    found = context.results.discriminant
    if found is None or not found.pairs:
        return []
    elsewhere = [one.code for one in found.cross_loadings if one.highest_elsewhere]
    return [
        Heading(key="htmt", level=2, text=context.say("discriminant.answers_heading")),
        Paragraph(text=_text(context, found)),
        _pairs(context, found),
        *htmt_chart(context, found),
        Paragraph(text=context.say("discriminant.cross_text", elsewhere=elsewhere)),
        _cross(context, found),
    ]


def _text(context: Context, found: DiscriminantResult) -> Line:
    known = [one for one in found.pairs if one.htmt is not None]
    largest = max(known, key=lambda one: one.htmt or 0, default=None)
    close = [one for one in known if not one.distinct]
    strict = found.strict_threshold
    closer = [one for one in known if strict and one.distinct and _limit(one) >= strict]
    return context.say(
        "discriminant.text",
        threshold=found.threshold,
        draws=found.draws,
        first=context.construct(largest.first) if largest else "",
        second=context.construct(largest.second) if largest else "",
        largest=largest.htmt if largest else None,
        close=_named(context, close),
        total=len(known),
        strict=strict,
        closer=_named(context, closer),
    )


def _limit(pair: HtmtPair) -> float:
    """Return what is compared with a cut-off: the upper limit, without draws the ratio."""
    return pair.ci[1] if pair.ci else pair.htmt or 0.0


def _named(context: Context, pairs: list[HtmtPair]) -> list[tuple[str, float | None]]:
    """Return names and ratios, the largest first."""
    return [
        (f"{context.construct(one.first)} – {context.construct(one.second)}", one.htmt)
        for one in sorted(pairs, key=lambda pair: -(pair.htmt or 0))
    ]


def _pairs(context: Context, found: DiscriminantResult) -> Table:
    return Table(
        key="table_htmt",
        caption=context.say("discriminant.caption"),
        columns=(
            *context.columns("first", "second", texts=["first", "second"]),
            *context.columns("htmt", "ci95", "htmt2", "ci95"),
        ),
        rows=tuple(
            Row(
                cells=(
                    words_cell(context.construct(one.first)),
                    words_cell(context.construct(one.second)),
                    number_cell(one.htmt, Kind.BOUNDED, limit=found.threshold),
                    interval_cell(one.ci, Kind.BOUNDED),
                    number_cell(one.htmt2, Kind.BOUNDED),
                    interval_cell(one.htmt2_ci, Kind.BOUNDED),
                )
            )
            for one in found.pairs
        ),
        notes=(context.say("discriminant.note", draws=found.draws),),
    )


def _cross(context: Context, found: DiscriminantResult) -> Table:
    codes = list(dict.fromkeys(one.construct_code for one in found.cross_loadings))
    numbers = {code: number for number, code in enumerate(codes, start=1)}
    rows: list[Row] = []
    for code in codes:
        label = context.say("correlations.row", number=numbers[code], name=context.construct(code))
        rows.append(Row(cells=(words_cell(label),), group=True))
        rows += [_item(one, codes) for one in found.cross_loadings if one.construct_code == code]
    return Table(
        key="table_cross_loadings",
        caption=context.say("discriminant.cross_caption"),
        columns=(
            context.column("item", align="text"),
            *(context.column("position", number=number) for number in numbers.values()),
        ),
        rows=tuple(rows),
        notes=(context.say("discriminant.cross_note"),),
    )


def _item(item: CrossLoading, codes: list[str]) -> Row:
    values = [number_cell(item.correlations.get(code), Kind.BOUNDED) for code in codes]
    return Row(cells=(words_cell(item.code), *values))
