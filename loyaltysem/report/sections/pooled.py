"""A model over imputed data sets: the pooled test, and missing information by parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.results import ModelResult, PooledParameter

POOLED_TESTS = {"D3": "Meng & Rubin (1992)", "D2": "Li et al. (1991)"}


def pooled(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return the section on pooling; nothing where no answers were imputed."""
    found = model.pooled
    if found is None:
        return []
    key = f"table_pooled_{index}"
    shown = [one for one in found.parameters if one.op in ("~", ":=")] or list(found.parameters)
    shares = [(one.fmi, one) for one in found.parameters if one.fmi is not None]
    largest = max(shares, key=lambda pair: pair[0], default=None)
    text = context.say(
        "pooled.text",
        table=key,
        datasets=found.n_datasets,
        used=found.n_used,
        test=found.test,
        source=POOLED_TESTS[found.test],
        statistic=found.statistic,
        df=found.df,
        df_error=found.df_error,
        pvalue=found.pvalue,
        fmi=largest[0] if largest else None,
        parameter=_name(context, model, largest[1]) if largest else "",
    )
    return [
        Heading(key=f"pooled_{index}", level=2, text=context.say("pooled.heading")),
        Paragraph(text=text),
        _table(context, model, shown, key),
    ]


def _name(context: Context, model: ModelResult, one: PooledParameter) -> str:
    """Return a parameter as in the model's syntax, its constructs by their names."""
    left = context.construct(one.lhs, model)
    if one.op == "~~" and one.lhs == one.rhs:
        return context.words.label("pooled.variance", name=left)
    right = context.construct(one.rhs, model) if one.op != "~1" and one.op != ":=" else ""
    sign = {"~": " ← ", "=~": " → ", "~~": " ↔ "}.get(one.op, "")
    intercept = context.words.label("pooled.intercept", name=left)
    return intercept if one.op == "~1" else f"{left}{sign}{right}"


def _table(context: Context, model: ModelResult, shown: list[PooledParameter], key: str) -> Table:
    return Table(
        key=key,
        caption=context.say("pooled.caption", title=context.text(model.title)),
        columns=context.columns(
            "parameter", "estimate", "se", "t", "df", "p", "fmi", texts=["parameter"]
        ),
        rows=tuple(
            Row(
                cells=(
                    words_cell(_name(context, model, one)),
                    number_cell(one.est, Kind.ESTIMATE),
                    number_cell(one.se, Kind.ESTIMATE),
                    number_cell(one.t, Kind.STATISTIC),
                    number_cell(one.df, Kind.MOMENT),
                    number_cell(one.pvalue, Kind.PVALUE),
                    number_cell(one.fmi, Kind.BOUNDED),
                )
            )
            for one in shown
        ),
        notes=(context.say("pooled.note"),),
    )
