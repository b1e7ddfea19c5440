"""A drawn chart as a figure of the report."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

from loyaltysem.diagrams import figure_style, inline_svg
from loyaltysem.report.document import Figure, Line, as_text
from loyaltysem.report.typesetter import png_beside

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

    from loyaltysem.diagrams.style import FigureStyle
    from loyaltysem.diagrams.wording import Language
    from loyaltysem.report.context import Context


def chart(
    *, key: str, caption: Line, alt: Line, drawing: Drawing, notes: tuple[Line, ...] = ()
) -> Figure:
    """Return a drawing with its caption and its text for those who cannot see it.

    ``key`` begins with ``figure_`` and is unique in the report; the file of the figure is named
    by the rest.
    """
    svg = inline_svg(drawing, key.replace("_", "-"))
    return Figure(
        key=key,
        caption=caption,
        alt=as_text(alt),
        svg=svg,
        png=png_beside(svg),
        notes=notes,
    )


class Look(TypedDict):
    """The arguments that every chart takes."""

    language: Language
    style: FigureStyle


def look_of(context: Context) -> Look:
    """Return in which language and style, also of numbers, the charts of a report are drawn."""
    language: Language = "zh" if context.words.language == "zh" else "en"
    numbers, wanted = context.words.style, context.results.study.diagram.style
    style = replace(figure_style(wanted), stars=numbers.stars, leading_zero=numbers.leading_zero)
    return Look(language=language, style=style)
