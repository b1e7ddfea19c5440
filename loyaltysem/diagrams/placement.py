"""Where the variables stand: columns of constructs, indicators fanned out beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from loyaltysem.diagrams.geometry import Shape
from loyaltysem.diagrams.layers import Slot, positions_without_overlap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.diagrams.layers import Layering
    from loyaltysem.diagrams.structure import Arc, Structure

Side = Literal["left", "right", "top", "bottom"]
Point = tuple[float, float]
Size = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacing:
    """Distances in points."""

    between: float = 15.0
    lane: float = 16.0
    column: float = 74.0
    widest_column: float = 150.0
    slope: float = 0.42
    fan: float = 50.0
    row: float = 46.0
    deepest_row: float = 150.0
    box: float = 3.0
    inch: float = 72.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the placement starts from.

    ``sizes`` holds width and height of every shape, ``latent`` the names drawn as ovals, ``linked``
    pairs of constructs whose indicators have correlated errors; ``positions`` (inches) and ``sides``
    are the user's wishes.
    """

    structure: Structure
    layering: Layering
    sizes: Mapping[str, Size]
    latent: frozenset[str]
    linked: tuple[Arc, ...] = ()
    positions: Mapping[str, Point] = field(default_factory=dict)
    sides: Mapping[str, Side] = field(default_factory=dict)
    spacing: Spacing = Spacing()

    @property
    def columns(self) -> tuple[tuple[Slot, ...], ...]:
        """The slots of every layer."""
        return self.layering.columns

    def row_width(self, name: str) -> float:
        """Return the length of the row (or column) of indicators of a construct."""
        own = self.structure.indicators.get(name, ())
        return sum(self.sizes[item][0] + self.spacing.box for item in own)

    def stack_height(self, name: str) -> float:
        """Return the height of the indicators of a construct when they stand in a column."""
        own = self.structure.indicators.get(name, ())
        return sum(self.sizes[item][1] + self.spacing.box for item in own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Shapes of all variables, the side of each construct's indicators, the lanes of long paths."""

    shapes: Mapping[str, Shape]
    sides: Mapping[str, Side]
    lanes: Mapping[Slot, Point]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A first or improved idea: sides and row distances of constructs, heights of slots."""

    sides: dict[str, Side]
    depths: dict[str, float]
    heights: dict[Slot, float]


def place(plan: Plan) -> Placement:
    """Give every variable its place."""
    draft = _Draft(_first_sides(plan), {}, {})
    for _ in range(3):
        heights = _heights(plan, draft)
        across = _columns(plan, heights)
        draft = _Draft(*_sides_and_depths(plan, draft.sides, heights, across), heights)
    heights = _heights(plan, draft)
    across = _columns(plan, heights)
    centres = _centres(plan, heights, across)
    centres = _without_row_collisions(plan, draft, centres)
    shapes = {name: _shape(plan, name, centre) for name, centre in centres.items()}
    for name in plan.structure.indicators:
        if name in shapes:
            shapes |= _fan(plan, shapes[name], name, draft.sides[name], draft.depths.get(name, 0.0))
    shapes |= _general(plan, shapes)
    shifts = {k: centres_x for k, centres_x in enumerate(_column_x(plan, centres, across))}
    lanes: dict[Slot, Point] = {
        slot: (shifts[slot[2]], heights[slot]) for slot in heights if not isinstance(slot, str)
    }
    return Placement(shapes=shapes, sides=draft.sides, lanes=lanes)


def _shape(plan: Plan, name: str, centre: Point) -> Shape:
    width, height = plan.sizes[name]
    form: Literal["ellipse", "rectangle"] = "ellipse" if name in plan.latent else "rectangle"
    return Shape(form=form, x=centre[0], y=centre[1], width=width, height=height)


def _first_sides(plan: Plan) -> dict[str, Side]:
    """Return left for the first layer, right for the last, below for those between."""
    last = len(plan.columns) - 1
    sides: dict[str, Side] = {}
    for layer, column in enumerate(plan.columns):
        for slot in column:
            if isinstance(slot, str):
                sides[slot] = "left" if layer == 0 else "right" if layer == last else "bottom"
    return sides | dict(plan.sides)


def _extent(plan: Plan, draft: _Draft, slot: Slot) -> tuple[float, float]:
    """Return how far the block of a slot reaches above and below its middle."""
    if not isinstance(slot, str):
        return plan.spacing.lane / 2, plan.spacing.lane / 2
    half = plan.sizes[slot][1] / 2
    own = plan.structure.indicators.get(slot, ())
    if not own:
        return half, half
    side = draft.sides[slot]
    if side in ("left", "right"):
        half = max(half, plan.stack_height(slot) / 2)
        return half, half
    reach = draft.depths.get(slot, plan.spacing.row + half) + plan.sizes[own[0]][1]
    return (reach, half) if side == "top" else (half, reach)


def _heights(plan: Plan, draft: _Draft) -> dict[Slot, float]:
    """Return the height of every slot: near its neighbours, blocks apart."""
    separations = [_separations(plan, draft, column) for column in plan.columns]
    spans = [float(gaps.sum()) for gaps in separations]
    base = int(np.argmax(spans)) if spans else 0
    heights: dict[Slot, float] = {}
    for column, gaps in zip(plan.columns, separations, strict=True):
        stack = -np.concatenate([[0.0], np.cumsum(gaps)])
        for slot, y in zip(column, stack - stack.mean(), strict=True):
            heights[slot] = float(y)
    near = _near(plan.layering)
    order = sorted(range(len(plan.columns)), key=lambda layer: abs(layer - base))[1:]
    for sweep in range(8):
        for layer in order if sweep % 2 == 0 else reversed(order):
            column = plan.columns[layer]
            wanted = np.array(
                [np.mean([heights[other] for other in near.get(slot, (slot,))]) for slot in column]
            )
            fitted = positions_without_overlap(wanted, separations[layer])
            heights |= {slot: float(y) for slot, y in zip(column, fitted, strict=True)}
    return heights


def _separations(plan: Plan, draft: _Draft, column: tuple[Slot, ...]) -> np.ndarray:
    extents = [_extent(plan, draft, slot) for slot in column]
    return np.array(
        [
            above[1] + below[0] + plan.spacing.between
            for above, below in zip(extents[:-1], extents[1:], strict=True)
        ]
    )


def _near(layering: Layering) -> dict[Slot, list[Slot]]:
    near: dict[Slot, list[Slot]] = {}
    for gap in layering.links:
        for source, target in gap:
            near.setdefault(source, []).append(target)
            near.setdefault(target, []).append(source)
    return near


def _columns(plan: Plan, heights: Mapping[Slot, float]) -> list[float]:
    """Return the x of every layer: wider gaps where links are steep."""
    across, x = [], 0.0
    for layer, column in enumerate(plan.columns):
        width = max((plan.sizes[slot][0] for slot in column if isinstance(slot, str)), default=0.0)
        if layer:
            steepest = max(
                (abs(heights[a] - heights[b]) for a, b in plan.layering.links[layer - 1]),
                default=0.0,
            )
            gap = max(plan.spacing.column, plan.spacing.slope * steepest)
            x += min(gap, plan.spacing.widest_column) + width / 2
        across.append(x)
        x += width / 2
    return across


def _sides_and_depths(
    plan: Plan, old: Mapping[str, Side], heights: Mapping[Slot, float], across: list[float]
) -> tuple[dict[str, Side], dict[str, float]]:
    """Choose above or below for the middle layers, and how far out their rows must stand."""
    sides: dict[str, Side] = dict(old)
    depths: dict[str, float] = {}
    for layer, column in enumerate(plan.columns):
        for slot in column:
            if not isinstance(slot, str) or slot not in plan.structure.indicators:
                continue
            options: tuple[Side, ...] = ("bottom", "top")
            if sides[slot] in ("left", "right") and not _is_linked(plan, slot):
                continue
            if slot in plan.sides:
                options = (plan.sides[slot],)
            costs = {side: _row_cost(plan, slot, layer, side, heights, across) for side in options}
            sides[slot] = min(costs, key=lambda side: costs[side][0])
            depths[slot] = costs[sides[slot]][1]
    return _aligned(plan, sides, depths)


def _is_linked(plan: Plan, name: str) -> bool:
    """Tell whether the construct stands alone in its layer and shares errors with another one."""
    alone = [
        [slot for slot in column if isinstance(slot, str)] == [name] for column in plan.columns
    ]
    return any(alone) and any(name in pair for pair in plan.linked)


def _aligned(
    plan: Plan, sides: dict[str, Side], depths: dict[str, float]
) -> tuple[dict[str, Side], dict[str, float]]:
    """Put rows whose indicators share errors on one side at one distance."""
    for first, second in plan.linked:
        if first in depths and second in depths:
            sides[first] = sides[second] = plan.sides.get(first, "bottom")
            depths[first] = depths[second] = max(depths[first], depths[second])
    return sides, depths


def _row_cost(
    plan: Plan,
    name: str,
    layer: int,
    side: Side,
    heights: Mapping[Slot, float],
    across: list[float],
) -> tuple[float, float]:
    """Return what a row on that side costs, and how far out it must stand to clear the arrows."""
    up = 1.0 if side == "top" else -1.0
    half = plan.row_width(name) / 2 + 8.0
    depth = plan.sizes[name][1] / 2 + plan.spacing.row
    for gap, toward in ((layer - 1, -1), (layer, 1)):
        for pair in plan.layering.links[gap] if 0 <= gap < len(plan.layering.links) else ():
            if name not in pair:
                continue
            other = pair[0] if toward < 0 else pair[1]
            rise = up * (heights[other] - heights[name])
            run = abs(across[layer + toward] - across[layer])
            if rise > 0:
                depth = max(depth, half * rise / run)
    column = plan.columns[layer]
    rank = column.index(name)
    beyond = column[:rank] if side == "top" else column[rank + 1 :]
    return depth + 30.0 * len(beyond), min(depth, plan.spacing.deepest_row)


def _centres(plan: Plan, heights: Mapping[Slot, float], across: list[float]) -> dict[str, Point]:
    inch = plan.spacing.inch
    centres = {
        slot: (x, heights[slot])
        for column, x in zip(plan.columns, across, strict=True)
        for slot in column
        if isinstance(slot, str)
    }
    own = {name: (x * inch, y * inch) for name, (x, y) in plan.positions.items() if name in centres}
    return centres | own


def _column_x(plan: Plan, centres: Mapping[str, Point], across: list[float]) -> list[float]:
    """Return the x of every layer after shifts."""
    return [
        float(np.mean([centres[slot][0] for slot in column if isinstance(slot, str)] or [x]))
        for column, x in zip(plan.columns, across, strict=True)
    ]


def _without_row_collisions(
    plan: Plan, draft: _Draft, centres: dict[str, Point]
) -> dict[str, Point]:
    """Shift layers to the right until no row of indicators touches what stands left of it."""
    result: dict[str, Point] = {}
    standing: list[Shape] = []
    shift = 0.0
    for column in plan.columns:
        names = [slot for slot in column if isinstance(slot, str)]
        while True:
            moved = {
                name: centres[name]
                if name in plan.positions
                else (centres[name][0] + shift, centres[name][1])
                for name in names
            }
            blocks = [shape for name in names for shape in _block(plan, draft, name, moved[name])]
            free = all(not a.meets(b, 10.0) for a in blocks for b in standing)
            if free or all(name in plan.positions for name in names) or shift > 2000:
                break
            shift += 6.0
        result |= moved
        standing += blocks
    return result


def _block(plan: Plan, draft: _Draft, name: str, centre: Point) -> list[Shape]:
    """Return rectangles around a construct and around its row of indicators."""
    width, height = plan.sizes[name]
    body = Shape(form="rectangle", x=centre[0], y=centre[1], width=width, height=height)
    if name not in plan.structure.indicators:
        return [body]
    boxes = _fan(plan, body, name, draft.sides[name], draft.depths.get(name, 0.0)).values()
    left = min(box.x - box.width / 2 for box in boxes)
    right = max(box.x + box.width / 2 for box in boxes)
    low = min(box.y - box.height / 2 for box in boxes)
    high = max(box.y + box.height / 2 for box in boxes)
    row = Shape(
        form="rectangle",
        x=(left + right) / 2,
        y=(low + high) / 2,
        width=right - left,
        height=high - low,
    )
    return [body, row]


def _fan(plan: Plan, centre: Shape, name: str, side: Side, depth: float) -> dict[str, Shape]:
    """Return the boxes of the indicators of a construct, in their order."""
    own = plan.structure.indicators[name]
    width = max(plan.sizes[item][0] for item in own)
    height = plan.sizes[own[0]][1]
    middle = (len(own) - 1) / 2
    shapes = {}
    for rank, item in enumerate(own):
        if side in ("left", "right"):
            reach = centre.width / 2 + plan.spacing.fan + width / 2
            x = centre.x + (reach if side == "right" else -reach)
            y = centre.y + (middle - rank) * (height + plan.spacing.box)
        else:
            reach = max(depth, centre.height / 2 + plan.spacing.row) + height / 2
            x = centre.x + (rank - middle) * (width + plan.spacing.box)
            y = centre.y + (reach if side == "top" else -reach)
        inch = plan.spacing.inch
        if item in plan.positions:
            x, y = plan.positions[item][0] * inch, plan.positions[item][1] * inch
        shapes[item] = Shape(form="rectangle", x=x, y=y, width=width, height=height)
    return shapes


def _general(plan: Plan, shapes: Mapping[str, Shape]) -> dict[str, Shape]:
    """Return the general factors, in a column left of everything else."""
    names = plan.structure.general
    if not names or not shapes:
        return {}
    left = min(shape.x - shape.width / 2 for shape in shapes.values())
    middle = (
        max(shape.y for shape in shapes.values()) + min(shape.y for shape in shapes.values())
    ) / 2
    pitch = max(plan.sizes[name][1] for name in names) + 3 * plan.spacing.between
    result = {}
    for rank, name in enumerate(names):
        x = left - plan.spacing.fan - plan.spacing.column / 2 - plan.sizes[name][0] / 2
        y = middle + ((len(names) - 1) / 2 - rank) * pitch
        if name in plan.positions:
            x, y = (value * plan.spacing.inch for value in plan.positions[name])
        result[name] = _shape(plan, name, (x, y))
    return result
