"""Curves over a scale: power over sample size, item information over the trait, quantiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.diagrams.charts.canvas import (
    EDGE,
    WIDTH,
    legend_above,
    legend_height,
    name_axis,
    need_some,
    number_axis,
    panel,
    readable,
    sheet,
    span,
)
from loyaltysem.diagrams.charts.palette import series_look
from loyaltysem.diagrams.charts.words import word
from loyaltysem.diagrams.style import figure_style, settings_of
from loyaltysem.errors import ReportError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from numpy.typing import ArrayLike, NDArray

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
    need_some(power, "the power curve")
    need_some(power.columns, "the power curve")
    look = figure_style(style)
    with settings_of(look):
        inner = WIDTH - LEFT - 2 * EDGE
        labels = readable(power.columns)
        figure = sheet(WIDTH, BELOW + HEIGHT + legend_height(labels, inner, look) + EDGE)
        axes = panel(figure, (LEFT, BELOW, inner, HEIGHT), look, grid="y")
        handles = _lines(axes, power, look)
        sizes = [*power.index.to_numpy(dtype=float), *([] if n is None else [n])]
        axes.set_xlim(*span(sizes, share=0.02))
        axes.set_ylim(0, 1.03)
        _marks(axes, target, n, language, look)
        number_axis(axes, "x", most=8, whole=True)
        number_axis(axes, "y")
        name_axis(axes, look, x=word("sample_size", language), y=word("power", language))
        legend_above(axes, handles, labels, inner, look)
        return figure


def _lines(axes: Axes, table: pd.DataFrame, style: FigureStyle) -> list[Line2D]:
    """Draw one line per column; only short lines carry marks."""
    x = table.index.to_numpy(dtype=float)
    handles = []
    for rank, column in enumerate(table):
        look = series_look(rank, style)
        if len(x) > 15:
            look["marker"] = ""
        values = table[column].to_numpy(dtype=float)
        handles += axes.plot(x, values, **look, linewidth=1.4, markersize=4)
    return handles


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
    pairs = np.sort(np.asarray(expected, float)), np.sort(np.asarray(observed, float))
    need_some(pairs[0], "the Q-Q plot")
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


def item_information(
    information: pd.DataFrame,
    *,
    language: Language = "en",
    style: StyleName | FigureStyle = "colour",
) -> Figure:
    """Draw where on the trait each item informs, and how precisely the whole scale measures.

    Parameters
    ----------
    information
        Indexed by values of the trait; one column per item, named as the reader sees it. The
        scale's information is their sum, its standard error one over the root.
    language, style
        As in :func:`loyaltysem.draw_paths`.

    Raises
    ------
    ReportError
        When there is no row or no column.

    Notes
    -----
    Samejima (1969), Psychometrika Monograph 17.
    """
    need_some(information, "the item information")
    need_some(information.columns, "the item information")
    look = figure_style(style)
    with settings_of(look):
        return _information(information, language, look)


def _information(table: pd.DataFrame, language: Language, style: FigureStyle) -> Figure:
    inner = (WIDTH - 2 * LEFT - 40.0) / 2
    names = readable(table.columns)
    above = legend_height(names, WIDTH - LEFT - EDGE, style)
    figure = sheet(WIDTH, BELOW + 170.0 + 20 + above)
    items = panel(figure, (LEFT, BELOW, inner, 170.0), style, grid="y")
    handles = _lines(items, table, style)
    legend_above(items, handles, names, WIDTH - LEFT - EDGE, style)
    whole = panel(figure, (LEFT + inner + LEFT, BELOW, inner, 170.0), style, grid="y")
    total = table.to_numpy(dtype=float).sum(axis=1)
    _scale(whole, table.index.to_numpy(dtype=float), total, language, style)
    for axes in (items, whole):
        axes.set_ylim(bottom=0)
        number_axis(axes, "x", most=7)
        number_axis(axes, "y", most=5)
        name_axis(axes, style, x=word("trait", language), y=word("information", language))
    return figure


def _scale(
    axes: Axes,
    trait: NDArray[np.float64],
    total: NDArray[np.float64],
    language: Language,
    style: FigureStyle,
) -> None:
    """Draw information and standard error of the whole scale, the latter on a second axis."""
    axes.plot(trait, total, color=style.positive, linewidth=1.5)
    axes.set_title(word("scale_information", language), fontsize=style.small_size, loc="left")
    second = axes.twinx()
    second.plot(
        trait,
        1 / np.sqrt(np.where(total > 0, total, np.nan)),
        color=style.negative,
        linewidth=1.2,
        linestyle=(0, (5, 2)),
    )
    second.set_ylim(bottom=0)
    second.tick_params(labelsize=style.small_size, width=0.6, length=3, pad=3)
    second.spines["right"].set(visible=True, linewidth=0.6)
    number_axis(second, "y", most=5)
    second.set_ylabel(
        word("standard_error", language) + " (- -)", fontsize=style.label_size, labelpad=5
    )
