"""Names beside points, where they cover neither each other nor other points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.diagrams.charts.canvas import frame_of, tallest, widest
from loyaltysem.diagrams.measure import LINE_HEIGHT, text_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Box = tuple[float, float, float, float]

_DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
_DISTANCES = (6.0, 12.0, 20.0, 30.0, 42.0, 58.0, 78.0, 102.0)

CLIPPED = 200.0
"""What a point costs that a name reaches out of the axes, in square points that it covers."""

SAME = 4.0
"""Points no further apart than this look like one and are named together."""


def write_beside(
    axes: Axes,
    points: NDArray[np.float64],
    names: Sequence[str],
    size: float,
    *,
    taken: Iterable[tuple[float, float, str]] = (),
    cross: tuple[float, float] | None = None,
) -> None:
    """Write each name beside its point, at the first place where it covers nothing.

    Places are tried near before far, right before left; a name that had to go far is tied to its
    point by a thin line. Points on one another have one label with all their names. ``taken`` are
    texts in the corners: (x, y) as shares of the axes, text; ``cross`` is where an upright and a
    level line meet, which names avoid too.
    """
    frame = frame_of(axes)
    spots = [_spot(axes, point, frame) for point in points]
    boxes = [_around(spot, 8.0, 8.0) for spot in spots]
    boxes += [_corner(x, y, text, size, frame) for x, y, text in taken]
    if cross:
        x, y = _spot(axes, cross, frame)
        boxes += [(x - 1, 0.0, x + 1, frame[1]), (0.0, y - 1, frame[0], y + 1)]
    for spot, name in _named_together(spots, names):
        box, far = _free_place(spot, name, size, boxes, frame)
        boxes.append(box)
        middle = ((box[0] + box[2]) / 2 - spot[0], (box[1] + box[3]) / 2 - spot[1])
        axes.annotate(
            name,
            (spot[0] / frame[0], spot[1] / frame[1]),
            xycoords="axes fraction",
            xytext=middle,
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=size,
            linespacing=1.05,
            arrowprops={"arrowstyle": "-", "linewidth": 0.5, "shrinkB": 3} if far else None,
            zorder=4,
        )


def _named_together(
    spots: Sequence[tuple[float, float]], names: Sequence[str]
) -> list[tuple[tuple[float, float], str]]:
    """Return every place with its name, one below the other where several points are on it."""
    found: dict[tuple[float, float], list[str]] = {}
    for spot, name in zip(spots, names, strict=True):
        near = (one for one in found if np.hypot(one[0] - spot[0], one[1] - spot[1]) < SAME)
        found.setdefault(next(near, spot), []).append(name)
    return [(spot, "\n".join(lines)) for spot, lines in found.items()]


def _spot(
    axes: Axes, point: Sequence[float] | NDArray[np.float64], frame: tuple[float, float]
) -> tuple[float, float]:
    """Return the place of a point, in points from the lower left corner of the axes."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    return (
        float((point[0] - left) / (right - left) * frame[0]),
        float((point[1] - low) / (high - low) * frame[1]),
    )


def _around(middle: tuple[float, float], width: float, height: float) -> Box:
    x, y = middle
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _corner(x: float, y: float, text: str, size: float, frame: tuple[float, float]) -> Box:
    width, height = text_width(text, size), LINE_HEIGHT * size
    left = x * frame[0] - (width if x > 0.5 else 0)
    low = y * frame[1] - (height if y > 0.5 else 0)
    return left, low, left + width, low + height


def _free_place(
    spot: tuple[float, float],
    name: str,
    size: float,
    boxes: Sequence[Box],
    frame: tuple[float, float],
) -> tuple[Box, bool]:
    """Return the first free place of a name, else the least bad, and whether it is far away."""
    width, height = widest([name], size) + 2, tallest([name], size)
    best, least = (_around(spot, width, height), True), float("inf")
    for rank, distance in enumerate(_DISTANCES):
        for right, up in _DIRECTIONS:
            x = spot[0] + right * (distance + width / 2)
            y = spot[1] + up * (distance + height / 2)
            box = _around((x, y), width, height)
            cost = sum(_shared(box, other) for other in boxes) + CLIPPED * _outside(box, frame)
            if cost < least:
                best, least = (box, rank > 1), cost
            if cost == 0:
                return best
    return best


def _shared(one: Box, other: Box) -> float:
    """Return the area that two boxes share."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(wide, 0.0) * max(high, 0.0)


def _outside(box: Box, frame: tuple[float, float]) -> float:
    """Return how far a box reaches out of the axes."""
    return float(np.maximum([-box[0], -box[1], box[2] - frame[0], box[3] - frame[1]], 0.0).sum())
