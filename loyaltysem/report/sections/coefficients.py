"""Reliability coefficients beside Cronbach's alpha, and agreement of two waves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import interval_cell, number_cell, words_cell
from loyaltysem.report.document import Block, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.results import ReliabilityResult

SHOWN = (
    "mean_r",
    "split_half",
    "lambda2",
    "lambda4",
    "lambda6",
    "omega",
    "ordinal_alpha",
    "categorical_omega",
)


def coefficients(context: Context) -> list[Block]:
    """Return further coefficients of the scales; nothing where none was computed."""
    scales = [one for one in context.results.reliability if one.coefficients]
    if not scales:
        return []
    omegas = _named(context, scales, "omega")
    pairs = _named(context, scales, "spearman_brown")
    return [
        Paragraph(
            text=context.say(
                "coefficients.text",
                lowest=min(omegas, key=lambda pair: pair[1], default=None),
                highest=max(omegas, key=lambda pair: pair[1], default=None),
                pairs=pairs,
            )
        ),
        _table(context, scales),
    ]


def _named(
    context: Context, scales: list[ReliabilityResult], which: str
) -> list[tuple[str, float]]:
    """Return the constructs that have a coefficient, with its value."""
    return [
        (context.text(one.name), value)
        for one in scales
        if (value := one.coefficients.get(which)) is not None
    ]


def _table(context: Context, scales: list[ReliabilityResult]) -> Table:
    return Table(
        key="table_coefficients",
        caption=context.say("coefficients.caption"),
        columns=(
            context.column("construct", align="text"),
            *context.columns("alpha_standardized", "boot_ci", *SHOWN),
        ),
        rows=tuple(_row(context, one) for one in scales),
        notes=(context.say("coefficients.note", draws=max(one.draws for one in scales)),),
    )


def _row(context: Context, scale: ReliabilityResult) -> Row:
    return Row(
        cells=(
            words_cell(context.text(scale.name)),
            number_cell(scale.alpha_standardized, Kind.BOUNDED),
            interval_cell(scale.boot_ci, Kind.BOUNDED),
            *(number_cell(scale.coefficients.get(name), Kind.BOUNDED) for name in SHOWN),
        )
    )


def retest(context: Context) -> list[Block]:
    """Return the agreement of two waves; nothing without a second wave."""
    waves = context.results.retest
    if not waves:
        return []
    table = Table(
        key="table_retest",
        caption=context.say("retest.caption"),
        columns=(
            context.column("construct", align="text"),
            *context.columns("n", "icc_agreement", "ci95", "icc_consistency", "ci95", "p"),
        ),
        rows=tuple(
            Row(
                cells=(
                    words_cell(context.construct(one.construct_code)),
                    number_cell(one.n, Kind.COUNT),
                    number_cell(one.agreement, Kind.BOUNDED),
                    interval_cell(one.agreement_ci, Kind.BOUNDED),
                    number_cell(one.consistency, Kind.BOUNDED),
                    interval_cell(one.consistency_ci, Kind.BOUNDED),
                    number_cell(one.pvalue, Kind.PVALUE),
                )
            )
            for one in waves
        ),
        notes=(context.say("retest.note"),),
    )
    low, high = (pick(waves, key=lambda one: one.agreement) for pick in (min, max))
    text = context.say(
        "retest.text",
        lowest=(context.construct(low.construct_code), low.agreement),
        highest=(context.construct(high.construct_code), high.agreement),
    )
    return [Paragraph(text=text), table]
