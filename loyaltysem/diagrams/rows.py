"""On which side of a construct its indicators stand, and how far out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.diagrams.layers import Slot
    from loyaltysem.diagrams.options import Side
    from loyaltysem.diagrams.plan import Plan


FLATTEST = 0.36
"""The least distance of a row from its construct, as a share of half its length."""

PASSED, BARRED = 30.0, 150.0
"""What a row costs, in points, that stands before another construct; and before a linked one."""


def first_sides(plan: Plan) -> dict[str, Side]:
    """Return left for the first layer, right for the last, below for those between."""
    last = len(plan.columns) - 1
    sides: dict[str, Side] = {}
    for layer, column in enumerate(plan.columns):
        for slot in column:
            if isinstance(slot, str):
                sides[slot] = "left" if layer == 0 else "right" if layer == last else "bottom"
    sides |= dict.fromkeys(plan.structure.general, "right")
    return sides | dict(plan.sides)


def sides_and_depths(
    plan: Plan, old: Mapping[str, Side], heights: Mapping[Slot, float], across: list[float]
) -> tuple[dict[str, Side], dict[str, float]]:
    """Choose above or below for the middle layers, and how far out their rows must stand."""
    sides: dict[str, Side] = dict(old)
    found: dict[str, dict[Side, tuple[float, float]]] = {}
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
            found[slot] = costs
    return _aligned(plan, sides, found, heights)


def _is_linked(plan: Plan, name: str) -> bool:
    """Tell whether the construct stands alone in its layer and shares errors with another one."""
    alone = [
        [slot for slot in column if isinstance(slot, str)] == [name] for column in plan.columns
    ]
    return any(alone) and any(name in pair for pair in plan.linked)


def _aligned(
    plan: Plan,
    sides: dict[str, Side],
    options: Mapping[str, Mapping[Side, tuple[float, float]]],
    heights: Mapping[Slot, float],
) -> tuple[dict[str, Side], dict[str, float]]:
    """Put rows whose indicators share errors on one side and at one height."""
    depths = {name: costs[sides[name]][1] for name, costs in options.items()}
    for first, second in plan.linked:
        if first not in options or second not in options:
            continue
        both = [side for side in options[first] if side in options[second]]
        if not both:
            continue
        side = min(both, key=lambda side: options[first][side][0] + options[second][side][0])
        up = 1.0 if side == "top" else -1.0
        level = max(up * heights[name] + options[name][side][1] for name in (first, second))
        for name in (first, second):
            sides[name], depths[name] = side, level - up * heights[name]
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
    depth = plan.sizes[name][1] / 2 + max(plan.spacing.row, FLATTEST * half)
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
    linked = {
        other for pair in (*plan.layering.stacked, *plan.tied) if name in pair for other in pair
    }
    cost = depth + PASSED * len(beyond) + BARRED * len(linked & set(beyond) - {name})
    return cost, min(depth, plan.spacing.deepest_row)
