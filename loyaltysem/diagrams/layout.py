"""From a graph to a finished drawing plan: every shape, line, label and note with its place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.diagrams.captions import edge_texts, note_sentences
from loyaltysem.diagrams.fonts import drawable
from loyaltysem.diagrams.labelling import place_labels
from loyaltysem.diagrams.layers import layered
from loyaltysem.diagrams.measure import TextBlock, text_width, wrap
from loyaltysem.diagrams.placement import place
from loyaltysem.diagrams.plan import Plan
from loyaltysem.diagrams.routing import route_edges
from loyaltysem.diagrams.sizing import (
    label_size,
    label_widths,
    node_sizes,
    node_texts,
    spacing_for,
)
from loyaltysem.diagrams.structure import find_structure
from loyaltysem.diagrams.trials import best_of
from loyaltysem.diagrams.triangle import correlation_triangle, in_triangle
from loyaltysem.diagrams.wording import sentence
from loyaltysem.errors import ReportError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.diagrams.geometry import Points, Shape
    from loyaltysem.diagrams.labelling import Label
    from loyaltysem.diagrams.layers import Layering
    from loyaltysem.diagrams.options import DiagramOptions
    from loyaltysem.diagrams.routing import Route
    from loyaltysem.diagrams.spec import DiagramSpec, Edge, Node
    from loyaltysem.diagrams.structure import Structure
    from loyaltysem.diagrams.style import FigureStyle
    from loyaltysem.diagrams.trials import Trial

MARGIN = 8.0
FEW_EXOGENOUS = {"structural": 4, "full": 3}
"""Up to how many exogenous variables have their covariances drawn if the user does not say."""
NOTE_WIDTH = 300.0
NOTE_LINE = 1.4
"""Distance of the lines of the note, in multiples of the text size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedNode:
    """A variable with its shape and the lines of text inside."""

    node: Node
    shape: Shape
    text: TextBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A path diagram ready to be drawn. Lengths in points, origin at the lower left corner.

    ``guides`` are the thin lines of a triangle of correlations, ``notes`` the lines of the note
    below the picture, from ``note_top`` downwards.
    """

    nodes: tuple[PlacedNode, ...]
    routes: tuple[Route, ...]
    labels: tuple[Label, ...]
    guides: tuple[Points, ...]
    notes: tuple[str, ...]
    note_top: float
    width: float
    height: float

    def positions(self) -> dict[str, tuple[float, float]]:
        """Return the place of every variable in inches, to be changed and given back."""
        return {
            placed.node.name: (round(placed.shape.x / 72, 2), round(placed.shape.y / 72, 2))
            for placed in self.nodes
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """What the picture holds, before it is moved to its margin."""

    nodes: tuple[PlacedNode, ...]
    routes: tuple[Route, ...]
    labels: tuple[Label, ...]
    guides: tuple[Points, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """What a trial comes to: the texts in the shapes, who stands in which layer, how loosely."""

    texts: Mapping[str, TextBlock]
    layering: Layering
    looseness: float


def build_layout(spec: DiagramSpec, options: DiagramOptions, style: FigureStyle) -> Layout:
    """Return the drawing plan of a diagram.

    Raises
    ------
    ReportError
        When the options name what does not exist, or the coefficients that they ask for are not
        there.
    """
    options.check(spec)
    structure = find_structure(spec)
    shown, hidden = _selected(spec, structure, options)
    structure = find_structure(shown) if options.kind == "structural" else structure
    if not shown.nodes:
        raise ReportError("There is nothing to draw: the model has no arrows")
    _check_numbers(shown, options)
    made: dict[object, Layout] = {}

    def compose(trial: Trial) -> Layout:
        """Return the diagram as a trial sets it; trials that come to the same are made once."""
        texts = node_texts(shown, structure, options, style, trial.name_width)
        layering = layered(structure.structural, structure.arcs, trial.most)
        way = (tuple(texts.values()), layering, trial.looseness)
        if way not in made:
            setting = _Setting(texts=texts, layering=layering, looseness=trial.looseness)
            made[way] = _composed(
                shown, structure, options, style, setting, hidden_covariances=hidden
            )
        return made[way]

    return best_of(compose)


def _check_numbers(spec: DiagramSpec, options: DiagramOptions) -> None:
    """Refuse a picture of standardized coefficients that would show none."""
    known = [edge.std for edge in spec.edges if edge.est is not None]
    if options.standardized and known and all(std is None for std in known):
        raise ReportError(
            "The model has no standardized coefficients to draw",
            found="no column std_all",
            remedy="Draw the raw ones: standardized=False.",
        )


def _composed(
    shown: DiagramSpec,
    structure: Structure,
    options: DiagramOptions,
    style: FigureStyle,
    setting: _Setting,
    *,
    hidden_covariances: bool,
) -> Layout:
    """Return the diagram in one setting."""
    texts = setting.texts
    coefficients = dict(zip(shown.edges, edge_texts(shown.edges, options), strict=True))
    widths = label_widths(coefficients, structure, style)
    placement = place(_plan(shown, structure, widths, options, setting))
    listed = in_triangle(shown.edges, structure, placement, indicators=bool(structure.indicators))
    lines = tuple(edge for edge in shown.edges if edge not in listed)
    routes = route_edges(lines, placement, structure)
    on_lines = [(coefficients[edge], label_size(edge, structure, style)) for edge in lines]
    triangle = correlation_triangle(
        {(edge.source, edge.target): coefficients[edge] for edge in listed},
        structure,
        placement,
        style.small_size,
    )
    content = _Content(
        nodes=tuple(
            PlacedNode(node=node, shape=placement.shapes[node.name], text=texts[node.name])
            for node in shown.nodes
        ),
        routes=routes,
        labels=(*place_labels(on_lines, routes, placement.shapes), *triangle.labels),
        guides=triangle.guides,
    )
    notes = note_sentences(shown, lines, options, hidden_covariances=hidden_covariances)
    return _framed(content, notes, shown, style)


def _selected(
    spec: DiagramSpec, structure: Structure, options: DiagramOptions
) -> tuple[DiagramSpec, bool]:
    """Return what is drawn, and whether covariances of exogenous variables were left out."""
    exogenous, beside = set(structure.exogenous), {*structure.satellites}
    few = not structure.arcs or len(exogenous) <= FEW_EXOGENOUS[options.kind]
    unwanted = {True: set(), False: exogenous | beside, None: beside if few else exogenous | beside}
    gone = {item for own in structure.indicators.values() for item in own} | beside
    gone = gone if options.kind == "structural" else set()
    edges = tuple(edge for edge in spec.edges if not gone & {edge.source, edge.target})
    left_out = tuple(
        edge
        for edge in edges
        if edge.kind == "covariance"
        and {edge.source, edge.target} <= exogenous | beside
        and {edge.source, edge.target} & unwanted[options.covariances]
    )
    return replace(
        spec,
        nodes=tuple(node for node in spec.nodes if node.name not in gone),
        edges=tuple(edge for edge in edges if edge not in left_out),
    ), bool(left_out)


def _plan(
    spec: DiagramSpec,
    structure: Structure,
    widths: Mapping[Edge, float],
    options: DiagramOptions,
    setting: _Setting,
) -> Plan:
    """Return what the placement starts from."""
    homes = [
        (structure.home(edge.source), structure.home(edge.target))
        for edge in spec.edges
        if edge.kind == "covariance"
    ]
    exogenous = set(structure.exogenous)
    errors = [(first, second) for first, second in homes if first and second]
    return Plan(
        structure=structure,
        layering=setting.layering,
        sizes=node_sizes(spec, structure, setting.texts, widths),
        spacing=spacing_for(widths, structure, setting.layering, setting.looseness),
        latent=frozenset(node.name for node in spec.nodes if node.kind == "latent"),
        linked=tuple(sorted({pair for pair in errors if pair[0] != pair[1]})),
        tied=tuple(
            (edge.source, edge.target)
            for edge in spec.edges
            if edge.kind == "covariance" and not {edge.source, edge.target} <= exogenous
        ),
        loose=frozenset(name for pair in errors for name in pair),
        positions=options.positions,
        sides=options.sides,
    )


def _framed(
    content: _Content, sentences: tuple[str, ...], spec: DiagramSpec, style: FigureStyle
) -> Layout:
    """Move everything so that the drawing starts at the margin, and put the note below it."""
    low, high = _bounds(content)
    width = max(high[0] - low[0], NOTE_WIDTH)
    notes = _note_lines(sentences, spec, style, width)
    below = (len(notes) * NOTE_LINE + 0.9) * style.note_size if notes else 0.0
    shift = np.array([MARGIN - low[0] + (width - (high[0] - low[0])) / 2, MARGIN + below - low[1]])
    return Layout(
        nodes=tuple(replace(node, shape=_moved(node.shape, shift)) for node in content.nodes),
        routes=tuple(replace(route, curve=route.curve + shift) for route in content.routes),
        labels=tuple(replace(label, box=_moved(label.box, shift)) for label in content.labels),
        guides=tuple(guide + shift for guide in content.guides),
        notes=notes,
        note_top=MARGIN + below - 0.9 * style.note_size,
        width=float(width + 2 * MARGIN),
        height=float(high[1] - low[1] + below + 2 * MARGIN),
    )


def _moved(shape: Shape, shift: Points) -> Shape:
    return replace(shape, x=shape.x + float(shift[0]), y=shape.y + float(shift[1]))


def _bounds(content: _Content) -> tuple[Points, Points]:
    """Return the lower left and upper right corner of everything drawn."""
    shapes = [placed.shape for placed in content.nodes] + [label.box for label in content.labels]
    corners = [
        np.array([shape.x + sign * shape.width / 2, shape.y + sign * shape.height / 2])
        for shape in shapes
        for sign in (-1, 1)
    ]
    points = np.vstack([*corners, *(route.points for route in content.routes)])
    return points.min(axis=0), points.max(axis=0)


def _note_lines(
    sentences: tuple[str, ...], spec: DiagramSpec, style: FigureStyle, width: float
) -> tuple[str, ...]:
    """Break the note into lines of the width of the picture."""
    space = " " if spec.language == "en" else ""
    text = drawable(sentence("note", spec.language) + space.join(sentences))
    many = int(text_width(text, style.note_size) / width) + 2
    return wrap(text, style.note_size, width, most=many)
