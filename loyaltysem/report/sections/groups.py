"""Groups of respondents compared: invariance of measurement, latent means, paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Bullets, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.group_paths import group_paths
from loyaltysem.report.sections.ladder_chart import ladder_chart, level_name
from loyaltysem.report.sections.latent_means import latent_means

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Cell, Line
    from loyaltysem.results import (
        GroupsResult,
        InvarianceLevel,
        ItemTest,
        ModelResult,
        ReleasedParameter,
    )

MOST_ITEMS = 5
"""Items shown of a level that does not hold, those with the largest score tests."""


def groups(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return the section on groups; nothing where none were compared."""
    found = model.groups
    if found is None:
        return []
    return [
        Heading(key=f"groups_{index}", level=2, text=context.say("groups.heading")),
        Paragraph(text=_introduction(context, found)),
        *_ladder(context, found, index),
        *_items(context, model, found, index),
        *latent_means(context, model, found, index),
        *group_paths(context, model, found, index),
    ]


def _introduction(context: Context, found: GroupsResult) -> Line:
    return context.say(
        "groups.introduction",
        by=context.text(found.name),
        groups=[(context.text(one.name), one.n) for one in found.groups],
        missing=found.n_missing,
        left_out=found.n_left_out,
    )


# --- invariance --------------------------------------------------------------------------------


def _ladder(context: Context, found: GroupsResult, index: int) -> list[Block]:
    key = f"table_invariance_{index}"
    return [
        Heading(key=f"invariance_{index}", level=3, text=context.say("invariance.heading")),
        Paragraph(
            text=context.say(
                "invariance.text",
                table=key,
                figure=f"figure_invariance_{index}",
                criterion=found.criterion,
                limits=found.cutoffs,
            )
        ),
        _ladder_table(context, found, key),
        ladder_chart(context, found, index),
        Paragraph(text=_reached(context, found)),
        *_reservations(context, found),
    ]


def _reached(context: Context, found: GroupsResult) -> Line:
    key = f"invariance_reached.{found.reached or 'none'}"
    return context.say(key, partial=found.reached_partial)


def _reservations(context: Context, found: GroupsResult) -> list[Block]:
    """Return what speaks against the verdicts: other criteria, failed searches, releases."""
    steps = [one for one in found.levels if one.delta_cfi is not None]
    lines = []
    for key, levels in (
        ("unconverged", [one for one in found.levels if not one.converged]),
        ("rejected_by_chisq", [one for one in steps if one.kept and _is_rejected(one)]),
        ("not_rejected_by_chisq", [one for one in steps if not one.kept and not _is_rejected(one)]),
        ("mixed", [one for one in steps if one.chen == "mixed"]),
        ("other_cutoffs", [one for one in steps if (one.chen == "kept") != _kept_by_other(one)]),
    ):
        if levels:
            names = [level_name(context, one) for one in levels]
            lines.append(context.say(f"invariance_reservation.{key}", levels=names))
    return [Bullets(items=tuple(lines))] if lines else []


def _is_rejected(level: InvarianceLevel) -> bool:
    return level.pvalue_diff is not None and level.pvalue_diff < 0.05


def _kept_by_other(level: InvarianceLevel) -> bool:
    return level.chen_other == "kept"


def _ladder_table(context: Context, found: GroupsResult, key: str) -> Table:
    return Table(
        key=key,
        caption=context.say("invariance.caption", by=context.text(found.name)),
        columns=(
            context.column("group_level", align="text"),
            *(context.column(f"compare_{one}") for one in ("chisq", "df", "cfi", "rmsea", "srmr")),
            *context.columns("group_delta_chisq", "group_delta_df", "p"),
            *context.columns("group_delta_cfi", "group_delta_rmsea", "group_delta_srmr"),
            context.column("group_level_verdict", align="text"),
        ),
        rows=tuple(Row(cells=_level_cells(context, one)) for one in found.levels),
        notes=(
            context.say(
                "invariance.note",
                index=found.index,
                method=found.method,
                partial=any(one.partial for one in found.levels),
            ),
        ),
    )


def _level_cells(context: Context, level: InvarianceLevel) -> tuple[Cell, ...]:
    first = level.delta_cfi is None
    verdict = "" if first else context.words.label(f"level_verdict.{_verdict(level)}")
    return (
        words_cell(level_name(context, level)),
        number_cell(level.chisq, Kind.STATISTIC),
        number_cell(level.df, Kind.COUNT),
        *(number_cell(one, Kind.BOUNDED) for one in (level.cfi, level.rmsea, level.srmr)),
        number_cell(level.chisq_diff, Kind.STATISTIC),
        number_cell(level.df_diff, Kind.COUNT),
        number_cell(level.pvalue_diff, Kind.PVALUE),
        *(
            number_cell(one, Kind.BOUNDED)
            for one in (level.delta_cfi, level.delta_rmsea, level.delta_srmr)
        ),
        words_cell(verdict),
    )


def _verdict(level: InvarianceLevel) -> str:
    return "kept" if level.kept else "not_kept"


# --- items -------------------------------------------------------------------------------------


def _items(context: Context, model: ModelResult, found: GroupsResult, index: int) -> list[Block]:
    """Return which items break a level, and which were released; nothing when all levels hold."""
    broken = [one.level for one in found.levels if not one.kept and not one.partial]
    if not broken:
        return []
    key = f"table_group_items_{index}"
    released = tuple(_released(context, model, one) for one in found.releases)
    reached = found.reached and context.words.label(f"level.{found.reached}")
    text = context.say("group_items.text", table=key, released=len(released), reached=reached or "")
    return [
        Paragraph(text=text),
        *([Bullets(items=released)] if released else []),
        _item_table(context, model, found, broken, key),
    ]


def _released(context: Context, model: ModelResult, one: ReleasedParameter) -> Line:
    return context.say(
        f"group_items.released_{one.because}",
        parameter=_parameter(context, model, one),
        level=context.words.label(f"level.{one.level}"),
        chisq=one.chisq,
        df=one.df,
        p=one.pvalue,
    )


def _parameter(context: Context, model: ModelResult, one: ItemTest | ReleasedParameter) -> str:
    """Return what a parameter is, in words: ``loading of SQ2``."""
    item = context.construct(one.item, model)
    return context.words.label(f"group_parameter.{one.kind}", item=item)


def _item_table(
    context: Context, model: ModelResult, found: GroupsResult, broken: Sequence[str], key: str
) -> Table:
    return Table(
        key=key,
        caption=context.say("group_items.caption"),
        columns=(
            context.column("group_parameter", align="text"),
            *context.columns("compare_chisq", "compare_df", "p", "group_p_adjusted", "group_epc"),
            context.column("group_of_epc", align="text"),
        ),
        rows=tuple(_item_rows(context, model, found, broken)),
        notes=(
            context.say(
                "group_items.note",
                n=MOST_ITEMS,
                reference=context.text(found.groups[0].name),
                corrected=_tests_are_corrected(found),
            ),
        ),
    )


def _tests_are_corrected(found: GroupsResult) -> bool:
    """Tell whether score tests are corrected; those of older results are not."""
    return found.method != "standard" and any(
        one.chisq_standard is not None for one in found.item_tests
    )


def _item_rows(
    context: Context, model: ModelResult, found: GroupsResult, broken: Sequence[str]
) -> Iterable[Row]:
    names = {one.code: context.text(one.name) for one in found.groups}
    for level in dict.fromkeys(broken):
        yield Row(cells=(words_cell(context.words.label(f"level.{level}")),), group=True)
        tests = [one for one in found.item_tests if one.level == level]
        for one in tests[:MOST_ITEMS]:
            yield Row(
                cells=(
                    words_cell(_parameter(context, model, one)),
                    number_cell(one.chisq, Kind.STATISTIC),
                    number_cell(one.df, Kind.COUNT),
                    number_cell(one.pvalue, Kind.PVALUE),
                    number_cell(one.pvalue_adjusted, Kind.PVALUE),
                    number_cell(one.epc, Kind.ESTIMATE),
                    words_cell(names.get(one.group, one.group)),
                )
            )
