"""Bootstrap distributions: small multiples of histograms."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator

from loyaltysem.diagrams.charts.canvas import (
    EDGE,
    WIDTH,
    folded,
    legend_above,
    legend_height,
    number_axis,
    panel,
    sheet,
    tallest,
)
from loyaltysem.diagrams.charts.checks import need_columns
from loyaltysem.diagrams.charts.words import word
from loyaltysem.diagrams.style import figure_style, settings_of
from loyaltysem.errors import ReportError, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

    from loyaltysem.diagrams.style import FigureStyle, StyleName
    from loyaltysem.diagrams.wording import Language

HEIGHT = 78.0
GAP = 18.0
COLUMNS = 3
SIDE = 13.0


def bootstrap_distributions(
    draws: Mapping[str, ArrayLike],
    intervals: pd.DataFrame,
    *,
    level: float = 0.95,
    language: Language = "en",
    style: StyleName | FigureStyle = "colour",
) -> Figure:
    """Draw how bootstrap draws of several effects are spread, with estimates and limits.

    Parameters
    ----------
    draws
        Name for the reader → draws of the effect, or evenly spaced quantiles of them.
    intervals
        One row per name: ``est, ci_lower, ci_upper``.
    level
        Confidence level of the limits.
    language, style
        As in :func:`loyaltysem.draw_paths`.

    Raises
    ------
    ReportError
        When there are no draws, or a name has no interval.
    """
    need_columns(intervals, ["est", "ci_lower", "ci_upper"], "the bootstrap distributions")
    values = {name: _finite(own) for name, own in draws.items()}
    lacking = [name for name, own in values.items() if not len(own) or name not in intervals.index]
    if lacking or not values:
        raise ReportError("Effects lack draws or an interval", found=listed(lacking) or "no draws")
    look = figure_style(style)
    with settings_of(look):
        return _drawn(values, intervals, level, language, look)


def _finite(values: ArrayLike) -> NDArray[np.float64]:
    own = np.asarray(values, dtype=float).ravel()
    return np.asarray(own[np.isfinite(own)], dtype=float)


def _drawn(
    draws: Mapping[str, NDArray[np.float64]],
    intervals: pd.DataFrame,
    level: float,
    language: Language,
    style: FigureStyle,
) -> Figure:
    columns = min(COLUMNS, len(draws))
    rows = ceil(len(draws) / columns)
    each = (WIDTH - 2 * SIDE - GAP * (columns - 1)) / max(columns, 2)
    titles = folded(draws, style.small_size, each, most=3)
    step = HEIGHT + 24 + tallest(titles, style.small_size)
    labels = [word("point", language), word("limits", language, level=f"{100 * level:g}")]
    width = 2 * SIDE + columns * each + GAP * (columns - 1)
    above = legend_height(labels, width, style)
    figure = sheet(width, rows * step + above + EDGE)
    for rank, (name, own) in enumerate(draws.items()):
        row, column = divmod(rank, columns)
        left, below = SIDE + column * (each + GAP), (rows - 1 - row) * step + 20
        axes = panel(figure, (left, below, each, HEIGHT), style)
        axes.set_title(titles[rank], fontsize=style.small_size, loc="left", pad=3, linespacing=1.05)
        ends = intervals.loc[name, ["est", "ci_lower", "ci_upper"]].to_numpy(dtype=float)
        _histogram(axes, own, ends, style)
    top = panel(figure, (SIDE, rows * step, width - 2 * SIDE, 1), style)
    top.set_axis_off()
    legend_above(top, _handles(style), labels, width - 2 * SIDE, style)
    return figure


def _histogram(
    axes: Axes, draws: NDArray[np.float64], ends: NDArray[np.float64], style: FigureStyle
) -> None:
    """Draw one distribution: extreme draws are gathered at the edges."""
    low, high = np.quantile(draws, [0.002, 0.998])
    low, high = min(low, np.nanmin(ends)), max(high, np.nanmax(ends))
    room = max(0.03 * (high - low), 0.01)
    bins = np.linspace(low - room, high + room, int(np.clip(np.sqrt(len(draws)), 12, 41)))
    axes.hist(np.clip(draws, bins[0], bins[-1]), bins=bins.tolist(), color=style.guide, linewidth=0)
    if bins[0] < 0 < bins[-1]:
        axes.axvline(0, color=style.line, linewidth=0.7)
    axes.axvline(ends[0], color=style.positive, linewidth=1.4)
    for end in ends[1:][np.isfinite(ends[1:])]:
        axes.axvline(end, color=style.positive, linewidth=1, linestyle=(0, (3, 2)))
    axes.yaxis.set_major_locator(NullLocator())
    axes.spines["left"].set_visible(False)
    axes.set_xlim(bins[0], bins[-1])
    number_axis(axes, "x", most=4)


def _handles(style: FigureStyle) -> list[Line2D]:
    return [
        Line2D([], [], color=style.positive, linewidth=1.4),
        Line2D([], [], color=style.positive, linewidth=1, linestyle=(0, (3, 2))),
    ]
