"""Tables of rival models, and the words for what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Row, Table
from loyaltysem.report.numbers import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import RivalRecord, StepRecord

MEASURES = ("chisq", "df", "cfi", "tli", "rmsea", "srmr", "aic", "bic")
KINDS = {
    "chisq": Kind.STATISTIC,
    "df": Kind.COUNT,
    "aic": Kind.STATISTIC,
    "bic": Kind.STATISTIC,
}


def rivals_table(
    context: Context,
    rivals: Iterable[RivalRecord],
    *,
    key: str,
    caption: Line,
    notes: Iterable[Line],
) -> Table:
    """Return the fit of rival models side by side; what has no solution has no numbers."""
    return Table(
        key=key,
        caption=caption,
        columns=(
            context.column("model", align="text"),
            *(context.column(f"compare_{name}") for name in MEASURES),
        ),
        rows=tuple(_row(context, one) for one in rivals),
        notes=tuple(notes),
    )


def steps_table(
    context: Context, steps: Iterable[StepRecord], *, key: str, caption: Line, notes: Iterable[Line]
) -> Table:
    """Return the difference tests between rival models."""
    return Table(
        key=key,
        caption=caption,
        columns=(
            context.column("contrast", align="text"),
            *context.columns("chisq_difference", "df_difference", "p"),
            *context.columns("cfi_difference", "rmsea_difference", "srmr_difference"),
        ),
        rows=tuple(
            Row(
                cells=(
                    words_cell(contrast(context, one)),
                    number_cell(one.chisq, Kind.STATISTIC),
                    number_cell(one.df, Kind.COUNT),
                    number_cell(one.pvalue, Kind.PVALUE),
                    *(number_cell(value, Kind.BOUNDED) for value in (one.cfi, one.rmsea, one.srmr)),
                )
            )
            for one in steps
        ),
        notes=tuple(notes),
    )


def contrast(context: Context, step: StepRecord) -> Line:
    """Return the names of the two models of a step."""
    names = [context.words.label(f"rival.{name}") for name in (step.more, step.less)]
    return context.say("rivals.contrast", more=names[0], less=names[1])


def unusable(context: Context, rivals: Iterable[RivalRecord]) -> list[tuple[str, str]]:
    """Return the names of the models without a proper solution, and what became of each."""
    return [
        (
            context.words.label(f"rival.{one.name}"),
            context.words.label(f"rival_state.{one.state}"),
        )
        for one in rivals
        if one.state != "proper"
    ]


def _row(context: Context, one: RivalRecord) -> Row:
    name = context.words.label(f"rival.{one.name}")
    mark = "" if one.state == "proper" else " †"
    values = (
        number_cell(getattr(one, measure), KINDS.get(measure, Kind.BOUNDED)) for measure in MEASURES
    )
    return Row(cells=(words_cell(name + mark), *values))
