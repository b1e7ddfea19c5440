r"""Effects as functions of the path coefficients: values, exact derivatives, intervals.

    specific indirect effect    product of the coefficients along the path
    total effects               T = (I - B)^-1 - I          (Bollen 1987)
    total indirect effects      T - B
    derivative                  dT[t, f] / dB[a, b] = (I - B)^-1[t, a] (I - B)^-1[b, f]

A standardized effect is the same function of standardized coefficients, since the standard
deviations of mediators cancel along a path.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.structural.path_graph import Path, PathGraph

    Array = NDArray[np.float64]

EffectKind = Literal["direct", "indirect", "total_indirect", "total"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One effect: ``path`` holds all variables of a specific path, else the two ends."""

    group: int
    kind: EffectKind
    path: Path

    @property
    def cause(self) -> str:
        """Where the effect starts."""
        return self.path[0]

    @property
    def outcome(self) -> str:
        """Where the effect ends."""
        return self.path[-1]

    @property
    def name(self) -> str:
        """The path in words: ``a -> m -> y``."""
        return " -> ".join(self.path)


def graph_effects(graph: PathGraph, *, specific: bool) -> tuple[Effect, ...]:
    """Return the effects of one group by pair: direct, specific indirect, total indirect, total.

    ``specific`` tells whether single indirect paths are wanted; a graph with a circle has endlessly
    many of them.
    """
    connected = graph.connected()
    found: list[tuple[EffectKind, Path]] = []
    for pair in connected:
        if pair in graph.edges:
            found.append(("direct", pair))
        if specific:
            found += [("indirect", path) for path in graph.indirect_paths(*pair)]
        if _has_mediator(graph, pair, set(connected)):
            found.append(("total_indirect", pair))
        found.append(("total", pair))
    return tuple(Effect(group=graph.group, kind=kind, path=path) for kind, path in found)


def _has_mediator(graph: PathGraph, pair: Path, connected: set[tuple[str, str]]) -> bool:
    """Tell whether a pair is connected by way of a third variable, or of a circle."""
    cause, outcome = pair
    ways_on = {between for start, between in graph.edges if start == cause}
    return outcome in ways_on.intersection(graph.in_circle) or any(
        (between, outcome) in connected for between in ways_on
    )


def effect_values(graph: PathGraph, effects: Sequence[Effect], rows: Array) -> Array:
    """Return the effects (..., k) at values of all rows of the table (..., rows)."""
    inverse = _inverse(graph, rows)
    place = {name: k for k, name in enumerate(graph.variables)}
    values = np.empty((*rows.shape[:-1], len(effects)))
    for k, effect in enumerate(effects):
        if effect.kind in ("direct", "indirect"):
            values[..., k] = rows[..., graph.rows_along(effect.path)].prod(axis=-1)
        else:
            values[..., k] = inverse[..., place[effect.outcome], place[effect.cause]]
        if effect.kind == "total_indirect" and effect.path in graph.edges:
            values[..., k] -= rows[..., graph.edges[effect.cause, effect.outcome]]
    return values


def effect_slopes(graph: PathGraph, effects: Sequence[Effect], rows: Array) -> Array:
    """Return the derivatives (k, rows) of the effects by the rows of the table, at ``rows``."""
    inverse = _inverse(graph, rows)
    place = {name: k for k, name in enumerate(graph.variables)}
    slopes = np.zeros((len(effects), len(rows)))
    for k, effect in enumerate(effects):
        if effect.kind in ("direct", "indirect"):
            along = graph.rows_along(effect.path)
            for row in along:
                slopes[k, row] = rows[[other for other in along if other != row]].prod()
            continue
        end, start = inverse[place[effect.outcome]], inverse[:, place[effect.cause]]
        for (cause, outcome), row in graph.edges.items():
            slopes[k, row] = end[place[outcome]] * start[place[cause]]
        if effect.kind == "total_indirect" and effect.path in graph.edges:
            slopes[k, graph.edges[effect.cause, effect.outcome]] -= 1.0
    return slopes


def largest_loop(graph: PathGraph, rows: Array) -> float:
    """Return the largest modulus of the eigenvalues of B; from one on, loops do not die out."""
    return float(np.abs(np.linalg.eigvals(_coefficients(graph, rows))).max(initial=0.0))


def _coefficients(graph: PathGraph, rows: Array) -> Array:
    place = {name: k for k, name in enumerate(graph.variables)}
    matrix = np.zeros((*rows.shape[:-1], len(place), len(place)))
    for (cause, outcome), row in graph.edges.items():
        matrix[..., place[outcome], place[cause]] = rows[..., row]
    return matrix


def _inverse(graph: PathGraph, rows: Array) -> Array:
    return np.asarray(np.linalg.inv(np.eye(len(graph.variables)) - _coefficients(graph, rows)))
