"""Curves over a scale: power over sample size, observed over expected quantiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.diagrams.charts.canvas import (
    EDGE,
    WIDTH,
    draw_lines,
    legend_above,
    legend_height,
    name_axis,
    number_axis,
    panel,
    readable,
    sheet,
    span,
)
from loyaltysem.diagrams.charts.checks import need_cells, need_numbers, need_some
from loyaltysem.diagrams.charts.words import word
from loyaltysem.diagrams.style import figure_style, settings_of
from loyaltysem.errors import ReportError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

    from loyaltysem.diagrams.style import FigureStyle, StyleName
    from loyaltysem.diagrams.wording import Language

HEIGHT = 190.0
LEFT, BELOW = 46.0, 38.0


def power_curve(
    power: pd.DataFrame,
    *,
    target: float | None = 0.80,
    n: int | None = None,
    language: Language = "en",
    style: StyleName | FigureStyle = "colour",
) -> Figure:
    """Draw the power of one or several tests over the sample size.

    Parameters
    ----------
    power
        Indexed by sample size, ascending; one column per test, named as the reader sees it.
    target
        The power that is wanted: a horizontal line.
    n
        The sample size of this study: a vertical line.
    language, style
        As in :func:`loyaltysem.draw_paths`.

    Raises
    ------
    ReportError
        When there is no row or no column.
    """
    need_cells(power, "the power curve")
    look = figure_style(style)
    with settings_of(look):
        inner = WIDTH - LEFT - 2 * EDGE
        labels = readable(power.columns)
        figure = sheet(WIDTH, BELOW + HEIGHT + legend_height(labels, inner, look) + EDGE)
        axes = panel(figure, (LEFT, BELOW, inner, HEIGHT), look, grid="y")
        handles = draw_lines(axes, power, look)
        sizes = [*power.index.to_numpy(dtype=float), *([] if n is None else [n])]
        axes.set_xlim(*span(sizes, share=0.02))
        axes.set_ylim(0, 1.03)
        _marks(axes, target, n, language, look)
        number_axis(axes, "x", most=8, whole=True)
        number_axis(axes, "y")
        name_axis(axes, look, x=word("sample_size", language), y=word("power", language))
        legend_above(axes, handles, labels, inner, look)
        return figure


def _marks(
    axes: Axes, target: float | None, n: int | None, language: Language, style: FigureStyle
) -> None:
    if target is not None:
        axes.axhline(target, color=style.weak, linewidth=0.9, linestyle=(0, (2, 3)))
    if n is None:
        return
    axes.axvline(n, color=style.weak, linewidth=0.9, linestyle=(0, (4, 2)))
    low, high = axes.get_xlim()
    right = n < (low + high) / 2
    axes.annotate(
        word("this_study", language, n=n),
        (n, 0.04),
        xytext=(4 if right else -4, 0),
        textcoords="offset points",
        ha="left" if right else "right",
        fontsize=style.small_size,
    )


def qq_plot(
    observed: ArrayLike,
    expected: ArrayLike,
    *,
    x: str | None = None,
    y: str | None = None,
    language: Language = "en",
    style: StyleName | FigureStyle = "colour",
) -> Figure:
    """Draw observed over expected quantiles; on the line, the distribution is as supposed.

    Parameters
    ----------
    observed, expected
        Quantiles of equal number, such as squared Mahalanobis distances and those of chi-square.
    x, y
        Names of the axes, when they are not just 'expected' and 'observed quantile'.
    language, style
        As in :func:`loyaltysem.draw_paths`.

    Raises
    ------
    ReportError
        When there are none, or numbers differ.
    """
    what = "the Q-Q plot"
    pairs = np.sort(need_numbers(expected, what)), np.sort(need_numbers(observed, what))
    need_some(pairs[0], what)
    if len(pairs[0]) != len(pairs[1]):
        raise ReportError(
            "A Q-Q plot needs as many expected as observed quantiles",
            found=f"{len(pairs[1])} observed, {len(pairs[0])} expected",
        )
    look = figure_style(style)
    with settings_of(look):
        side = 230.0
        figure = sheet(LEFT + side + 2 * EDGE, BELOW + side + 2 * EDGE)
        axes = panel(figure, (LEFT, BELOW, side, side), look)
        ends = span(np.concatenate(pairs))
        axes.plot(ends, ends, color=look.weak, linewidth=0.9, linestyle=(0, (4, 2)))
        axes.scatter(*pairs, s=9, facecolors="none", edgecolors=look.positive, linewidths=0.7)
        axes.set(xlim=ends, ylim=ends)
        number_axis(axes, "x", most=5)
        number_axis(axes, "y", most=5)
        x, y = x or word("theoretical", language), y or word("empirical", language)
        name_axis(axes, look, x=x, y=y)
        return figure
