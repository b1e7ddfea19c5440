"""Item information: where on the trait each item, and the whole scale, measures precisely."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.diagrams.charts.canvas import (
    EDGE,
    WIDTH,
    draw_lines,
    folded,
    legend_above,
    legend_height,
    name_axis,
    name_rows,
    number_axis,
    panel,
    readable,
    sheet,
    widest,
)
from loyaltysem.diagrams.charts.checks import need_cells, need_finite
from loyaltysem.diagrams.charts.palette import strength_colours
from loyaltysem.diagrams.charts.words import word
from loyaltysem.diagrams.style import figure_style, settings_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from loyaltysem.diagrams.style import FigureStyle, StyleName
    from loyaltysem.diagrams.wording import Language

HEIGHT = 170.0
LEFT, BELOW = 46.0, 38.0
FEW = 8
"""Up to how many items are drawn as curves; more become the rows of a map."""

ROW_NAME, MOST_LINES = 90.0, 8
"""Points that a row's name may take on one line, and the most lines of one that is longer."""


def item_information(
    information: pd.DataFrame,
    *,
    total: bool = True,
    language: Language = "en",
    style: StyleName | FigureStyle = "colour",
) -> Figure:
    """Draw where on the trait each item informs, and how precisely the whole scale measures.

    Parameters
    ----------
    information
        Indexed by values of the trait; one column per item, named as the reader sees it. The
        scale's information is their sum, its standard error one over the root.
    total
        Whether to draw the whole scale; not when the columns are scales of their own.
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
    need_finite(need_cells(information, "the item information"), "the item information")
    look = figure_style(style)
    with settings_of(look):
        return _information(information, total, language, look)


def _information(
    table: pd.DataFrame, total: bool, language: Language, style: FigureStyle
) -> Figure:
    few = table.shape[1] <= FEW
    names = readable(table.columns) if few else _row_names(table, style)
    left = LEFT if few else widest(names, style.small_size) + 2 * EDGE
    inner = (WIDTH - left - LEFT - 46.0) / 2 if total else WIDTH - left - 2 * EDGE
    above = legend_height(names, WIDTH - left - EDGE, style) if few else EDGE
    lines = 1 if few else max(name.count("\n") for name in names) + 1
    high = HEIGHT if few else max(HEIGHT, 10.5 * len(names) * lines)
    figure = sheet(WIDTH, BELOW + high + above + EDGE)
    items = panel(figure, (left, BELOW, inner, high), style, grid="y" if few else "none")
    if few:
        _curves(items, table, names, language, style)
    else:
        _map(items, table, names, style)
    _name_trait(items, language, style)
    if total:
        box = (left + inner + LEFT, BELOW + high - HEIGHT, inner, HEIGHT)
        _scale(panel(figure, box, style), table, language, style)
    return figure


def _row_names(table: pd.DataFrame, style: FigureStyle) -> list[str]:
    """Return names on as few lines as leave the rows half of the width."""
    for most in range(1, MOST_LINES + 1):
        names = folded(table.columns, style.small_size, ROW_NAME, most)
        if widest(names, style.small_size) <= WIDTH / 2 - 2 * EDGE:
            break
    return names


def _name_trait(axes: Axes, language: Language, style: FigureStyle) -> None:
    number_axis(axes, "x", most=7)
    name_axis(axes, style, x=word("trait", language))


def _curves(
    axes: Axes, table: pd.DataFrame, names: list[str], language: Language, style: FigureStyle
) -> None:
    """Draw one curve per item."""
    handles = draw_lines(axes, table, style)
    legend_above(axes, handles, names, WIDTH - LEFT - EDGE, style)
    axes.set_ylim(bottom=0)
    number_axis(axes, "y", most=5)
    name_axis(axes, style, y=word("information", language))


def _map(axes: Axes, table: pd.DataFrame, names: list[str], style: FigureStyle) -> None:
    """Draw one row per item, the darker the more it informs."""
    trait = table.index.to_numpy(dtype=float)
    axes.imshow(
        table.to_numpy(dtype=float).T,
        cmap=strength_colours(style),
        aspect="auto",
        vmin=0,
        extent=(trait.min(), trait.max(), len(names) - 0.5, -0.5),
    )
    name_rows(axes, names, style)


def _scale(axes: Axes, table: pd.DataFrame, language: Language, style: FigureStyle) -> None:
    """Draw information and standard error of the whole scale, the latter on a second axis."""
    trait = table.index.to_numpy(dtype=float)
    total = table.to_numpy(dtype=float).sum(axis=1)
    _name_trait(axes, language, style)
    axes.plot(trait, total, color=style.positive, linewidth=1.5)
    axes.set_ylim(bottom=0)
    number_axis(axes, "y", most=5)
    name_axis(axes, style, y=word("scale_information", language))
    second = axes.twinx()
    error = 1 / np.sqrt(np.where(total > 0, total, np.nan))
    second.plot(
        trait,
        error,
        color=style.negative,
        linewidth=1.2,
        linestyle=(0, (5, 2)),
    )
    second.set_ylim(0, min(1.05 * float(np.nanmax(error)), 4 * float(np.nanmin(error))))
    second.tick_params(labelsize=style.small_size, width=0.6, length=3, pad=3)
    second.spines["right"].set(visible=True, linewidth=0.6)
    number_axis(second, "y", most=5)
    second.set_ylabel(
        word("standard_error", language) + " (- -)", fontsize=style.label_size, labelpad=5
    )
