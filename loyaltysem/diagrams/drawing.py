"""Put a finished layout on a matplotlib figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, PathPatch, Polygon, Rectangle
from matplotlib.path import Path

from loyaltysem.diagrams.fonts import font_families
from loyaltysem.diagrams.geometry import cut, length, point_at, sample
from loyaltysem.diagrams.layout import MARGIN, NOTE_LINE
from loyaltysem.diagrams.measure import BASELINE
from loyaltysem.diagrams.strokes import DASH, stroke_of
from loyaltysem.diagrams.style import settings_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from loyaltysem.diagrams.geometry import Curve, Points
    from loyaltysem.diagrams.labelling import Label
    from loyaltysem.diagrams.layout import Layout, PlacedNode
    from loyaltysem.diagrams.options import DiagramOptions
    from loyaltysem.diagrams.routing import Route
    from loyaltysem.diagrams.style import FigureStyle

GUIDES, LINES, LABELS, SHAPES, TEXTS = 0, 1, 2, 3, 4


def draw_layout(layout: Layout, options: DiagramOptions, style: FigureStyle) -> Figure:
    """Return a figure of exactly the size of the layout, one point to the point."""
    with settings_of(style):
        figure = Figure(figsize=(layout.width / 72, layout.height / 72))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, layout.width), ylim=(0, layout.height))
        axes.set_axis_off()
        for guide in layout.guides:
            axes.add_artist(Line2D(*guide.T, color=style.guide, linewidth=0.5, zorder=GUIDES))
        for route in layout.routes:
            _draw_route(axes, route, options, style)
        for label in layout.labels:
            _draw_label(axes, label, style)
        for placed in layout.nodes:
            _draw_node(axes, placed, style)
        for rank, line in enumerate(layout.notes):
            y = layout.note_top - (rank + 0.5) * NOTE_LINE * style.note_size
            _draw_text(axes, line, (MARGIN, y), style.note_size, style, align="left")
    return figure


def _draw_route(axes: Axes, route: Route, options: DiagramOptions, style: FigureStyle) -> None:
    stroke = stroke_of(route.edge, options, style)
    curve, tips = _with_heads(route.curve, stroke.head, both=stroke.both)
    axes.add_artist(
        PathPatch(
            _path(curve),
            fill=False,
            edgecolor=stroke.colour,
            linewidth=stroke.width,
            linestyle=(0, DASH) if stroke.dashed else "solid",
            capstyle="butt",
            zorder=LINES,
        )
    )
    for tip in tips:
        axes.add_artist(
            Polygon(tip, closed=True, facecolor=stroke.colour, linewidth=0, zorder=LINES)
        )


def _with_heads(curve: Curve, head: float, *, both: bool) -> tuple[Curve, list[Points]]:
    """Return the line shortened by its heads, and the triangles of the heads."""
    total = max(length(sample(curve)), 1e-6)
    share = min(0.9 * head / total, 0.4)
    stop = _at_distance(curve, 1 - share)
    start = _at_distance(curve, share) if both else 0.0
    ends = [(point_at(curve, stop), curve[-1, 3])]
    if both:
        ends.append((point_at(curve, start), curve[0, 0]))
    return cut(curve, start, stop), [_triangle(base, tip, head) for base, tip in ends]


def _at_distance(curve: Curve, share: float) -> float:
    """Return the parameter at a share of the length of the curve."""
    u = np.linspace(0, len(curve), 96 * len(curve) + 1)
    points = point_at(curve, u)
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    return float(np.interp(share * way[-1], way, u))


def _triangle(base: Points, tip: Points, head: float) -> Points:
    along = (tip - base) / max(float(np.hypot(*(tip - base))), 1e-9)
    across = np.array([-along[1], along[0]]) * head * 0.36
    back = tip - head * along
    return np.stack([tip, back + across, back + 0.14 * head * along, back - across])


def _path(curve: Curve) -> Path:
    """Return the curve as a matplotlib path."""
    vertices = np.vstack([curve[0, :1], *(segment[1:] for segment in curve)])
    return Path(vertices, [Path.MOVETO] + [Path.CURVE4] * (len(vertices) - 1))


def _draw_label(axes: Axes, label: Label, style: FigureStyle) -> None:
    box = label.box
    corner = (box.x - box.width / 2, box.y - box.height / 2)
    axes.add_artist(
        Rectangle(
            corner, box.width, box.height, facecolor=style.background, linewidth=0, zorder=LABELS
        )
    )
    _draw_text(axes, label.text, (box.x, box.y), label.size, style)


def _draw_node(axes: Axes, placed: PlacedNode, style: FigureStyle) -> None:
    shape = placed.shape
    latent = placed.node.kind == "latent"
    fill = style.construct_fill if latent else style.indicator_fill
    edge = style.construct_edge if latent else style.indicator_edge
    look: dict[str, Any] = {
        "facecolor": fill,
        "edgecolor": edge,
        "linewidth": 1.1 if latent else 0.8,
        "zorder": SHAPES,
    }
    if shape.form == "ellipse":
        axes.add_artist(Ellipse((shape.x, shape.y), shape.width, shape.height, **look))
    else:
        corner = (shape.x - shape.width / 2, shape.y - shape.height / 2)
        axes.add_artist(Rectangle(corner, shape.width, shape.height, **look))
    text = placed.text
    for line, size, middle in zip(text.lines, text.sizes, text.middles(), strict=True):
        _draw_text(axes, line, (shape.x, shape.y + middle), size, style)


def _draw_text(
    axes: Axes,
    text: str,
    middle: tuple[float, float],
    size: float,
    style: FigureStyle,
    align: str = "center",
) -> None:
    """Write one line; markup of any kind in it stays what it is."""
    axes.text(
        middle[0],
        middle[1] - BASELINE * size,
        text,
        ha=align,
        va="baseline",
        color=style.text,
        fontproperties=FontProperties(family=list(font_families()), size=size),
        parse_math=False,
        zorder=TEXTS,
    )
