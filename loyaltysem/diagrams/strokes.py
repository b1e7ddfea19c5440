"""How a line of a path diagram looks: the same in every format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.diagrams.captions import is_weak
from loyaltysem.diagrams.structure import MEASUREMENT

if TYPE_CHECKING:
    from loyaltysem.diagrams.options import DiagramOptions
    from loyaltysem.diagrams.spec import Edge
    from loyaltysem.diagrams.style import FigureStyle

DASH = (4.0, 2.4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A line in points: its ``width`` and the length of its arrow ``head``, at ``both`` ends."""

    colour: str
    width: float
    head: float
    dashed: bool
    both: bool


def stroke_of(edge: Edge, options: DiagramOptions, style: FigureStyle) -> Stroke:
    """Return the line of an edge: wide when the effect is large, dashed when not significant."""
    width = _width(edge, options)
    small = edge.kind in MEASUREMENT or edge.kind == "covariance"
    return Stroke(
        colour=_colour(edge, options, style),
        width=width,
        head=4.6 if small else 6.0 + width,
        dashed=is_weak(edge, options),
        both=edge.kind == "covariance",
    )


def _width(edge: Edge, options: DiagramOptions) -> float:
    """Return the line width: significant paths by the size of the standardized coefficient."""
    if edge.kind not in ("path", "moderation"):
        return 0.8
    if is_weak(edge, options):
        return 1.0
    return 0.9 + 1.9 * min(abs(edge.std), 1.0) if edge.std is not None else 1.2


def _colour(edge: Edge, options: DiagramOptions, style: FigureStyle) -> str:
    if edge.kind == "covariance":
        return style.covariance
    if edge.kind in MEASUREMENT:
        return style.line
    if is_weak(edge, options):
        return style.weak
    value = edge.std if edge.std is not None else edge.est or 0
    return style.negative if value < 0 else style.positive
