"""Means of groups, such as tiers of customers, with confidence intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.diagrams.charts.canvas import (
    EDGE,
    WIDTH,
    folded,
    legend_above,
    legend_height,
    name_axis,
    number_axis,
    panel,
    readable,
    sheet,
    span,
    tallest,
    widest,
)
from loyaltysem.diagrams.charts.checks import need_columns
from loyaltysem.diagrams.charts.palette import series_look
from loyaltysem.diagrams.charts.words import word
from loyaltysem.diagrams.style import figure_style, settings_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from loyaltysem.diagrams.style import FigureStyle, StyleName
    from loyaltysem.diagrams.wording import Language

HEIGHT = 190.0
LEFT = 46.0


def group_means(
    means: pd.DataFrame,
    *,
    level: float = 0.95,
    axis: str | None = None,
    language: Language = "en",
    style: StyleName | FigureStyle = "colour",
) -> Figure:
    """Draw means of groups with confidence intervals, one line per series.

    Parameters
    ----------
    means
        ``group, series`` (what the reader sees, in order of appearance), ``mean``, and where known
        ``ci_lower, ci_upper``.
    level
        Confidence level, for the name of the axis.
    axis
        Name of the axis, when it is not just the mean.
    language, style
        As in :func:`loyaltysem.draw_paths`.

    Raises
    ------
    ReportError
        When a column is missing or there is no row.
    """
    need_columns(means, ["mean"], "the means of groups", words=["group", "series"])
    table = means.assign(
        ci_lower=means.get("ci_lower", np.nan), ci_upper=means.get("ci_upper", np.nan)
    )
    look = figure_style(style)
    axis = axis or word("mean", language, level=f"{100 * level:g}")
    with settings_of(look):
        return _drawn(table, axis, look)


def _drawn(table: pd.DataFrame, axis: str, style: FigureStyle) -> Figure:
    groups, series = (list(dict.fromkeys(table[column])) for column in ("group", "series"))
    inner = WIDTH - LEFT - 2 * EDGE
    names = folded(groups, style.small_size, inner / len(groups) - 6)
    inner = max(inner, len(groups) * (widest(names, style.small_size) + 6))
    labels = readable(series)
    below = tallest(names, style.small_size) + 14
    above = legend_height(labels, inner, style)
    figure = sheet(LEFT + inner + 2 * EDGE, below + HEIGHT + above + EDGE)
    axes = panel(figure, (LEFT, below, inner, HEIGHT), style, grid="y")
    step = min(0.6 / len(series), 0.12)
    handles = []
    for rank, name in enumerate(series):
        own = table[table["series"] == name]
        mean, low, high = own[["mean", "ci_lower", "ci_upper"]].to_numpy(dtype=float).T
        places = np.array([groups.index(group) for group in own["group"]])
        places = places + (rank - (len(series) - 1) / 2) * step
        look = series_look(rank, style)
        handles += axes.plot(places, mean, **look, linewidth=1.2, markersize=4.5)
        axes.vlines(places, low, high, color=look["color"], linewidth=1)
    axes.set_xlim(-0.5, len(groups) - 0.5)
    axes.set_ylim(*span(table[["mean", "ci_lower", "ci_upper"]].to_numpy(dtype=float).ravel()))
    axes.set_xticks(range(len(groups)), names, fontsize=style.small_size)
    number_axis(axes, "y")
    name_axis(axes, style, y=axis)
    legend_above(axes, handles, labels, inner, style)
    return figure
