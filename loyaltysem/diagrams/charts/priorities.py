"""Importance-performance map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.diagrams.charts.canvas import (
    EDGE,
    WIDTH,
    beyond_one_line,
    folded,
    name_axis,
    number_axis,
    panel,
    sheet,
    span,
)
from loyaltysem.diagrams.charts.checks import need_columns, need_finite
from loyaltysem.diagrams.charts.labels import write_beside
from loyaltysem.diagrams.charts.words import word
from loyaltysem.diagrams.style import figure_style, settings_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from loyaltysem.diagrams.style import FigureStyle, StyleName
    from loyaltysem.diagrams.wording import Language

WHAT = "the importance-performance map"

HEIGHT = 290.0
LEFT, BELOW = 46.0, 38.0

NAME = 110.0
"""How long a line of a construct's name may be."""


def importance_performance_map(
    constructs: pd.DataFrame,
    *,
    target: str,
    language: Language = "en",
    style: StyleName | FigureStyle = "colour",
) -> Figure:
    """Draw how much each construct matters for ``target`` and how well it is rated.

    Parameters
    ----------
    constructs
        The index holds what the reader sees: ``importance`` (total effect), ``performance`` (0 to
        100). The lines of the quadrants are the means.
    target
        Name of the outcome.
    language, style
        As in :func:`loyaltysem.draw_paths`.

    Raises
    ------
    ReportError
        When a column is missing, there is no row, or a value is not known.

    Notes
    -----
    Martilla & James (1977), Journal of Marketing 41(1), 77-79.
    """
    need_columns(constructs, ["importance", "performance"], WHAT)
    need_finite(constructs[["importance", "performance"]].to_numpy(dtype=float), WHAT)
    look = figure_style(style)
    with settings_of(look):
        return _drawn(constructs, target, language, look)


def _drawn(table: pd.DataFrame, target: str, language: Language, style: FigureStyle) -> Figure:
    inner = WIDTH - LEFT - 2 * EDGE
    importance = word("importance", language, target=target)
    below = BELOW + beyond_one_line(importance, inner, style)
    figure = sheet(WIDTH, below + HEIGHT + 2 * EDGE)
    axes = panel(figure, (LEFT, below, inner, HEIGHT), style)
    points = table[["importance", "performance"]].to_numpy(dtype=float)
    middle = np.mean(points, axis=0)
    axes.set_xlim(*span([*points[:, 0], 0.0], share=0.12))
    axes.set_ylim(*span(points[:, 1], share=0.2, least=10.0))
    axes.axvline(middle[0], color=style.weak, linewidth=0.7, linestyle=(0, (4, 2)))
    axes.axhline(middle[1], color=style.weak, linewidth=0.7, linestyle=(0, (4, 2)))
    taken = _quadrants(axes, language, style)
    axes.scatter(points[:, 0], points[:, 1], s=30, color=style.positive, zorder=3)
    write_beside(
        axes,
        points,
        folded(table.index, style.small_size, NAME),
        style.small_size,
        taken=taken,
        cross=(middle[0], middle[1]),
    )
    number_axis(axes, "x")
    number_axis(axes, "y")
    name_axis(axes, style, x=importance, y=word("performance", language))
    return figure


def _quadrants(
    axes: Axes, language: Language, style: FigureStyle
) -> list[tuple[float, float, str]]:
    """Write the names of the quadrants into the corners; return where (axes shares)."""
    corners = {
        "keep up": (0.99, 0.985),
        "improve": (0.99, 0.015),
        "low priority": (0.01, 0.015),
        "possible overkill": (0.01, 0.985),
    }
    taken = []
    for key, (x, y) in corners.items():
        axes.text(
            x,
            y,
            word(key, language),
            transform=axes.transAxes,
            ha="right" if x > 0.5 else "left",
            va="top" if y > 0.5 else "bottom",
            fontsize=style.small_size,
            color=style.weak,
            bbox={"facecolor": style.background, "linewidth": 0, "pad": 1.0},
        )
        taken.append((x, y, word(key, language)))
    return taken
