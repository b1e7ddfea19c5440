"""Moderation: simple slopes, and where they turn significant (Johnson-Neyman)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Patch

from loyaltysem.diagrams.charts.canvas import (
    EDGE,
    WIDTH,
    beyond_one_line,
    frame_of,
    legend_above,
    legend_height,
    name_axis,
    number_axis,
    panel,
    readable,
    sheet,
    span,
)
from loyaltysem.diagrams.charts.checks import need_columns
from loyaltysem.diagrams.charts.palette import series_look
from loyaltysem.diagrams.charts.words import word
from loyaltysem.diagrams.numbers import number_text
from loyaltysem.diagrams.style import figure_style, settings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from loyaltysem.diagrams.style import FigureStyle, StyleName
    from loyaltysem.diagrams.wording import Language

HEIGHT = 200.0
BELOW = 38.0
LEFT = 50.0


def simple_slopes(
    slopes: pd.DataFrame,
    *,
    x: tuple[float, float],
    predictor: str,
    outcome: str,
    style: StyleName | FigureStyle = "colour",
) -> Figure:
    """Draw the outcome over the predictor at several values of the moderator.

    Parameters
    ----------
    slopes
        One row per value of the moderator (the index holds what the reader sees, for instance
        'trust: +1 SD'): ``intercept, slope``.
    x
        From which to which value of the predictor, for instance minus and plus one standard
        deviation.
    predictor, outcome
        Names of the axes.
    style
        As in :func:`loyaltysem.draw_paths`.

    Raises
    ------
    ReportError
        When a column is missing or there is no row.

    Notes
    -----
    Aiken & West (1991), Multiple regression: Testing and interpreting interactions.
    """
    need_columns(slopes, ["intercept", "slope"], "simple slopes")
    look = figure_style(style)
    with settings_of(look):
        return _slopes(slopes, x, (predictor, outcome), look)


def _slopes(
    slopes: pd.DataFrame, x: tuple[float, float], names: tuple[str, str], style: FigureStyle
) -> Figure:
    labels = readable(slopes.index)
    axes = _axes(names, labels, style)
    axes.grid(visible=True, axis="y", color=style.guide, linewidth=0.4)
    ends, heights, handles = np.array(x, dtype=float), [], []
    pairs = slopes[["intercept", "slope"]].to_numpy(dtype=float)
    for rank, (intercept, slope) in enumerate(pairs):
        heights.append(intercept + slope * ends)
        handles += axes.plot(
            ends, heights[-1], **series_look(rank, style), linewidth=1.4, markersize=5
        )
    room = 0.06 * float(np.ptp(ends)) or 0.1
    axes.set_xlim(ends.min() - room, ends.max() + room)
    axes.set_ylim(*span(np.concatenate(heights), share=0.1))
    number_axis(axes, "x", most=7)
    number_axis(axes, "y")
    legend_above(axes, handles, labels, frame_of(axes)[0], style)
    return axes.figure.get_figure(root=True)


def _axes(names: tuple[str, str], labels: Sequence[str], style: FigureStyle) -> Axes:
    """Return axes with names, on a sheet that has room for these and for a legend."""
    left = LEFT + beyond_one_line(names[1], HEIGHT, style)
    inner = WIDTH - left - 2 * EDGE
    below = BELOW + beyond_one_line(names[0], inner, style)
    figure = sheet(WIDTH, below + HEIGHT + legend_height(labels, inner, style) + 14)
    axes = panel(figure, (left, below, inner, HEIGHT), style)
    name_axis(axes, style, x=names[0], y=names[1])
    return axes


def johnson_neyman(
    slopes: pd.DataFrame,
    *,
    moderator: str,
    predictor: str,
    outcome: str,
    limits: Sequence[float] = (),
    level: float = 0.95,
    language: Language = "en",
    style: StyleName | FigureStyle = "colour",
) -> Figure:
    """Draw the simple slope over the moderator, and where it differs from zero.

    Parameters
    ----------
    slopes
        Indexed by values of the moderator, ascending and close together: ``est, ci_lower,
        ci_upper`` of the slope. Between two rows the lines are straight.
    moderator, predictor, outcome
        Names for the axes.
    limits
        Values at which the slope turns significant; those outside the drawn range are not shown.
    level
        Confidence level of the band.
    language, style
        As in :func:`loyaltysem.draw_paths`.

    Raises
    ------
    ReportError
        When a column is missing or there is no row.

    Notes
    -----
    Johnson & Neyman (1936), Statistical Research Memoirs 1, 57-93; Bauer & Curran (2005),
    Multivariate Behavioral Research 40, 373-400.
    """
    need_columns(slopes, ["est", "ci_lower", "ci_upper"], "the Johnson-Neyman plot")
    look = figure_style(style)
    slope = word("slope", language, predictor=predictor, outcome=outcome)
    labels = [
        word("band", language, level=f"{100 * level:g}", kind=word(key, language))
        for key in ("significant", "not_significant")
    ]
    with settings_of(look):
        return _regions(slopes, (moderator, slope), limits, labels, look)


def _regions(
    slopes: pd.DataFrame,
    names: tuple[str, str],
    limits: Sequence[float],
    labels: list[str],
    style: FigureStyle,
) -> Figure:
    axes = _axes(names, labels, style)
    w = slopes.index.to_numpy(dtype=float)
    shown = [limit for limit in limits if w.min() < limit < w.max()]
    drawn = _bands(axes, w, slopes, shown, style)
    axes.axhline(0, color=style.line, linewidth=0.7)
    axes.plot(w, slopes["est"], color=style.positive, linewidth=1.5)
    axes.set_xlim(w.min(), w.max() if w.max() > w.min() else w.min() + 1)
    axes.set_ylim(*span([0.0, *slopes[["ci_lower", "ci_upper"]].to_numpy(dtype=float).ravel()]))
    for limit in shown:
        axes.axvline(limit, color=style.line, linewidth=0.9, linestyle=(0, (4, 2)))
        _note(axes, limit, style)
    number_axis(axes, "x", most=8)
    number_axis(axes, "y")
    patches = [patch for k, patch in enumerate(_patches(style)) if k in drawn]
    if drawn:
        legend_above(axes, patches, [labels[k] for k in drawn], frame_of(axes)[0], style)
    return axes.figure.get_figure(root=True)


def _bands(
    axes: Axes,
    w: NDArray[np.float64],
    slopes: pd.DataFrame,
    limits: Sequence[float],
    style: FigureStyle,
) -> list[int]:
    """Fill the band: strong (0) where it excludes zero, pale (1) where not; return which occur."""
    grid = np.unique([*w, *limits])
    low, high = (
        np.interp(grid, w, slopes[end].to_numpy(dtype=float)) for end in ("ci_lower", "ci_upper")
    )
    middle = (grid[:-1] + grid[1:]) / 2
    apart: NDArray[np.bool_] = (np.interp(middle, grid, low) > 0) | (
        np.interp(middle, grid, high) < 0
    )
    starts = np.flatnonzero(np.diff(apart, prepend=~apart[:1]))
    patches = _patches(style)
    kinds = [0 if apart[start] else 1 for start in starts]
    for kind, (start, stop) in zip(kinds, pairwise([*starts, len(apart)]), strict=True):
        piece = slice(start, stop + 1)
        colour = patches[kind].get_facecolor()
        axes.fill_between(grid[piece], low[piece], high[piece], facecolor=colour, linewidth=0)
    axes.plot(w, slopes["ci_lower"], color=style.positive, linewidth=0.6)
    axes.plot(w, slopes["ci_upper"], color=style.positive, linewidth=0.6)
    return sorted(set(kinds))


def _patches(style: FigureStyle) -> list[Patch]:
    strong = "#8a8a8a" if style.name == "mono" else "#92c0df"
    return [Patch(facecolor=strong, linewidth=0), Patch(facecolor="#e9e9e9", linewidth=0)]


def _note(axes: Axes, limit: float, style: FigureStyle) -> None:
    axes.annotate(
        number_text(limit),
        (limit, 0.0),
        xycoords=axes.get_xaxis_transform(),
        xytext=(3, 4),
        textcoords="offset points",
        fontsize=style.small_size,
        color=style.text,
    )
