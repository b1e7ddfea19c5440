"""One look for all figures: typeface, sizes, colours, star convention.

Colours are from Okabe & Ito's palette, which readers with colour-vision deficiency can tell apart
(https://jfly.uni-koeln.de/color/); nothing is said by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import matplotlib as mpl
from cycler import cycler

from loyaltysem.diagrams.fonts import font_families
from loyaltysem.errors import ReportError, did_you_mean, listed

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

StyleName = Literal["colour", "mono"]

StarRule = tuple[tuple[float, str], ...]

STARS: StarRule = ((0.001, "***"), (0.01, "**"), (0.05, "*"))
"""Limits of p and the stars below them, strictest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureStyle:
    """How figures look. Lengths and text sizes are in points, colours are hexadecimal.

    ``cycle`` holds the colours of the series of a statistical figure, in order; ``stars`` are the
    limits of p and their marks; ``leading_zero`` tells whether numbers that cannot exceed 1 have a
    zero before the point.
    """

    name: str
    text: str = "#1a1a1a"
    line: str = "#333333"
    positive: str
    negative: str
    weak: str
    covariance: str
    guide: str
    construct_fill: str
    construct_edge: str
    indicator_fill: str
    indicator_edge: str
    background: str = "#ffffff"
    cycle: tuple[str, ...]
    name_size: float = 9.0
    small_size: float = 7.5
    label_size: float = 8.0
    note_size: float = 7.5
    stars: StarRule = STARS
    leading_zero: bool = False


COLOUR = FigureStyle(
    name="colour",
    positive="#0a5a94",
    negative="#b8500a",
    weak="#6f6f6f",
    covariance="#6f6f6f",
    guide="#b9c4cd",
    construct_fill="#eaf2f8",
    construct_edge="#1f3a52",
    indicator_fill="#ffffff",
    indicator_edge="#4d4d4d",
    cycle=("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"),
)

MONO = FigureStyle(
    name="mono",
    positive="#000000",
    negative="#000000",
    weak="#000000",
    covariance="#000000",
    guide="#a0a0a0",
    construct_fill="#ffffff",
    construct_edge="#000000",
    indicator_fill="#ffffff",
    indicator_edge="#000000",
    text="#000000",
    line="#000000",
    cycle=("#000000", "#555555", "#858585"),
)

STYLES: dict[str, FigureStyle] = {"colour": COLOUR, "mono": MONO}


def figure_style(style: StyleName | FigureStyle) -> FigureStyle:
    """Return the style of that name, or ``style`` itself when it is one already.

    Raises
    ------
    ReportError
        When there is no style of that name.
    """
    if isinstance(style, FigureStyle):
        return style
    if style not in STYLES:
        raise ReportError(
            f"There is no figure style '{style}'",
            found=style,
            expected=listed(STYLES),
            remedy=did_you_mean(str(style), STYLES),
        )
    return STYLES[style]


def settings_of(style: FigureStyle) -> AbstractContextManager[None]:
    """Return a context in which matplotlib draws and writes in a style.

    The settings fix everything that would make the bytes of a file depend on the machine or the
    day, and draw SVG text as outlines: the ovals are cut to the measured width of this typeface,
    and a page that lacks it would put other letters into them.
    """
    settings: dict[Any, Any] = {
        "font.family": list(font_families()),
        "font.size": style.name_size,
        "text.color": style.text,
        "axes.edgecolor": style.line,
        "axes.labelcolor": style.text,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": True,
        "axes.prop_cycle": cycler(color=list(style.cycle)),
        "text.usetex": False,
        "text.parse_math": False,
        "text.hinting": "none",
        "svg.fonttype": "path",
        "svg.hashsalt": "loyaltysem",
        "pdf.fonttype": 42,
        "figure.facecolor": style.background,
        "savefig.facecolor": style.background,
    }
    return mpl.rc_context(settings)
