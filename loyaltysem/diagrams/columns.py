"""Where the columns of constructs stand, and how high their members."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.diagrams.layers import positions_without_overlap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.diagrams.layers import Layering, Slot
    from loyaltysem.diagrams.plan import Draft, Plan


MOST_STRETCHED = 2.0
"""How much further apart than usual a layer may stand in which many links meet."""


def slot_heights(plan: Plan, draft: Draft) -> dict[Slot, float]:
    """Return the height of every slot: near its neighbours, blocks apart."""
    separations = [_separations(plan, draft, column) for column in plan.columns]
    spans = [float(gaps.sum()) for gaps in separations]
    base = int(np.argmax(spans)) if spans else 0
    for layer, gaps in enumerate(separations):
        if _is_dense(plan, layer) and 0 < spans[layer] < 0.9 * spans[base]:
            separations[layer] = gaps * min(0.9 * spans[base] / spans[layer], MOST_STRETCHED)
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


def columns_across(plan: Plan, heights: Mapping[Slot, float]) -> list[float]:
    """Return the x of every layer: wider gaps where links are steep."""
    across, x = [], 0.0
    for layer, column in enumerate(plan.columns):
        width = max((plan.sizes[slot][0] for slot in column if isinstance(slot, str)), default=0.0)
        if layer:
            steepest = max(
                (abs(heights[a] - heights[b]) for a, b in plan.layering.links[layer - 1]),
                default=0.0,
            )
            crowd = max(len(plan.layering.links[layer - 1]) - plan.spacing.dense, 0)
            gap = max(plan.spacing.column + 12.0 * crowd, plan.spacing.slope * steepest)
            x += min(gap, plan.spacing.widest_column) + width / 2
        across.append(x)
        x += width / 2
    return across


def _extent(plan: Plan, draft: Draft, slot: Slot) -> tuple[float, float]:
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


def _separations(plan: Plan, draft: Draft, column: tuple[Slot, ...]) -> np.ndarray:
    """Return how far the middles of neighbouring slots must be apart."""
    extents = [_extent(plan, draft, slot) for slot in column]
    result = []
    for (a, b), (above, below) in zip(pairwise(column), pairwise(extents), strict=True):
        distance = above[1] + below[0] + plan.spacing.between
        if {(a, b), (b, a)} & {*plan.layering.stacked, *plan.tied}:
            ovals = (plan.sizes[a][1] + plan.sizes[b][1]) / 2  # type: ignore[index]
            distance = max(distance, ovals + plan.spacing.stacked)
        result.append(distance)
    return np.array(result)


def _is_dense(plan: Plan, layer: int) -> bool:
    """Tell whether many links meet in a layer, which then needs room for their labels."""
    links = [
        len(plan.layering.links[gap])
        for gap in (layer - 1, layer)
        if 0 <= gap < len(plan.layering.links)
    ]
    return max(links, default=0) >= plan.spacing.dense


def _near(layering: Layering) -> dict[Slot, list[Slot]]:
    near: dict[Slot, list[Slot]] = {}
    for gap in layering.links:
        for source, target in gap:
            near.setdefault(source, []).append(target)
            near.setdefault(target, []).append(source)
    return near
