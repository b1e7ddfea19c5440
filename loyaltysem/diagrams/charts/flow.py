"""Flow chart of respondents: read, excluded by reason, analysed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.patches import FancyArrowPatch, Rectangle

from loyaltysem.diagrams.charts.canvas import EDGE, folded, panel, sheet, tallest, widest
from loyaltysem.diagrams.charts.words import word
from loyaltysem.diagrams.style import figure_style, settings_of
from loyaltysem.errors import ReportError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from loyaltysem.diagrams.style import FigureStyle, StyleName
    from loyaltysem.diagrams.wording import Language

    Box = tuple[float, float, float, float]

PAD = 8.0
GAP = 22.0


def respondent_flow(
    *,
    read: int,
    excluded: Mapping[str, int],
    analysed: int | Mapping[str, int],
    language: Language = "en",
    style: StyleName | FigureStyle = "colour",
) -> Figure:
    """Draw how many answered, how many were excluded and why, how many are analysed.

    Parameters
    ----------
    read
        Respondents in the file.
    excluded
        Reason as the reader sees it → respondents; the box is left out when nobody was excluded.
    analysed
        Respondents that are left; or, where analyses use different ones, name → respondents.
    language, style
        As in :func:`loyaltysem.draw_paths`.

    Raises
    ------
    ReportError
        When more are analysed than were read.
    """
    final = analysed if isinstance(analysed, int) else max(analysed.values(), default=0)
    if final > read:
        raise ReportError(
            "More respondents are analysed than were read", found=str(final), expected=f"≤ {read}"
        )
    look = figure_style(style)
    with settings_of(look):
        return _drawn(read, excluded, analysed, language, look)


def _drawn(
    read: int,
    excluded: Mapping[str, int],
    analysed: int | Mapping[str, int],
    language: Language,
    style: FigureStyle,
) -> Figure:
    ends = {word("analysed", language): analysed} if isinstance(analysed, int) else analysed
    top = folded([f"{word('read', language)}\u00a0(n = {read})"], style.name_size)[0]
    last = folded([f"{name} (n = {n})" for name, n in ends.items()], style.name_size, 120.0)
    side = _reasons({name: n for name, n in excluded.items() if n}, language, style)
    size = style.name_size
    wide = max(widest([top, *last], size) + 2 * PAD, 120.0)
    high = tallest([top, *last], size) + 2 * PAD
    beside = (widest([side], style.small_size) + 2 * PAD, tallest([side], style.small_size) + PAD)
    middle = max(beside[1], 0.0) + 2 * GAP if side else 2 * GAP
    row = len(last) * wide + (len(last) - 1) * GAP
    width = max(row, wide / 2 + row / 2, row / 2 + GAP + beside[0] if side else 0) + 2 * EDGE
    figure = sheet(width, 2 * high + middle + 2 * EDGE)
    axes = panel(figure, (0, 0, width, 2 * high + middle + 2 * EDGE), style)
    axes.set(xlim=(0, width), ylim=(0, 2 * high + middle + 2 * EDGE))
    axes.set_axis_off()
    centre = EDGE + row / 2
    upper = EDGE + high + middle
    _box(axes, (centre - wide / 2, upper, wide, high), top, size, style)
    for rank, text in enumerate(last):
        left = EDGE + rank * (wide + GAP)
        _box(axes, (left, EDGE, wide, high), text, size, style, strong=True)
        _line(axes, [(centre, upper), (left + wide / 2, EDGE + high)], style)
    if side:
        level = EDGE + high + middle / 2
        box = (centre + GAP, level - beside[1] / 2, *beside)
        _box(axes, box, side, style.small_size, style, centred=False)
        _line(axes, [(centre, level), (centre + GAP, level)], style)
    return figure


def _reasons(excluded: Mapping[str, int], language: Language, style: FigureStyle) -> str:
    """Return the text of the box of exclusions, empty when there are none."""
    if not excluded:
        return ""
    head = f"{word('excluded', language)} (n = {sum(excluded.values())})"
    colon = "：" if language == "zh" else ": "
    lines = [f"{name}{colon}{n}" for name, n in excluded.items()]
    return "\n".join(folded([head, *lines], style.small_size, 200.0))


def _box(
    axes: Axes,
    box: Box,
    text: str,
    size: float,
    style: FigureStyle,
    *,
    strong: bool = False,
    centred: bool = True,
) -> None:
    left, low, wide, high = box
    axes.add_patch(
        Rectangle(
            (left, low),
            wide,
            high,
            facecolor=style.construct_fill if strong else style.background,
            edgecolor=style.construct_edge,
            linewidth=1.3 if strong else 0.9,
        )
    )
    axes.text(
        left + wide / 2 if centred else left + PAD,
        low + high / 2,
        text,
        ha="center" if centred else "left",
        va="center",
        fontsize=size,
        linespacing=1.22,
    )


def _line(axes: Axes, points: list[tuple[float, float]], style: FigureStyle) -> None:
    axes.add_patch(
        FancyArrowPatch(
            *points,
            arrowstyle="-|>,head_length=5,head_width=2.4",
            mutation_scale=1,
            color=style.line,
            linewidth=0.9,
            shrinkA=0,
            shrinkB=0,
        )
    )
