"""Latent means compared between groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import interval_cell, number_cell, words_cell
from loyaltysem.report.document import Block, Column, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Cell
    from loyaltysem.results import GroupsResult, LatentMeanDifference, ModelResult


def latent_means(
    context: Context, model: ModelResult, found: GroupsResult, index: int
) -> list[Block]:
    """Return the differences between latent means, or why they are not compared."""
    heading = Heading(
        key=f"latent_means_{index}", level=3, text=context.say("latent_means.heading")
    )
    if not found.means_supported:
        return [heading, Paragraph(text=context.say("latent_means.unsupported"))]
    key = f"table_latent_means_{index}"
    differing = [one for one in found.means if _is_small(one.pvalue_adjusted)]
    text = context.say(
        "latent_means.text",
        table=key,
        partial=found.means_partial,
        total=len(found.means),
        differing=[_mean_finding(context, model, found, one) for one in differing],
        correction=found.correction,
    )
    return [heading, Paragraph(text=text), _mean_table(context, model, found, key)]


def _is_small(pvalue: float | None) -> bool:
    return pvalue is not None and pvalue < 0.05


def _mean_finding(
    context: Context, model: ModelResult, found: GroupsResult, one: LatentMeanDifference
) -> str:
    return context.words.label(
        "latent_means.finding",
        construct=context.construct(one.latent, model),
        group=_name(context, found, one.group),
        reference=_name(context, found, one.reference),
        higher=(one.est or 0.0) > 0,
        d=one.d,
    )


def _name(context: Context, found: GroupsResult, code: str) -> str:
    return next((context.text(one.name) for one in found.groups if one.code == code), code)


def _mean_table(context: Context, model: ModelResult, found: GroupsResult, key: str) -> Table:
    return Table(
        key=key,
        caption=context.say("latent_means.caption"),
        columns=(
            *_text_columns(context, "construct", "group_comparison"),
            *context.columns(
                "group_mean_difference", "se", "z", "p", "group_p_adjusted", "group_d", "group_ci_d"
            ),
        ),
        rows=tuple(Row(cells=_mean_cells(context, model, found, one)) for one in found.means),
        notes=(context.say("latent_means.note", correction=found.correction),),
    )


def _text_columns(context: Context, *keys: str) -> tuple[Column, ...]:
    return context.columns(*keys, texts=keys)


def _mean_cells(
    context: Context, model: ModelResult, found: GroupsResult, one: LatentMeanDifference
) -> tuple[Cell, ...]:
    pair = (_name(context, found, one.group), _name(context, found, one.reference))
    return (
        words_cell(context.construct(one.latent, model)),
        words_cell(" − ".join(pair)),
        number_cell(one.est, Kind.ESTIMATE),
        number_cell(one.se, Kind.ESTIMATE),
        number_cell(one.z, Kind.STATISTIC),
        number_cell(one.pvalue, Kind.PVALUE),
        number_cell(one.pvalue_adjusted, Kind.PVALUE),
        number_cell(one.d, Kind.MOMENT),
        interval_cell(one.d_ci, Kind.MOMENT),
    )
