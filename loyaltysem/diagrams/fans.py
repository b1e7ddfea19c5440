"""The boxes of the indicators, fanned out beside their constructs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from loyaltysem.diagrams.geometry import Shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.diagrams.options import Side
    from loyaltysem.diagrams.plan import Plan, Point


def node_shape(plan: Plan, name: str, centre: Point) -> Shape:
    """Return the oval or box of a variable around a point."""
    width, height = plan.sizes[name]
    form: Literal["ellipse", "rectangle"] = "ellipse" if name in plan.latent else "rectangle"
    return Shape(form=form, x=centre[0], y=centre[1], width=width, height=height)


def indicator_fan(
    plan: Plan, centre: Shape, name: str, side: Side, depth: float
) -> dict[str, Shape]:
    """Return the boxes of the indicators of a construct, in their order."""
    own = plan.structure.indicators[name]
    width = max(plan.sizes[item][0] for item in own)
    height = plan.sizes[own[0]][1]
    middle = (len(own) - 1) / 2
    shapes = {}
    for rank, item in enumerate(own):
        if side in ("left", "right"):
            reach = centre.width / 2 + plan.fan_length(name) + width / 2
            x = centre.x + (reach if side == "right" else -reach)
            y = centre.y + (middle - rank) * (height + plan.box_gap(name))
        else:
            reach = max(depth, centre.height / 2 + plan.spacing.row) + height / 2
            x = centre.x + (rank - middle) * (width + plan.box_gap(name))
            y = centre.y + (reach if side == "top" else -reach)
        inch = plan.spacing.inch
        if item in plan.positions:
            x, y = plan.positions[item][0] * inch, plan.positions[item][1] * inch
        shapes[item] = Shape(form="rectangle", x=x, y=y, width=width, height=height)
    return shapes


def beside_indicators(
    plan: Plan, shapes: Mapping[str, Shape], sides: Mapping[str, Side]
) -> dict[str, Shape]:
    """Return the variables that only explain indicators, beyond the boxes of these."""
    result: dict[str, Shape] = {}
    for name, item in plan.structure.satellites.items():
        box, side = shapes[item], sides[plan.structure.home(item) or ""]
        width, height = plan.sizes[name]
        x, y = box.x, box.y
        if side in ("left", "right"):
            away = (box.width + width) / 2 + plan.spacing.column
            x += away if side == "right" else -away
        else:
            away = (box.height + height) / 2 + plan.spacing.row
            y += away if side == "top" else -away
        if name in plan.positions:
            x, y = (value * plan.spacing.inch for value in plan.positions[name])
        result[name] = node_shape(plan, name, (x, y))
    return result


def general_factors(plan: Plan, shapes: Mapping[str, Shape]) -> dict[str, Shape]:
    """Return the general factors, left of everything else, with what only they measure.

    Such indicators stand on top of the column of the others.
    """
    names = plan.structure.general
    if not names or not shapes:
        return {}
    result = _own_boxes(plan, shapes)
    everything = [*shapes.values(), *result.values()]
    left = min(shape.x - shape.width / 2 for shape in everything)
    middle = (max(shape.y for shape in everything) + min(shape.y for shape in everything)) / 2
    pitch = max(plan.sizes[name][1] for name in names) + 3 * plan.spacing.between
    for rank, name in enumerate(names):
        x = left - plan.spacing.fan - plan.spacing.column - plan.sizes[name][0] / 2
        y = middle + ((len(names) - 1) / 2 - rank) * pitch
        if name in plan.positions:
            x, y = (value * plan.spacing.inch for value in plan.positions[name])
        result[name] = node_shape(plan, name, (x, y))
    return result


def _own_boxes(plan: Plan, shapes: Mapping[str, Shape]) -> dict[str, Shape]:
    """Return the indicators that only general factors have, above the leftmost ones."""
    own = [
        item for name in plan.structure.general for item in plan.structure.indicators.get(name, ())
    ]
    first = min(shapes.values(), key=lambda shape: (round(shape.x - shape.width / 2), -shape.y))
    top = max(shape.y + shape.height / 2 for shape in shapes.values())
    result = {}
    for rank, item in enumerate(reversed(own)):
        width, height = plan.sizes[item]
        y = top + plan.spacing.between + (rank + 0.5) * (height + plan.spacing.box)
        result[item] = Shape(form="rectangle", x=first.x, y=y, width=width, height=height)
    return result
