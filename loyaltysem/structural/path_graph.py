"""The regressions of a model as a graph: what leads to what, and along which paths."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from loyaltysem.syntax.table import Parameter, ParameterTable

Path = tuple[str, ...]
"""Variables from the first cause to the last outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathGraph:
    """The paths (``~``) of one group.

    Loadings are no paths: a dimension shows its second-order construct, it is not an outcome of it.

    Attributes
    ----------
    group
        Number of the group, from 1.
    variables
        Variables that take part in a regression, in the order in which the table names them.
    edges
        (cause, outcome) to the row of the parameter table. A path fixed at zero is none.
    """

    group: int
    variables: tuple[str, ...]
    edges: dict[tuple[str, str], int]

    @property
    def adjacency(self) -> NDArray[np.bool_]:
        """Whether a path leads from column to row (m, m), as in B."""
        place = {name: k for k, name in enumerate(self.variables)}
        matrix = np.zeros((len(place), len(place)), dtype=bool)
        for cause, outcome in self.edges:
            matrix[place[outcome], place[cause]] = True
        return matrix

    @property
    def in_circle(self) -> tuple[str, ...]:
        """Variables that lead back to themselves."""
        loops = np.diagonal(_reach(self.adjacency))
        return tuple(name for name, loop in zip(self.variables, loops, strict=True) if loop)

    def connected(self) -> tuple[tuple[str, str], ...]:
        """Return the ordered pairs (cause, outcome) that some path connects."""
        reach = _reach(self.adjacency)
        return tuple(
            (cause, outcome)
            for j, cause in enumerate(self.variables)
            for i, outcome in enumerate(self.variables)
            if i != j and reach[i, j]
        )

    def count_paths(self) -> int:
        """Return the number of specific indirect paths; the graph must have no circle."""
        step = self.adjacency.astype(float)
        product, total = step, 0.0
        for _ in self.variables:
            product = product @ step
            total += product.sum()
        return int(total)

    def indirect_paths(self, cause: str, outcome: str) -> tuple[Path, ...]:
        """Return the paths with at least one mediator, the shortest first; no circle allowed."""
        after: dict[str, list[str]] = {}
        for source, target in self.edges:
            after.setdefault(source, []).append(target)
        found = [path for path in _walks((cause,), outcome, after) if path != (cause, outcome)]
        return tuple(sorted(found, key=len))

    def rows_along(self, path: Path) -> tuple[int, ...]:
        """Return the rows of the table along a path."""
        return tuple(self.edges[step] for step in pairwise(path))


def path_graph(table: ParameterTable, group: int = 1) -> PathGraph:
    """Return the graph of one group's regressions.

    Parameters
    ----------
    table
        The parameter table.
    group
        Number of the group, from 1.
    """
    rows = [(k, row) for k, row in enumerate(table.rows) if row.group == group and _is_path(row)]
    causes = [row.rhs for _, row in rows]
    outcomes = [row.lhs for _, row in rows]
    named = dict.fromkeys([*[name for name in causes if name not in outcomes], *outcomes])
    return PathGraph(
        group=group,
        variables=tuple(named | dict.fromkeys(causes)),
        edges={(row.rhs, row.lhs): k for k, row in rows},
    )


def _is_path(row: Parameter) -> bool:
    return row.op == "~" and (bool(row.free) or row.ustart != 0)


def _reach(adjacency: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether any path leads from column to row: the transitive closure."""
    reach = adjacency.copy()
    for k in range(len(reach)):
        reach |= np.outer(reach[:, k], reach[k])
    return reach


def _walks(path: Path, goal: str, after: dict[str, list[str]]) -> Iterator[Path]:
    """Yield every continuation of ``path`` that ends in ``goal``."""
    if path[-1] == goal:
        yield path
        return
    for name in after.get(path[-1], ()):
        yield from _walks((*path, name), goal, after)
