"""How constructs correlate: their scores, and the latent variables of the models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import LEVEL, Kind
from loyaltysem.report.sections.chapters import converged
from loyaltysem.report.sections.measurement import correlations
from loyaltysem.report.sections.measurement_charts import correlations_chart

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.results import CorrelationsResult, ScorePair


def associations(context: Context) -> list[Block]:
    """Return the chapter on correlations: of scores, then of each model's latent variables."""
    models = [
        block
        for index, model in converged(context)
        for block in correlations(context, model, index)
    ]
    blocks = [*scores(context), *models]
    heading = Heading(key="associations", level=1, text=context.say("associations.heading"))
    return [heading, *blocks] if blocks else []


def scores(context: Context) -> list[Block]:
    """Return the part on correlations of scores; nothing for fewer than two constructs."""
    found = context.results.correlations
    if found is None or not found.pairs:
        return []
    known = [one for one in found.pairs if one.r is not None]
    largest = max(known, key=lambda one: abs(one.r or 0), default=None)
    return [
        Heading(key="scores", level=2, text=context.say("scores.heading")),
        Paragraph(
            text=context.say(
                "scores.text",
                total=len(known),
                significant=sum(_differs(one) for one in known),
                first=context.construct(largest.first) if largest else "",
                second=context.construct(largest.second) if largest else "",
                largest=largest.r if largest else None,
            )
        ),
        _table(context, found),
        *correlations_chart(context, found),
    ]


def _differs(pair: ScorePair) -> bool:
    return pair.pvalue is not None and pair.pvalue < LEVEL


def _table(context: Context, found: CorrelationsResult) -> Table:
    pairs = {(one.first, one.second): one for one in found.pairs}
    codes = [one.construct_code for one in found.scores]
    rows = []
    for position, score in enumerate(found.scores):
        below = [pairs[code, score.construct_code] for code in codes[:position]]
        label = context.say(
            "correlations.row", number=position + 1, name=context.construct(score.construct_code)
        )
        rows.append(
            Row(
                cells=(
                    words_cell(label),
                    number_cell(score.mean, Kind.MOMENT),
                    number_cell(score.sd, Kind.MOMENT),
                    *(number_cell(one.r, Kind.BOUNDED, pvalue=one.pvalue) for one in below),
                    words_cell("–"),
                    *[words_cell("")] * (len(codes) - position - 1),
                )
            )
        )
    return Table(
        key="table_scores",
        caption=context.say("scores.caption"),
        columns=(
            context.column("construct", align="text"),
            *context.columns("mean", "sd"),
            *(context.column("position", number=k + 1, starred=True) for k in range(len(codes))),
        ),
        rows=tuple(rows),
        notes=(context.say("scores.note"), context.say("stars")),
    )
