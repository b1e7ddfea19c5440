"""What is needed to check the report and to repeat it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import (
    Block,
    Heading,
    Line,
    Paragraph,
    Row,
    Run,
    Table,
)
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.chapters import converged
from loyaltysem.report.sections.diagrams import full_diagram
from loyaltysem.report.sections.local_fit import local_fit
from loyaltysem.report.sections.reproduction import reproduction

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Cell
    from loyaltysem.results import ConstructInfo, ModelResult, ParameterRecord


def appendix(context: Context) -> list[Block]:
    """Return items, parameter tables, model texts and provenance."""
    blocks: list[Block] = [
        Heading(key="appendix", level=1, text=context.say("appendix.heading")),
        *_items(context),
    ]
    for index, model in converged(context):
        blocks += [
            *_model(context, model, index),
            *full_diagram(context, model, index),
            *local_fit(context, model, index),
        ]
    blocks += _provenance(context)
    for index, model in enumerate(context.results.models, start=1):
        blocks += reproduction(context, model, index)
    return blocks


def _items(context: Context) -> list[Block]:
    constructs = [one for one in context.results.questionnaire.constructs if one.items]
    if not constructs:
        return []
    title = context.text(context.results.questionnaire.title)
    backward = any(item.reverse for one in constructs for item in one.items)
    table = Table(
        key="table_questions",
        caption=context.say("questions.caption", title=title),
        columns=context.columns("item", "wording", "scale", texts=["item", "wording", "scale"]),
        rows=tuple(row for one in constructs for row in _construct_rows(context, one)),
        notes=(context.say("questions.note"),) if backward else (),
    )
    text = context.say("questions.text", title=title, table=table.key)
    heading = Heading(key="questions", level=2, text=context.say("questions.heading"))
    return [heading, Paragraph(text=text), table]


def _construct_rows(context: Context, construct: ConstructInfo) -> list[Row]:
    head = context.say(
        "questions.construct", name=context.text(construct.name), source=construct.source
    )
    rows = [Row(cells=(words_cell(head),), group=True)]
    for item in construct.items:
        code = context.say("descriptives.reversed", item=item.code) if item.reverse else item.code
        wording = context.say(
            "questions.wording", text=context.text(item.wording), source=item.source
        )
        scale = f"{item.scale[0]}–{item.scale[1]}"
        rows.append(Row(cells=(words_cell(code), words_cell(wording), words_cell(scale))))
    return rows


def _model(context: Context, model: ModelResult, index: int) -> list[Block]:
    title = context.text(model.title)
    labelled = any(one.label for one in model.parameters)
    table = Table(
        key=f"table_parameters_{index}",
        caption=context.say("parameters.caption", title=title),
        columns=(
            context.column("parameter", align="text"),
            *(context.columns("label", texts=["label"]) if labelled else ()),
            *context.columns(
                "estimate", "se", "z", "p", "ci_lower", "ci_upper", "std_lv", "std_all"
            ),
            *(context.columns("fmi") if model.pooled else ()),
        ),
        rows=tuple(_parameter(one, model, labelled=labelled) for one in model.parameters),
        notes=(context.say("parameters.note"),),
    )
    return [
        Heading(
            key=f"parameters_{index}", level=2, text=context.say("parameters.heading", title=title)
        ),
        Paragraph(text=context.say("parameters.text", table=table.key)),
        table,
    ]


def _several_groups(model: ModelResult) -> bool:
    return len({one.group for one in model.parameters if one.group}) > 1


def _missing_information(row: ParameterRecord, model: ModelResult) -> tuple[Cell, ...]:
    """Return the cell of the fraction of missing information, for pooled models only."""
    if model.pooled is None:
        return ()
    place = (row.lhs, row.op, row.rhs, row.group)
    shares = {(one.lhs, one.op, one.rhs, one.group): one.fmi for one in model.pooled.parameters}
    return (number_cell(shares.get(place), Kind.BOUNDED),)


def _parameter(row: ParameterRecord, model: ModelResult, *, labelled: bool) -> Row:
    group = f" [{row.group}]" if _several_groups(model) and row.group else ""
    name: Line = (Run(f"{row.lhs} {row.op} {row.rhs}{group}", "code"),)
    return Row(
        cells=(
            words_cell(name),
            *((words_cell(row.label),) if labelled else ()),
            number_cell(row.est, Kind.ESTIMATE),
            number_cell(row.se or None, Kind.ESTIMATE),
            number_cell(row.z, Kind.STATISTIC),
            number_cell(row.pvalue, Kind.PVALUE),
            number_cell(row.ci_lower if row.se else None, Kind.ESTIMATE),
            number_cell(row.ci_upper if row.se else None, Kind.ESTIMATE),
            number_cell(row.std_lv, Kind.ESTIMATE),
            number_cell(row.std_all, Kind.BOUNDED),
            *_missing_information(row, model),
        )
    )


def _provenance(context: Context) -> list[Block]:
    record = context.results.provenance
    facts = [
        ("loyaltysem", record.loyaltysem),
        ("Python", record.python),
        *sorted(record.packages.items()),
    ]
    for drawn, seed in record.seeds.items():
        facts.append((context.words.label(f"provenance.seed.{drawn}"), str(seed)))
    inputs: list[tuple[str | Line, str]] = [
        (context.say("provenance.input", role=_role(context, one.role), name=one.name), one.sha256)
        for one in record.inputs
    ]
    table = Table(
        key="table_provenance",
        caption=context.say("provenance.caption"),
        columns=context.columns("what", "which", texts=["what", "which"]),
        rows=tuple(
            [Row(cells=(words_cell(what), words_cell(which))) for what, which in facts]
            + [
                Row(cells=(words_cell(what), words_cell((Run(sha256, "code"),))))
                for what, sha256 in inputs
            ]
        ),
    )
    heading = Heading(key="provenance", level=2, text=context.say("provenance.heading"))
    return [heading, Paragraph(text=context.say("provenance.text")), table]


def _role(context: Context, role: str) -> str:
    key = f"role.{role.split(maxsplit=1)[0]}"
    return context.words.label(key) if context.words.knows(key) else role
