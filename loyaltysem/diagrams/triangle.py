"""Many correlations of one column as a triangle of numbers, like a mileage chart.

Forty arcs cannot be read. From every variable two thin lines run slantwise past the others; where
the lines of two variables meet stands their correlation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.diagrams.geometry import Shape
from loyaltysem.diagrams.labelling import HEIGHT, PAD, Label
from loyaltysem.diagrams.measure import text_width

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loyaltysem.diagrams.geometry import Points
    from loyaltysem.diagrams.plan import Placement
    from loyaltysem.diagrams.spec import Edge
    from loyaltysem.diagrams.structure import Structure

LEAST = 5
"""From how many variables on the correlations are set as a triangle instead of arcs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Triangle:
    """The numbers, and the thin lines (k, 2) that lead to them."""

    labels: tuple[Label, ...] = ()
    guides: tuple[Points, ...] = ()


def in_triangle(
    edges: Sequence[Edge], structure: Structure, placement: Placement, *, indicators: bool
) -> tuple[Edge, ...]:
    """Return the covariances that belong into a triangle; none when arcs will do.

    A triangle needs one column of at least :data:`LEAST` exogenous variables with nothing on one
    side of it: a factor model, or a structural model drawn without indicators.
    """
    members = structure.exogenous
    column = {round(placement.shapes[name].x) for name in members}
    if len(members) < LEAST or len(column) > 1 or (structure.arcs and indicators):
        return ()
    return tuple(
        edge
        for edge in edges
        if edge.kind == "covariance" and {edge.source, edge.target} <= set(members)
    )


def correlation_triangle(
    texts: Mapping[tuple[str, str], str], structure: Structure, placement: Placement, size: float
) -> Triangle:
    """Return the triangle of ``texts`` (pair of variables → number).

    It stands right of a factor model's constructs, left of a structural model's first layer.
    """
    if not texts:
        return Triangle()
    shapes = sorted(
        ((name, placement.shapes[name]) for name in structure.exogenous),
        key=lambda pair: -pair[1].y,
    )
    names = [name for name, _ in shapes]
    heights = np.array([shape.y for _, shape in shapes])
    side = -1.0 if structure.arcs else 1.0
    edge = side * max(side * shape.x + shape.width / 2 for _, shape in shapes)
    step = max(text_width(text, size) for text in texts.values()) + 2 * PAD + 5.0

    def cell(one: int, other: int) -> Points:
        far = abs(one - other)
        x = edge + side * step * (far - 0.2) if far else edge
        return np.array([x, (heights[one] + heights[other]) / 2])

    labels = []
    for (source, target), text in texts.items():
        x, y = cell(names.index(source), names.index(target))
        box = Shape(
            form="rectangle",
            x=float(x),
            y=float(y),
            width=text_width(text, size) + 2 * PAD,
            height=HEIGHT * size + 2 * PAD,
        )
        labels.append(Label(text=text, size=size, box=box, name=f"{source}-{target}"))
    last = len(names) - 1
    ways = [range(rank, -1, -1) for rank in range(1, last + 1)]
    ways += [range(rank, last + 1) for rank in range(last)]
    guides = tuple(np.array([cell(way[0], other) for other in way]) for way in ways)
    return Triangle(labels=tuple(labels), guides=guides)
