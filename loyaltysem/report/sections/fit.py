"""How well a model reproduces the data, against the cut-offs of the study's profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import interval_cell, number_cell, words_cell
from loyaltysem.report.document import Block, Cell, Heading, Paragraph, Row, Table, as_text
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.opening import corrected, fit_facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import IndexVerdict, ModelResult

STATED = (
    ("chisq", Kind.STATISTIC),
    ("df", Kind.COUNT),
    ("pvalue", Kind.PVALUE),
    ("chisq.scaled", Kind.STATISTIC),
    ("df.scaled", Kind.COUNT),
    ("pvalue.scaled", Kind.PVALUE),
    ("chisq.scaling.factor", Kind.ESTIMATE),
)
"""Measures that are stated without a cut-off, before those that have one."""

CRITERIA = (("aic", Kind.STATISTIC), ("bic", Kind.STATISTIC))

COMPARED = ("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr", "aic", "bic")

KINDS = {
    "chisq": Kind.STATISTIC,
    "chisq_df": Kind.STATISTIC,
    "df": Kind.COUNT,
    "pvalue": Kind.PVALUE,
    "aic": Kind.STATISTIC,
    "bic": Kind.STATISTIC,
}


def fit(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return the section on a model's fit."""
    return [
        Heading(key=f"fit_{index}", level=2, text=context.say("fit.heading")),
        Paragraph(text=_text(context, model, f"table_fit_{index}")),
        _table(context, model, index),
    ]


def _text(context: Context, model: ModelResult, table: str) -> Line:
    missed = [verdict for verdict in model.verdicts if verdict.met is False]
    return context.say(
        "fit.text",
        fit=fit_facts(model),
        table=table,
        profile=context.results.study.profile,
        judged=[verdict for verdict in model.verdicts if verdict.met is not None],
        missed=[(_index_name(context, one.index), _shown(context, one)) for one in missed],
        hu_bentler=any("Hu & Bentler" in verdict.source for verdict in model.verdicts),
    )


def _shown(context: Context, verdict: IndexVerdict) -> str:
    return _value_cell(verdict).text(context.words.style)


def _table(context: Context, model: ModelResult, index: int) -> Table:
    rows = [
        *_stated_rows(context, model, STATED),
        *(row for verdict in model.verdicts for row in _verdict_rows(context, model, verdict)),
        *_stated_rows(context, model, CRITERIA),
    ]
    return Table(
        key=f"table_fit_{index}",
        caption=context.say("fit.caption", title=context.text(model.title)),
        columns=context.columns(
            "index", "value", "cutoff", "verdict", "source", texts=["index", "verdict", "source"]
        ),
        rows=tuple(rows),
        notes=(context.say("fit.note", profile=context.results.study.profile),),
    )


def _stated_rows(
    context: Context, model: ModelResult, measures: Sequence[tuple[str, Kind]]
) -> list[Row]:
    return [
        _row(_index_line(context, name), number_cell(model.fit[name], kind))
        for name, kind in measures
        if model.fit.get(name) is not None
    ]


def _verdict_rows(context: Context, model: ModelResult, verdict: IndexVerdict) -> list[Row]:
    """Return a judged index, RMSEA with its interval below."""
    row = _verdict_row(context, verdict)
    return [row, *_interval_rows(context, model)] if verdict.index.startswith("rmsea") else [row]


def _verdict_row(context: Context, verdict: IndexVerdict) -> Row:
    word = {True: "met", False: "not_met", None: "unknown"}[verdict.met]
    relation = {">=": "≥", "<=": "≤"}.get(verdict.relation, verdict.relation)
    return Row(
        cells=(
            words_cell(_index_line(context, verdict.index)),
            _value_cell(verdict),
            Cell(value=verdict.cutoff, kind=Kind.CUTOFF, prefix=relation),
            words_cell(context.say(f"fit.{word}"), strong=verdict.met is False),
            words_cell(verdict.source),
        )
    )


def _value_cell(verdict: IndexVerdict) -> Cell:
    kind = KINDS.get(verdict.index.split(".")[0], Kind.BOUNDED)
    return number_cell(verdict.value, kind, limit=verdict.cutoff)


def _interval_rows(context: Context, model: ModelResult) -> list[Row]:
    ends = (corrected(model, "rmsea.ci.lower"), corrected(model, "rmsea.ci.upper"))
    if None in ends:
        return []
    return [_row(context.say("index.rmsea_ci"), interval_cell(ends, Kind.BOUNDED))]


def _row(name: Line, value: Cell) -> Row:
    return Row(cells=(words_cell(name), value, words_cell(""), words_cell(""), words_cell("")))


def _index_line(context: Context, index: str) -> Line:
    """Return a measure's printed name, such as *CFI (robust)*."""
    base, _, variant = index.partition(".")
    if context.words.knows(f"index.{index}"):
        return context.say(f"index.{index}")
    if not context.words.knows(f"index.{base}"):
        return context.say("index.other", name=index)
    name = context.say(f"index.{base}")
    known = context.words.knows(f"variant.{variant}")
    return (*name, *context.say(f"variant.{variant}")) if known else name


def _index_name(context: Context, index: str) -> str:
    return as_text(_index_line(context, index))


def comparison(context: Context) -> list[Block]:
    """Return the fit of all models side by side; nothing when there is only one."""
    models = [one for one in context.results.models if one.converged]
    if len(models) < 2:
        return []
    table = Table(
        key="table_models",
        caption=context.say("comparison.caption"),
        columns=(
            context.column("model", align="text"),
            *(context.column(f"compare_{name}") for name in COMPARED),
        ),
        rows=tuple(_model_row(context, one) for one in models),
        notes=(context.say("comparison.note"),),
    )
    text = context.say("comparison.text", n_models=len(models))
    heading = Heading(key="comparison", level=1, text=context.say("comparison.heading"))
    return [heading, Paragraph(text=text), table]


def _model_row(context: Context, model: ModelResult) -> Row:
    values = (
        number_cell(corrected(model, name), KINDS.get(name, Kind.BOUNDED)) for name in COMPARED
    )
    return Row(cells=(words_cell(context.text(model.title)), *values))
