"""How well a model reproduces the data, against the cut-offs of the study's profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from loyaltysem.report.citations import shortened
from loyaltysem.report.context import interval_cell, number_cell, words_cell
from loyaltysem.report.document import Block, Cell, Heading, Paragraph, Row, Run, Table, as_text
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.chapters import has_paths
from loyaltysem.report.sections.opening import corrected, fit_facts, nearest_cutoff

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Column, Line
    from loyaltysem.results import IndexVerdict, MeasurementModelResult, ModelResult

Judged: TypeAlias = "ModelResult | MeasurementModelResult"
"""What has a fit that is judged by cut-offs."""

FEW = 200
"""Respondents below which a chi-square test of a model of usual size rejects too often."""

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

SIGNS = {">=": "≥", "<=": "≤"}

COMPARED = ("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr", "aic", "bic")

KINDS = {
    "chisq": Kind.STATISTIC,
    "chisq_df": Kind.STATISTIC,
    "df": Kind.COUNT,
    "pvalue": Kind.PVALUE,
    "aic": Kind.STATISTIC,
    "logl": Kind.STATISTIC,
    "bic": Kind.STATISTIC,
}


def fit(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return the section on a model's fit."""
    key = f"table_fit_{index}"
    caption = context.say("fit.caption", title=context.text(model.title))
    hedged = model.measurement is not None and has_paths(model)
    return [
        Heading(key=f"fit_{index}", level=2, text=context.say("fit.heading")),
        Paragraph(text=fit_text(context, model, key, hedged=hedged)),
        fit_table(context, model, key=key, caption=caption),
    ]


def fit_text(context: Context, model: Judged, table: str, *, hedged: bool = False) -> Line:
    """Return what the numbers say; with two profiles a sentence on each.

    ``hedged`` tells that the report has said already where Hu and Bentler's cut-offs come from.
    """
    text = context.say("fit.text", fit=fit_facts(model), few=model.n < FEW, table=table)
    for profile in profiles(model):
        text += (Run(context.words.label("fit.between")), *_profile_text(context, model, profile))
    if not hedged and any("Hu & Bentler" in verdict.source for verdict in model.verdicts):
        text += (Run(context.words.label("fit.between")), *context.say("fit.hu_bentler"))
    return text


def profiles(model: Judged) -> tuple[str, ...]:
    """Return the profiles that a model is judged by."""
    return tuple(dict.fromkeys(verdict.profile for verdict in model.verdicts))


def _profile_text(context: Context, model: Judged, profile: str) -> Line:
    judged = [one for one in model.verdicts if one.profile == profile and one.met is not None]
    missed = [one for one in judged if not one.met]
    return context.say(
        "fit.verdict",
        profile=profile,
        several=len(profiles(model)) > 1,
        last=profile == profiles(model)[-1],
        admissible=model.admissible,
        judged=judged,
        missed=[(_index_name(context, one.index), _shown(context, one)) for one in missed],
        tolerable=[_weaker(context, one) for one in missed if one.tolerated is not None],
    )


def _weaker(context: Context, verdict: IndexVerdict) -> dict[str, object]:
    """Return the weaker limit that a measure meets, and who proposed it."""
    return {
        "name": _index_name(context, verdict.index),
        "relation": SIGNS.get(verdict.relation, verdict.relation),
        "limit": verdict.tolerated,
        "source": verdict.tolerated_source or verdict.source,
    }


def _shown(context: Context, verdict: IndexVerdict) -> str:
    return _value_cell(verdict, verdict.cutoff).text(context.words.style)


def fit_table(context: Context, model: Judged, *, key: str, caption: Line) -> Table:
    """Return the measures of fit with value, cut-off, verdict and source."""
    judging = profiles(model)
    empty = 3 * len(judging)
    rows = [
        *_stated_rows(context, model, STATED, empty),
        *(row for group in _by_index(model) for row in _verdict_rows(context, model, group)),
        *_stated_rows(context, model, CRITERIA, empty),
    ]
    return Table(
        key=key,
        caption=caption,
        columns=(
            *context.columns("index", "value", texts=["index"]),
            *(
                column
                for profile in judging
                for column in _profile_columns(context, model, profile)
            ),
        ),
        rows=tuple(rows),
        notes=(context.say("fit.note", profile=context.results.study.profile),),
    )


def _profile_columns(context: Context, model: Judged, profile: str) -> tuple[Column, ...]:
    if len(profiles(model)) == 1:
        return context.columns("cutoff", "verdict", "source", texts=["verdict", "source"])
    return (
        context.column(f"cutoff_{profile}"),
        *context.columns("verdict", "source", texts=["verdict", "source"]),
    )


def _by_index(model: Judged) -> list[dict[str, IndexVerdict]]:
    """Return the verdicts on each measure, by profile."""
    found: dict[str, dict[str, IndexVerdict]] = {}
    for verdict in model.verdicts:
        found.setdefault(verdict.index, {})[verdict.profile] = verdict
    return list(found.values())


def _stated_rows(
    context: Context, model: Judged, measures: Sequence[tuple[str, Kind]], empty: int
) -> list[Row]:
    return [
        _row(index_line(context, name), number_cell(model.fit[name], kind), empty)
        for name, kind in measures
        if model.fit.get(name) is not None
    ]


def _verdict_rows(
    context: Context, model: Judged, verdicts: Mapping[str, IndexVerdict]
) -> list[Row]:
    """Return a judged index, RMSEA with its interval below."""
    first = next(iter(verdicts.values()))
    judging = profiles(model)
    row = Row(
        cells=(
            words_cell(index_line(context, first.index)),
            _value_cell(first, nearest_cutoff(tuple(verdicts.values()))),
            *(cell for name in judging for cell in _verdict_cells(context, verdicts.get(name))),
        )
    )
    below = first.index.startswith("rmsea")
    return [row, *(_interval_rows(context, model, 3 * len(judging)) if below else ())]


def _verdict_cells(context: Context, verdict: IndexVerdict | None) -> tuple[Cell, ...]:
    """Return cut-off, verdict and source; empty where a profile does not judge the measure."""
    if verdict is None:
        return (words_cell(""),) * 3
    word = {True: "met", False: "not_met", None: "unknown"}[verdict.met]
    relation = SIGNS.get(verdict.relation, verdict.relation)
    return (
        Cell(value=verdict.cutoff, kind=Kind.CUTOFF, prefix=relation),
        words_cell(context.say(f"fit.{word}"), strong=verdict.met is False),
        words_cell(shortened(verdict.source)),
    )


def _value_cell(verdict: IndexVerdict, limit: float | None) -> Cell:
    kind = KINDS.get(verdict.index.split(".")[0], Kind.BOUNDED)
    return number_cell(verdict.value, kind, limit=limit)


def _interval_rows(context: Context, model: Judged, empty: int) -> list[Row]:
    ends = (corrected(model, "rmsea.ci.lower"), corrected(model, "rmsea.ci.upper"))
    if None in ends:
        return []
    return [_row(context.say("index.rmsea_ci"), interval_cell(ends, Kind.BOUNDED), empty)]


def _row(name: Line, value: Cell, empty: int) -> Row:
    return Row(cells=(words_cell(name), value, *(words_cell("") for _ in range(empty))))


def index_line(context: Context, index: str) -> Line:
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
    return as_text(index_line(context, index))


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
