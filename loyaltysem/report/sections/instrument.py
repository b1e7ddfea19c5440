"""The questionnaire: what it measures, by how many items, and where these come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.citations import shortened
from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import ConstructInfo, ItemInfo


def instrument(context: Context) -> list[Block]:
    """Return the chapter on the questionnaire and its sources; nothing for one without items."""
    constructs = [one for one in context.results.questionnaire.constructs if one.items]
    if not constructs:
        return []
    return [
        Heading(key="instrument", level=1, text=context.say("instrument.heading")),
        Paragraph(text=_text(context, constructs)),
        _table(context, constructs),
    ]


def _text(context: Context, constructs: list[ConstructInfo]) -> Line:
    items = [item for one in constructs for item in one.items]
    return context.say(
        "instrument.text",
        title=context.text(context.results.questionnaire.title),
        constructs=len(constructs),
        items=len(items),
        scales=sorted({item.scale for item in items}),
        backward=[item.code for item in items if item.reverse],
    )


def _table(context: Context, constructs: list[ConstructInfo]) -> Table:
    return Table(
        key="table_instrument",
        caption=context.say("instrument.caption"),
        columns=(
            *context.columns("construct", texts=["construct"]),
            *context.columns("n_items", "indicator", "scale", "source", texts=_TEXTS),
        ),
        rows=tuple(_row(context, one) for one in constructs),
        notes=(context.say("questions.note"),) if _any_reversed(constructs) else (),
    )


_TEXTS = ("indicator", "scale", "source")


def _row(context: Context, construct: ConstructInfo) -> Row:
    codes = [_code(context, item) for item in construct.items]
    scales = sorted({item.scale for item in construct.items})
    return Row(
        cells=(
            words_cell(context.text(construct.name)),
            number_cell(len(codes), Kind.COUNT),
            words_cell(context.say("instrument.codes", codes=codes)),
            words_cell(", ".join(f"{low}–{high}" for low, high in scales)),
            words_cell(context.say("instrument.sources", sources=_sources(construct))),
        )
    )


def _code(context: Context, item: ItemInfo) -> str:
    if not item.reverse:
        return item.code
    return context.words.label("descriptives.reversed", item=item.code)


def _sources(construct: ConstructInfo) -> list[str]:
    """Return where a construct comes from, and its items as far as they come from elsewhere."""
    sources = (construct.source, *(item.source for item in construct.items))
    return list(dict.fromkeys(shortened(one) for one in sources if one))


def _any_reversed(constructs: list[ConstructInfo]) -> bool:
    return any(item.reverse for one in constructs for item in one.items)
