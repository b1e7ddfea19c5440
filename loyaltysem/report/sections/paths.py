"""The structural part of a model: paths, effects computed from them, explained variance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from loyaltysem.report.context import interval_cell, number_cell, words_cell
from loyaltysem.report.document import Block, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import LEVEL, Kind
from loyaltysem.report.sections.measurement import estimate_cells
from loyaltysem.report.sections.model_charts import coefficients_chart

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import HypothesisResult, ModelResult, ParameterRecord

ESTIMATES = ("estimate", "se", "z", "p")


def paths(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return the section on path estimates; nothing when the model has no paths."""
    rows = [one for one in model.parameters if one.op == "~"]
    if not rows:
        return []
    unreadable, tested = unreadable_paths(model), _tested(model)
    rows.sort(key=lambda one: _rank(tested, one))
    table = Table(
        key=f"table_paths_{index}",
        caption=context.say("paths.caption", title=context.text(model.title)),
        columns=(
            *(context.columns("tested", texts=["tested"]) if tested else ()),
            context.column("path", align="text"),
            *context.columns(*ESTIMATES),
            context.column("beta", starred=True),
            context.column("ci95_estimate"),
            *(context.columns("conclusion", texts=["conclusion"]) if tested else ()),
        ),
        rows=tuple(_path_row(context, model, one, unreadable, tested) for one in rows),
        notes=(context.say("paths.note", unreadable=bool(unreadable)), context.say("stars")),
    )
    return [
        Heading(key=f"paths_{index}", level=2, text=context.say("paths.heading")),
        Paragraph(text=_path_text(context, model, rows, table.key, index)),
        table,
        *coefficients_chart(context, model, rows, index),
    ]


def path_name(context: Context, model: ModelResult, predictor: str, outcome: str) -> str:
    """Return a path as it is printed: predictor → outcome."""
    return f"{context.construct(predictor, model)} → {context.construct(outcome, model)}"


def _path_text(
    context: Context, model: ModelResult, rows: list[ParameterRecord], table: str, index: int
) -> Line:
    alpha = LEVEL
    tested = [one for one in rows if one.pvalue is not None]
    readable = [one for one in tested if abs(one.std_all or 0) <= 1]
    return context.say(
        "paths.text",
        table=table,
        figure=f"figure_paths_{index}" if model.name in context.pictures else "",
        total=len(tested),
        significant=sum((one.pvalue or 0) < alpha for one in tested),
        strongest=_strongest(context, model, readable),
        outside=[
            (path_name(context, model, one.rhs, one.lhs), one.std_all)
            for one in rows
            if abs(one.std_all or 0) > 1
        ],
        doubtful=bool(unreadable_paths(model)),
    )


def _strongest(
    context: Context, model: ModelResult, rows: list[ParameterRecord]
) -> tuple[str, float] | None:
    largest = max(rows, key=lambda one: abs(one.std_all or 0), default=None)
    if largest is None or largest.std_all is None:
        return None
    return path_name(context, model, largest.rhs, largest.lhs), largest.std_all


def unreadable_paths(model: ModelResult) -> frozenset[str]:
    """Return the paths, as ``predictor -> outcome``, whose estimates mean nothing."""
    told = (one.facts.get("paths") for one in model.notices if one.code == "unreadable_paths")
    named = [str(path) for paths in told if isinstance(paths, list | tuple) for path in paths]
    return frozenset(named) | {one.path for one in model.hypotheses if one.verdict == "not_judged"}


def _tested(model: ModelResult) -> dict[str, list[HypothesisResult]]:
    """Return the hypotheses on single paths, by path."""
    paths = {f"{one.rhs} -> {one.lhs}" for one in model.parameters if one.op == "~"}
    found: dict[str, list[HypothesisResult]] = {}
    for one in model.hypotheses:
        if one.path in paths:
            found.setdefault(one.path, []).append(one)
    return found


def _rank(tested: Mapping[str, list[HypothesisResult]], row: ParameterRecord) -> int:
    """Return a path's place in the order of the hypotheses; paths without one come last."""
    path = f"{row.rhs} -> {row.lhs}"
    return list(tested).index(path) if path in tested else len(tested)


def _path_row(
    context: Context,
    model: ModelResult,
    row: ParameterRecord,
    unreadable: frozenset[str],
    tested: Mapping[str, list[HypothesisResult]],
) -> Row:
    """Return a path with the hypotheses on it and what came of them, where any path has one."""
    *estimates, beta = estimate_cells(row)
    name, path = path_name(context, model, row.rhs, row.lhs), f"{row.rhs} -> {row.lhs}"
    if path in unreadable:
        name, beta = f"{name} †", replace(beta, pvalue=None)
    interval = interval_cell((row.ci_lower, row.ci_upper) if row.free else None, Kind.ESTIMATE)
    cells = (words_cell(name), *estimates, beta, interval)
    if not tested:
        return Row(cells=cells)
    own = tested.get(path, [])
    verdicts = dict.fromkeys(context.words.label(f"verdict.{one.verdict}") for one in own)
    ids, ends = ", ".join(one.id for one in own), ", ".join(verdicts)
    return Row(cells=(words_cell(ids), *cells, words_cell(ends)))


def quantities(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return the section on quantities that the model defines (``:=``); nothing without any."""
    rows = [one for one in model.parameters if one.op == ":="]
    if not rows:
        return []
    table = Table(
        key=f"table_quantities_{index}",
        caption=context.say("quantities.caption", title=context.text(model.title)),
        columns=(
            context.column("quantity", align="text"),
            *context.columns(*ESTIMATES),
            context.column("ci95_estimate"),
            context.column("std_value"),
        ),
        rows=tuple(_quantity_row(context, model, one) for one in rows),
        notes=(context.say("quantities.note"),),
    )
    return [
        Heading(key=f"quantities_{index}", level=2, text=context.say("quantities.heading")),
        Paragraph(text=context.say("quantities.text", table=table.key)),
        table,
    ]


def _quantity_row(context: Context, model: ModelResult, row: ParameterRecord) -> Row:
    definition = f"{row.lhs} = {row.rhs}"
    named = context.construct(row.lhs, model)
    label = definition if named == row.lhs else f"{named}: {definition}"
    return Row(
        cells=(
            words_cell(label),
            number_cell(row.est, Kind.ESTIMATE),
            number_cell(row.se, Kind.ESTIMATE),
            number_cell(row.z, Kind.STATISTIC),
            number_cell(row.pvalue, Kind.PVALUE),
            interval_cell((row.ci_lower, row.ci_upper), Kind.ESTIMATE),
            number_cell(row.std_all, Kind.BOUNDED),
        )
    )


def explained(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return the section on explained variance of the outcomes; nothing when there are none."""
    outcomes = dict.fromkeys(one.lhs for one in model.parameters if one.op == "~")
    values = [(name, model.r2[name]) for name in outcomes if name in model.r2]
    if not values:
        return []
    named = [(context.construct(name, model), value) for name, value in values]
    table = Table(
        key=f"table_r2_{index}",
        caption=context.say("explained.caption", title=context.text(model.title)),
        columns=(context.column("outcome", align="text"), context.column("r2")),
        rows=tuple(
            Row(cells=(words_cell(name), number_cell(value, Kind.BOUNDED))) for name, value in named
        ),
    )
    return [
        Heading(key=f"explained_{index}", level=2, text=context.say("explained.heading")),
        Paragraph(
            text=context.say(
                "explained.text",
                table=table.key,
                values=named,
                outside=[name for name, value in named if not 0 <= value <= 1],
                doubtful=bool(unreadable_paths(model)),
            )
        ),
        table,
    ]
