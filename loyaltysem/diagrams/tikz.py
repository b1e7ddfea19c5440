"""A path diagram as TikZ, to be edited in a LaTeX document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from loyaltysem.diagrams.layout import MARGIN, NOTE_LINE
from loyaltysem.diagrams.strokes import DASH, stroke_of

if TYPE_CHECKING:
    from loyaltysem.diagrams.geometry import Curve
    from loyaltysem.diagrams.layout import Layout, PlacedNode
    from loyaltysem.diagrams.options import DiagramOptions
    from loyaltysem.diagrams.routing import Route
    from loyaltysem.diagrams.style import FigureStyle

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    '"': r"\textquotedbl{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "−": "$-$",
    "→": r"$\to$",
    "≥": r"$\geq$",
    "≤": r"$\leq$",
    "²": "$^2$",
    "\u00a0": "~",
}
"""What LaTeX would take for a command, or what its usual typefaces lack."""

_HAN = re.compile("[\u2e80-\u9fff\uff00-\uffef]")


def tikz_document(layout: Layout, options: DiagramOptions, style: FigureStyle) -> str:
    """Return a complete LaTeX document with the diagram, for xelatex or lualatex.

    Variables are nodes of their own and lines curves with their control points, so that both can be
    moved; one unit is one point (1/72 inch). To use it in a text of one's own, copy the
    ``tikzpicture`` and the colours above it.

    Parameters
    ----------
    layout, options, style
        What :func:`loyaltysem.diagrams.layout.build_layout` made, of what, and how it looks.
    """
    body = [
        *(_line(route, options, style) for route in layout.routes),
        *(_guide(points) for points in layout.guides),
        *(_label(box.text, box.size, box.box.x, box.box.y) for box in layout.labels),
        *(_node(rank, placed) for rank, placed in enumerate(layout.nodes, start=1)),
        *_notes(layout, style),
    ]
    chinese = any(_HAN.search(line) for line in body)
    return "\n".join([*_preamble(style, chinese=chinese), *body, *_END]) + "\n"


def _preamble(style: FigureStyle, *, chinese: bool) -> list[str]:
    colours = {
        "constructfill": style.construct_fill,
        "constructedge": style.construct_edge,
        "indicatorfill": style.indicator_fill,
        "indicatoredge": style.indicator_edge,
        "guide": style.guide,
    }
    return [
        "% Compile with xelatex or lualatex.",
        r"\documentclass[tikz,border=2bp]{standalone}",
        *([r"\usepackage[fontset=fandol]{ctex}"] if chinese else [r"\usepackage{fontspec}"]),
        r"\renewcommand{\familydefault}{\sfdefault}",
        r"\usetikzlibrary{arrows.meta,shapes.geometric}",
        *(_colour(name, value) for name, value in colours.items()),
        r"\begin{document}",
        r"\begin{tikzpicture}[x=1bp, y=1bp,",
        "  construct/.style={ellipse, draw=constructedge, fill=constructfill, line width=1.1bp},",
        "  indicator/.style={draw=indicatoredge, fill=indicatorfill, line width=.8bp},",
        "  every node/.style={inner sep=0, outer sep=0, align=center},",
        "  every label/.style={inner sep=0, outer sep=0, align=center}]",
    ]


_END = (r"\end{tikzpicture}", r"\end{document}")


def _colour(name: str, value: str) -> str:
    return rf"\definecolor{{{name}}}{{HTML}}{{{value.lstrip('#').upper()}}}"


def _written(text: str) -> str:
    """Return text as LaTeX prints it."""
    return "".join(_SPECIAL.get(char, char) for char in text)


def _sized(text: str, size: float) -> str:
    return rf"\fontsize{{{size:g}}}{{{1.22 * size:.4g}}}\selectfont {text}"


def _at(x: float, y: float) -> str:
    return f"({x:.1f},{y:.1f})"


def _curve(curve: Curve) -> str:
    """Return the Bézier segments of a line."""
    parts = [_at(*curve[0, 0])]
    for _, first, second, end in curve:
        parts.append(f".. controls {_at(*first)} and {_at(*second)} .. {_at(*end)}")
    return " ".join(parts)


def _line(route: Route, options: DiagramOptions, style: FigureStyle) -> str:
    stroke = stroke_of(route.edge, options, style)
    head = f"{{Stealth[length={stroke.head:.1f}bp]}}"
    colour = stroke.colour.lstrip("#")
    red, green, blue = (int(colour[at : at + 2], 16) for at in (0, 2, 4))
    look = [
        f"{head if stroke.both else ''}-{head}",
        f"line width={stroke.width:.2f}bp",
        f"color={{rgb,255:red,{red};green,{green};blue,{blue}}}",
    ]
    if stroke.dashed:
        look.append(f"dash pattern=on {DASH[0]}bp off {DASH[1]}bp")
    return rf"\draw[{', '.join(look)}] {_curve(route.curve)};"


def _guide(points: object) -> str:
    return rf"\draw[guide, line width=.5bp] {' -- '.join(_at(*point) for point in points)};"  # type: ignore[attr-defined]


def _label(text: str, size: float, x: float, y: float) -> str:
    return rf"\node[fill=white, inner sep=1bp] at {_at(x, y)} {{{_sized(_written(text), size)}}};"


def _node(rank: int, placed: PlacedNode) -> str:
    shape, text = placed.shape, placed.text
    kind = "construct" if shape.form == "ellipse" else "indicator"
    lines = (
        _sized(_written(line), size) for line, size in zip(text.lines, text.sizes, strict=True)
    )
    size = f"minimum width={shape.width:.1f}bp, minimum height={shape.height:.1f}bp"
    place = _at(shape.x, shape.y)
    content = r" \\ ".join(lines)
    # The text is a label in the middle: an oval around a text of its own would grow with it.
    return rf"\node[{kind}, {size}, label={{center:{{{content}}}}}] (v{rank}) at {place} {{}};"


def _notes(layout: Layout, style: FigureStyle) -> list[str]:
    """Return the lines below the picture."""
    step = NOTE_LINE * style.note_size
    return [
        rf"\node[anchor=west] at {_at(MARGIN, layout.note_top - (rank + 0.5) * step)} "
        rf"{{{_sized(_written(line), style.note_size)}}};"
        for rank, line in enumerate(layout.notes)
    ]
