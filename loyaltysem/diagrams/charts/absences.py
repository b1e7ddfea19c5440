"""Missing answers: which items are missing together, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.diagrams.charts.canvas import (
    EDGE,
    WIDTH,
    draw_boxes,
    name_axis,
    number_axis,
    panel,
    readable,
    sheet,
    widest,
)
from loyaltysem.diagrams.charts.checks import need_columns, need_counts
from loyaltysem.diagrams.charts.words import word
from loyaltysem.diagrams.style import figure_style, settings_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from loyaltysem.diagrams.style import FigureStyle, StyleName
    from loyaltysem.diagrams.wording import Language

WHAT = "the pattern of missing answers"

BARS = 46.0

NARROWEST = 8.6
"""The least width of an item in points: its code is written upwards below."""


def missing_pattern(
    patterns: pd.DataFrame,
    *,
    most: int = 15,
    language: Language = "en",
    style: StyleName | FigureStyle = "colour",
) -> Figure:
    """Draw which items are missing together, how many respondents that concerns, and shares.

    Parameters
    ----------
    patterns
        One row per pattern: ``n`` respondents, and one Boolean column per item, True where
        answered (the ``patterns`` of :func:`loyaltysem.measurement.missingness.missingness`).
    most
        How many patterns to show, the most frequent first; a note counts the others.
    language, style
        As in :func:`loyaltysem.draw_paths`.

    Returns
    -------
    matplotlib.figure.Figure
        Dark cells are missing answers; above, the share missing by item; at the right, the number
        of respondents with each pattern.

    Raises
    ------
    ReportError
        When there is no pattern or no column ``n``, or something else than counts stands in it.
    """
    need_columns(patterns, ["n"], WHAT)
    need_counts(patterns["n"].to_numpy(dtype=float), WHAT)
    ordered = patterns.sort_values("n", ascending=False, kind="stable")
    look = figure_style(style)
    with settings_of(look):
        return _drawn(ordered, most, language, look)


def _drawn(ordered: pd.DataFrame, most: int, language: Language, style: FigureStyle) -> Figure:
    n = ordered["n"].to_numpy(dtype=float)
    answered = ordered.drop(columns="n").to_numpy(dtype=bool)
    items = readable(ordered.columns.drop("n"))
    shown = min(most, len(n))
    rest = word("more_patterns", language, count=len(n) - shown, n=f"{n[shown:].sum():.0f}")
    left, right = 50.0, 86.0
    inner = max(WIDTH - left - right, NARROWEST * len(items))
    below = widest(items, style.small_size - 0.5) + 12 + (16 if shown < len(n) else 0)
    rows = 13.0 * shown
    width = left + inner + right
    figure = sheet(width, below + rows + 10 + BARS + 14)
    shares = panel(figure, (left, below + rows + 10, inner, BARS), style, grid="y")
    _draw_shares(shares, (n @ ~answered) / n.sum(), language, style)
    cells = panel(figure, (left, below, inner, rows), style)
    _draw_cells(cells, answered[:shown], items, style)
    beside = panel(figure, (left + inner + 8, below, right - 8 - 40, rows), style)
    _draw_counts(beside, n[:shown], style)
    beside.set_title(word("respondents", language), fontsize=style.small_size, loc="left", pad=4)
    if shown < len(n):
        figure.text(EDGE / width, 0.012, rest, fontsize=style.small_size, va="bottom")
    return figure


def _draw_shares(
    axes: Axes, shares: NDArray[np.float64], language: Language, style: FigureStyle
) -> None:
    axes.bar(range(len(shares)), 100 * shares, width=0.8, color=style.negative)
    axes.set_xlim(-0.5, len(shares) - 0.5)
    axes.set_ylim(0, max(1.1 * 100 * float(shares.max(initial=0.0)), 1.0))
    axes.set_xticks([])
    number_axis(axes, "y", most=3, suffix="%")
    name_axis(axes, style, y=word("missing", language))


def _draw_cells(
    axes: Axes, answered: NDArray[np.bool_], items: list[str], style: FigureStyle
) -> None:
    rows, columns = np.nonzero(np.ones_like(answered))
    colours = np.where(answered[rows, columns], style.construct_fill, style.negative)
    draw_boxes(
        axes,
        columns - 0.43,
        rows - 0.43,
        0.86,
        0.86,
        facecolors=colours.tolist(),
        edgecolors=style.guide,
        linewidths=0.3,
    )
    axes.set_xlim(-0.5, len(items) - 0.5)
    axes.set_ylim(len(answered) - 0.5, -0.5)
    axes.set_yticks([])
    axes.set_xticks(range(len(items)), items, rotation=90, fontsize=style.small_size - 0.5)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _draw_counts(axes: Axes, n: NDArray[np.float64], style: FigureStyle) -> None:
    axes.barh(range(len(n)), n, height=0.7, color=style.guide)
    axes.set_ylim(len(n) - 0.5, -0.5)
    axes.set_xlim(0, float(n.max()))
    axes.set_axis_off()
    for row, count in enumerate(n):
        axes.text(
            count + 0.04 * n.max(), row, f"{count:.0f}", va="center", fontsize=style.small_size
        )
