"""The shape of the answers: medians, ends of the scale, normality of each item; the constructs."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import pandas as pd

from loyaltysem.diagrams.charts import response_distributions
from loyaltysem.report.context import number_cell, words_cell
from loyaltysem.report.document import Block, Paragraph, Row, Table
from loyaltysem.report.numbers import Kind
from loyaltysem.report.sections.charts import chart, look_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Cell, Figure
    from loyaltysem.results import ConstructDescriptive, ItemDescriptive, Shape

PILED = 0.15
"""Share at one end of the scale from which answers pile up there (Terwee et al., 2007)."""

MOST_POINTS = 11
"""Longest scale whose points are told apart in a figure; counts and sliders are longer."""

SHAPE_COLUMNS = (
    "median",
    "z_skewness",
    "z_kurtosis",
    "skewness_type3",
    "kurtosis_type3",
    "floor",
    "ceiling",
)


def shapes(context: Context, items: Sequence[ItemDescriptive]) -> list[Block]:
    """Return the table of the items' shapes; nothing where they are not known."""
    known = [(one, one.shape) for one in items if one.shape is not None]
    if not known:
        return []
    text = context.say(
        "shapes.text",
        floor=_piled(known, "floor"),
        ceiling=_piled(known, "ceiling"),
        limit=PILED,
        figures=sorted({_figure_key(len(one.counts)) for one in _drawn(items)}),
    )
    table = Table(
        key="table_shapes",
        caption=context.say("shapes.caption"),
        columns=context.columns("item", *SHAPE_COLUMNS, texts=["item"]),
        rows=tuple(Row(cells=(words_cell(one.code), *_cells(shape))) for one, shape in known),
        notes=(context.say("shapes.note", errors=_errors(items)),),
    )
    return [Paragraph(text=text), table]


def _piled(known: list[tuple[ItemDescriptive, Shape]], end: str) -> list[tuple[str, float]]:
    shares = [(one.code, getattr(shape, end) or 0.0) for one, shape in known]
    return [(code, share) for code, share in shares if share > PILED]


def _errors(items: Sequence[ItemDescriptive]) -> tuple[float, float] | None:
    """Return the standard errors of G1 and G2 where they are the same for all items."""
    found = {
        (one.shape.skewness_se, one.shape.kurtosis_se) for one in items if one.shape is not None
    }
    ((skewness, kurtosis), *others) = found
    return None if others or skewness is None or kurtosis is None else (skewness, kurtosis)


def _cells(shape: Shape) -> tuple[Cell, ...]:
    moments = (
        shape.median,
        shape.skewness_z,
        shape.kurtosis_z,
        shape.skewness_type3,
        shape.kurtosis_type3,
    )
    return (
        *(number_cell(value, Kind.MOMENT) for value in moments),
        number_cell(shape.floor, Kind.PERCENT),
        number_cell(shape.ceiling, Kind.PERCENT),
    )


def distributions(context: Context, items: Sequence[ItemDescriptive]) -> list[Figure]:
    """Return a figure of the answers for each length of scale; nothing without counts."""
    known = sorted(_drawn(items), key=lambda one: len(one.counts), reverse=True)
    ends = {
        item.code: item.scale
        for construct in context.results.questionnaire.constructs
        for item in construct.items
    }
    return [
        _distribution(context, list(own), ends, points)
        for points, own in groupby(known, key=lambda one: len(one.counts))
    ]


def _drawn(items: Sequence[ItemDescriptive]) -> list[ItemDescriptive]:
    return [one for one in items if one.counts and len(one.counts) <= MOST_POINTS]


def _figure_key(points: int) -> str:
    return f"figure_answers_{points}"


def _distribution(
    context: Context,
    items: list[ItemDescriptive],
    ends: dict[str, tuple[int, int]],
    points: int,
) -> Figure:
    lowest = ends[items[0].code][0] if items[0].code in ends else 1
    counts = pd.DataFrame(
        [one.counts for one in items],
        index=[one.code for one in items],
        columns=[str(lowest + k) for k in range(points)],
    )
    return chart(
        key=_figure_key(points),
        caption=context.say("shapes.figure", points=points),
        alt=context.say("shapes.alt", n_items=len(items), points=points),
        drawing=response_distributions(counts, **look_of(context)),
        notes=(context.say("shapes.figure_note"),),
    )


def constructs(context: Context) -> list[Block]:
    """Return the description of the constructs' mean answers; nothing where it is not there."""
    found = context.results.construct_descriptives
    if not found:
        return []
    means = [(one.mean, context.construct(one.construct_code)) for one in found if one.mean]
    text = context.say(
        "constructs.text", lowest=min(means, default=None), highest=max(means, default=None)
    )
    table = Table(
        key="table_constructs",
        caption=context.say("constructs.caption"),
        columns=context.columns(
            "construct",
            "n_items",
            "n",
            "mean",
            "sd",
            *SHAPE_COLUMNS[:1],
            "skewness",
            "kurtosis",
            "floor",
            "ceiling",
            texts=["construct"],
        ),
        rows=tuple(_construct(context, one) for one in found),
        notes=(context.say("constructs.note"),),
    )
    return [Paragraph(text=text), table]


def _construct(context: Context, one: ConstructDescriptive) -> Row:
    return Row(
        cells=(
            words_cell(context.construct(one.construct_code)),
            number_cell(one.n_items, Kind.COUNT),
            number_cell(one.n, Kind.COUNT),
            number_cell(one.mean, Kind.MOMENT),
            number_cell(one.sd, Kind.MOMENT),
            number_cell(one.shape.median, Kind.MOMENT),
            number_cell(one.skewness, Kind.MOMENT),
            number_cell(one.kurtosis, Kind.MOMENT),
            number_cell(one.shape.floor, Kind.PERCENT),
            number_cell(one.shape.ceiling, Kind.PERCENT),
        )
    )
