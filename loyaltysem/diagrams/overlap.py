"""Whether anything in a path diagram covers what it should not."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from loyaltysem.diagrams.labelling import dense_line

if TYPE_CHECKING:
    from loyaltysem.diagrams.layout import Layout

Fault = Literal[
    "label on label", "label on shape", "label on line", "shape on shape", "line on shape"
]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two things that cover each other, by name."""

    fault: Fault
    first: str
    second: str


def overlaps(layout: Layout) -> tuple[Overlap, ...]:
    """Return everything in a layout that covers what it should not.

    Labels must stand clear of other labels, of shapes and of lines other than their own; shapes of
    each other; lines of shapes other than those at their ends. Lines may cross lines.
    """
    lines = [dense_line(route) for route in layout.routes]
    names = [f"{route.edge.source}-{route.edge.target}" for route in layout.routes]
    found: list[Overlap] = []
    for label in layout.labels:
        for placed in layout.nodes:
            if label.box.meets(placed.shape):
                found.append(Overlap("label on shape", names[label.route], placed.node.name))
        for rank, line in enumerate(lines):
            if rank != label.route and label.box.covers(line).any():
                found.append(Overlap("label on line", names[label.route], names[rank]))
    for one, other in combinations(layout.labels, 2):
        if one.box.meets(other.box):
            found.append(Overlap("label on label", names[one.route], names[other.route]))
    for first, second in combinations(layout.nodes, 2):
        box = first.shape if first.shape.form == "rectangle" else second.shape
        if box.meets(second.shape if box is first.shape else first.shape):
            found.append(Overlap("shape on shape", first.node.name, second.node.name))
    for rank, route in enumerate(layout.routes):
        for placed in layout.nodes:
            own = placed.node.name in (route.edge.source, route.edge.target)
            if not own and placed.shape.covers(lines[rank]).any():
                found.append(Overlap("line on shape", names[rank], placed.node.name))
    return tuple(found)
