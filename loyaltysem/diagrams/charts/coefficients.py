"""Coefficient plot: estimates with their confidence intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D

from loyaltysem.diagrams.charts.canvas import (
    EDGE,
    WIDTH,
    folded,
    legend_above,
    legend_height,
    name_axis,
    name_rows,
    number_axis,
    panel,
    readable,
    row_height,
    sheet,
    span,
    tallest,
    widest,
)
from loyaltysem.diagrams.charts.checks import need_columns
from loyaltysem.diagrams.charts.palette import series_look
from loyaltysem.diagrams.charts.words import word
from loyaltysem.diagrams.numbers import number_text
from loyaltysem.diagrams.style import figure_style, settings_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from loyaltysem.diagrams.style import FigureStyle, StyleName
    from loyaltysem.diagrams.wording import Language


def coefficient_plot(
    coefficients: pd.DataFrame,
    *,
    level: float = 0.95,
    digits: int = 2,
    axis: str | None = None,
    reference: float | None = 0.0,
    language: Language = "en",
    style: StyleName | FigureStyle = "colour",
) -> Figure:
    """Draw estimates as points with confidence intervals, and print them beside.

    Parameters
    ----------
    coefficients
        The index holds what the reader sees; columns ``est, ci_lower, ci_upper`` and, when one name
        has several estimates (groups, methods), ``series`` with the name of each. An interval that
        excludes ``reference`` has a filled point, any other a hollow one.
    level
        Confidence level, for the name of the axis.
    digits
        Decimals of the printed numbers.
    axis
        Name of the axis, when it is not just the estimate.
    reference
        Where to draw the vertical line; None draws none.
    language, style
        As in :func:`loyaltysem.draw_paths`.

    Raises
    ------
    ReportError
        When a column is missing or there is no row.
    """
    need_columns(coefficients, ["est", "ci_lower", "ci_upper"], "the coefficient plot")
    look = figure_style(style)
    axis = axis or word("estimate", language, level=f"{100 * level:g}")
    with settings_of(look):
        return _drawn(coefficients, axis, digits, reference, look)


def _drawn(
    table: pd.DataFrame, axis: str, digits: int, reference: float | None, style: FigureStyle
) -> Figure:
    rows = list(dict.fromkeys(table.index))
    series = list(dict.fromkeys(table["series"])) if "series" in table else [""]
    names, labels = folded(rows, style.small_size), readable(series)
    numbers = [_printed(*row, digits) for row in _triples(table)]
    left = widest(names, style.small_size) + 2 * EDGE
    right = widest(numbers, style.small_size - 0.5) + 2 * EDGE
    inner = WIDTH - left - right
    most = max(tallest(names, style.small_size) + 5, 16.0, 11.0 * len(series) + 5)
    least = max(tallest(names, style.small_size) + 1, 11.0 * len(series) - 1)
    each = row_height(len(rows), most, least)
    above = legend_height(labels, inner, style) if len(series) > 1 else EDGE
    figure = sheet(WIDTH, 36 + each * len(rows) + above + EDGE)
    axes = panel(figure, (left, 36, inner, each * len(rows)), style, grid="x")
    if reference is not None:
        axes.axvline(reference, color=style.line, linewidth=0.7)
    own = list(table["series"]) if "series" in table else [""] * len(table)
    for name, which, values, text in zip(table.index, own, _triples(table), numbers, strict=True):
        rank = series.index(which)
        shift = (rank - (len(series) - 1) / 2) * 11.0 / each
        _point(axes, rows.index(name) + shift, values, rank, reference, style)
        axes.text(
            1.0 + EDGE / inner,
            rows.index(name) + shift,
            text,
            transform=axes.get_yaxis_transform(),
            va="center_baseline",
            fontsize=style.small_size - 0.5,
        )
    name_rows(axes, names, style)
    ends = np.array(_triples(table)).ravel()
    axes.set_xlim(*span(ends if reference is None else [*ends, reference]))
    number_axis(axes, "x")
    name_axis(axes, style, x=axis)
    if len(series) > 1:
        looks = [series_look(rank, style) | {"linestyle": "solid"} for rank in range(len(series))]
        handles = [Line2D([], [], **look, markersize=4.5, linewidth=1) for look in looks]
        legend_above(axes, handles, labels, inner, style)
    return figure


def _triples(table: pd.DataFrame) -> list[tuple[float, float, float]]:
    return [tuple(row) for row in table[["est", "ci_lower", "ci_upper"]].to_numpy(dtype=float)]


def _printed(est: float, low: float, high: float, digits: int) -> str:
    """Return ``0.42 [0.31, 0.53]``, without the interval when there is none."""
    value, *ends = (number_text(number, digits=digits) for number in (est, low, high))
    return f"{value} [{ends[0]}, {ends[1]}]" if all(ends) else value


def _point(
    axes: Axes,
    row: float,
    values: tuple[float, float, float],
    rank: int,
    reference: float | None,
    style: FigureStyle,
) -> None:
    est, low, high = values
    look = series_look(rank, style)
    hollow = reference is not None and not (low > reference or high < reference)
    axes.plot([low, high], [row, row], color=look["color"], linewidth=1.1, solid_capstyle="butt")
    axes.plot(
        est,
        row,
        marker=look["marker"],
        markersize=4.8,
        markeredgewidth=1,
        color=look["color"],
        markerfacecolor=style.background if hollow else look["color"],
    )
