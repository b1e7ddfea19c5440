"""A path diagram as a draw.io (diagrams.net) file, to be edited by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

import numpy as np

from loyaltysem.diagrams.geometry import point_at, sample
from loyaltysem.diagrams.layout import MARGIN, NOTE_LINE
from loyaltysem.diagrams.strokes import stroke_of

if TYPE_CHECKING:
    from loyaltysem.diagrams.geometry import Points, Shape
    from loyaltysem.diagrams.labelling import Label
    from loyaltysem.diagrams.layout import Layout, PlacedNode
    from loyaltysem.diagrams.options import DiagramOptions
    from loyaltysem.diagrams.routing import Route
    from loyaltysem.diagrams.style import FigureStyle

FONT = "Helvetica, Arial, Microsoft YaHei, PingFang SC, sans-serif"
BENT = 1.5
"""How many points a line may stray from the straight one without being drawn as a curve."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def drawio_document(layout: Layout, options: DiagramOptions, style: FigureStyle) -> str:
    """Return the diagram as a draw.io file.

    Variables are shapes; lines hang on them and follow when they are moved; coefficients hang on
    their lines.

    Parameters
    ----------
    layout, options, style
        What :func:`loyaltysem.diagrams.layout.build_layout` made, of what, and how it looks.
    """
    return _Writer(layout, options, style).document()


class _Writer:
    """Writes one diagram; y runs downwards in draw.io."""

    def __init__(self, layout: Layout, options: DiagramOptions, style: FigureStyle) -> None:
        self.layout, self.options, self.style = layout, options, style
        self.ids = {placed.node.name: f"v{k}" for k, placed in enumerate(layout.nodes, start=1)}
        self.shapes = {placed.node.name: placed.shape for placed in layout.nodes}
        self.root = Xml.Element("root")

    def document(self) -> str:
        """Return the file."""
        Xml.SubElement(self.root, "mxCell", id="0")
        Xml.SubElement(self.root, "mxCell", {"id": "1", "parent": "0"})
        for rank, points in enumerate(self.layout.guides):
            self._guide(rank, points)
        for rank, route in enumerate(self.layout.routes):
            self._line(rank, route)
        for placed in self.layout.nodes:
            self._shape(placed)
        for rank, label in enumerate(self.layout.labels):
            self._label(rank, label)
        self._notes()
        file = Xml.Element("mxfile", host="loyaltysem")
        page = Xml.SubElement(file, "diagram", id="paths", name="paths")
        model = Xml.SubElement(page, "mxGraphModel", grid="0", page="0")
        model.append(self.root)
        Xml.indent(file)
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(file, "unicode") + "\n"

    def _cell(self, identity: str, style: str, value: str = "", **more: str) -> Xml.Element:
        text = _UNPRINTABLE.sub("", value)
        facts = {"id": identity, "value": text, "style": style, "parent": "1"}
        cell = Xml.Element("mxCell", facts | more)
        self.root.append(cell)
        return cell

    def _y(self, y: float) -> float:
        return self.layout.height - y

    def _box(self, cell: Xml.Element, x: float, y: float, width: float, height: float) -> None:
        """Give a cell its place: x, y is its middle, y upwards."""
        numbers = {
            "x": x - width / 2,
            "y": self._y(y) - height / 2,
            "width": width,
            "height": height,
        }
        written = {key: f"{value:.1f}" for key, value in numbers.items()}
        Xml.SubElement(cell, "mxGeometry", written | {"as": "geometry"})

    def _shape(self, placed: PlacedNode) -> None:
        latent = placed.shape.form == "ellipse"
        fill = self.style.construct_fill if latent else self.style.indicator_fill
        edge = self.style.construct_edge if latent else self.style.indicator_edge
        look = (
            f"{'ellipse' if latent else 'rounded=0'};whiteSpace=wrap;html=0;fillColor={fill};"
            f"strokeColor={edge};strokeWidth={1.1 if latent else 0.8};spacing=0;"
            f"{self._font(placed.text.sizes[0])}"
        )
        value = "\n".join(placed.text.lines)
        cell = self._cell(self.ids[placed.node.name], look, value, vertex="1")
        shape = placed.shape
        self._box(cell, shape.x, shape.y, shape.width, shape.height)

    def _font(self, size: float) -> str:
        return f"fontFamily={FONT};fontSize={size:g};fontColor={self.style.text};"

    def _line(self, rank: int, route: Route) -> None:
        """Write a line: fastened to its shapes, bent by one point in its middle if it is a bow."""
        stroke = stroke_of(route.edge, self.options, self.style)
        start, end = route.curve[0, 0], route.curve[-1, 3]
        look = (
            f"html=0;rounded=0;strokeColor={stroke.colour};strokeWidth={stroke.width:.2f};"
            f"endArrow=block;endFill=1;endSize={stroke.head:.0f};"
            f"startArrow={'block' if stroke.both else 'none'};startFill=1;"
            f"startSize={stroke.head:.0f};dashed={int(stroke.dashed)};"
        )
        ends = {"source": self.ids[route.edge.source]}
        look += _fastened("exit", self.shapes[route.edge.source], start)
        if route.edge.kind != "moderation":
            ends["target"] = self.ids[route.edge.target]
            look += _fastened("entry", self.shapes[route.edge.target], end)
        bent = _strays(sample(route.curve))
        cell = self._cell(f"e{rank}", look + f"curved={int(bent)};", edge="1", **ends)
        geometry = Xml.SubElement(cell, "mxGeometry", {"relative": "1", "as": "geometry"})
        for name, point in (("sourcePoint", start), ("targetPoint", end)):
            Xml.SubElement(geometry, "mxPoint", self._point(point) | {"as": name})
        if bent:
            array = Xml.SubElement(geometry, "Array", {"as": "points"})
            for point in _handles(route):
                Xml.SubElement(array, "mxPoint", self._point(point))

    def _point(self, point: Points) -> dict[str, str]:
        return {"x": f"{point[0]:.1f}", "y": f"{self._y(point[1]):.1f}"}

    def _guide(self, rank: int, points: Points) -> None:
        look = f"endArrow=none;html=0;strokeColor={self.style.guide};strokeWidth=0.5;"
        cell = self._cell(f"g{rank}", look, edge="1")
        geometry = Xml.SubElement(cell, "mxGeometry", {"relative": "1", "as": "geometry"})
        for name, point in (("sourcePoint", points[0]), ("targetPoint", points[-1])):
            Xml.SubElement(geometry, "mxPoint", self._point(point) | {"as": name})
        if len(points) > 2:
            array = Xml.SubElement(geometry, "Array", {"as": "points"})
            for point in points[1:-1]:
                Xml.SubElement(array, "mxPoint", self._point(point))

    def _label(self, rank: int, label: Label) -> None:
        """Write a coefficient: on its line, or where it stands when it has none."""
        look = (
            "text;html=0;align=center;verticalAlign=middle;resizable=0;spacing=0;"
            f"labelBackgroundColor={self.style.background};{self._font(label.size)}"
        )
        if label.route is None:
            cell = self._cell(f"l{rank}", look, label.text, vertex="1")
            self._box(cell, label.box.x, label.box.y, label.box.width, label.box.height)
            return
        look = f"edgeLabel;{look}"
        cell = self._cell(
            f"l{rank}", look, label.text, vertex="1", connectable="0", parent=f"e{label.route}"
        )
        place = {"x": f"{_along(self.layout.routes[label.route], label):.3f}", "relative": "1"}
        Xml.SubElement(cell, "mxGeometry", place | {"as": "geometry"})

    def _notes(self) -> None:
        if not self.layout.notes:
            return
        look = (
            f"text;html=0;align=left;verticalAlign=top;spacing=0;{self._font(self.style.note_size)}"
        )
        cell = self._cell("note", look, "\n".join(self.layout.notes), vertex="1")
        width = self.layout.width - 2 * MARGIN
        height = NOTE_LINE * self.style.note_size * len(self.layout.notes)
        middle = self.layout.note_top - height / 2
        self._box(cell, self.layout.width / 2, middle, width, height)


def _fastened(end: str, shape: Shape, point: Points) -> str:
    """Return at which point of its shape a line ends, as shares of width and height."""
    x = (point[0] - shape.x) / shape.width + 0.5
    y = 0.5 - (point[1] - shape.y) / shape.height
    return f"{end}X={x:.3f};{end}Y={y:.3f};{end}Dx=0;{end}Dy=0;{end}Perimeter=0;"


def _strays(points: Points) -> bool:
    """Tell whether a line is visibly bent."""
    along = points[-1] - points[0]
    across = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-9)
    return bool(np.abs((points - points[0]) @ across).max() > BENT)


def _handles(route: Route) -> list[Points]:
    """Return the points that pull draw.io's curve, which is made of parabolas.

    A bow of one segment is pulled by the point in which the tangents of its ends meet, an S by its
    two control points, longer lines by points on them.
    """
    curve = route.curve
    if len(curve) > 1:
        return [point_at(curve, u) for u in np.linspace(0, len(curve), 2 * len(curve) + 1)[1:-1]]
    start, first, second, end = curve[0]
    if _side(first - start, end - start) * _side(second - start, end - start) < 0:
        return [first, second]
    return [0.75 * (first + second) - 0.25 * (start + end)]


def _side(point: Points, along: Points) -> float:
    """Return on which side of a direction a point lies."""
    return float(along[0] * point[1] - along[1] * point[0])


def _along(route: Route, label: Label) -> float:
    """Return where on its line a label stands, from -1 (start) to 1 (end)."""
    points = route.points
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    nearest = int(np.argmin(np.hypot(points[:, 0] - label.box.x, points[:, 1] - label.box.y)))
    return float(2 * way[nearest] / max(way[-1], 1e-9) - 1)
