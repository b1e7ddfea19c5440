"""Where the coefficients stand: on their own line, clear of everything else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.diagrams.geometry import Shape, length, point_at, sample
from loyaltysem.diagrams.measure import text_width

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loyaltysem.diagrams.geometry import Points
    from loyaltysem.diagrams.routing import Route

PASSES = 3
PAD = 1.5
HEIGHT = 0.92
"""Height of a label in multiples of its text size: figures have no descenders."""

ALONG = (0.5, 0.46, 0.54, 0.42, 0.58, 0.37, 0.63, 0.32, 0.68, 0.27, 0.73, 0.22, 0.78, 0.17, 0.83)
ALONG_SPOKE = (0.62, 0.56, 0.68, 0.5, 0.72, 0.44, 0.38, 0.32)

COVERED, LINE, AWAY, BESIDE = 100.0, 12.0, 6.0, 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A coefficient: its text, size and box; ``route`` is the rank of the line it belongs to."""

    text: str
    size: float
    box: Shape
    route: int


def place_labels(
    texts: Sequence[tuple[str, float]], routes: Sequence[Route], shapes: Mapping[str, Shape]
) -> tuple[Label, ...]:
    """Return a label for every route that has a text.

    Every label tries places along its line, middle first, then beside it; the cheapest one counts
    what it would cover. The labels are gone through a few times, since each minds all others.
    """
    placer = _Placer(texts, routes, tuple(shapes.values()))
    return placer.run()


class _Placer:
    """Places labels one after the other, shortest line first."""

    def __init__(
        self,
        texts: Sequence[tuple[str, float]],
        routes: Sequence[Route],
        shapes: tuple[Shape, ...],
    ) -> None:
        self.texts = texts
        self.routes = routes
        self.shapes = shapes
        self.points = [_dense(route.points) for route in routes]
        self.labels: dict[int, Label] = {}

    def run(self) -> tuple[Label, ...]:
        ranks = [rank for rank, (text, _) in enumerate(self.texts) if text]
        ranks.sort(key=lambda rank: length(self.points[rank]))
        for _ in range(PASSES):
            before = dict(self.labels)
            for rank in ranks:
                self.labels[rank] = self._best(rank)
            if before == self.labels:
                break
        return tuple(self.labels[rank] for rank in sorted(self.labels))

    def _best(self, rank: int) -> Label:
        others = [label.box for key, label in self.labels.items() if key != rank]
        best, least = None, np.inf
        for label, dislike in self._candidates(rank):
            if dislike >= least:
                continue
            cost = dislike + self._covered(rank, label.box, others)
            if cost < least:
                best, least = label, cost
        assert best is not None
        return best

    def _candidates(self, rank: int) -> list[tuple[Label, float]]:
        """Return possible labels with what each is disliked for its place."""
        text, size = self.texts[rank]
        curve = self.routes[rank].curve
        spoke = self.routes[rank].edge.kind in ("loading", "weight")
        fractions = ALONG_SPOKE if spoke else ALONG
        width, height = text_width(text, size) + 2 * PAD, HEIGHT * size + 2 * PAD
        first = []
        for turn, fraction in enumerate(fractions):
            middle = point_at(curve, fraction * len(curve))
            box = Shape(form="rectangle", x=middle[0], y=middle[1], width=width, height=height)
            label = Label(text=text, size=size, box=box, route=rank)
            first.append((label, AWAY * turn / len(fractions)))
        return first + self._beside(rank, first)

    def _beside(self, rank: int, on: list[tuple[Label, float]]) -> list[tuple[Label, float]]:
        """Return the same labels moved off their line to either side."""
        points = self.points[rank]
        result = []
        for label, dislike in on:
            box = label.box
            nearest = int(np.argmin(np.hypot(points[:, 0] - box.x, points[:, 1] - box.y)))
            ahead, behind = points[min(nearest + 1, len(points) - 1)], points[max(nearest - 1, 0)]
            normal = np.array([behind[1] - ahead[1], ahead[0] - behind[0]])
            normal = normal / max(float(np.hypot(*normal)), 1e-9)
            reach = (abs(normal[0]) * box.width + abs(normal[1]) * box.height) / 2 + 1.0
            for sign in (1, -1):
                x, y = box.x + sign * reach * normal[0], box.y + sign * reach * normal[1]
                result.append((replace(label, box=replace(box, x=x, y=y)), dislike + BESIDE + AWAY))
        return result

    def _covered(self, rank: int, box: Shape, others: list[Shape]) -> float:
        """Return the cost of what a box covers: shapes and labels heavily, other lines too."""
        shapes = sum(box.meets(shape, 0.5) for shape in self.shapes)
        labels = sum(box.meets(other, 0.5) for other in others)
        lines = sum(
            bool(box.covers(points, 0.5).any())
            for key, points in enumerate(self.points)
            if key != rank
        )
        return COVERED * (shapes + labels) + LINE * lines


def _dense(points: Points, step: float = 1.5) -> Points:
    """Return points along a line, at most ``step`` apart."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    way = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.linspace(0.0, way[-1], max(2, int(way[-1] / step) + 1))
    return np.column_stack([np.interp(at, way, points[:, 0]), np.interp(at, way, points[:, 1])])


def dense_line(route: Route) -> Points:
    """Return points along a route, close enough that no label can stand between two of them."""
    return _dense(sample(route.curve))
