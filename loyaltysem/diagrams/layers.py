"""Layers from left to right, and an order within each that lets few lines cross.

The method of Sugiyama, Tagawa & Toda (1981, doi 10.1109/TSMC.1981.4308636): longest-path layers,
stand-ins where a path skips a layer, then sweeps and moves that reduce crossings. The search is
deterministic.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from loyaltysem.diagrams.structure import Arc

    Points = NDArray[np.float64]

Slot = str | tuple[str, str, int]
"""A variable, or the stand-in (source, target, layer) of a path that passes a layer."""

Cost = tuple[int, float, int]

Columns = tuple[tuple[Slot, ...], ...]

SWEEPS = 5

APART = 100
"""What a variable between the two of a stacked arc costs, in crossings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layering:
    """The slots of every layer from top to bottom, and the short arcs between adjacent layers.

    ``stacked`` are the arcs that run within a layer, from one variable to its neighbour.
    """

    columns: Columns
    links: tuple[tuple[tuple[Slot, Slot], ...], ...]
    stacked: tuple[Arc, ...] = ()

    def layer(self, name: str) -> int:
        """Return the layer of a variable."""
        return next(k for k, column in enumerate(self.columns) if name in column)


def longest_path_layers(
    nodes: Iterable[str], arcs: Iterable[Arc], stacked: Iterable[Arc] = ()
) -> dict[str, int]:
    """Return for every node the length of the longest way to it; ``stacked`` arcs have length 0."""
    layers = dict.fromkeys(nodes, 0)
    steps = [(arc, 0 if arc in set(stacked) else 1) for arc in arcs]
    for _ in layers:
        moved = False
        for (source, target), step in steps:
            if layers[target] < layers[source] + step:
                layers[target] = layers[source] + step
                moved = True
        if not moved:
            break
    return layers


def stacked_arcs(nodes: tuple[str, ...], arcs: tuple[Arc, ...], most: int) -> tuple[Arc, ...]:
    """Return the arcs that should run within a layer so that there are at most ``most`` layers.

    A long chain would make a picture too wide to be read. Its ends are folded: the first variables
    go below one another into the first layer, then the last ones into the last layer, in turn;
    other links where folding the ends would not make the picture narrower.
    """
    stacked: list[Arc] = []
    while max((layers := longest_path_layers(nodes, arcs, stacked)).values(), default=0) >= most:
        chain = [arc for arc in _longest_chain(arcs, layers, stacked) if arc not in stacked]
        fitting = [arc for arc in _ends_first(chain, len(stacked)) if _stackable(arc, stacked)]
        depths = {arc: _depth(longest_path_layers(nodes, arcs, [*stacked, arc])) for arc in fitting}
        shorter = [arc for arc in fitting if depths[arc][0] < _depth(layers)[0]]
        best = shorter[0] if shorter else min(fitting, key=depths.__getitem__, default=None)
        if best is None or depths[best] >= _depth(layers):
            break
        stacked.append(best)
    return tuple(stacked)


def _ends_first(chain: list[Arc], turn: int) -> list[Arc]:
    """Return the arcs of a chain from its ends inwards, in turn from the front or the back."""
    first, second = (chain, chain[::-1]) if turn % 2 == 0 else (chain[::-1], chain)
    pairs = zip(first, second, strict=True)
    return list(dict.fromkeys(arc for pair in pairs for arc in pair))


def _depth(layers: Mapping[str, int]) -> tuple[int, int]:
    """Return how deep layers are: the last one, then their sum."""
    return max(layers.values()), sum(layers.values())


def _longest_chain(
    arcs: tuple[Arc, ...], layers: Mapping[str, int], stacked: list[Arc]
) -> list[Arc]:
    """Return the arcs of one longest way through the layers."""
    chain: list[Arc] = []
    name = max(layers, key=lambda node: layers[node])
    while before := [
        (source, target)
        for source, target in arcs
        if target == name
        and layers[source] == layers[name] - (0 if (source, target) in stacked else 1)
    ]:
        chain.append(before[0])
        name = before[0][0]
    return chain[::-1]


def _stackable(arc: Arc, stacked: list[Arc]) -> bool:
    """Tell whether an arc can join the stacks: every variable has one neighbour above and below."""
    return all(arc[0] != source and arc[1] != target for source, target in stacked)


@lru_cache(maxsize=64)
def layered(nodes: tuple[str, ...], arcs: tuple[Arc, ...], most: int = 4) -> Layering:
    """Put ``nodes`` into at most ``most`` layers if possible, ordered so that few arcs cross."""
    stacked = stacked_arcs(nodes, arcs, most)
    layers = longest_path_layers(nodes, arcs, stacked)
    stacked = tuple(arc for arc in stacked if layers[arc[0]] == layers[arc[1]])
    count = max(layers.values(), default=-1) + 1
    columns: list[list[Slot]] = [[] for _ in range(count)]
    for name in nodes:
        columns[layers[name]].append(name)
    links: list[list[tuple[Slot, Slot]]] = [[] for _ in range(max(count - 1, 0))]
    for source, target in arcs:
        if (source, target) in stacked:
            continue
        chain: list[Slot] = [(source, target, k) for k in range(layers[source] + 1, layers[target])]
        for layer, slot in enumerate(chain, start=layers[source] + 1):
            columns[layer].append(slot)
        for offset, pair in enumerate(pairwise([source, *chain, target])):
            links[layers[source] + offset].append(pair)
    search = _Search(columns, links, stacked)
    return Layering(columns=search.run(), links=tuple(tuple(gap) for gap in links), stacked=stacked)


class _Search:
    """The search for an order: sweeps of mean positions, then single moves, the best kept."""

    def __init__(
        self,
        columns: list[list[Slot]],
        links: list[list[tuple[Slot, Slot]]],
        stacked: tuple[Arc, ...],
    ) -> None:
        self.columns = columns
        self.links = links
        self.stacked = stacked
        self.start = {slot: rank for column in columns for rank, slot in enumerate(column)}

    def run(self) -> Columns:
        best, least = self._copy(), self._cost()
        for sweep in range(SWEEPS):
            before = self._copy()
            self._sweep(rightwards=sweep % 2 == 0)
            self._improve()
            if (cost := self._cost()) < least:
                best, least = self._copy(), cost
            if before == self.columns:
                break
        return tuple(tuple(column) for column in best)

    def _copy(self) -> list[list[Slot]]:
        return [list(column) for column in self.columns]

    def _sweep(self, *, rightwards: bool) -> None:
        """Order every column by the mean rank of its neighbours on one side."""
        gaps = range(len(self.links)) if rightwards else range(len(self.links) - 1, -1, -1)
        for gap in gaps:
            ranks = _ranks(self.columns[gap]) | _ranks(self.columns[gap + 1])
            near = _neighbours(self.links[gap], rightwards=rightwards)
            means = {slot: fmean(ranks[other] for other in others) for slot, others in near.items()}
            column = self.columns[gap + 1 if rightwards else gap]
            column.sort(key=lambda slot: means.get(slot, ranks[slot]))

    def _improve(self) -> None:
        """Move single slots within their column as long as that helps."""
        helped = True
        while helped:
            moves = [
                self._settle(layer, slot)
                for layer, column in enumerate(self.columns)
                for slot in tuple(column)
            ]
            helped = any(moves)

    def _settle(self, layer: int, slot: Slot) -> bool:
        """Move one slot to the best place of its column; tell whether it moved."""
        column = self.columns[layer]
        start = best = column.index(slot)
        least = self._column_cost(layer)
        for rank in range(len(column)):
            column.remove(slot)
            column.insert(rank, slot)
            if (cost := self._column_cost(layer)) < least:
                best, least = rank, cost
        column.remove(slot)
        column.insert(best, slot)
        return best != start

    def _column_cost(self, layer: int) -> Cost:
        """Return the cost of everything that the order of one column bears on."""
        gaps = [gap for gap in (layer - 1, layer) if 0 <= gap < len(self.links)]
        return _sum([*(self._gap_cost(gap) for gap in gaps), self._order_cost(layer)])

    def _cost(self) -> Cost:
        """Return the cost of the whole order."""
        gaps = [self._gap_cost(gap) for gap in range(len(self.links))]
        return _sum([*gaps, *(self._order_cost(layer) for layer in range(len(self.columns)))])

    def _gap_cost(self, gap: int) -> Cost:
        left, right = _ranks(self.columns[gap]), _ranks(self.columns[gap + 1])
        ends = [(left[source], right[target]) for source, target in self.links[gap]]
        return _crossings(ends), sum(abs(a - b) for a, b in ends), 0

    def _order_cost(self, layer: int) -> Cost:
        """Return what stands between stacked variables, and departures from the given order."""
        column = self.columns[layer]
        rank = {slot: place for place, slot in enumerate(column)}
        apart = sum(abs(rank[a] - rank[b]) - 1 for a, b in self.stacked if a in rank)
        disorder = sum(self.start[a] > self.start[b] for a, b in pairwise(column))
        return APART * apart, 0.0, disorder


def _crossings(ends: list[tuple[float, float]]) -> int:
    """Return how many pairs of links cross, given the ranks of their ends (inversions)."""
    passed: list[float] = []
    crossed = 0
    for _, right in sorted(ends):
        crossed += len(passed) - bisect_right(passed, right)
        insort(passed, right)
    return crossed


def _ranks(column: list[Slot]) -> dict[Slot, float]:
    """Return the rank of every slot, counted from the middle of its column."""
    return {slot: rank - (len(column) - 1) / 2 for rank, slot in enumerate(column)}


def _sum(costs: list[Cost]) -> Cost:
    """Add costs: crossings, then the length of the links, then departures from the given order."""
    crossed, spread, disorder = (sum(parts) for parts in zip(*costs, strict=True))
    return int(crossed), round(spread, 6), int(disorder)


def _neighbours(gap: list[tuple[Slot, Slot]], *, rightwards: bool) -> Mapping[Slot, list[Slot]]:
    near: dict[Slot, list[Slot]] = {}
    for source, target in gap:
        key, other = (target, source) if rightwards else (source, target)
        near.setdefault(key, []).append(other)
    return near


def positions_without_overlap(wanted: Points, separation: Points) -> Points:
    """Return the positions nearest to ``wanted`` that keep the distances.

    Minimises Σ (y − wanted)² subject to y[i] − y[i+1] ≥ separation[i] (positions go down), by
    pooling adjacent violators (Ayer et al. 1955).
    """
    offset = np.concatenate([[0.0], np.cumsum(separation)])
    target = -(wanted + offset)
    pools: list[tuple[float, int]] = []
    for value in target.tolist():
        mean, size = value, 1
        while pools and pools[-1][0] >= mean:
            before, count = pools.pop()
            mean, size = (before * count + mean * size) / (count + size), count + size
        pools.append((mean, size))
    fitted = np.repeat([mean for mean, _ in pools], [size for _, size in pools])
    result: Points = -fitted - offset
    return result
