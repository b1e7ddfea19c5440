"""Common-method variance: what speaks for it, and what it would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Heading, Paragraph, Row, Table, plain
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.chapters import converged
from loyaltysem.report.sections.marker import marker
from loyaltysem.report.sections.rivals import rivals_table, unusable

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import (
        MethodFactorResult,
        MethodPath,
        MethodVarianceResult,
        ModelResult,
        StepRecord,
    )

SIGNIFICANCE = 0.05


def method_variance(context: Context) -> list[Block]:
    """Return the chapter on common-method variance; nothing where it was not looked for."""
    looked = [
        (index, model) for index, model in converged(context) if model.method_variance is not None
    ]
    if not looked:
        return []
    blocks: list[Block] = [
        Heading(key="method_variance", level=1, text=context.say("method_variance.heading"))
    ]
    for index, model in looked:
        if len(context.results.models) > 1:
            title = plain(context.text(model.title))
            blocks.append(Heading(key=f"method_variance_{index}", level=2, text=title))
        blocks += _of_model(context, model, index)
    return [*blocks, Paragraph(text=context.say("method_variance.caution"))]


def _of_model(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return what was found for one model."""
    found = model.method_variance
    if found is None:
        return []
    blocks: list[Block] = [Paragraph(text=_shares(context, found))]
    if found.inflation:
        key = f"table_inflation_{index}"
        blocks += [
            Paragraph(text=_inflation(context, model, found, key)),
            _inflation_table(context, model, found, key),
        ]
    if found.unmeasured:
        blocks += _unmeasured(context, model, found.unmeasured, index)
    if found.marker:
        blocks += marker(context, model, found.marker, index)
    return blocks


def _shares(context: Context, found: MethodVarianceResult) -> Line:
    return context.say(
        "method_variance.harman",
        n_items=found.n_items,
        component=found.component,
        factor=found.factor,
    )


def _inflation(
    context: Context, model: ModelResult, found: MethodVarianceResult, table: str
) -> Line:
    values = [one.vif for one in found.inflation if one.vif is not None]
    return context.say(
        "method_variance.inflation",
        table=table,
        limit=found.inflation_limit,
        lowest=min(values, default=None),
        highest=max(values, default=None),
        exceeding=[
            (context.construct(one.construct_code, model), one.vif)
            for one in found.inflation
            if one.vif is None or one.vif > found.inflation_limit
        ],
    )


def _inflation_table(
    context: Context, model: ModelResult, found: MethodVarianceResult, key: str
) -> Table:
    return Table(
        key=key,
        caption=context.say("method_variance.inflation_caption", title=context.text(model.title)),
        columns=(context.column("construct", align="text"), context.column("vif")),
        rows=tuple(
            Row(
                cells=(
                    words_cell(context.construct(one.construct_code, model)),
                    number_cell(one.vif, Kind.MOMENT, limit=found.inflation_limit),
                )
            )
            for one in found.inflation
        ),
        notes=(context.say("method_variance.inflation_note"),),
    )


# --- the unmeasured method factor ------------------------------------------------------------


def _unmeasured(
    context: Context, model: ModelResult, found: MethodFactorResult, index: int
) -> list[Block]:
    key, paths = f"table_method_models_{index}", f"table_method_paths_{index}"
    blocks: list[Block] = [
        Paragraph(text=_factor_text(context, found, key)),
        rivals_table(
            context,
            found.models,
            key=key,
            caption=context.say("method_factor.caption", title=context.text(model.title)),
            notes=[context.say("method_factor.note"), context.say("rivals.note")],
        ),
    ]
    if found.chosen and found.paths:
        blocks += [
            Paragraph(text=_paths_text(context, model, found, paths)),
            _paths_table(context, model, found, paths),
        ]
    return blocks


def _factor_text(context: Context, found: MethodFactorResult, table: str) -> Line:
    models = {one.name: one for one in found.models}
    return context.say(
        "method_factor.text",
        table=table,
        single=models.get("single_factor"),
        traits=models.get("traits"),
        chosen=found.chosen,
        step=_step(found, "equal", "traits"),
        gain=_step(found, found.chosen, "traits") if found.chosen else None,
        method_share=found.method_share,
        trait_share=found.trait_share,
        unusable=unusable(context, found.models),
    )


def _step(found: MethodFactorResult, less: str | None, more: str) -> StepRecord | None:
    return next((one for one in found.steps if (one.less, one.more) == (less, more)), None)


def _paths_text(
    context: Context, model: ModelResult, found: MethodFactorResult, table: str
) -> Line:
    return context.say(
        "method_paths.text",
        table=table,
        total=len(found.paths),
        lost=[_path(context, model, one) for one in found.paths if _changes(one) == "lost"],
        gained=[_path(context, model, one) for one in found.paths if _changes(one) == "gained"],
        turned=[_path(context, model, one) for one in found.paths if _changes(one) == "turned"],
    )


def _changes(one: MethodPath) -> str:
    """Return what the method factor does to a path: lost or gained significance, another sign."""
    if None in (one.pvalue, one.adj_pvalue, one.std_all, one.adj_std_all):
        return ""
    before, after = (p is not None and p < SIGNIFICANCE for p in (one.pvalue, one.adj_pvalue))
    if before != after:
        return "lost" if before else "gained"
    return "turned" if before and (one.std_all or 0) * (one.adj_std_all or 0) < 0 else ""


def _path(context: Context, model: ModelResult, one: MethodPath) -> str:
    return " → ".join(context.construct(name, model) for name in (one.predictor, one.outcome))


def _paths_table(
    context: Context, model: ModelResult, found: MethodFactorResult, key: str
) -> Table:
    return Table(
        key=key,
        caption=context.say("method_paths.caption", title=context.text(model.title)),
        columns=(
            context.column("path", align="text"),
            context.column("beta_without", starred=True),
            context.column("p_without"),
            context.column("beta_with", starred=True),
            context.column("p_with"),
        ),
        rows=tuple(
            Row(
                cells=(
                    words_cell(_path(context, model, one)),
                    number_cell(one.std_all, Kind.BOUNDED, pvalue=one.pvalue),
                    number_cell(one.pvalue, Kind.PVALUE),
                    number_cell(one.adj_std_all, Kind.BOUNDED, pvalue=one.adj_pvalue),
                    number_cell(one.adj_pvalue, Kind.PVALUE),
                )
            )
            for one in found.paths
        ),
        notes=(context.say("method_paths.note"), context.say("stars")),
    )
