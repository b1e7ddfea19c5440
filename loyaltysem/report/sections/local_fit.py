"""Where a model misses the data: modification indices, residuals, and the analysed covariances."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Heading, Line, Paragraph, Row, Run, Table
from loyaltysem.report.numbers import LEVEL, Kind
from loyaltysem.report.sections.matrices import lower_tables

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.results import (
        DiagnosticsResult,
        LargeResidual,
        ModelResult,
        ModificationRecord,
        ModificationResult,
        MomentsRecord,
    )


def local_fit(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return a model's modification indices, residuals and covariance matrix."""
    found = model.diagnostics
    if found is None:
        return []
    heading = context.say("local_fit.heading", title=context.text(model.title))
    blocks: list[Block] = [Heading(key=f"local_fit_{index}", level=2, text=heading)]
    if found.modification and found.modification.rows:
        blocks += _modification(context, model, found.modification, index)
    if found.largest:
        blocks += _residuals(context, model, found, index)
    if model.moments:
        blocks += _covariances(context, model, model.moments, index)
    return blocks if len(blocks) > 1 else []


def _modification(
    context: Context, model: ModelResult, found: ModificationResult, index: int
) -> list[Block]:
    key = f"table_modification_{index}"
    text = context.say(
        "modification.text",
        table=key,
        n=found.n,
        above=found.n_above,
        limit=found.limit,
        largest=found.rows[0].mi,
        many=found.n_above > _most_by_chance(found.n),
    )
    table = Table(
        key=key,
        caption=context.say("modification.caption", title=context.text(model.title)),
        columns=context.columns("parameter", "mi", "epc", "sepc", texts=["parameter"]),
        rows=tuple(_modification_row(one, several=_several(model)) for one in found.rows),
        notes=(context.say("modification.note"),),
    )
    return [Paragraph(text=text), table]


def _most_by_chance(n: int) -> float:
    """Return how many of ``n`` tests at .05 chance may bring: two standard deviations above."""
    return float(LEVEL * n + 2 * math.sqrt(LEVEL * (1 - LEVEL) * n))


def _several(model: ModelResult) -> bool:
    return len({one.group for one in model.parameters if one.group}) > 1


def _modification_row(one: ModificationRecord, *, several: bool) -> Row:
    group = f" [{one.group}]" if several else ""
    name: Line = (Run(f"{one.lhs} {one.op} {one.rhs}{group}", "code"),)
    return Row(
        cells=(
            words_cell(name),
            number_cell(one.mi, Kind.STATISTIC),
            number_cell(one.epc, Kind.ESTIMATE),
            number_cell(one.sepc_all, Kind.BOUNDED),
        )
    )


def _residuals(
    context: Context, model: ModelResult, found: DiagnosticsResult, index: int
) -> list[Block]:
    key = f"table_largest_residuals_{index}"
    text = context.say(
        "residuals.text",
        largest_table=key,
        matrix=f"table_residuals_{index}",
        pair=[found.largest[0].first, found.largest[0].second],
        largest=found.largest[0].residual,
        large=sum(one.n_large for one in found.residuals),
        pairs=sum(one.n_pairs for one in found.residuals),
        limit=found.residuals[0].limit,
    )
    table = Table(
        key=key,
        caption=context.say("residuals.largest", title=context.text(model.title)),
        columns=context.columns("pair", "residual", "normalized", "standardized", texts=["pair"]),
        rows=tuple(_residual_row(one, several=_several(model)) for one in found.largest),
        notes=(context.say("residuals.largest_note"),),
    )
    blocks: list[Block] = [Paragraph(text=text), table]
    for one in found.residuals:
        suffix = f"_group{one.group}" if one.group > 1 else ""
        blocks += lower_tables(
            context,
            f"table_residuals_{index}{suffix}",
            "residuals",
            one.variables,
            one.lower,
            kind=Kind.BOUNDED,
            strong_from=one.limit,
            title=context.text(model.title),
            group=one.label if len(found.residuals) > 1 else "",
            limit=one.limit,
        )
    return blocks


def _residual_row(one: LargeResidual, *, several: bool) -> Row:
    group = f" [{one.group}]" if several else ""
    return Row(
        cells=(
            words_cell(f"{one.first} – {one.second}{group}"),
            number_cell(one.residual, Kind.BOUNDED),
            number_cell(one.normalized, Kind.STATISTIC),
            number_cell(one.standardized, Kind.STATISTIC),
        )
    )


def _covariances(
    context: Context, model: ModelResult, moments: MomentsRecord, index: int
) -> list[Block]:
    key = f"table_covariances_{index}"
    lower = [row[: place + 1] for place, row in enumerate(moments.covariance)]
    tables = lower_tables(
        context,
        key,
        "covariances",
        moments.variables,
        lower,
        kind=Kind.ESTIMATE,
        title=context.text(model.title),
        n=moments.n,
    )
    return [Paragraph(text=context.say("covariances.text", table=key)), *tables]
