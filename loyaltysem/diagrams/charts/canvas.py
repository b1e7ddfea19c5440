"""The sheet that every chart is drawn on: measured in points, one look for axes, legends, names.

Margins are cut to the measured width of the names, so that nothing is clipped and nothing overlaps
whatever the names are.
"""

from __future__ import annotations

import warnings
from math import ceil
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from loyaltysem.diagrams.charts.palette import series_look
from loyaltysem.diagrams.fonts import drawable, font_notice
from loyaltysem.diagrams.measure import LINE_HEIGHT, text_width, wrap
from loyaltysem.diagrams.numbers import number_text
from loyaltysem.errors import LoyaltysemWarning

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from numpy.typing import ArrayLike

    from loyaltysem.diagrams.style import FigureStyle

WIDTH = 440.0
"""Width of a chart in points: the text column of a page with usual margins."""

PAGE_HEIGHT = 560.0
"""How high rows may be altogether so that the chart, with its axis, stays on one page."""

EDGE = 6.0
LEGEND_LINE = 13.0
LEGEND_HANDLE = 34.0
NAME_LIMIT = 150.0
"""How long a line of a name beside an axis may be."""

Grid = Literal["x", "y", "both", "none"]


def readable(names: Iterable[object]) -> list[str]:
    """Return names as texts that the fonts can draw; warn of characters that they cannot."""
    texts = [str(name) for name in names]
    notice = font_notice(texts)
    if notice:
        warnings.warn(notice.text, LoyaltysemWarning, stacklevel=4)
    return [drawable(text) for text in texts]


def folded(
    names: Iterable[object], size: float, limit: float = NAME_LIMIT, most: int = 3
) -> list[str]:
    """Return names broken into lines of about ``limit`` points."""
    return ["\n".join(wrap(name, size, limit, most)) for name in readable(names)]


def widest(texts: Iterable[str], size: float) -> float:
    """Return the width of the widest line of all texts."""
    return max((text_width(line, size) for text in texts for line in text.split("\n")), default=0.0)


def tallest(texts: Iterable[str], size: float) -> float:
    """Return the height of the text with most lines."""
    return LINE_HEIGHT * size * max((text.count("\n") + 1 for text in texts), default=0)


def sheet(width: float, height: float) -> Figure:
    """Return an empty figure of that size in points."""
    return Figure(figsize=(width / 72, height / 72))


def panel(
    figure: Figure,
    box: tuple[float, float, float, float],
    style: FigureStyle,
    *,
    grid: Grid = "none",
    title: str = "",
) -> Axes:
    """Return axes at ``box`` = (left, bottom, width, height) in points, in the common look."""
    width, height = figure.get_size_inches() * 72
    left, bottom, wide, high = box
    axes = figure.add_axes((left / width, bottom / height, wide / width, high / height))
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=style.small_size, width=0.6, length=3, color=style.line, pad=3)
    for spine in axes.spines.values():
        spine.set_linewidth(0.6)
    if grid != "none":
        axes.grid(visible=True, axis=grid, color=style.guide, linewidth=0.4)
    if title:
        axes.set_title(title, fontsize=style.label_size, loc="left", pad=4, linespacing=1.1)
    return axes


def frame_of(axes: Axes) -> tuple[float, float]:
    """Return width and height of axes in points."""
    wide, high = axes.figure.get_figure(root=True).get_size_inches() * 72
    box = axes.get_position()
    return float(box.width * wide), float(box.height * high)


def name_axis(
    axes: Axes, style: FigureStyle, *, x: str | None = None, y: str | None = None
) -> None:
    """Write what the axes measure, in several lines where the name is longer than its axis."""
    wide, high = frame_of(axes)
    if x:
        text = axis_name(x, wide, style)
        axes.set_xlabel(text, fontsize=style.label_size, labelpad=4, linespacing=1.2)
    if y:
        text = axis_name(y, high, style)
        axes.set_ylabel(text, fontsize=style.label_size, labelpad=5, linespacing=1.2)


def axis_name(text: str, length: float, style: FigureStyle) -> str:
    """Return the name of an axis, broken into lines of at most its length."""
    return folded([text], style.label_size, length, most=4)[0]


def beyond_one_line(text: str, length: float, style: FigureStyle) -> float:
    """Return how much more room than usual the name of an axis takes."""
    return axis_name(text, length, style).count("\n") * 1.2 * style.label_size


def row_height(count: int, usual: float, least: float = 10.0) -> float:
    """Return the height of a row: less than ``usual`` when so many would not fit on a page."""
    return max(min(usual, PAGE_HEIGHT / count), min(usual, least))


def name_rows(axes: Axes, names: Sequence[str], style: FigureStyle) -> None:
    """Write names beside the rows 0, 1, … of a chart that reads from top to bottom."""
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), names, fontsize=style.small_size, linespacing=1.05)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def number_axis(
    axes: Axes,
    which: Literal["x", "y"],
    *,
    digits: int | None = None,
    most: int = 6,
    suffix: str = "",
    whole: bool = False,
) -> None:
    """Write plain numbers on an axis, with a true minus sign, all with the same decimals."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(
        MaxNLocator(most, integer=whole, min_n_ticks=1 if whole else 2, steps=[1, 2, 2.5, 5, 10])
    )
    places = _decimals(axis.get_majorticklocs().tolist()) if digits is None else digits
    axis.set_major_formatter(
        FuncFormatter(lambda value, _: number_text(value, digits=places) + suffix)
    )


def _decimals(ticks: Sequence[float]) -> int:
    """Return how many decimals tell the ticks apart without loss."""
    return next(
        (k for k in range(5) if all(abs(tick - round(tick, k)) < 1e-9 for tick in ticks)), 5
    )


def legend_height(labels: Sequence[str], width: float, style: FigureStyle) -> float:
    """Return the height that a legend of these labels takes above a chart."""
    if not labels:
        return 0.0
    return ceil(len(labels) / _legend_columns(labels, width, style)) * LEGEND_LINE + 4.0


def legend_above(
    axes: Axes,
    handles: Sequence[Artist],
    labels: Sequence[str],
    width: float,
    style: FigureStyle,
    *,
    lift: float = 0.0,
) -> None:
    """Put a legend ``lift`` points above axes, in as many columns as fit into ``width`` points."""
    columns = _legend_columns(labels, width, style)
    order = _read_by_rows(len(labels), columns)
    axes.legend(
        [handles[place] for place in order],
        [labels[place] for place in order],
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0 + lift / frame_of(axes)[1]),
        ncols=columns,
        frameon=False,
        fontsize=style.small_size,
        handlelength=2.6,
        handletextpad=0.6,
        columnspacing=1.6,
        labelspacing=0.4,
        borderaxespad=0.2,
        borderpad=0.2,
    )


def _legend_columns(labels: Sequence[str], width: float, style: FigureStyle) -> int:
    each = widest(labels, style.small_size) + LEGEND_HANDLE
    return max(1, min(len(labels), int(width / each)))


def _read_by_rows(count: int, columns: int) -> list[int]:
    """Return in which order matplotlib, which fills columns, must be given what reads by rows."""
    return [place for column in range(columns) for place in range(column, count, columns)]


def span(
    values: Iterable[float], *, share: float = 0.06, least: float = 0.1
) -> tuple[float, float]:
    """Return the range of finite values with room on both sides; never an empty range."""
    known = [float(value) for value in values if float("-inf") < float(value) < float("inf")]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    room = max(share * (high - low), (least - (high - low)) / 2, 1e-9)
    return low - room, high + room


def draw_boxes(
    axes: Axes,
    left: ArrayLike,
    bottom: ArrayLike,
    width: ArrayLike,
    height: ArrayLike,
    **look: Any,
) -> None:
    """Draw upright rectangles, all in one artist: hundreds of them cost no more than one.

    ``look`` are properties of matplotlib's PolyCollection, single or by rectangle.
    """
    places = np.broadcast_arrays(*(np.asarray(one, float) for one in (left, bottom, width, height)))
    x, y, wide, high = (np.atleast_1d(one) for one in places)
    corners = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]
    outlines = np.stack([np.stack(corner, axis=-1) for corner in corners], axis=1)
    axes.add_collection(PolyCollection(list(outlines), **({"linewidths": 0} | look)), autolim=False)


def draw_lines(axes: Axes, table: pd.DataFrame, style: FigureStyle) -> list[Line2D]:
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
