"""What was planned before the answers came in, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import words_cell
from loyaltysem.report.document import Block, Heading, Paragraph, Row, Table

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.results import DeviationRecord, PreregistrationResult

TABLE = "table_preregistration"


def preregistration(context: Context) -> list[Block]:
    """Return the section; nothing where nothing was preregistered."""
    found = context.results.preregistration
    if found is None:
        return []
    heading = context.say("preregistration.heading")
    blocks: list[Block] = [
        Heading(key="preregistration", level=1, text=heading),
        _text(context, found),
    ]
    return [*blocks, _table(context, found)] if found.deviations else blocks


def _text(context: Context, found: PreregistrationResult) -> Paragraph:
    return Paragraph(
        text=context.say(
            "preregistration.text",
            frozen=found.frozen[:10],
            sha256=found.sha256,
            answers_present=found.answers_present,
            planned_n=found.planned_n,
            n=context.results.sample.n_analysed,
            kept=found.kept,
            deviations=len(found.deviations),
            exploratory=any(one.kind == "exploratory" for one in found.deviations),
            table=TABLE,
        )
    )


def _table(context: Context, found: PreregistrationResult) -> Table:
    keys = ("deviation", "deviation_kind", "planned", "done")
    return Table(
        key=TABLE,
        caption=context.say("preregistration.caption"),
        columns=context.columns(*keys, texts=keys),
        rows=tuple(_row(context, one) for one in found.deviations),
        notes=(context.say("preregistration.note"),),
    )


def _row(context: Context, one: DeviationRecord) -> Row:
    texts = (
        context.words.label(f"deviation_of.{one.subject}", name=one.name),
        context.words.label(f"deviation.{one.kind}"),
        one.planned,
        one.now,
    )
    return Row(cells=tuple(words_cell(text) for text in texts))
