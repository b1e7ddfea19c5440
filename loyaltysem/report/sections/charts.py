"""A drawn chart as a figure of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from loyaltysem.diagrams import inline_svg
from loyaltysem.report.document import Figure, Line, as_text
from loyaltysem.report.typesetter import png_beside

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

    from loyaltysem.diagrams.style import StyleName
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
    style: StyleName


def look_of(context: Context) -> Look:
    """Return in which language and style the charts of a report are drawn."""
    language: Language = "zh" if context.words.language == "zh" else "en"
    return Look(language=language, style=context.results.study.diagram.style)
