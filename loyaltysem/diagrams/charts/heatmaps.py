"""Heat maps of correlations and of heterotrait-monotrait ratios: the lower triangle."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import LineCollection

from loyaltysem.diagrams.charts.canvas import (
    EDGE,
    WIDTH,
    draw_boxes,
    folded,
    number_axis,
    panel,
    sheet,
    tallest,
    widest,
)
from loyaltysem.diagrams.charts.checks import need_cells
from loyaltysem.diagrams.charts.palette import ink_on, signed_colours, strength_colours
from loyaltysem.diagrams.numbers import number_text, stars
from loyaltysem.diagrams.style import figure_style, settings_of
from loyaltysem.errors import ReportError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from loyaltysem.diagrams.style import FigureStyle, StyleName

SMALLEST, LARGEST = 9.0, 46.0
NUMBERED = 21.0
"""From how many points on a cell carries its number."""

SCALE, SHADES = 100.0, 40
"""Length of the scale of colours that stands for the numbers, and its steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """A square of values with the scale of its colours and marks that follow the numbers."""

    numbers: NDArray[np.float64]
    marks: NDArray[np.str_]
    strong: NDArray[np.bool_]
    colours: Colormap
    low: float
    high: float


def htmt_heatmap(
    ratios: pd.DataFrame, *, threshold: float = 0.85, style: StyleName | FigureStyle = "colour"
) -> Figure:
    """Draw heterotrait-monotrait ratios; those above ``threshold`` are framed and bold.

    Parameters
    ----------
    ratios
        Symmetric, constructs by constructs; index and columns hold what the reader sees.
    threshold
        The largest ratio that counts as distinct.
    style
        As in :func:`loyaltysem.draw_paths`.

    Raises
    ------
    ReportError
        When the table is not square, or has fewer than two rows.
    """
    values = _square(ratios, "the HTMT heat map")
    look = figure_style(style)
    with settings_of(look):
        cells = _Cells(
            numbers=values,
            marks=np.full(values.shape, "", dtype=np.str_),
            strong=values > threshold,
            colours=strength_colours(look),
            low=0.0,
            high=max(1.0, float(np.nanmax(values))),
        )
        return _drawn(cells, ratios, look)


def correlation_heatmap(
    correlations: pd.DataFrame,
    *,
    pvalues: pd.DataFrame | None = None,
    style: StyleName | FigureStyle = "colour",
) -> Figure:
    """Draw correlations; with ``pvalues``, the numbers carry stars.

    Parameters
    ----------
    correlations
        Symmetric; index and columns hold what the reader sees.
    pvalues
        Of the same shape.
    style
        As in :func:`loyaltysem.draw_paths`.

    Raises
    ------
    ReportError
        When a table is not square, has fewer than two rows, or the two differ in shape.
    """
    values = _square(correlations, "the correlation heat map")
    tests = np.full(values.shape, np.nan) if pvalues is None else pvalues.to_numpy(dtype=float)
    if tests.shape != values.shape:
        raise ReportError(
            "The p-values do not belong to these correlations",
            found=" by ".join(map(str, tests.shape)),
            expected=f"{len(values)} by {len(values)}",
        )
    look = figure_style(style)
    with settings_of(look):
        cells = _Cells(
            numbers=values,
            marks=np.vectorize(partial(stars, rule=look.stars), otypes=[np.str_])(tests),
            strong=np.zeros(values.shape, dtype=bool),
            colours=signed_colours(look),
            low=-1.0,
            high=1.0,
        )
        return _drawn(cells, correlations, look)


def _square(table: pd.DataFrame, what: str) -> NDArray[np.float64]:
    numbers = need_cells(table, what)
    rows, columns = len(table.index), len(table.columns)
    if rows != columns or rows < 2:
        raise ReportError(
            f"{what[0].upper()}{what[1:]} needs a square table of at least two rows",
            found=f"{rows} by {columns}",
        )
    return numbers


def _drawn(cells: _Cells, table: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw the triangle: rows from the second variable on, columns up to the last but one."""
    count = len(table) - 1
    names = folded(table.index[1:], style.small_size)
    left = widest(names, style.small_size) + 2 * EDGE
    cell = float(np.clip((WIDTH - left - EDGE) / count, SMALLEST, LARGEST))
    heads = folded(table.columns[:-1], style.small_size, max(cell - 3, 24.0), most=4)
    upright = widest(heads, style.small_size) <= cell - 2
    if not upright:
        heads = folded(table.columns[:-1], style.small_size, 100.0, most=max(1, int(cell / 9)))
    below = (tallest if upright else widest)(heads, style.small_size) + 2 * EDGE
    high = count * min(cell, max(26.0, 0.8 * cell)) if cell > NUMBERED else count * cell
    figure = sheet(left + count * cell + EDGE, below + high + EDGE)
    axes = panel(figure, (left, below, count * cell, high), style)
    size = min(style.small_size, 0.24 * cell) if cell >= NUMBERED else None
    _fill(axes, cells, size, style)
    if size is None:
        _scale(figure, (left + count * cell - SCALE, below + high - 10, SCALE, 8.0), cells, style)
    axes.set(xlim=(-0.5, count - 0.5), ylim=(count - 0.5, -0.5))
    axes.set_yticks(range(count), names, fontsize=style.small_size, linespacing=1.05)
    axes.set_xticks(
        range(count), heads, rotation=0 if upright else 90, fontsize=style.small_size,
        linespacing=1.05,
    )  # fmt: skip
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure


def _fill(axes: Axes, cells: _Cells, size: float | None, style: FigureStyle) -> None:
    """Draw the cells below the diagonal, with their numbers where these are legible."""
    rows, columns = np.tril_indices(len(cells.numbers), -1)
    values = cells.numbers[rows, columns]
    shares = (np.nan_to_num(values) - cells.low) / (cells.high - cells.low)
    fills = cells.colours(shares)
    strong = cells.strong[rows, columns]
    draw_boxes(
        axes,
        columns - 0.47,
        rows - 1.47,
        0.94,
        0.94,
        facecolors=fills,
        edgecolors=[style.text if big else style.guide for big in strong],
        linewidths=[1.4 if big else 0.3 for big in strong],
    )
    if size is None:
        _minus(axes, rows, columns, values, fills, style)
        return
    for row, column, value, fill, mark in zip(
        rows, columns, values, fills, cells.marks[rows, columns], strict=True
    ):
        text = number_text(value, leading_zero=style.leading_zero) + str(mark)
        axes.text(
            float(column),
            float(row - 1),
            text,
            ha="center",
            va="center_baseline",
            color=ink_on(fill[:3], style),
            fontsize=size,
        )


def _minus(
    axes: Axes,
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    values: NDArray[np.float64],
    fills: NDArray[np.float64],
    style: FigureStyle,
) -> None:
    """Mark negative cells that are too small for a number: colour alone must not tell the sign."""
    below = values < 0
    ends = np.stack([columns[below] - 0.18, columns[below] + 0.18], axis=1)
    height = np.repeat(rows[below, None] - 1.0, 2, axis=1)
    inks = [ink_on(fill[:3], style) for fill in fills[below]]
    axes.add_collection(
        LineCollection(list(np.stack([ends, height], axis=-1)), colors=inks, linewidths=0.5)
    )


def _scale(
    figure: Figure, box: tuple[float, float, float, float], cells: _Cells, style: FigureStyle
) -> None:
    """Draw what the colours mean into the empty corner."""
    axes = panel(figure, box, style)
    edges = np.linspace(cells.low, cells.high, SHADES + 1)
    colours = cells.colours((np.arange(SHADES) + 0.5) / SHADES)
    draw_boxes(axes, edges[:-1], 0.0, np.diff(edges), 1.0, facecolors=colours)
    axes.set(xlim=(cells.low, cells.high), ylim=(0, 1), yticks=[])
    number_axis(axes, "x", most=4)
    axes.spines["left"].set_visible(False)
