"""Where the variables stand: columns of constructs, indicators fanned out beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from loyaltysem.diagrams.columns import columns_across, slot_heights
from loyaltysem.diagrams.fans import beside_indicators, general_factors, indicator_fan, node_shape
from loyaltysem.diagrams.geometry import Shape
from loyaltysem.diagrams.plan import Draft, Placement
from loyaltysem.diagrams.rows import first_sides, sides_and_depths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.diagrams.layers import Slot
    from loyaltysem.diagrams.options import Side
    from loyaltysem.diagrams.plan import Lane, Plan, Point


def place(plan: Plan) -> Placement:
    """Give every variable its place."""
    draft = Draft(first_sides(plan), {}, {})
    for _ in range(3):
        heights = slot_heights(plan, draft)
        across = columns_across(plan, heights)
        draft = Draft(*sides_and_depths(plan, draft.sides, heights, across), heights)
    heights = slot_heights(plan, draft)
    across = columns_across(plan, heights)
    centres = _centres(plan, heights, across)
    centres = _without_row_collisions(plan, draft, centres)
    shapes = {name: node_shape(plan, name, centre) for name, centre in centres.items()}
    for name in plan.structure.indicators:
        if name in shapes:
            middle = _between_partners(plan, shapes, name, draft.sides[name])
            shapes |= indicator_fan(
                plan, middle, name, draft.sides[name], draft.depths.get(name, 0.0)
            )
    shapes |= beside_indicators(plan, shapes, draft.sides)
    shapes |= general_factors(plan, shapes)
    return Placement(shapes=shapes, sides=draft.sides, lanes=_lanes(plan, shapes, heights))


def _between_partners(plan: Plan, shapes: Mapping[str, Shape], name: str, side: Side) -> Shape:
    """Return the shape of a construct, moved to the middle of those that share its indicators."""
    own = shapes[name]
    sharing = [one for one, host in plan.structure.partners.items() if host == name]
    column = [shapes[one] for one in (name, *sharing) if shapes[one].x == own.x]
    if side not in ("left", "right"):
        return own
    return replace(own, y=sum(shape.y for shape in column) / len(column))


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


def _lanes(
    plan: Plan, shapes: Mapping[str, Shape], heights: Mapping[Slot, float]
) -> dict[Slot, Lane]:
    """Return the lanes of the long paths, as wide as the layers that they pass."""
    lanes: dict[Slot, Lane] = {}
    for column in plan.columns:
        names = [slot for slot in column if isinstance(slot, str)]
        rows = [item for name in names for item in plan.structure.indicators.get(name, ())]
        members = [shapes[name] for name in (*names, *rows)]
        left = min(shape.x - shape.width / 2 for shape in members)
        right = max(shape.x + shape.width / 2 for shape in members)
        lanes |= {
            slot: (left, right, heights[slot]) for slot in column if not isinstance(slot, str)
        }
    return lanes


def _without_row_collisions(
    plan: Plan, draft: Draft, centres: dict[str, Point]
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


def _block(plan: Plan, draft: Draft, name: str, centre: Point) -> list[Shape]:
    """Return rectangles around a construct and around its row of indicators."""
    width, height = plan.sizes[name]
    body = Shape(form="rectangle", x=centre[0], y=centre[1], width=width, height=height)
    if name not in plan.structure.indicators:
        return [body]
    boxes = indicator_fan(plan, body, name, draft.sides[name], draft.depths.get(name, 0.0)).values()
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
