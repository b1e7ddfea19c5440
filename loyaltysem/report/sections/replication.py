"""Whether a second program finds the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.fit import KINDS, index_line

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.results import ModelResult, ReplicatedIndex

OWN_DEFINITION = frozenset({"gfi", "agfi", "rmsea", "logl", "aic", "bic"})
"""Indices that semopy defines in its own way."""


def replication(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return the section on the fit by semopy; nothing when it was not asked for."""
    found = model.replication
    if found is None:
        return []
    key = f"table_replication_{index}"
    text = context.say(
        "replication.text",
        table=key,
        state=found.state,
        parameters=found.n_parameters,
        agreeing=found.n_agreeing,
        largest=found.largest_difference,
        parameter=found.parameter,
        differing=sum(not one.agrees for one in found.indices),
    )
    blocks: list[Block] = [
        Heading(key=f"replication_{index}", level=2, text=context.say("replication.heading")),
        Paragraph(text=text),
    ]
    if not found.indices:
        return blocks
    table = Table(
        key=key,
        caption=context.say("replication.caption", title=context.text(model.title)),
        columns=context.columns(
            "index", "native", "semopy", "agreement", texts=["index", "agreement"]
        ),
        rows=tuple(_row(context, one) for one in found.indices),
        notes=(context.say("replication.note"),),
    )
    return [*blocks, table]


def _row(context: Context, one: ReplicatedIndex) -> Row:
    kind = KINDS.get(one.index.rpartition(".")[2], Kind.BOUNDED)
    own = one.index in OWN_DEFINITION
    word = "same" if one.agrees else f"own_{one.index}" if own else "other"
    return Row(
        cells=(
            words_cell(index_line(context, one.index)),
            number_cell(one.native, kind),
            number_cell(one.other, kind),
            words_cell(context.say(f"replication.{word}")),
        )
    )
