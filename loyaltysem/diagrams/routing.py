"""How the lines run: straight where the way is free, else the gentlest bow around obstacles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from loyaltysem.diagrams.geometry import (
    Shape,
    bowed,
    hooked,
    length,
    point_at,
    sample,
    straight,
    swung,
    through,
    visible,
)
from loyaltysem.diagrams.obstacles import Obstacles
from loyaltysem.diagrams.plan import arc_reach
from loyaltysem.diagrams.structure import MEASUREMENT, ends

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from loyaltysem.diagrams.geometry import Curve, Points
    from loyaltysem.diagrams.options import Side
    from loyaltysem.diagrams.plan import Placement
    from loyaltysem.diagrams.spec import Edge
    from loyaltysem.diagrams.structure import Structure

BOWS = (0.05, 0.09, 0.14, 0.2, 0.27, 0.35, 0.45, 0.6)
SWINGS = (0.15, 0.45, 0.8)
REACHES = (120.0, 180.0, 260.0)
ONTO = (0.5, 0.42, 0.58, 0.34, 0.66)

POINTING = 18.0
"""How far from any shape the arrow of a moderation ends, if possible."""

HIT, CROSSING, CROSSING_LOADING, TOUCHING, BENDING, END = 1000.0, 40.0, 55.0, 16.0, 0.6, 25.0

_OUTWARD: dict[Side, tuple[float, float]] = {
    "left": (-1.0, 0.0),
    "right": (1.0, 0.0),
    "top": (0.0, 1.0),
    "bottom": (0.0, -1.0),
}


BOWING, SWINGING = 5.0, 12.0
"""What a bow and an S cost more than a straight line, whatever they meet."""


class _Way(NamedTuple):
    """A possible line: its own cost, and the least that it can cost altogether."""

    curve: Curve
    base: float
    least: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An edge and the visible part of its line, from source to target."""

    edge: Edge
    curve: Curve

    @property
    def name(self) -> str:
        """Name of the edge, for messages."""
        return f"{self.edge.source}-{self.edge.target}"

    @property
    def points(self) -> Points:
        """Points along the line."""
        return sample(self.curve)


def route_edges(
    edges: Iterable[Edge], placement: Placement, structure: Structure
) -> tuple[Route, ...]:
    """Return the lines of all edges, in the order of ``edges``."""
    return _Router(placement, structure).run(tuple(edges))


class _Router:
    """Routes edges one after the other; later ones mind the earlier ones."""

    def __init__(self, placement: Placement, structure: Structure) -> None:
        self.shapes = placement.shapes
        self.sides = placement.sides
        self.lanes = placement.lanes
        self.structure = structure
        self.obstacles = Obstacles(placement.shapes)
        self.done: dict[int, Route] = {}

    def run(self, edges: tuple[Edge, ...]) -> tuple[Route, ...]:
        for rank in sorted(range(len(edges)), key=lambda rank: self._order(edges[rank])):
            edge = edges[rank]
            route = self.done[rank] = Route(edge=edge, curve=self._curve(edge))
            points = route.points[::4]
            weight = CROSSING_LOADING if edge.kind in MEASUREMENT else CROSSING
            self.obstacles.add(points, (edge.source, edge.target), weight)
        return tuple(self.done[rank] for rank in range(len(edges)))

    def _order(self, edge: Edge) -> tuple[int, float]:
        """Return loadings first, then paths by length, covariances, moderations."""
        kinds = {"loading": 0, "weight": 0, "path": 1, "covariance": 2, "moderation": 3}
        a, b = self.shapes[edge.source], self.shapes[edge.target]
        return kinds[edge.kind], float(np.hypot(a.x - b.x, a.y - b.y))

    def _curve(self, edge: Edge) -> Curve:
        if edge.kind in MEASUREMENT and self.structure.home(ends(edge)[1]):
            return self._spoke(edge)
        if edge.kind == "covariance":
            return self._covariance(edge)
        if edge.kind == "moderation":
            return self._moderation(edge)
        return self._path(edge)

    def _spoke(self, edge: Edge) -> Curve:
        """Return the line to the middle of the near edge of a construct's own indicator."""
        construct, item = ends(edge)
        box, oval = self.shapes[item], self.shapes[construct]
        out = _OUTWARD[self.sides[construct]]
        own = self.structure.home(item) == construct
        if not own:
            out = (float(np.sign(box.x - oval.x)), 0.0)
        near = np.array([box.x - out[0] * box.width / 2, box.y - out[1] * box.height / 2])
        line = straight(oval.boundary(near), near)
        if not own and self._cost(edge, line) >= HIT:
            return self._path(edge)
        return line[::-1, ::-1] if edge.kind == "weight" else line

    def _path(self, edge: Edge) -> Curve:
        start, end = _middle(self.shapes[edge.source]), _middle(self.shapes[edge.target])
        ways = self._ways(start, end, BOWS)
        ways += [
            _Way(through([start, *points, end]), SWINGING, SWINGING)
            for points in self._detours(edge)
        ]
        ways += [
            _Way(swung(start, end, out, back), SWINGING, SWINGING)
            for out in SWINGS
            for back in SWINGS
        ]
        return self._best(edge, ways, self.shapes[edge.target])

    def _ways(self, start: Points, end: Points, bows: tuple[float, ...]) -> list[_Way]:
        """Return the straight line (if all bows are allowed) and bows to either side."""
        far = float(np.hypot(*(end - start)))
        ways = [_Way(straight(start, end), 0.0, 0.0)] if bows[0] == BOWS[0] else []
        for bow in bows:
            least = BOWING + 0.5 * BENDING * bow * far
            ways += [_Way(bowed(start, end, sign * bow), BOWING, least) for sign in (1, -1)]
        return ways

    def _detours(self, edge: Edge) -> list[list[Points]]:
        """Return the points that the layers reserved for this edge: lane middles, or both ends."""
        lanes = sorted(
            (slot[2], self.lanes[slot])
            for slot in self.lanes
            if not isinstance(slot, str) and set(slot[:2]) == {edge.source, edge.target}
        )
        if not lanes:
            return []
        middles = [np.array([(left + right) / 2, y]) for _, (left, right, y) in lanes]
        both = [np.array([x, y]) for _, (left, right, y) in lanes for x in (left, right)]
        if self.shapes[edge.source].x > self.shapes[edge.target].x:
            return [middles[::-1], both[::-1]]
        return [middles, both]

    def _best(self, edge: Edge, ways: list[_Way], target: Shape | None) -> Curve:
        """Return the visible part of the cheapest way."""
        best, cost = ways[0].curve, np.inf
        for way in sorted(ways, key=lambda way: way.least):
            if way.least >= cost:
                continue
            seen = visible(way.curve, self.shapes[edge.source], target)
            new = way.base + self._cost(edge, seen, cost - way.base)
            if new < cost:
                best, cost = seen, new
        return best

    def _cost(self, edge: Edge, way: Curve, most: float = np.inf) -> float:
        """Return what a line costs; once that is ``most`` already, no more is added up."""
        points, own = sample(way), (edge.source, edge.target)
        bend = BENDING * float(np.abs(_deviation(points)).max())
        cost = bend + length(points) - float(np.hypot(*(points[-1] - points[0])))
        for met in self._met(points, own):
            if cost >= most:
                break
            cost += met
        return cost

    def _met(self, points: Points, own: tuple[str, str]) -> Iterator[float]:
        """Yield what is added for all that a line meets: what is told soonest comes first."""
        yield HIT * self.obstacles.hits(points, own)
        yield END * sum(self.obstacles.ends_near(point) for point in points[[0, -1]])
        yield self.obstacles.crossing_cost(points[::2])
        yield TOUCHING * self.obstacles.touching(points, own)

    def _covariance(self, edge: Edge) -> Curve:
        first, second = self.structure.home(edge.source), self.structure.home(edge.target)
        if first and second:
            return self._error_covariance(edge, self.sides[first], self.sides[second])
        if edge.source in self.sides and edge.target in self.sides:
            a, b = self.shapes[edge.source], self.shapes[edge.target]
            exogenous = {edge.source, edge.target} <= set(self.structure.exogenous)
            if exogenous and abs(a.x - b.x) < 1:
                return self._outer_arc(edge, a, b)
        start, end = _middle(self.shapes[edge.source]), _middle(self.shapes[edge.target])
        ways = self._ways(start, end, BOWS[2:])
        ways += [
            _Way(hooked(start, end, side * reach), SWINGING, SWINGING)
            for reach in REACHES
            for side in (1, -1)
        ]
        return self._best(edge, ways, self.shapes[edge.target])

    def _outer_arc(self, edge: Edge, a: Shape, b: Shape) -> Curve:
        """Return the arc beside a column, in a CFA on the side without indicators."""
        side = -1.0 if self.structure.arcs or self.sides[edge.source] == "right" else 1.0
        upper, lower = (a, b) if a.y > b.y else (b, a)
        between = sum(
            abs(shape.x - a.x) < 1 and lower.y < shape.y < upper.y
            for name, shape in self.shapes.items()
            if name in self.sides
        )
        reach = side * arc_reach(between)
        start = upper.boundary(
            np.array([upper.x + side * upper.width, upper.y - upper.height * 0.35])
        )
        end = lower.boundary(
            np.array([lower.x + side * lower.width, lower.y + lower.height * 0.35])
        )
        edge_x = side * max(side * start[0], side * end[0])
        out = edge_x + 4 / 3 * reach
        curve = np.stack([start, np.array([out, start[1]]), np.array([out, end[1]]), end])[None]
        return curve if upper is a else curve[::-1, ::-1]

    def _error_covariance(self, edge: Edge, first: Side, second: Side) -> Curve:
        """Return the arc between two boxes, on their outer side when they share one."""
        a, b = self.shapes[edge.source], self.shapes[edge.target]
        out, other = np.array(_OUTWARD[first]), np.array(_OUTWARD[second])
        start = _middle(a) + out * np.array([a.width, a.height]) / 2
        end = _middle(b) + other * np.array([b.width, b.height]) / 2
        span = float(np.hypot(*(end - start)))
        reach = min(12.0 + 0.32 * span, 90.0) * 4 / 3
        return np.stack([start, start + reach * out, end + reach * other, end])[None]

    def _moderation(self, edge: Edge) -> Curve:
        """Return the gentlest way from the moderator to somewhere on the path it acts on."""
        target = next(
            route
            for route in self.done.values()
            if route.edge.kind == "path" and (route.edge.source, route.edge.target) == edge.onto
        )
        start = _middle(self.shapes[edge.source])
        places = [point_at(target.curve, where * len(target.curve)) for where in ONTO]
        clear = [place for place in places if not self._is_near_a_shape(place)]
        ways = [way for end in clear or places for way in self._ways(start, end, BOWS[:6])]
        return self._best(edge, ways, None)

    def _is_near_a_shape(self, point: Points) -> bool:
        """Tell whether an arrow that ends there seems to point to a shape."""
        return any(shape.covers(point[None], POINTING).any() for shape in self.shapes.values())


def _middle(shape: Shape) -> Points:
    return np.array([shape.x, shape.y])


def _deviation(points: Points) -> Points:
    """Return the distances of a line's points from the straight line between its ends."""
    along = points[-1] - points[0]
    unit = along / max(float(np.hypot(*along)), 1e-9)
    offset = points - points[0]
    result: Points = offset[:, 0] * unit[1] - offset[:, 1] * unit[0]
    return result
