"""Measurement invariance: how fit changes from step to step."""

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
    tallest,
)
from loyaltysem.diagrams.charts.checks import need_columns
from loyaltysem.diagrams.charts.words import word
from loyaltysem.diagrams.numbers import number_text
from loyaltysem.diagrams.style import figure_style, settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from loyaltysem.diagrams.style import FigureStyle, StyleName
    from loyaltysem.diagrams.wording import Language

LIMITS: dict[str, float] = {"cfi": -0.010, "rmsea": 0.015, "srmr": 0.030}
"""Largest changes against the step before that are accepted (Chen 2007)."""

HEIGHT = 70.0
GAP = 18.0
LEFT = 58.0
NOTE = 12.0
"""Height of the numbers above the uppermost panel."""


def invariance_ladder(
    steps: pd.DataFrame,
    *,
    limits: Mapping[str, float] | None = None,
    language: Language = "en",
    style: StyleName | FigureStyle = "colour",
) -> Figure:
    """Draw fit indices over the steps of invariance, each with its change and the change allowed.

    Parameters
    ----------
    steps
        One row per step in order (the index holds what the reader sees, for instance 'Configural'):
        any of ``cfi, rmsea, srmr``; ``holds`` (optional, Boolean) tells which steps are accepted,
        their points are filled, those of the others hollow.
    limits
        Index → largest change accepted, with its sign; None takes :data:`LIMITS`.
    language, style
        As in :func:`loyaltysem.draw_paths`.

    Raises
    ------
    ReportError
        When there is no step or no fit index.

    Notes
    -----
    Chen (2007), Structural Equation Modeling 14, 464-504; Cheung & Rensvold (2002), ibid. 9,
    233-255.
    """
    indices = [name for name in LIMITS if name in steps]
    need_columns(steps, [] if indices else LIMITS, "the invariance ladder")
    look = figure_style(style)
    with settings_of(look):
        return _drawn(steps, indices, limits or LIMITS, language, look)


def _drawn(
    steps: pd.DataFrame,
    indices: list[str],
    limits: Mapping[str, float],
    language: Language,
    style: FigureStyle,
) -> Figure:
    inner = WIDTH - LEFT - 2 * EDGE
    names = folded(steps.index, style.small_size, inner / len(steps) - 6)
    labels = [word("holds", language), word("fails", language), word("tolerance", language)]
    labels = labels if "holds" in steps else labels[2:]
    below = tallest(names, style.small_size) + 12
    above = legend_height(labels, inner, style)
    total = len(indices) * (HEIGHT + GAP) - GAP
    figure = sheet(WIDTH, below + total + NOTE + above + EDGE)
    holds = steps["holds"].to_numpy(dtype=bool) if "holds" in steps else np.ones(len(steps), bool)
    for rank, index in enumerate(indices):
        bottom = below + total - (rank + 1) * HEIGHT - rank * GAP
        axes = panel(figure, (LEFT, bottom, inner, HEIGHT), style, grid="y")
        values = steps[index].to_numpy(dtype=float)
        _climb(axes, values, holds, limits.get(index), style)
        name_axis(axes, style, y=index.upper())
        last = rank == len(indices) - 1
        axes.set_xticks(range(len(steps)), names if last else [], fontsize=style.small_size)
    legend_above(figure.axes[0], _handles(style)[-len(labels) :], labels, inner, style, lift=NOTE)
    return figure


def _climb(
    axes: Axes,
    values: NDArray[np.float64],
    holds: NDArray[np.bool_],
    limit: float | None,
    style: FigureStyle,
) -> None:
    """Draw one index: the line, the points, the change of each step, the value still accepted."""
    places = np.arange(len(values))
    axes.plot(places, values, color=style.positive, linewidth=1.1, zorder=2)
    fill = [style.positive if good else style.background for good in holds]
    axes.scatter(places, values, s=26, c=fill, edgecolors=style.positive, linewidths=1.1, zorder=3)
    allowed = values[:-1] + limit if limit is not None else np.array([])
    for place, value in enumerate(allowed, start=1):
        axes.plot(
            [place - 0.22, place + 0.22],
            [value, value],
            color=style.negative,
            linewidth=1.3,
            linestyle=(0, (2, 1.2)),
        )
    axes.set_ylim(*span([*values, *allowed], share=0.15, least=0.02))
    axes.set_xlim(-0.5, len(values) - 0.5)
    number_axis(axes, "y", most=4)
    for place in range(len(values)):
        _note(axes, place, values, style)


def _note(axes: Axes, place: int, values: NDArray[np.float64], style: FigureStyle) -> None:
    """Write above the panel the value at a step, and its change against the step before."""
    text = number_text(values[place], digits=3, leading_zero=style.leading_zero)
    if place and text:
        text += _change(float(values[place] - values[place - 1]), style)
    axes.text(
        place,
        1.03,
        text,
        transform=axes.get_xaxis_transform(),
        ha="center",
        fontsize=style.small_size - 0.5,
    )


def _change(change: float, style: FigureStyle) -> str:
    """Return a change in parentheses, nothing when the step before has no value."""
    if np.isnan(change):
        return ""
    sign = "+" if round(change, 3) > 0 else ""
    size = number_text(change, digits=3, leading_zero=style.leading_zero)
    return f" (Δ\u00a0{sign}{size})"


def _handles(style: FigureStyle) -> list[Line2D]:
    point = {"color": style.positive, "marker": "o", "markersize": 5, "linewidth": 1.1}
    return [
        Line2D([], [], **point),  # type: ignore[arg-type]
        Line2D([], [], **point, markerfacecolor=style.background),  # type: ignore[arg-type]
        Line2D([], [], color=style.negative, linewidth=1.3, linestyle=(0, (2, 1.2))),
    ]
