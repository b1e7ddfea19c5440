"""Whether the constructs of a model differ, by the confirmatory factor analysis behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Cell, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.chapters import part_heading

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.results import (
        ConstrainedPair,
        ConstructValidity,
        LatentPair,
        MeasurementModelResult,
        ModelResult,
    )


def distinctness(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return whether a model's constructs differ, by its measurement model; nothing without it."""
    found = model.measurement
    if found is None or not found.correlations:
        return []
    return [
        part_heading(
            context, f"distinctness_{index}", model, "measurement_model.distinctness_heading"
        ),
        *_fornell_larcker(context, model, found, index),
        *_constrained(context, model, found, index),
    ]


def _fornell_larcker(
    context: Context, model: ModelResult, found: MeasurementModelResult, index: int
) -> list[Block]:
    """Return the matrix of correlations with the roots of AVE."""
    validity = {one.construct_code: one for one in found.constructs}
    high = [
        one
        for one in found.correlations
        if _above(one.correlation, validity.get(one.first), validity.get(one.second))
    ]
    close = [(_pair(context, model, one), one.correlation) for one in high]
    wholes = {one.rhs: one.lhs for one in model.parameters if one.op == "=~"}
    kin = [one for one in high if wholes.get(one.first, "") == wholes.get(one.second)]
    shared = [
        context.construct(one.construct_code, model)
        for one in found.constructs
        if one.msv is not None and one.ave is not None and one.msv >= one.ave
    ]
    key = f"table_fornell_larcker_{index}"
    text = context.say(
        "measurement_model.fornell_larcker",
        table=key,
        close=sorted(close, key=lambda pair: -abs(pair[1])),
        total=len(found.correlations),
        shared=shared,
        kin=[_pair(context, model, one) for one in kin],
        wholes=[
            context.construct(name, model)
            for name in dict.fromkeys(wholes[one.first] for one in kin)
        ],
        admissible=found.admissible,
    )
    return [Paragraph(text=text), _matrix(context, model, found, key)]


def _pair(context: Context, model: ModelResult, one: LatentPair | ConstrainedPair) -> str:
    return f"{context.construct(one.first, model)} – {context.construct(one.second, model)}"


def _above(correlation: float, *constructs: ConstructValidity | None) -> bool:
    """Tell whether a correlation reaches the root of AVE of either construct."""
    roots = [one.sqrt_ave for one in constructs if one and one.sqrt_ave is not None]
    return abs(correlation) >= min(roots, default=2.0)


def _matrix(context: Context, model: ModelResult, found: MeasurementModelResult, key: str) -> Table:
    pairs = {frozenset((one.first, one.second)): one.correlation for one in found.correlations}
    both = (name for one in found.correlations for name in (one.first, one.second))
    names = list(dict.fromkeys(both))
    validity = {one.construct_code: one for one in found.constructs}
    rows = []
    for position, name in enumerate(names):
        own = validity.get(name)
        below = [pairs[frozenset((name, other))] for other in names[:position]]
        label = context.say(
            "correlations.row", number=position + 1, name=context.construct(name, model)
        )
        rows.append(
            Row(
                cells=(
                    words_cell(label),
                    *(number_cell(value, Kind.BOUNDED) for value in below),
                    Cell(value=own.sqrt_ave if own else None, kind=Kind.BOUNDED, strong=True),
                    *[words_cell("")] * (len(names) - position - 1),
                    *(
                        number_cell(getattr(own, which, None), Kind.BOUNDED)
                        for which in ("msv", "asv", "omega")
                    ),
                )
            )
        )
    return Table(
        key=key,
        caption=context.say("measurement_model.caption", title=context.text(model.title)),
        columns=(
            context.column("construct", align="text"),
            *(context.column("position", number=k + 1) for k in range(len(names))),
            *context.columns("msv", "asv", "omega"),
        ),
        rows=tuple(rows),
        notes=(context.say("measurement_model.note"),),
    )


def _constrained(
    context: Context, model: ModelResult, found: MeasurementModelResult, index: int
) -> list[Block]:
    """Return the tests of pairs of constructs; nothing for one construct."""
    if not found.constrained:
        return []

    def pairs(*, distinct: bool | None) -> list[str]:
        return [_pair(context, model, one) for one in found.constrained if one.distinct is distinct]

    key = f"table_constrained_{index}"
    return [
        Paragraph(
            text=context.say(
                "constrained.text",
                table=key,
                total=sum(one.distinct is not None for one in found.constrained),
                same=pairs(distinct=False),
                unknown=pairs(distinct=None),
            )
        ),
        Table(
            key=key,
            caption=context.say("constrained.caption", title=context.text(model.title)),
            columns=(
                *context.columns("first", "second", texts=["first", "second"]),
                *context.columns("r", "chisq_diff", "df_diff", "p", "p_holm"),
            ),
            rows=tuple(
                Row(
                    cells=(
                        words_cell(context.construct(one.first, model)),
                        words_cell(context.construct(one.second, model)),
                        number_cell(one.correlation, Kind.BOUNDED),
                        number_cell(one.chisq_diff, Kind.STATISTIC),
                        number_cell(one.df_diff, Kind.COUNT),
                        number_cell(one.pvalue, Kind.PVALUE),
                        number_cell(one.pvalue_holm, Kind.PVALUE),
                    )
                )
                for one in found.constrained
            ),
            notes=(
                context.say("constrained.note", scaled=model.fit.get("chisq.scaled") is not None),
            ),
        ),
    ]
