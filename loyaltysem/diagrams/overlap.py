"""Whether anything in a path diagram covers what it should not."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np

from loyaltysem.diagrams.labelling import dense_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.diagrams.geometry import Points, Shape
    from loyaltysem.diagrams.layout import Layout

Fault = Literal[
    "label on label",
    "label on shape",
    "label on line",
    "label on head",
    "shape on shape",
    "line on shape",
    "clipped",
]


HEAD = 3.0
"""How much of an arrow's head must be seen, in points."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two things that cover each other, by name."""

    fault: Fault
    first: str
    second: str


class _Lines:
    """The lines of a layout as points, one below the other, lowest first."""

    def __init__(self, each: list[Points]) -> None:
        self.each = each
        points = np.vstack(each) if each else np.empty((0, 2))
        order = np.argsort(points[:, 1], kind="stable")
        owners = np.repeat(np.arange(len(each)), [len(line) for line in each])
        self._points, self._owners = points[order], owners[order]

    def through(self, shape: Shape) -> list[int]:
        """Return the ranks of the lines that run through a shape."""
        ends = (shape.y - shape.height / 2, shape.y + shape.height / 2)
        first, last = np.searchsorted(self._points[:, 1], ends)
        inside = shape.covers(self._points[first:last])
        return [int(rank) for rank in np.unique(self._owners[first:last][inside])]


def overlaps(layout: Layout) -> tuple[Overlap, ...]:
    """Return everything in a layout that covers what it should not.

    Labels must stand clear of other labels, of shapes, of lines other than their own and of the
    head of their own; shapes of each other; lines of shapes other than those at their ends;
    everything of the margin of the picture. Lines may cross lines.
    """
    lines = _Lines([dense_line(route) for route in layout.routes])
    return (
        *_labels_on_shapes(layout),
        *_labels_on_lines(layout, lines),
        *_labels_on_heads(layout),
        *_labels_on_labels(layout),
        *_shapes_on_shapes(layout),
        *_lines_on_shapes(layout, lines),
        *_clipped(layout, lines),
    )


def _labels_on_shapes(layout: Layout) -> Iterator[Overlap]:
    for label in layout.labels:
        for placed in layout.nodes:
            if label.box.meets(placed.shape):
                yield Overlap("label on shape", label.name, placed.node.name)


def _labels_on_lines(layout: Layout, lines: _Lines) -> Iterator[Overlap]:
    for label in layout.labels:
        for rank in lines.through(label.box):
            if rank != label.route:
                yield Overlap("label on line", label.name, layout.routes[rank].name)


def _labels_on_heads(layout: Layout) -> Iterator[Overlap]:
    for label in layout.labels:
        if label.route is None:
            continue
        route = layout.routes[label.route]
        if label.box.covers(route.curve[-1:, 3], HEAD).any():
            yield Overlap("label on head", label.name, route.edge.target)


def _labels_on_labels(layout: Layout) -> Iterator[Overlap]:
    for one, other in combinations(layout.labels, 2):
        if one.box.meets(other.box):
            yield Overlap("label on label", one.name, other.name)


def _shapes_on_shapes(layout: Layout) -> Iterator[Overlap]:
    for first, second in combinations(layout.nodes, 2):
        a, b = first.shape, second.shape
        if a.meets(b) if a.form == "rectangle" else b.meets(a):
            yield Overlap("shape on shape", first.node.name, second.node.name)


def _lines_on_shapes(layout: Layout, lines: _Lines) -> Iterator[Overlap]:
    for placed in layout.nodes:
        for rank in lines.through(placed.shape):
            edge = layout.routes[rank].edge
            if placed.node.name not in (edge.source, edge.target):
                yield Overlap("line on shape", layout.routes[rank].name, placed.node.name)


def _clipped(layout: Layout, lines: _Lines) -> Iterator[Overlap]:
    for placed in layout.nodes:
        if _sticks_out(placed.shape, layout):
            yield Overlap("clipped", placed.node.name, "picture")
    for label in layout.labels:
        if _sticks_out(label.box, layout):
            yield Overlap("clipped", label.name, "picture")
    for route, line in zip(layout.routes, lines.each, strict=True):
        if (line < 0).any() or (line > (layout.width, layout.height)).any():
            yield Overlap("clipped", route.name, "picture")


def _sticks_out(shape: Shape, layout: Layout) -> bool:
    return (
        shape.x - shape.width / 2 < 0
        or shape.y - shape.height / 2 < 0
        or shape.x + shape.width / 2 > layout.width
        or shape.y + shape.height / 2 > layout.height
    )
