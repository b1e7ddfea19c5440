"""Moderated paths: the product, simple slopes, where they differ from zero, conditional effects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import interval_cell, number_cell, words_cell
from loyaltysem.report.document import Block, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import LEVEL, Kind
from loyaltysem.report.sections.moderation_charts import region_chart, slopes_chart
from loyaltysem.report.sections.moderation_names import ModerationNames, moderation_names
from loyaltysem.results.model import ROBUST_ESTIMATORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import (
        ModelResult,
        ModeratedMediation,
        ModerationPath,
        ModerationResult,
        SlopeRecord,
    )


def moderation(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return the section on moderated paths; nothing where none was examined."""
    if not model.moderation:
        return []
    blocks: list[Block] = [
        Heading(key=f"moderation_{index}", level=2, text=context.say("moderation.heading"))
    ]
    for number, one in enumerate(model.moderation, start=1):
        names = moderation_names(context, model, one)
        blocks += _one(context, names, one, f"{index}_{number}")
    methods = {one.method: one.estimator in ROBUST_ESTIMATORS for one in model.moderation}
    blocks += [
        Paragraph(text=context.say(f"moderation.caution_{method}", robust=robust))
        for method, robust in sorted(methods.items())
    ]
    return blocks


def _one(
    context: Context, names: ModerationNames, found: ModerationResult, key: str
) -> list[Block]:
    blocks: list[Block] = [
        Paragraph(text=_text(context, names, found, f"table_moderation_{key}")),
        _paths_table(context, names, found, f"table_moderation_{key}"),
    ]
    if not found.readable:
        return blocks
    slopes = f"table_slopes_{key}"
    blocks += [
        Paragraph(text=_slopes_text(context, names, found, slopes)),
        _slopes_table(context, names, found, slopes),
        *slopes_chart(context, names, found, key),
        *region_chart(context, names, found, key),
    ]
    if found.indirect:
        table = f"table_conditional_{key}"
        blocks += [
            Paragraph(text=_mediated_text(context, names, found, table)),
            _mediated_table(context, names, found, table),
        ]
    return blocks


# --- the product --------------------------------------------------------------------------------


def _text(context: Context, names: ModerationNames, found: ModerationResult, table: str) -> Line:
    return context.say(
        "moderation.text",
        **names.facts,
        table=table,
        method=found.method,
        nodes=found.nodes,
        matched=found.products == "matched",
        centring=context.words.label(f"centring.{found.centring}"),
        residual=found.centring == "residual",
        centred=bool(found.moderator_name),
        product=found.product,
        verdict=_verdict(found),
        chisq=found.chisq,
        df=found.df,
        p_test=found.p_test,
        better=(found.bic_difference or 0.0) < 0,
        r2=found.r2,
        r2_linear=found.r2_linear,
    )


def _verdict(found: ModerationResult) -> str:
    """Return what is said of the product: unreadable, unknown, none, rises or falls."""
    product = found.product
    if not found.readable:
        return "unreadable"
    if product.pvalue is None or product.est is None:
        return "unknown"
    if product.pvalue >= LEVEL:
        return "none"
    return "rises" if product.est > 0 else "falls"


def _paths_table(
    context: Context, names: ModerationNames, found: ModerationResult, key: str
) -> Table:
    labels = {
        "predictor": names.predictor,
        "moderator": names.moderator,
        "product": names.product,
    }
    return Table(
        key=key,
        caption=context.say("moderation.caption", **names.facts),
        columns=(
            context.column("path", align="text"),
            *context.columns("estimate", "se", "z", "p"),
            context.column("beta", starred=True),
            context.column("ci95_estimate"),
        ),
        rows=tuple(
            _path_row(f"{labels[one.role]} → {names.outcome}", one, starred=found.readable)
            for one in found.paths
        ),
        notes=(
            context.say("moderation.note", n=found.n, estimator=found.estimator),
            context.say("stars"),
        ),
    )


def _path_row(label: str, one: ModerationPath, *, starred: bool) -> Row:
    return Row(
        cells=(
            words_cell(label),
            number_cell(one.est, Kind.ESTIMATE),
            number_cell(one.se, Kind.ESTIMATE),
            number_cell(one.z, Kind.STATISTIC),
            number_cell(one.pvalue, Kind.PVALUE),
            number_cell(one.std_all, Kind.BOUNDED, pvalue=one.pvalue if starred else None),
            interval_cell((one.ci_lower, one.ci_upper), Kind.ESTIMATE),
        )
    )


# --- simple slopes ------------------------------------------------------------------------------


def _slopes_text(
    context: Context, names: ModerationNames, found: ModerationResult, table: str
) -> Line:
    limit = LEVEL
    known = [one for one in found.slopes if one.pvalue is not None]
    region = found.region
    return context.say(
        "moderation.slopes",
        **names.facts,
        table=table,
        values=[(names.value(one), one.est) for one in found.slopes if one.est is not None],
        differing=[names.value(one) for one in known if (one.pvalue or 0.0) < limit],
        others=[names.value(one) for one in known if (one.pvalue or 0.0) >= limit],
        significant=region.significant if region else "",
        points=_points(found, inner=True),
        beyond=_points(found, inner=False),
        share=region.share if region else None,
    )


def _points(found: ModerationResult, *, inner: bool) -> list[float]:
    """Return the Johnson-Neyman points in SD, within the range that is looked at or beyond it."""
    region = found.region
    if region is None:
        return []
    parts = zip(region.points, region.points_sds, strict=True)
    return [sds for point, sds in parts if (region.low < point < region.high) == inner]


def _slopes_table(
    context: Context, names: ModerationNames, found: ModerationResult, key: str
) -> Table:
    return Table(
        key=key,
        caption=context.say("moderation.slopes_caption", **names.facts),
        columns=(
            context.column("moderator_value", align="text", moderator=names.moderator),
            *context.columns("slope", "se", "z", "p"),
            context.column("beta", starred=True),
            context.column("ci95_estimate"),
        ),
        rows=tuple(_slope_row(names, one) for one in found.slopes),
        notes=(
            context.say("moderation.slopes_note", options=any(one.name for one in found.slopes)),
            context.say("stars"),
        ),
    )


def _slope_row(names: ModerationNames, one: SlopeRecord) -> Row:
    return Row(
        cells=(
            words_cell(names.value(one)),
            number_cell(one.est, Kind.ESTIMATE),
            number_cell(one.se, Kind.ESTIMATE),
            number_cell(one.z, Kind.STATISTIC),
            number_cell(one.pvalue, Kind.PVALUE),
            number_cell(one.std, Kind.BOUNDED, pvalue=one.pvalue),
            interval_cell((one.ci_lower, one.ci_upper), Kind.ESTIMATE),
        )
    )


# --- moderated mediation ------------------------------------------------------------------------


def _mediated_text(
    context: Context, names: ModerationNames, found: ModerationResult, table: str
) -> Line:
    apart = [one for one in found.indirect if _excludes_zero(one)]
    return context.say(
        "moderation.mediated",
        **names.facts,
        table=table,
        method=found.indirect[0].method,
        total=len(found.indirect),
        differing=[(names.path(one.path), one.index) for one in apart],
        others=[names.path(one.path) for one in found.indirect if one not in apart],
    )


def _excludes_zero(one: ModeratedMediation) -> bool:
    lower, upper = one.index_lower, one.index_upper
    return lower is not None and upper is not None and (lower > 0 or upper < 0)


def _mediated_table(
    context: Context, names: ModerationNames, found: ModerationResult, key: str
) -> Table:
    return Table(
        key=key,
        caption=context.say("moderation.mediated_caption", **names.facts),
        columns=(
            context.column("effect", align="text"),
            *context.columns("effect_value", "se", f"ci_{found.indirect[0].method}"),
        ),
        rows=tuple(_mediated_rows(context, names, found)),
        notes=(context.say("moderation.mediated_note"),),
    )


def _mediated_rows(
    context: Context, names: ModerationNames, found: ModerationResult
) -> Iterator[Row]:
    for one in found.indirect:
        yield Row(cells=(words_cell(names.path(one.path)),), group=True)
        for effect in one.effects:
            yield Row(
                cells=(
                    words_cell(names.value(effect)),
                    number_cell(effect.est, Kind.ESTIMATE),
                    number_cell(effect.se, Kind.ESTIMATE),
                    interval_cell((effect.lower, effect.upper), Kind.ESTIMATE),
                )
            )
        yield Row(
            cells=(
                words_cell(context.say("moderation.index")),
                number_cell(one.index, Kind.ESTIMATE),
                number_cell(one.index_se, Kind.ESTIMATE),
                interval_cell((one.index_lower, one.index_upper), Kind.ESTIMATE),
            )
        )
