"""Scree plot with parallel analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D

from loyaltysem.diagrams.charts.canvas import (
    EDGE,
    WIDTH,
    legend_above,
    legend_height,
    name_axis,
    number_axis,
    panel,
    readable,
    sheet,
)
from loyaltysem.diagrams.charts.checks import need_numbers, need_some
from loyaltysem.diagrams.charts.palette import series_look
from loyaltysem.diagrams.charts.words import word
from loyaltysem.diagrams.style import figure_style, settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

    from loyaltysem.diagrams.style import FigureStyle, StyleName
    from loyaltysem.diagrams.wording import Language

HEIGHT = 200.0


def scree(
    observed: ArrayLike,
    random: Mapping[str, ArrayLike] | None = None,
    *,
    n_factors: int | None = None,
    kaiser: bool = True,
    language: Language = "en",
    style: StyleName | FigureStyle = "colour",
) -> Figure:
    """Draw eigenvalues in descending order beside those of data without structure.

    Parameters
    ----------
    observed
        Eigenvalues of the answers.
    random
        Name for the reader → eigenvalues of random data, such as their mean and 95 % quantile.
    n_factors
        How many are above chance; the marks of the others are hollow.
    kaiser
        Whether to draw the line at 1, which holds for components, not for common factors.
    language, style
        As in :func:`loyaltysem.draw_paths`.

    Raises
    ------
    ReportError
        When there are no eigenvalues.

    Notes
    -----
    Cattell (1966), Multivariate Behavioral Research 1, 245-276; Horn (1965), Psychometrika 30,
    179-185.
    """
    what = "the scree plot"
    values = need_numbers(observed, what)
    need_some(values, what)
    curves = {name: need_numbers(own, what) for name, own in (random or {}).items()}
    look = figure_style(style)
    with settings_of(look):
        return _drawn(values, curves, n_factors, kaiser, language, look)


def _drawn(
    values: np.ndarray,
    curves: Mapping[str, np.ndarray],
    n_factors: int | None,
    kaiser: bool,
    language: Language,
    style: FigureStyle,
) -> Figure:
    left, below = 44.0, 36.0
    inner = WIDTH - left - 2 * EDGE
    labels = readable([word("observed", language), *curves])
    if kaiser:
        labels.append(word("kaiser", language))
    above = legend_height(labels, inner, style)
    figure = sheet(WIDTH, below + HEIGHT + above + EDGE)
    axes = panel(figure, (left, below, inner, HEIGHT), style, grid="y")
    order = np.arange(1, len(values) + 1)
    handles = []
    for rank, own in enumerate([values, *curves.values()]):
        look = series_look(rank, style) | ({} if rank == 0 else {"marker": ""})
        line = axes.plot(order[: len(own)], own, **look, markersize=5, linewidth=1.2, zorder=3)[0]
        handles.append(Line2D([], [], **look, markersize=5, linewidth=1.2))
        if rank == 0 and n_factors is not None:
            line.set_marker("")
            _marks(axes, order, values, n_factors, style)
    if kaiser:
        handles.append(axes.axhline(1.0, color=style.weak, linewidth=0.8, linestyle=(0, (2, 3))))
    axes.set_xlim(0.5, len(values) + 0.5)
    number_axis(axes, "x", most=12, whole=True)
    number_axis(axes, "y")
    name_axis(axes, style, x=word("factor", language), y=word("eigenvalue", language))
    legend_above(axes, handles, labels, inner, style)
    return figure


def _marks(axes, order, values, n_factors, style) -> None:  # type: ignore[no-untyped-def]
    """Fill the marks of what exceeds chance, leave the others hollow."""
    fill = [style.cycle[0] if rank <= n_factors else style.background for rank in order]
    axes.scatter(order, values, s=22, c=fill, edgecolors=style.cycle[0], linewidths=1, zorder=4)
