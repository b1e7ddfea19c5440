"""How large the parts of a diagram are: texts, shapes, the distances that labels need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.diagrams.fonts import drawable
from loyaltysem.diagrams.labelling import PAD_ACROSS
from loyaltysem.diagrams.measure import TextBlock, text_width, wrap
from loyaltysem.diagrams.numbers import number_text
from loyaltysem.diagrams.plan import Spacing, arc_reach
from loyaltysem.diagrams.structure import MEASUREMENT, ends
from loyaltysem.diagrams.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.diagrams.layers import Layering
    from loyaltysem.diagrams.options import DiagramOptions
    from loyaltysem.diagrams.spec import DiagramSpec, Edge, Node
    from loyaltysem.diagrams.structure import Structure
    from loyaltysem.diagrams.style import FigureStyle

ARC_ROOM = 14.0
"""Room beyond the arcs that pass a fan, and before its boxes."""


STRETCH = 1.15
"""How much wider than wished the lines of a name become before there is one more of them."""


def node_texts(
    spec: DiagramSpec,
    structure: Structure,
    options: DiagramOptions,
    style: FigureStyle,
    name_width: float,
) -> dict[str, TextBlock]:
    """Return what stands inside every shape; names have lines of about ``name_width``."""
    texts = {}
    explained = {edge.target for edge in spec.edges if edge.kind in ("path", "loading")}
    for node in spec.nodes:
        indicator = structure.home(node.name) is not None
        size = style.small_size if indicator else style.name_size
        name = drawable(node.name if indicator else node.label)
        lines = (name,) if indicator else wrap(name, size, name_width, most=4, stretch=STRETCH)
        sizes = [size] * len(lines)
        mean = sentence("intercept" if node.name in explained else "mean", spec.language)
        for line in _numbers(node, options, mean, indicator=indicator):
            lines, sizes = (*lines, line), [*sizes, style.small_size]
        texts[node.name] = TextBlock(lines=lines, sizes=tuple(sizes))
    return texts


def _numbers(node: Node, options: DiagramOptions, mean: str, *, indicator: bool) -> list[str]:
    """Return the lines with R² and with the mean or intercept of a variable."""
    result = []
    if options.r2 and node.r2 is not None and not indicator:
        zero = options.leading_zero
        result.append(f"R² = {number_text(node.r2, digits=options.digits, leading_zero=zero)}")
    if options.means and node.mean is not None:
        result.append(f"{mean} = {number_text(node.mean, digits=options.digits)}")
    return result


def node_sizes(
    spec: DiagramSpec,
    structure: Structure,
    texts: Mapping[str, TextBlock],
    widths: Mapping[Edge, float],
) -> dict[str, tuple[float, float]]:
    """Return the size of every shape: ovals alike, boxes of one kind equally high."""
    widest = max((width for edge, width in widths.items() if edge.kind in MEASUREMENT), default=0)
    sizes = {}
    for node in spec.nodes:
        text = texts[node.name]
        if node.kind == "latent":
            sizes[node.name] = text.ellipse(6.0)
        elif structure.home(node.name):
            sizes[node.name] = (max(text.width + 8.0, 1.15 * widest - 3.0), text.height + 3.5)
        else:
            sizes[node.name] = (text.width + 14.0, text.height + 9.0)
    for alike in _alike(spec, structure):
        width = max((sizes[name][0] for name in alike), default=0.0)
        height = max((sizes[name][1] for name in alike), default=0.0)
        sizes |= dict.fromkeys(alike, (width, height))
    return sizes


def _alike(spec: DiagramSpec, structure: Structure) -> tuple[list[str], ...]:
    """Return the groups of variables that are drawn in one size."""
    return (
        [node.name for node in spec.nodes if node.kind == "latent"],
        [node.name for node in spec.nodes if structure.home(node.name)],
        [
            node.name
            for node in spec.nodes
            if node.kind == "observed" and not structure.home(node.name)
        ],
    )


def label_size(edge: Edge, structure: Structure, style: FigureStyle) -> float:
    """Return the text size of a coefficient: loadings of indicators are smaller."""
    small = edge.kind in MEASUREMENT and structure.home(ends(edge)[1]) is not None
    return style.small_size if small else style.label_size


def label_widths(
    texts: Mapping[Edge, str], structure: Structure, style: FigureStyle
) -> dict[Edge, float]:
    """Return how wide the label of every edge is, with the room beside it."""
    return {
        edge: text_width(text, label_size(edge, structure, style)) + 2 * PAD_ACROSS
        for edge, text in texts.items()
    }


def spacing_for(
    widths: Mapping[Edge, float], structure: Structure, layering: Layering, looseness: float
) -> Spacing:
    """Return distances in which the labels have room on their lines, times ``looseness``.

    Tight diagrams (``looseness`` below 1) keep what the labels need.

    The more indicators a construct has, the steeper the outer lines of its fan, and the longer they
    must be for a label not to reach the next line; and where the covariances of exogenous variables
    pass their fans, the labels of these stand beyond the arcs.
    """
    most = max((len(own) for own in structure.indicators.values()), default=1)
    spokes = max((w for edge, w in widths.items() if edge.kind in MEASUREMENT), default=0.0)
    paths = max((w for edge, w in widths.items() if edge.kind not in MEASUREMENT), default=0.0)
    usual, loose, tight = Spacing(), max(looseness, 1.0), min(looseness, 1.0)
    steep = min(0.44 * (most - 1) * spokes, usual.widest_fan)
    needed = max(spokes + max(tight, 0.85) * (0.2 * spokes + 18.0), steep)
    needed = max(needed, _arc_zone(widths, structure, layering) + spokes)
    return Spacing(
        between=looseness * usual.between,
        lane=looseness * usual.lane,
        column=max(looseness * usual.column, loose * paths + looseness * 30.0),
        widest_column=tight * usual.widest_column,
        slope=tight * usual.slope,
        fan=max(looseness * usual.fan, loose * needed),
        row=loose * usual.row,
        deepest_row=loose * usual.deepest_row,
    )


def _arc_zone(widths: Mapping[Edge, float], structure: Structure, layering: Layering) -> float:
    """Return how far from their constructs covariances pass the fans of others, with some room."""
    if not structure.arcs or not structure.indicators:
        return 0.0
    pairs = [
        {edge.source, edge.target}
        for edge in widths
        if edge.kind == "covariance" and {edge.source, edge.target} <= {*structure.exogenous}
    ]
    passed = max((_between(pair, layering) for pair in pairs), default=0)
    return arc_reach(passed) + ARC_ROOM if passed else 0.0


def _between(pair: set[str], layering: Layering) -> int:
    """Return how many variables stand between two of one layer."""
    for column in layering.columns:
        names = [slot for slot in column if isinstance(slot, str)]
        if pair <= {*names}:
            first, second = (names.index(name) for name in pair)
            return abs(first - second) - 1
    return 0
