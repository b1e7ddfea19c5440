"""Plane geometry of path diagrams: shapes, cubic Bézier curves, what covers what.

Lengths are points (1/72 inch), x to the right, y upwards. A curve is an array (n, 4, 2) of n cubic
segments; its parameter u runs from 0 to n.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Points = NDArray[np.float64]
    Curve = NDArray[np.float64]

SAMPLES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """An ellipse or an upright rectangle around (x, y)."""

    form: Literal["ellipse", "rectangle"]
    x: float
    y: float
    width: float
    height: float

    def covers(self, points: Points, margin: float = 0.0) -> NDArray[np.bool_]:
        """Tell for each of ``points`` (k, 2) whether it lies within ``margin`` of the shape."""
        dx = np.abs(points[..., 0] - self.x) / (self.width / 2 + margin)
        dy = np.abs(points[..., 1] - self.y) / (self.height / 2 + margin)
        if self.form == "ellipse":
            inside: NDArray[np.bool_] = dx**2 + dy**2 < 1.0
            return inside
        return (dx < 1.0) & (dy < 1.0)

    def meets(self, other: Shape, margin: float = 0.0) -> bool:
        """Tell whether this rectangle comes within ``margin`` of ``other`` (exact for boxes)."""
        reach_x = (self.width + other.width) / 2 + margin
        reach_y = (self.height + other.height) / 2 + margin
        if abs(self.x - other.x) >= reach_x or abs(self.y - other.y) >= reach_y:
            return False
        return other.form == "rectangle" or self._meets_ellipse(other, margin)

    def _meets_ellipse(self, ellipse: Shape, margin: float) -> bool:
        nearest_x = np.clip(ellipse.x, self.x - self.width / 2, self.x + self.width / 2)
        nearest_y = np.clip(ellipse.y, self.y - self.height / 2, self.y + self.height / 2)
        return bool(ellipse.covers(np.array([[nearest_x, nearest_y]]), margin)[0])

    def boundary(self, towards: Points) -> Points:
        """Return where the ray from the centre to ``towards`` leaves the shape."""
        centre = np.array([self.x, self.y])
        direction = towards - centre
        half = np.array([self.width, self.height]) / 2
        scaled = direction / half
        length = np.hypot(*scaled) if self.form == "ellipse" else np.max(np.abs(scaled))
        result: Points = centre + direction / max(float(length), 1e-9)
        return result


def straight(start: Points, end: Points) -> Curve:
    """Return the straight line as a curve of one segment."""
    return np.stack([start, (2 * start + end) / 3, (start + 2 * end) / 3, end])[None]


def bowed(start: Points, end: Points, bow: float) -> Curve:
    """Return an arc whose middle lies ``bow`` × length to the left of the way from start to end."""
    along = end - start
    control = (start + end) / 2 + 2 * bow * np.array([-along[1], along[0]])
    return np.stack([start, (start + 2 * control) / 3, (end + 2 * control) / 3, end])[None]


def swung(start: Points, end: Points, leaving: float, arriving: float) -> Curve:
    """Return an S that leaves and arrives horizontally, further the larger the two shares are."""
    across = np.array([end[0] - start[0], 0.0])
    return np.stack([start, start + leaving * across, end - arriving * across, end])[None]


def hooked(start: Points, end: Points, reach: float) -> Curve:
    """Return a hook that leaves and arrives on the same side, the right if ``reach`` > 0."""
    out = (max if reach > 0 else min)(float(start[0]), float(end[0])) + reach
    return np.stack([start, np.array([out, start[1]]), np.array([out, end[1]]), end])[None]


def through(points: Sequence[Points]) -> Curve:
    """Return a smooth curve through ``points`` that never overshoots them in y.

    Inner tangents are horizontal where the points turn and otherwise follow the neighbours
    (Catmull–Rom), as in monotone cubic interpolation.
    """
    nodes = np.asarray(points, dtype=np.float64)
    tangents = np.zeros_like(nodes)
    tangents[1:-1] = (nodes[2:] - nodes[:-2]) / 2
    turning = (nodes[1:-1, 1] - nodes[:-2, 1]) * (nodes[2:, 1] - nodes[1:-1, 1]) <= 0
    tangents[1:-1, 1][turning] = 0.0
    tangents[0] = 1.5 * (nodes[1] - nodes[0]) - tangents[1] / 2
    tangents[-1] = 1.5 * (nodes[-1] - nodes[-2]) - tangents[-2] / 2
    return np.stack(
        [nodes[:-1], nodes[:-1] + tangents[:-1] / 3, nodes[1:] - tangents[1:] / 3, nodes[1:]],
        axis=1,
    )


def point_at(curve: Curve, u: float | NDArray[np.float64]) -> Points:
    """Return the points of ``curve`` at parameters ``u``, shape (..., 2)."""
    u = np.asarray(u, dtype=np.float64)
    if len(curve) == 1:
        alone: Points = _weights(u) @ curve[0]
        return alone
    segment = np.minimum(np.maximum(u.astype(np.intp), 0), len(curve) - 1)
    result: Points = (_weights(u - segment)[..., None, :] @ curve[segment])[..., 0, :]
    return result


def _weights(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much each of the four control points counts at ``t``: Bernstein's polynomials."""
    s = 1 - t
    weights = np.empty((*np.shape(t), 4))
    weights[..., 0], weights[..., 1] = s * s * s, 3 * s * s * t
    weights[..., 2], weights[..., 3] = 3 * s * t * t, t * t * t
    return weights


def sample(curve: Curve, per_segment: int = SAMPLES) -> Points:
    """Return points along ``curve``, ends included."""
    points: Points = _even_weights(per_segment) @ curve
    joined: Points = np.vstack([points[:, :-1].reshape(-1, 2), points[-1, -1:]])
    return joined


@cache
def _even_weights(count: int) -> NDArray[np.float64]:
    """Return the weights of the control points at ``count`` + 1 even places of a segment."""
    return _weights(np.linspace(0, 1, count + 1))


def length(points: Points) -> float:
    """Return the length of a line through ``points``."""
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def cut(curve: Curve, start: float, end: float) -> Curve:
    """Return the part of ``curve`` between two parameters."""
    first, last = min(int(start), len(curve) - 1), min(int(end), len(curve) - 1)
    parts = curve[first : last + 1].copy()
    parts[-1] = _head(parts[-1], end - last)
    before = (start - first) / (end - last) if first == last else start - first
    parts[0] = _head(parts[0][::-1], 1 - before)[::-1]
    return parts


def _head(segment: Points, t: float) -> Points:
    """Return the part of one segment before ``t`` (de Casteljau)."""
    rows = [segment]
    for _ in range(3):
        rows.append((1 - t) * rows[-1][:-1] + t * rows[-1][1:])
    return np.stack([row[0] for row in rows])


def visible(curve: Curve, start: Shape | None, end: Shape | None) -> Curve:
    """Return the part of ``curve`` outside the shapes at its ends."""
    u = np.linspace(0, len(curve), 64 * len(curve) + 1)
    points = sample(curve, 64)
    first = _leaves(curve, u, points, start) if start else 0.0
    last = len(curve) - _leaves(curve[::-1, ::-1], u, points[::-1], end) if end else len(curve)
    return cut(curve, first, last) if first < last else curve


def _leaves(curve: Curve, u: NDArray[np.float64], points: Points, shape: Shape) -> float:
    """Return the last parameter at which the curve, coming from within, leaves the shape."""
    inside = np.flatnonzero(shape.covers(points))
    if inside.size == 0 or inside[-1] + 1 >= len(u):
        return 0.0
    finer = np.linspace(u[inside[-1]], u[inside[-1] + 1], 33)
    last = np.flatnonzero(shape.covers(point_at(curve, finer)))
    return float(finer[last[-1]]) if last.size else float(finer[0])
