"""Colours, line patterns and marks of series and scales; nothing is told by colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.colors import LinearSegmentedColormap, to_rgb

if TYPE_CHECKING:
    from matplotlib.colors import Colormap

    from loyaltysem.diagrams.style import FigureStyle

DASHES: tuple[Any, ...] = (
    "solid",
    (0, (5, 2)),
    (0, (1.2, 1.6)),
    (0, (6, 1.5, 1.2, 1.5)),
    (0, (8, 3)),
)
MARKS = ("o", "s", "^", "D", "v", "P", "X")

_SCALES = {
    "colour": ("#b35806", "#f1c08a", "#ededed", "#92c0df", "#0a5a94"),
    "mono": ("#f7f7f7", "#d9d9d9", "#b0b0b0", "#7a7a7a", "#3c3c3c"),
}


def series_look(rank: int, style: FigureStyle) -> dict[str, Any]:
    """Return colour, line pattern and mark of a series: all three change together."""
    return {
        "color": style.cycle[rank % len(style.cycle)],
        "linestyle": DASHES[rank % len(DASHES)],
        "marker": MARKS[rank % len(MARKS)],
    }


def answer_colours(count: int, style: FigureStyle) -> list[Any]:
    """Return one colour per answer option, from the negative to the positive end."""
    scale = LinearSegmentedColormap.from_list("answers", _anchors(style))
    return [scale(0.5 if count == 1 else rank / (count - 1)) for rank in range(count)]


def strength_colours(style: FigureStyle) -> Colormap:
    """Return the colours of a scale from 0 (background) to 1 (strongest)."""
    end = "#4a4a4a" if style.name == "mono" else style.positive
    return LinearSegmentedColormap.from_list("strength", [style.background, end])


def signed_colours(style: FigureStyle) -> Colormap:
    """Return the colours of a scale from -1 to 1; without colours, of its absolute value."""
    if style.name == "mono":
        ends = ["#4a4a4a", style.background, "#4a4a4a"]
    else:
        ends = [style.negative, style.background, style.positive]
    return LinearSegmentedColormap.from_list("signed", ends)


def ink_on(colour: Any, style: FigureStyle) -> str:
    """Return the text colour that is legible on a fill (relative luminance as in WCAG 2)."""
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return style.text if luminance > 0.25 else "#ffffff"


def _anchors(style: FigureStyle) -> tuple[str, ...]:
    return _SCALES.get(style.name, _SCALES["colour"])
