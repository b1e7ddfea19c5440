"""Response distributions: diverging stacked bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Patch

from loyaltysem.diagrams.charts.canvas import (
    EDGE,
    WIDTH,
    draw_boxes,
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
    tallest,
    widest,
)
from loyaltysem.diagrams.charts.checks import need_cells, need_counts
from loyaltysem.diagrams.charts.palette import answer_colours, ink_on
from loyaltysem.diagrams.charts.words import word
from loyaltysem.diagrams.style import figure_style, settings_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from loyaltysem.diagrams.style import FigureStyle, StyleName
    from loyaltysem.diagrams.wording import Language

WHAT = "the picture of response distributions"

LEGIBLE = 7.0
"""From how many percent on a segment carries its number."""


def response_distributions(
    counts: pd.DataFrame, *, language: Language = "en", style: StyleName | FigureStyle = "colour"
) -> Figure:
    """Draw how often each answer was given, item by item, around the middle of the scale.

    Parameters
    ----------
    counts
        One row per item (its index holds what the reader sees), one column per answer option from
        the lowest to the highest; how many respondents chose it. Shares are of the row's sum.
    language, style
        As in :func:`loyaltysem.draw_paths`.

    Returns
    -------
    matplotlib.figure.Figure
        Bars to the left of zero are the lower half of the scale, to the right the upper half; a
        middle option lies astride. The number of answers stands at the right.

    Raises
    ------
    ReportError
        When there is no item or no option, or something else than counts.

    Notes
    -----
    Heiberger & Robbins (2014), Journal of Statistical Software 57(5).
    """
    need_counts(need_cells(counts, WHAT), WHAT)
    look = figure_style(style)
    with settings_of(look):
        return _drawn(counts, language, look)


def _drawn(counts: pd.DataFrame, language: Language, style: FigureStyle) -> Figure:
    names, options = folded(counts.index, style.small_size), readable(counts.columns)
    total = counts.sum(axis=1).to_numpy(dtype=float)
    left = widest(names, style.small_size) + 2 * EDGE
    right = widest([f"n = {n:.0f}" for n in total], style.small_size) + 2 * EDGE
    inner = WIDTH - left - right
    row = max(row_height(len(names), 15.0), tallest(names, style.small_size) + 1)
    above = legend_height(options, inner, style)
    height = row * len(names)
    figure = sheet(WIDTH, height + above + 36 + EDGE)
    axes = panel(figure, (left, 36, inner, height), style, grid="x")
    _bars(axes, counts.to_numpy(dtype=float), total, style)
    name_rows(axes, names, style)
    _write_counts(axes, total, style)
    number_axis(axes, "x", suffix="%")
    _absolute(axes)
    name_axis(axes, style, x=word("share", language))
    colours = answer_colours(len(options), style)
    handles = [Patch(facecolor=colour, edgecolor=style.line, linewidth=0.4) for colour in colours]
    legend_above(axes, handles, options, inner, style)
    return figure


def _bars(
    axes: Axes, counts: NDArray[np.float64], total: NDArray[np.float64], style: FigureStyle
) -> None:
    shares = 100 * counts / np.where(total > 0, total, 1.0)[:, None]
    half = shares.shape[1] // 2
    start = -shares[:, :half].sum(axis=1)
    if shares.shape[1] % 2:
        start = start - shares[:, half] / 2
    lefts = start[:, None] + np.cumsum(shares, axis=1) - shares
    for option, colour in enumerate(answer_colours(shares.shape[1], style)):
        draw_boxes(
            axes,
            lefts[:, option],
            np.arange(len(shares)) - 0.36,
            shares[:, option],
            0.72,
            facecolors=[colour],
            edgecolors=style.line if style.name == "mono" else style.background,
            linewidths=0.4,
        )
        for row in np.flatnonzero(shares[:, option] >= LEGIBLE).tolist():
            middle = lefts[row, option] + shares[row, option] / 2
            _write(axes, middle, row, shares[row, option], ink_on(colour, style), style)
    axes.axvline(0, color=style.line, linewidth=0.6, zorder=0)
    ends = np.concatenate([lefts[:, 0], lefts[:, -1] + shares[:, -1]])
    axes.set_xlim(min(ends.min(), -10) * 1.02, max(ends.max(), 10) * 1.02)


def _write(axes: Axes, x: float, row: int, share: float, colour: str, style: FigureStyle) -> None:
    size = style.small_size - 1
    axes.text(
        x, row, f"{share:.0f}", ha="center", va="center_baseline", color=colour, fontsize=size
    )


def _write_counts(axes: Axes, total: NDArray[np.float64], style: FigureStyle) -> None:
    """Write the number of answers at the right end of every row."""
    place = axes.get_yaxis_transform()
    for row, n in enumerate(total):
        axes.text(
            1.01,
            row,
            f"n = {n:.0f}",
            transform=place,
            va="center_baseline",
            fontsize=style.small_size,
        )


def _absolute(axes: Axes) -> None:
    """Write shares left of zero without a sign."""
    written = axes.xaxis.get_major_formatter()
    axes.xaxis.set_major_formatter(lambda value, _: written(abs(value), None))
