"""Loadings: one column of bars per factor, one row per item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.diagrams.charts.canvas import (
    EDGE,
    WIDTH,
    draw_boxes,
    folded,
    name_rows,
    number_axis,
    panel,
    row_height,
    sheet,
    tallest,
    widest,
)
from loyaltysem.diagrams.charts.checks import need_cells
from loyaltysem.diagrams.numbers import number_text
from loyaltysem.diagrams.style import figure_style, settings_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from loyaltysem.diagrams.style import FigureStyle, StyleName

GAPS = (10.0, 4.0)
"""Between the columns: of few factors, and of so many that each point counts."""

MANY = 6
NUMBER = 19.0
"""Width of a printed loading."""


def loadings_plot(
    loadings: pd.DataFrame, *, salient: float = 0.4, style: StyleName | FigureStyle = "colour"
) -> Figure:
    """Draw loadings as bars, those of size ``salient`` and more in strong colour and with numbers.

    Parameters
    ----------
    loadings
        One row per item, one column per factor (index and columns hold what the reader sees); NaN
        where the model has no loading.
    salient
        From what absolute value on a loading counts.
    style
        As in :func:`loyaltysem.draw_paths`.

    Raises
    ------
    ReportError
        When there is no item or no factor.
    """
    need_cells(loadings, "the loadings")
    look = figure_style(style)
    with settings_of(look):
        return _drawn(loadings, salient, look)


def _drawn(loadings: pd.DataFrame, salient: float, style: FigureStyle) -> Figure:
    names = folded(loadings.index, style.small_size)
    left = widest(names, style.small_size) + 2 * EDGE
    count = loadings.shape[1]
    gap = GAPS[count > MANY]
    each = min((WIDTH - left - 2 * EDGE - gap * (count - 1)) / count, 150.0)
    titles = folded(loadings.columns, style.small_size, max(each + gap - 5.0, 20.0), most=4)
    row = max(row_height(len(names), 13.0), tallest(names, style.small_size) + 1)
    height, above = row * len(names), tallest(titles, style.small_size) + 6
    figure = sheet(left + count * each + gap * (count - 1) + 2 * EDGE, 22 + height + above + EDGE)
    values = loadings.to_numpy(dtype=float)
    limit = max(1.0, float(np.nanmax(np.abs(values), initial=0.0)))
    for rank, title in enumerate(titles):
        axes = panel(figure, (left + rank * (each + gap), 22, each, height), style)
        axes.set_title(title, fontsize=style.small_size, pad=4, linespacing=1.05)
        _bars(axes, values[:, rank], salient, limit, each, style)
        if rank == 0:
            name_rows(axes, names, style)
        else:
            _without_names(axes, len(names))
    return figure


def _without_names(axes: Axes, count: int) -> None:
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def _bars(
    axes: Axes,
    values: NDArray[np.float64],
    salient: float,
    limit: float,
    width: float,
    style: FigureStyle,
) -> None:
    """Draw one factor: its bars, the lines of what counts, the numbers that fit."""
    strong = np.abs(values) >= salient
    colours = [
        style.guide if not big else style.negative if value < 0 else style.positive
        for value, big in zip(values, strong, strict=True)
    ]
    known = np.nan_to_num(values)
    rows = np.arange(len(known))
    draw_boxes(axes, np.minimum(known, 0), rows - 0.34, np.abs(known), 0.68, facecolors=colours)
    room = limit * NUMBER / (width - NUMBER) if width > 1.9 * NUMBER else 0.0
    low = -max(room, float(-known.min()))
    axes.set_xlim(low, limit)
    axes.axvline(0, color=style.line, linewidth=0.6)
    for side in (-salient, salient):
        if side >= low:
            axes.axvline(side, color=style.weak, linewidth=0.5, linestyle=(0, (2, 3)), zorder=0)
    number_axis(axes, "x", most=2 if width < 80 else 4)
    for row in np.flatnonzero(strong).tolist() if room else []:
        _number(axes, row, values[row], style)


def _number(axes: Axes, row: int, value: float, style: FigureStyle) -> None:
    """Write a loading on the other side of zero, where its bar leaves room."""
    axes.annotate(
        number_text(value, leading_zero=style.leading_zero),
        (0, row),
        xytext=(-2 if value > 0 else 2, 0),
        textcoords="offset points",
        ha="right" if value > 0 else "left",
        va="center_baseline",
        fontsize=style.small_size - 0.5,
    )
