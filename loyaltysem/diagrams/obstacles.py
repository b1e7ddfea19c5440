"""What a new line meets: the shapes, and the lines that are already there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from loyaltysem.diagrams.geometry import Points, Shape

CLEARANCE = 5.0
"""How near a line may come to a shape, in points."""

NEARNESS = 5.0
"""How near two lines may run alongside each other, in points."""

ENDS_APART = 7.0
"""How near the ends of two lines may be, in points."""


class Obstacles:
    """Shapes and lines as arrays, so that one look tells what a line would meet.

    In large diagrams nearly everything is far from any one line: only what comes near the box
    around it is looked at closely.
    """

    def __init__(self, shapes: Mapping[str, Shape]) -> None:
        self._ranks = {name: rank for rank, name in enumerate(shapes)}
        self._middles = np.array([[shape.x, shape.y] for shape in shapes.values()])
        self._halves = np.array([[s.width, s.height] for s in shapes.values()]) / 2
        self._round = np.array([shape.form == "ellipse" for shape in shapes.values()])
        self._segments = np.empty((0, 4))
        self._weights = np.empty(0)
        self._points = np.empty((0, 2))
        self._owners: list[frozenset[str]] = []
        self._owner_of_point = np.empty(0, dtype=np.intp)
        self._ends = np.empty((0, 2))

    def add(self, points: Points, own: Collection[str], weight: float) -> None:
        """Remember a line between the variables ``own``; crossing it costs ``weight``."""
        self._ends = np.vstack([self._ends, points[[0, -1]]])
        ends = np.hstack([points[:-1], points[1:]])
        self._segments = np.vstack([self._segments, ends])
        self._weights = np.concatenate([self._weights, np.full(len(ends), weight)])
        self._points = np.vstack([self._points, points])
        ranks = np.full(len(points), len(self._owners), dtype=np.intp)
        self._owner_of_point = np.concatenate([self._owner_of_point, ranks])
        self._owners.append(frozenset(own))

    def hits(self, points: Points, own: Collection[str]) -> int:
        """Return how many shapes a line meets; at its own two it must not run back inside."""
        ours = np.zeros(len(self._middles), dtype=np.bool_)
        ours[[self._ranks[name] for name in own]] = True
        margin = np.where(ours, -1.0, CLEARANCE)
        reach = np.maximum(self._halves + margin[:, None], 0.1)
        low, high = points.min(axis=0), points.max(axis=0)
        near = ((self._middles + reach > low) & (self._middles - reach < high)).all(axis=1)
        ranks = np.flatnonzero(near)
        scaled = np.abs(points[None] - self._middles[ranks, None]) / reach[ranks, None]
        inside = np.where(
            self._round[ranks, None], (scaled**2).sum(axis=2) < 1, (scaled < 1).all(axis=2)
        )
        at_ends = ours[ranks]
        inside[at_ends, :2] = inside[at_ends, -2:] = False
        return int(np.count_nonzero(inside.any(axis=1)))

    def ends_near(self, point: Points) -> int:
        """Return how many lines end so near to a point that one there would hide their heads."""
        gaps = ((self._ends - point) ** 2).sum(axis=1)
        return int(np.count_nonzero(gaps < ENDS_APART**2))

    def crossing_cost(self, points: Points) -> float:
        """Return the weights of the lines that a line crosses, each as often as it does."""
        near = _reached(points, self._segments)
        return float((_crossed(points, self._segments[near]) * self._weights[near]).sum())

    def touching(self, points: Points, own: Collection[str]) -> int:
        """Return how many points of a line run alongside another line, its ends left out."""
        inner = points[4:-4:2]
        low, high = inner.min(axis=0) - NEARNESS, inner.max(axis=0) + NEARNESS
        near = np.flatnonzero(((self._points > low) & (self._points < high)).all(axis=1))
        if not near.size:
            return 0
        parallel = np.array([set(own) == owner for owner in self._owners])
        others = self._points[near[~parallel[self._owner_of_point[near]]]]
        if not len(others):
            return 0
        gaps = ((inner[:, None] - others[None]) ** 2).sum(axis=2)
        return int(np.count_nonzero(gaps.min(axis=1) < NEARNESS**2))


def crossings(lines: Sequence[Points]) -> int:
    """Return how often lines (k, 2) cross each other."""
    segments, count = np.empty((0, 4)), 0
    for points in lines:
        near = segments[_reached(points, segments)]
        count += int(np.count_nonzero(_crossed(points, near)))
        segments = np.vstack([segments, np.hstack([points[:-1], points[1:]])])
    return count


def _reached(points: Points, segments: Points) -> NDArray[np.bool_]:
    """Tell which ``segments`` (k, 4) have a part in the box around a line."""
    low, high = points.min(axis=0), points.max(axis=0)
    first, last = segments[:, :2], segments[:, 2:]
    inside = (np.maximum(first, last) >= low) & (np.minimum(first, last) <= high)
    result: NDArray[np.bool_] = inside.all(axis=1)
    return result


def _crossed(points: Points, segments: Points) -> NDArray[np.bool_]:
    """Tell which pieces of a line cross which ``segments`` (k, 4)."""
    a, b = points[:-1, None], points[1:, None]
    c, d = segments[None, :, :2], segments[None, :, 2:]
    result: NDArray[np.bool_] = (_side(a, b, c) * _side(a, b, d) < 0) & (
        _side(c, d, a) * _side(c, d, b) < 0
    )
    return result


def _side(a: Points, b: Points, c: Points) -> NDArray[np.float64]:
    """Return on which side of the line from a to b the point c lies, by sign."""
    turn: NDArray[np.float64] = (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1]) - (
        b[..., 1] - a[..., 1]
    ) * (c[..., 0] - a[..., 0])
    return turn
