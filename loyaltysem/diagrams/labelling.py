"""Where the coefficients stand: on their own line, clear of everything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.diagrams.geometry import Shape, length, point_at
from loyaltysem.diagrams.measure import text_width
from loyaltysem.diagrams.structure import MEASUREMENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from loyaltysem.diagrams.geometry import Points
    from loyaltysem.diagrams.routing import Route

    Costs = NDArray[np.float64]

PASSES = 4
PAD_ACROSS, PAD = 2.8, 1.5
"""Room around a label: enough beside it that a minus sign does not run into the line."""

HEIGHT = 0.92
"""Height of a label in multiples of its text size: figures have no descenders."""

STEP = 0.03
MIDDLE, MIDDLE_OF_LOADING = 0.5, 0.62
"""Where a label stands best, as a share of its line."""

COVERED, LINE, END, AWAY, BESIDE = 100.0, 14.0, 13.0, 14.0, 9.0
"""Costs: covering a shape or label, a line, the own arrowhead; distance from the best place."""

CLEAR = 1.0
HEAD = 5.0

TOGETHER = 12
"""How many neighbouring places of a label are looked at together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A coefficient: its text, size and box.

    ``name`` is that of the edge, ``route`` the rank of the line that it stands on, None for none.
    """

    text: str
    size: float
    box: Shape
    name: str
    route: int | None = None


def place_labels(
    texts: Sequence[tuple[str, float]], routes: Sequence[Route], shapes: Mapping[str, Shape]
) -> tuple[Label, ...]:
    """Return a label for every route that has a text.

    Every label tries places along its line, best first, then beside it; the cheapest one counts
    what it would cover. The labels are gone through a few times, since each minds all others.

    Parameters
    ----------
    texts
        Text and size of the label of each route; an empty text means none.
    routes, shapes
        What there is already.
    """
    return _Placer(texts, routes, shapes).run()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """The places that a label may take: half its size, ``middles`` (k, 2), what each costs."""

    half: Points
    middles: Points
    costs: Costs


class _Placer:
    """Places labels one after the other, shortest line first."""

    def __init__(
        self,
        texts: Sequence[tuple[str, float]],
        routes: Sequence[Route],
        shapes: Mapping[str, Shape],
    ) -> None:
        self.texts = texts
        self.routes = routes
        self.middles = np.array([[shape.x, shape.y] for shape in shapes.values()])
        self.halves = np.array([[s.width, s.height] for s in shapes.values()]) / 2 + CLEAR
        self.round = np.array([shape.form == "ellipse" for shape in shapes.values()])
        lines = [dense_line(route) for route in routes]
        self.lengths = [length(line) for line in lines]
        self.points = np.vstack(lines) if lines else np.empty((0, 2))
        self.owners = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
        self.upwards = np.argsort(self.points[:, 1], kind="stable")
        self.heights = self.points[self.upwards, 1]
        self.boxes = np.full((len(routes), 4), np.nan)
        """Of every label (x, y, half width, half height); not a number where none stands yet."""

    def run(self) -> tuple[Label, ...]:
        ranks = [rank for rank, (text, _) in enumerate(self.texts) if text]
        choices = {rank: self._choice(rank) for rank in ranks}
        ranks.sort(key=lambda rank: self.lengths[rank])
        for _ in range(PASSES):
            before = self.boxes.copy()
            for rank in ranks:
                self.boxes[rank] = self._best(rank, choices[rank])
            if np.array_equal(before, self.boxes, equal_nan=True):
                break
        return tuple(self._label(rank) for rank in sorted(ranks))

    def _label(self, rank: int) -> Label:
        x, y, half_width, half_height = self.boxes[rank].tolist()
        box = Shape(form="rectangle", x=x, y=y, width=2 * half_width, height=2 * half_height)
        text, size = self.texts[rank]
        return Label(text=text, size=size, box=box, name=self.routes[rank].name, route=rank)

    def _choice(self, rank: int) -> _Choice:
        """Return the places of a label with their costs, other labels left out."""
        text, size = self.texts[rank]
        half = np.array([text_width(text, size) + 2 * PAD_ACROSS, HEIGHT * size + 2 * PAD]) / 2
        middles, costs = self._places(rank, half)
        costs = costs + self._on_shapes(middles, half) + self._on_ends(rank, middles, half)
        costs += self._on_lines(rank, middles, half)
        return _Choice(half=half, middles=middles, costs=costs)

    def _best(self, rank: int, choice: _Choice) -> NDArray[np.float64]:
        """Return the best box of a label, seeing where the others stand."""
        costs = choice.costs + self._on_labels(rank, choice)
        return np.concatenate([choice.middles[int(np.argmin(costs))], choice.half])

    def _places(self, rank: int, half: Points) -> tuple[Points, Costs]:
        """Return possible middles of a label, and how much each is disliked for its own sake."""
        route = self.routes[rank]
        best = MIDDLE_OF_LOADING if route.edge.kind in MEASUREMENT else MIDDLE
        shares = np.arange(0.14, 0.87, STEP)
        u = shares * len(route.curve)
        on = point_at(route.curve, u)
        along = point_at(route.curve, u + 0.01) - point_at(route.curve, u - 0.01)
        normal = np.column_stack([-along[:, 1], along[:, 0]])
        normal /= np.maximum(np.hypot(*normal.T), 1e-9)[:, None]
        reach = (np.abs(normal) @ half + 1.5)[:, None] * normal
        away = AWAY * np.abs(shares - best)
        return np.vstack([on, on + reach, on - reach]), np.concatenate(
            [away, away + BESIDE, away + BESIDE]
        )

    def _on_shapes(self, middles: Points, half: Points) -> Costs:
        gap = np.abs(middles[:, None] - self.middles)
        outside = np.maximum(gap - half, 0.0) / self.halves
        oval = (outside**2).sum(axis=2) < 1.0
        box = (gap < half + self.halves).all(axis=2)
        cost: Costs = COVERED * np.where(self.round, oval, box).sum(axis=1)
        return cost

    def _on_labels(self, rank: int, choice: _Choice) -> Costs:
        """Return the cost of the other labels that each place would cover."""
        reach = choice.half + self.boxes[:, 2:] + CLEAR
        low, high = choice.middles.min(axis=0), choice.middles.max(axis=0)
        near = ((self.boxes[:, :2] + reach > low) & (self.boxes[:, :2] - reach < high)).all(axis=1)
        near[rank] = False
        gap = np.abs(choice.middles[:, None] - self.boxes[near, :2])
        cost: Costs = COVERED * (gap < reach[near]).all(axis=2).sum(axis=1)
        return cost

    def _on_lines(self, rank: int, middles: Points, half: Points) -> Costs:
        """Return the cost of the other lines that each place would cover.

        Neighbouring places are looked at together, with what is near to them.
        """
        reach = half + CLEAR
        near = self._points_around(rank, middles, reach)
        order = np.argsort(np.arange(len(middles)) % (len(middles) // 3), kind="stable")
        costs = np.zeros(len(middles))
        for places in np.array_split(order, max(len(middles) // TOGETHER, 1)):
            close = near[_within(self.points[near], middles[places], reach)]
            if close.size:
                covered = np.abs(middles[places, None] - self.points[close]) < reach
                first = np.flatnonzero(np.diff(self.owners[close], prepend=-1))
                lines = np.logical_or.reduceat(covered.all(axis=2), first, axis=1)
                costs[places] = LINE * lines.sum(axis=1)
        return costs

    def _points_around(self, rank: int, middles: Points, reach: Points) -> NDArray[np.intp]:
        """Return the ranks of other lines' points that lie in the box around some places."""
        ends = (middles[:, 1].min() - reach[1], middles[:, 1].max() + reach[1])
        first, last = np.searchsorted(self.heights, ends)
        level = np.sort(self.upwards[first:last])
        others = level[self.owners[level] != rank]
        around: NDArray[np.intp] = others[_within(self.points[others], middles, reach)]
        return around

    def _on_ends(self, rank: int, middles: Points, half: Points) -> Costs:
        """Return the cost of covering the ends of the label's own line."""
        curve = self.routes[rank].curve
        tips = np.stack([curve[0, 0], curve[-1, 3]])
        cost: Costs = END * (np.abs(middles[:, None] - tips) < half + HEAD).all(axis=2).sum(axis=1)
        return cost


def _within(points: Points, middles: Points, reach: Points) -> NDArray[np.bool_]:
    """Tell which points lie in the box around boxes that reach so far around their middles."""
    low, high = middles.min(axis=0) - reach, middles.max(axis=0) + reach
    result: NDArray[np.bool_] = ((points > low) & (points < high)).all(axis=1)
    return result


def dense_line(route: Route, step: float = 1.5) -> Points:
    """Return points along a route, at most ``step`` apart: no label stands between two of them."""
    points = route.points
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at = np.linspace(0.0, way[-1], max(2, int(way[-1] / step) + 1))
    return np.column_stack([np.interp(at, way, points[:, 0]), np.interp(at, way, points[:, 1])])
