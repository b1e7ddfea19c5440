"""The models of a study against each other; power and equivalents of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Bullets, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.model_charts import power_chart

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import ChoiceResult, FitPowerRecord, ModelResult

WEIGHED = ("aic", "aic_difference", "aic_weight", "bic", "bic_difference", "bic_weight")
WANTED = 0.80
SIGNIFICANCE = 0.05


def choice(context: Context) -> list[Block]:
    """Return weights and difference tests of several models; nothing for one model."""
    found = context.results.choice
    if found is None:
        return []
    blocks: list[Block] = []
    if all(one.aic_weight is not None for one in found.models):
        key = "table_weights"
        blocks += [
            Paragraph(text=_weights_text(context, found, key)),
            _weights_table(context, found, key),
        ]
    if found.tests:
        key = "table_nested"
        blocks += [
            Paragraph(text=_nested_text(context, found, key)),
            _nested_table(context, found, key),
        ]
    return blocks


def _title(context: Context, name: str) -> str:
    found = (context.text(one.title) for one in context.results.models if one.name == name)
    return next(found, name)


def _weights_text(context: Context, found: ChoiceResult, table: str) -> Line:
    best = max(found.models, key=lambda one: one.aic_weight or 0.0)
    by_bic = max(found.models, key=lambda one: one.bic_weight or 0.0)
    return context.say(
        "choice.weights",
        table=table,
        best=_title(context, best.model),
        weight=best.aic_weight,
        agree=best.model == by_bic.model,
        by_bic=_title(context, by_bic.model),
        bic_weight=by_bic.bic_weight,
    )


def _weights_table(context: Context, found: ChoiceResult, key: str) -> Table:
    kinds = [Kind.BOUNDED if "weight" in name else Kind.STATISTIC for name in WEIGHED]
    return Table(
        key=key,
        caption=context.say("choice.weights_caption"),
        columns=(
            context.column("model", align="text"),
            *(context.column(f"choice_{name}") for name in WEIGHED),
        ),
        rows=tuple(
            Row(
                cells=(
                    words_cell(_title(context, one.model)),
                    *(
                        number_cell(getattr(one, name), kind)
                        for name, kind in zip(WEIGHED, kinds, strict=True)
                    ),
                )
            )
            for one in found.models
        ),
        notes=(context.say("choice.weights_note"),),
    )


def _nested_text(context: Context, found: ChoiceResult, table: str) -> Line:
    return context.say(
        "choice.nested",
        table=table,
        tests=[
            {
                "less": _title(context, one.less),
                "more": _title(context, one.more),
                "chisq": one.chisq,
                "df": one.df,
                "pvalue": one.pvalue,
                "worse": one.pvalue is not None and one.pvalue < SIGNIFICANCE,
            }
            for one in found.tests
        ],
    )


def _nested_table(context: Context, found: ChoiceResult, key: str) -> Table:
    return Table(
        key=key,
        caption=context.say("choice.nested_caption"),
        columns=(
            *context.columns("narrower", "wider", texts=["narrower", "wider"]),
            *context.columns("chisq_difference", "df_difference", "p"),
        ),
        rows=tuple(
            Row(
                cells=(
                    words_cell(_title(context, one.more)),
                    words_cell(_title(context, one.less)),
                    number_cell(one.chisq, Kind.STATISTIC),
                    number_cell(one.df, Kind.COUNT),
                    number_cell(one.pvalue, Kind.PVALUE),
                )
            )
            for one in found.tests
        ),
        notes=(context.say("choice.nested_note"),),
    )


def power(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return the paragraph and table on the power of the tests of fit."""
    if not model.power:
        return []
    key = f"table_power_{index}"
    low = [one for one in model.power if one.power < WANTED]
    text = context.say(
        "power.text",
        table=key,
        n=model.n,
        df=model.fit.get("df"),
        tests=[(context.words.label(f"power_test.{one.test}"), one.power) for one in model.power],
        low=[context.words.label(f"power_test.{one.test}") for one in low],
    )
    table = Table(
        key=key,
        caption=context.say("power.caption", title=context.text(model.title)),
        columns=(
            context.column("fit_test", align="text"),
            *context.columns("rmsea_null", "rmsea_true", "power", "n_needed"),
        ),
        rows=tuple(_power_row(context, one) for one in model.power),
        notes=(context.say("power.note"),),
    )
    return [Paragraph(text=text), table, *power_chart(context, model, index)]


def _power_row(context: Context, one: FitPowerRecord) -> Row:
    return Row(
        cells=(
            words_cell(context.words.label(f"power_test.{one.test}")),
            number_cell(one.rmsea0, Kind.BOUNDED),
            number_cell(one.rmsea1, Kind.BOUNDED),
            number_cell(one.power, Kind.PVALUE),
            number_cell(one.n_needed, Kind.COUNT),
        )
    )


def equivalents(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return what the data cannot tell about the direction of paths; nothing if they can."""
    if not model.equivalents:
        return []
    items = {
        change: [
            f"{context.construct(one.predictor, model)} → {context.construct(one.outcome, model)}"
            for one in model.equivalents
            if one.change == change
        ]
        for change in ("reversed", "correlated")
    }
    lines = tuple(
        context.say(f"equivalents.{change}", paths=paths)
        for change, paths in items.items()
        if paths
    )
    return [
        Heading(key=f"equivalents_{index}", level=2, text=context.say("equivalents.heading")),
        Paragraph(text=context.say("equivalents.text")),
        Bullets(items=lines),
        Paragraph(text=context.say("equivalents.caution")),
    ]
