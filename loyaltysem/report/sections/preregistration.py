"""What was planned before the answers came in, and what became of it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from loyaltysem.report.context import words_cell
from loyaltysem.report.document import Block, Heading, Paragraph, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.report.context import Context
    from loyaltysem.results import PlanPoint, PreregistrationResult

TABLE = "table_preregistration"
EXCLUSIONS = {"careless", "invalid"}
"""Keys of a study that are exclusion rules; the others are attention checks."""


def preregistration(context: Context) -> list[Block]:
    """Return the section; nothing where nothing was preregistered."""
    found = context.results.preregistration
    if found is None:
        return []
    heading = context.say("preregistration.heading")
    blocks: list[Block] = [
        Heading(key="preregistration", level=1, text=heading),
        _text(context, found),
    ]
    return [*blocks, _table(context, found)]


def _text(context: Context, found: PreregistrationResult) -> Paragraph:
    return Paragraph(
        text=context.say(
            "preregistration.text",
            frozen=found.frozen[:10],
            sha256=found.sha256,
            answers_present=found.answers_present,
            planned_n=found.planned_n,
            n=context.results.sample.n_analysed,
            kept=len(found.kept),
            deviations=len(found.deviations),
            exploratory=any(one.kind == "exploratory" for one in found.deviations),
            table=TABLE,
        )
    )


def _table(context: Context, found: PreregistrationResult) -> Table:
    keys = ("plan_point", "planned", "done")
    return Table(
        key=TABLE,
        caption=context.say("preregistration.caption"),
        columns=context.columns(*keys, texts=keys),
        rows=tuple(_rows(context, found)),
        notes=(context.say("preregistration.note"),),
    )


def _rows(context: Context, found: PreregistrationResult) -> Iterator[Row]:
    """Yield the points, those of a kind below its name; all analyses of a kind on one row."""
    for kind, points in groupby(found.points, key=lambda one: one.kind):
        heading = words_cell(context.say(f"plan_kind.{kind}"), strong=True)
        yield Row(cells=(heading,), group=True)
        for subject, some in groupby(points, key=lambda one: one.subject):
            if subject == "analysis":
                yield _analyses(context, kind, [one.name for one in some])
            else:
                yield from (_row(context, one) for one in some)


def _analyses(context: Context, kind: str, names: list[str]) -> Row:
    named = context.words.label(
        "plan_analyses", names=[context.words.label(f"analysis_name.{name}") for name in names]
    )
    sides = ("" if kind == "exploratory" else named, "" if kind == "dropped" else named)
    return _cells(context.words.label("plan_subject.analysis"), *sides, context=context)


def _row(context: Context, one: PlanPoint) -> Row:
    key, *within = one.name.split(".", 1)
    name = one.name
    if one.subject == "setting" or (one.subject == "exclusion" and key in EXCLUSIONS):
        name = context.words.label(
            "plan_setting",
            setting=context.words.label(f"setting_name.{key.split('[')[0]}"),
            within=within[0] if within else "",
        )
    subject = context.words.label(f"plan_subject.{one.subject}", name=name)
    return _cells(subject, _typeset(one.planned), _typeset(one.now), context=context)


def _cells(subject: str, planned: str, done: str, *, context: Context) -> Row:
    done = context.words.label("plan_as_planned") if planned and done == planned else done
    return Row(cells=tuple(words_cell(text or "–") for text in (subject, planned, done)))


def _typeset(text: str) -> str:
    """Return a path with arrows and a true minus sign."""
    return text.replace("->", "→").replace("(-)", "(−)")
