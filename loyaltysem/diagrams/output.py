"""Figures as bytes and files: the same figure always gives the same bytes."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from loyaltysem.diagrams.style import COLOUR, settings_of
from loyaltysem.errors import ReportError, listed
from loyaltysem.files import write_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Format = Literal["svg", "pdf", "png"]

MOST_DPI = 2400

_LINES = "stroke-linejoin: round; stroke-linecap: butt"
"""What matplotlib puts into a style sheet, which inside a page would hold for the whole page."""

_METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": "loyaltysem"},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": "loyaltysem", "Producer": None},
    "png": {"Software": "loyaltysem"},
}


def figure_bytes(figure: Figure, format: Format = "svg", *, dpi: int = 300) -> bytes:  # noqa: A002
    """Return a figure as the content of an SVG, PDF or PNG file.

    SVG texts are outlines, which look the same wherever the file is opened; PDF texts are text in
    an embedded TrueType face. ``dpi`` is the resolution of a PNG.

    Raises
    ------
    ReportError
        When the format is none of these, or the resolution is none.
    """
    if format not in get_args(Format):
        raise ReportError(
            f"A figure cannot be written as '{format}'",
            found=format,
            expected=listed(get_args(Format)),
        )
    if isinstance(dpi, str) or not 1 <= dpi <= MOST_DPI:
        raise ReportError(
            "The resolution of a picture is a number of dots per inch",
            found=repr(dpi),
            expected=f"1 to {MOST_DPI}",
        )
    stream = io.BytesIO()
    with settings_of(COLOUR):
        figure.savefig(stream, format=format, dpi=dpi, metadata=_METADATA[format])
    return stream.getvalue()


def save_figure(figure: Figure, path: str | Path, *, dpi: int = 300) -> Path:
    """Write a figure to a file whose name ends in .svg, .pdf or .png; return the path.

    Raises
    ------
    ReportError
        When the ending is another one, or the file cannot be written.
    """
    path = Path(path)
    content = figure_bytes(figure, path.suffix.lstrip(".").lower(), dpi=dpi)  # type: ignore[arg-type]
    return write_figure(path, content)


def write_figure(path: Path, content: bytes) -> Path:
    """Write the content of a figure's file; return the path.

    Raises
    ------
    ReportError
        When the file cannot be written.
    """
    try:
        write_whole(path, content)
    except OSError as error:
        raise ReportError(
            f"The figure cannot be written to '{path}'",
            found=error.strerror,
            remedy="Choose a folder that exists and that you may write to.",
        ) from error
    return path


def inline_svg(figure: Figure, prefix: str) -> str:
    """Return a figure as an ``<svg>`` element to stand inside an HTML page.

    ``prefix`` (letters, digits, hyphens) is put before every id, so that several figures in one
    page do not share ids.
    """
    text = figure_bytes(figure, "svg").decode("utf-8")
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", text, flags=re.DOTALL)
    text = text.replace("<svg ", f'<svg style="{_LINES}" ', 1)
    text = re.sub(r'\bid="', f'id="{prefix}-', text)
    text = re.sub(r'href="#', f'href="#{prefix}-', text)
    return re.sub(r"url\(#", f"url(#{prefix}-", text)
