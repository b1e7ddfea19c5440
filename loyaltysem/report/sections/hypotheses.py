"""What the data say of each hypothesis, and why some cannot be judged."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from loyaltysem.report.context import interval_cell, number_cell, words_cell
from loyaltysem.report.document import Block, Bullets, Heading, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.measurement import inseparable_codes

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Cell, Line
    from loyaltysem.results import HypothesisResult, ModelResult

Why = tuple[str, tuple[str, ...]]


def hypotheses(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return the section on a model's hypotheses; nothing when it has none."""
    if not model.hypotheses:
        return []
    key = f"table_hypotheses_{index}"
    blocks: list[Block] = [
        Heading(key=f"hypotheses_{index}", level=2, text=context.say("hypotheses.heading")),
        Paragraph(text=_text(context, model, key)),
    ]
    if reasons := _reasons(context, model):
        blocks += [
            Bullets(items=reasons),
            Paragraph(text=context.say("hypotheses.ways_on")),
        ]
    if cautious := _cautious(model):
        blocks.append(Paragraph(text=context.say("hypotheses.cautious", ids=cautious)))
    return [*blocks, _table(context, model, key)]


def _cautious(model: ModelResult) -> list[str]:
    """Return the judged hypotheses between constructs that the data can hardly tell apart."""
    pairs = {frozenset(pair) for pair in inseparable_codes(model)}
    return [
        one.id
        for one in model.hypotheses
        if one.verdict != "not_judged" and pairs.intersection(_steps(one))
    ]


def _steps(hypothesis: HypothesisResult) -> set[frozenset[str]]:
    """Return the ends of the single paths that a hypothesis is about."""
    names = hypothesis.path.replace("→", "->").split("->")
    return {frozenset((a.strip(), b.strip())) for a, b in pairwise(names)}


def _text(context: Context, model: ModelResult, table: str) -> Line:
    def ids(verdict: str) -> list[str]:
        return [one.id for one in model.hypotheses if one.verdict == verdict]

    return context.say(
        "hypotheses.text",
        table=table,
        total=len(model.hypotheses),
        supported=ids("supported"),
        not_supported=ids("not_supported"),
        opposite=ids("opposite"),
        not_judged=ids("not_judged"),
        admissible=model.admissible,
    )


def _reasons(context: Context, model: ModelResult) -> tuple[Line, ...]:
    """Return one sentence for each reason why hypotheses cannot be judged."""
    by_reason: dict[Why, list[HypothesisResult]] = {}
    for one in model.hypotheses:
        if one.verdict == "not_judged":
            by_reason.setdefault((one.reason, one.reason_constructs), []).append(one)
    return tuple(_reason(context, model, why, group) for why, group in by_reason.items())


def _reason(context: Context, model: ModelResult, why: Why, group: list[HypothesisResult]) -> Line:
    reason, codes = why
    known = context.words.knows(f"reason.{reason}")
    return context.say(
        f"reason.{reason}" if known else "reason.other",
        ids=[one.id for one in group],
        constructs=[context.construct(code, model) for code in codes],
        correlation=_correlation(model, codes),
        std=group[0].std_all,
        reason=reason,
    )


def _correlation(model: ModelResult, codes: tuple[str, ...]) -> float | None:
    pair = set(codes)
    found = (
        one.correlation for one in model.latent_correlations if {one.first, one.second} == pair
    )
    return next(found, None)


def _table(context: Context, model: ModelResult, key: str) -> Table:
    indirect = any(len(_steps(one)) > 1 for one in model.hypotheses)
    return Table(
        key=key,
        caption=context.say("hypotheses.caption", title=context.text(model.title)),
        columns=(
            *context.columns("hypothesis", "statement", texts=["hypothesis", "statement"]),
            context.column("sign", align="centre"),
            context.column("beta", starred=True),
            *context.columns("z", "p", *(["ci95"] if indirect else [])),
            context.column("conclusion", align="text"),
        ),
        rows=tuple(_row(context, one, indirect=indirect) for one in model.hypotheses),
        notes=(
            context.say("hypotheses.note"),
            *([context.say("hypotheses.note_indirect")] if indirect else []),
            context.say("stars"),
        ),
    )


def _row(context: Context, one: HypothesisResult, *, indirect: bool) -> Row:
    judged = one.verdict != "not_judged"
    direct = len(_steps(one)) == 1
    interval = (one.lower, one.upper)
    return Row(
        cells=(
            words_cell(one.id),
            words_cell(context.text(one.wording) or one.path),
            words_cell({"-": "−"}.get(one.expected_sign, one.expected_sign)),
            number_cell(
                one.std_all, Kind.BOUNDED, pvalue=one.pvalue if judged and direct else None
            ),
            number_cell(one.z, Kind.STATISTIC) if direct else words_cell(""),
            number_cell(one.pvalue, Kind.PVALUE) if direct else words_cell(""),
            *([_interval(interval)] if indirect else []),
            words_cell(context.say(f"verdict.{one.verdict}"), strong=not judged),
        )
    )


def _interval(ends: tuple[float | None, float | None]) -> Cell:
    return words_cell("") if None in ends else interval_cell(ends, Kind.ESTIMATE)
