"""Paths compared between groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import interval_cell, number_cell, words_cell
from loyaltysem.report.document import Block, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Cell, Column
    from loyaltysem.results import (
        GroupPath,
        GroupsResult,
        ModelResult,
        PathDifference,
        PathsByGroup,
        PathTest,
    )


def group_paths(
    context: Context, model: ModelResult, found: GroupsResult, index: int
) -> list[Block]:
    """Return the paths by group and their differences; nothing for a model without paths."""
    paths = found.paths
    if paths is None:
        return []
    key = f"table_group_paths_{index}"
    several = len(found.groups) > 2
    text = context.say(
        "group_paths.text",
        table=key,
        pairs=f"table_path_pairs_{index}" if several else "",
        chisq=paths.chisq_diff,
        df=paths.df_diff,
        p=paths.pvalue,
        total=len(paths.omnibus),
        differing=[_path(context, model, one) for one in paths.omnibus if _differs(one)],
        correction=found.correction,
        supported=found.paths_supported,
    )
    blocks: list[Block] = [
        Heading(key=f"group_paths_{index}", level=3, text=context.say("group_paths.heading")),
        Paragraph(text=text),
        _table(context, model, found, paths, key),
    ]
    if several:
        blocks.append(_pair_table(context, model, found, paths, f"table_path_pairs_{index}"))
    return blocks


def _differs(one: PathTest) -> bool:
    return one.pvalue_adjusted is not None and one.pvalue_adjusted < 0.05


def _path(context: Context, model: ModelResult, one: PathTest | PathDifference) -> str:
    ends = (one.predictor, one.outcome)
    return " → ".join(context.construct(name, model) for name in ends)


# --- paths by group ----------------------------------------------------------------------------


def _table(
    context: Context, model: ModelResult, found: GroupsResult, paths: PathsByGroup, key: str
) -> Table:
    two = len(found.groups) == 2
    difference = context.columns("group_path_difference", "ci95_estimate") if two else ()
    return Table(
        key=key,
        caption=context.say("group_paths.caption", by=context.text(found.name)),
        columns=(
            context.column("path", align="text"),
            *_group_columns(context, found),
            *difference,
            *context.columns("group_delta_chisq", "group_delta_df", "p", "group_p_adjusted"),
        ),
        rows=tuple(
            Row(cells=tuple(_cells(context, model, found, paths, one))) for one in paths.omnibus
        ),
        notes=(
            context.say(
                "group_paths.note",
                two=two,
                correction=found.correction,
                method=paths.method,
                first=context.text(found.groups[0].name),
                second=context.text(found.groups[1].name),
            ),
            context.say("stars"),
        ),
    )


def _group_columns(context: Context, found: GroupsResult) -> Iterable[Column]:
    for one in found.groups:
        group = context.text(one.name)
        yield context.column("group_estimate", starred=True, group=group)
        yield context.column("group_beta", group=group)


def _cells(
    context: Context,
    model: ModelResult,
    found: GroupsResult,
    paths: PathsByGroup,
    test: PathTest,
) -> Iterable[Cell]:
    ends = (test.predictor, test.outcome)
    yield words_cell(_path(context, model, test))
    for group in found.groups:
        yield from _estimates(_in_group(paths, ends, group.code))
    if len(found.groups) == 2:
        pair = next(one for one in paths.pairs if (one.predictor, one.outcome) == ends)
        yield number_cell(pair.difference, Kind.ESTIMATE)
        yield interval_cell(pair.ci, Kind.ESTIMATE)
    yield from _test_cells(test)


def _in_group(paths: PathsByGroup, ends: tuple[str, str], group: str) -> GroupPath:
    return next(
        one
        for one in paths.estimates
        if (one.predictor, one.outcome) == ends and one.group == group
    )


def _estimates(one: GroupPath) -> tuple[Cell, Cell]:
    return (
        number_cell(one.est, Kind.ESTIMATE, pvalue=one.pvalue),
        number_cell(one.std_all, Kind.BOUNDED),
    )


def _test_cells(test: PathTest | PathDifference) -> tuple[Cell, ...]:
    return (
        number_cell(test.chisq_diff, Kind.STATISTIC),
        number_cell(test.df_diff, Kind.COUNT),
        number_cell(test.pvalue, Kind.PVALUE),
        number_cell(test.pvalue_adjusted, Kind.PVALUE),
    )


# --- pairs of groups ---------------------------------------------------------------------------


def _pair_table(
    context: Context, model: ModelResult, found: GroupsResult, paths: PathsByGroup, key: str
) -> Table:
    return Table(
        key=key,
        caption=context.say("path_pairs.caption"),
        columns=(
            context.column("group_comparison", align="text"),
            *context.columns("group_path_difference", "ci95_estimate"),
            *context.columns("group_delta_chisq", "group_delta_df", "p", "group_p_adjusted"),
        ),
        rows=tuple(_pair_rows(context, model, found, paths)),
        notes=(context.say("path_pairs.note", correction=found.correction),),
    )


def _pair_rows(
    context: Context, model: ModelResult, found: GroupsResult, paths: PathsByGroup
) -> Iterable[Row]:
    names = {one.code: context.text(one.name) for one in found.groups}
    for test in paths.omnibus:
        yield Row(cells=(words_cell(_path(context, model, test)),), group=True)
        for one in paths.pairs:
            if (one.predictor, one.outcome) != (test.predictor, test.outcome):
                continue
            yield Row(
                cells=(
                    words_cell(f"{names[one.group]} − {names[one.reference]}"),
                    number_cell(one.difference, Kind.ESTIMATE),
                    interval_cell(one.ci, Kind.ESTIMATE),
                    *_test_cells(one),
                )
            )
