"""Specification curve: one estimate under all sensible analyses."""

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
    number_axis,
    panel,
    sheet,
    span,
    widest,
)
from loyaltysem.diagrams.charts.checks import need_columns
from loyaltysem.diagrams.charts.words import word
from loyaltysem.diagrams.style import figure_style, settings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from loyaltysem.diagrams.style import FigureStyle, StyleName
    from loyaltysem.diagrams.wording import Language

HEIGHT = 130.0
ROW = 12.0
BLOCK = 8.0


def specification_curve(
    specifications: pd.DataFrame,
    *,
    decisions: Sequence[str],
    axis: str,
    main: object = None,
    language: Language = "en",
    style: StyleName | FigureStyle = "colour",
) -> Figure:
    """Draw an estimate under many specifications in ascending order, above what each one chose.

    Parameters
    ----------
    specifications
        One row per specification: ``est, ci_lower, ci_upper`` and one column per decision with the
        option chosen. Column names and options are what the reader sees. Filled points have
        intervals that exclude zero.
    decisions
        The columns that hold decisions.
    axis
        Name of the estimate.
    main
        Index of the row that is the main analysis; a vertical line marks it.
    language, style
        As in :func:`loyaltysem.draw_paths`.

    Raises
    ------
    ReportError
        When a column is missing or there is no row.

    Notes
    -----
    Simonsohn, Simmons & Nelson (2020), Nature Human Behaviour 4, 1208-1214.
    """
    need_columns(
        specifications,
        ["est", "ci_lower", "ci_upper"],
        "the specification curve",
        words=decisions,
    )
    ordered = specifications.sort_values("est", kind="stable")
    look = figure_style(style)
    with settings_of(look):
        return _drawn(ordered, decisions, axis, main, language, look)


def _drawn(
    table: pd.DataFrame,
    decisions: Sequence[str],
    axis: str,
    main: object,
    language: Language,
    style: FigureStyle,
) -> Figure:
    options = [(name, option) for name in decisions for option in dict.fromkeys(table[name])]
    rows = [option for _, option in options]
    names = folded(rows, style.small_size, most=1)
    heads = folded(decisions, style.small_size, most=1)
    left = max(widest([*names, *heads], style.small_size) + 2 * EDGE + 8, 54.0)
    inner = WIDTH - left - 2 * EDGE
    matrix = ROW * (len(rows) + len(heads)) + BLOCK * len(heads)
    labels = [word(key, language) for key in ("significant", "not_significant", "main")]
    labels = labels if main in table.index else labels[:2]
    above = legend_height(labels, inner, style)
    figure = sheet(WIDTH, 22 + matrix + HEIGHT + 8 + above + EDGE)
    upper = panel(figure, (left, 22 + matrix + 8, inner, HEIGHT), style, grid="y")
    lower = panel(figure, (left, 22, inner, matrix), style)
    _curve(upper, table, style)
    _choices(lower, table, options, decisions, style)
    for axes in (upper, lower):
        axes.set_xlim(-0.7, len(table) - 0.3)
        axes.set_xticks([])
        if main in table.index:
            place = list(table.index).index(main)
            axes.axvline(
                place, color=style.negative, linewidth=0.9, linestyle=(0, (3, 2)), zorder=0
            )
    name_axis(upper, style, y=axis)
    name_axis(lower, style, x=word("specification", language))
    legend_above(upper, _handles(style)[: len(labels)], labels, inner, style)
    return figure


def _curve(axes: Axes, table: pd.DataFrame, style: FigureStyle) -> None:
    est, low, high = table[["est", "ci_lower", "ci_upper"]].to_numpy(dtype=float).T
    places = np.arange(len(table))
    thin = 1.1 if len(table) <= 60 else 0.5
    axes.vlines(places, low, high, color=style.guide, linewidth=thin)
    clear = (low > 0) | (high < 0)
    fill = [style.positive if apart else style.background for apart in clear]
    size = float(np.clip(900 / len(table), 5, 20))
    axes.scatter(places, est, s=size, c=fill, edgecolors=style.positive, linewidths=0.8, zorder=3)
    axes.axhline(0, color=style.line, linewidth=0.7)
    axes.set_ylim(*span([*low, *high, *est, 0.0]))
    number_axis(axes, "y", most=5)


def _choices(
    axes: Axes,
    table: pd.DataFrame,
    options: Sequence[tuple[str, object]],
    decisions: Sequence[str],
    style: FigureStyle,
) -> None:
    """Draw which specification chose which option, the options grouped by decision."""
    height = 0.0
    heights, names, heads = [], [], []
    for decision in decisions:
        height += BLOCK + ROW
        heads.append((height - ROW / 2, decision))
        for name, option in options:
            if name == decision:
                heights.append(height + ROW / 2)
                names.append(option)
                chosen = np.flatnonzero((table[decision] == option).to_numpy())
                axes.scatter(
                    chosen, np.full(len(chosen), heights[-1]), s=10, marker="s", linewidths=0,
                    color=style.line,
                )  # fmt: skip
                axes.axhline(heights[-1], color=style.guide, linewidth=0.3, zorder=0)
                height += ROW
    axes.set_ylim(height, 0)
    axes.set_yticks(heights, folded(names, style.small_size, most=1), fontsize=style.small_size)
    axes.tick_params(axis="y", length=0)
    for place, text in heads:
        axes.annotate(
            folded([text], style.small_size, most=1)[0],
            (0, place),
            xycoords=axes.get_yaxis_transform(),
            xytext=(-3, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=style.small_size,
            color=style.weak,
        )
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def _handles(style: FigureStyle) -> list[Line2D]:
    point = {"color": style.positive, "marker": "o", "markersize": 4.5, "linestyle": ""}
    return [
        Line2D([], [], **point),  # type: ignore[arg-type]
        Line2D([], [], **point, markerfacecolor=style.background),  # type: ignore[arg-type]
        Line2D([], [], color=style.negative, linewidth=0.9, linestyle=(0, (3, 2))),
    ]
