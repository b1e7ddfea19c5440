"""Who stands where in principle: structural variables, their indicators, the flow left to right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.diagrams.spec import DiagramSpec, Edge

Arc = tuple[str, str]

MEASUREMENT = ("loading", "weight")


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """The parts of a diagram.

    ``structural`` are constructs and variables of the structural part; ``indicators`` those of each
    construct in their order (each indicator once, with the construct that has fewest);
    ``general`` the constructs that load mainly on several other constructs' indicators (general or
    method factors); ``partners`` those that load mainly on the indicators of one other construct,
    as the growth factors of one variable do; ``satellites`` variables that only explain an
    indicator, by that; ``arcs`` which variable stands left of which; ``exogenous`` what nothing
    points to.
    """

    structural: tuple[str, ...]
    indicators: Mapping[str, tuple[str, ...]]
    general: tuple[str, ...]
    partners: Mapping[str, str]
    satellites: Mapping[str, str]
    arcs: tuple[Arc, ...]
    exogenous: tuple[str, ...]

    def home(self, indicator: str) -> str | None:
        """Return the construct beside which an indicator stands, None for anything else."""
        return next((name for name, own in self.indicators.items() if indicator in own), None)


def ends(edge: Edge) -> tuple[str, str]:
    """Return (construct, indicator) of a loading or weight, whichever way its arrow points."""
    return (edge.target, edge.source) if edge.kind == "weight" else (edge.source, edge.target)


def find_structure(spec: DiagramSpec) -> Structure:
    """Sort the variables of a diagram into their roles."""
    latent = {node.name for node in spec.nodes if node.kind == "latent"}
    measured: dict[str, list[str]] = {}
    for edge in spec.edges:
        if edge.kind in MEASUREMENT and ends(edge)[1] not in latent:
            measured.setdefault(ends(edge)[0], []).append(ends(edge)[1])
    homes = _homes(measured)
    guests = _guests(measured, homes)
    partners = {name: hosts[0] for name, hosts in guests.items() if len(hosts) == 1}
    homes |= {item: partners[home] for item, home in homes.items() if home in partners}
    indicators = {
        name: tuple(item for item in _in_order(name, measured, partners) if homes[item] == name)
        for name in measured
    }
    general = tuple(name for name in guests if name not in partners)
    satellites = _satellites(spec, homes)
    apart = {*homes, *general, *satellites}
    structural = tuple(node.name for node in spec.nodes if node.name not in apart)
    arcs = _arcs(spec, structural)
    targets = {edge.target for edge in spec.edges if edge.kind not in ("covariance", "weight")}
    return Structure(
        structural=structural,
        indicators={name: own for name, own in indicators.items() if own},
        general=general,
        partners=partners,
        satellites=satellites,
        arcs=arcs,
        exogenous=tuple(name for name in structural if name not in targets),
    )


def _homes(measured: Mapping[str, list[str]]) -> dict[str, str]:
    """Return the construct beside which each indicator stands: its most specific one."""
    homes: dict[str, str] = {}
    for name, items in sorted(measured.items(), key=lambda pair: len(pair[1])):
        for item in items:
            homes.setdefault(item, name)
    return homes


def _guests(
    measured: Mapping[str, list[str]], homes: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Return constructs most of whose indicators stand beside others, with these others."""
    guests = {}
    for name, items in measured.items():
        hosts = [homes[item] for item in items if homes[item] != name]
        if len(hosts) > len(items) / 2:
            guests[name] = tuple(dict.fromkeys(hosts))
    return guests


def _in_order(
    name: str, measured: Mapping[str, list[str]], partners: Mapping[str, str]
) -> list[str]:
    """Return the indicators of a construct and its partners, in the order of the longest list."""
    lists = [measured[name], *(measured[one] for one, host in partners.items() if host == name)]
    lists.sort(key=len, reverse=True)
    return list(dict.fromkeys(item for items in lists for item in items))


def _satellites(spec: DiagramSpec, homes: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that have paths to indicators alone, each with its first one."""
    latent = {node.name for node in spec.nodes if node.kind == "latent"}
    paths = [edge for edge in spec.edges if edge.kind in ("path", "moderation")]
    targets: dict[str, list[str]] = {}
    for edge in paths:
        targets.setdefault(edge.source, []).append(edge.target)
    taken = {*homes, *latent, *(edge.target for edge in paths)}
    return {
        name: ends_at[0]
        for name, ends_at in targets.items()
        if name not in taken and all(target in homes for target in ends_at)
    }


def _arcs(spec: DiagramSpec, structural: tuple[str, ...]) -> tuple[Arc, ...]:
    """Return who stands left of whom, without cycles.

    Paths run left to right. Dimensions stand right of their second-order construct, unless that one
    is itself a starting point of paths: then the picture reads dimensions, construct, outcomes.
    """
    members = set(structural)
    paths = [
        (edge.source, edge.target)
        for edge in spec.edges
        if edge.kind in ("path", "moderation") and {edge.source, edge.target} <= members
    ]
    starts = {source for source, _ in paths} - {target for _, target in paths}
    dimensions = [
        (edge.target, edge.source) if edge.source in starts else (edge.source, edge.target)
        for edge in spec.edges
        if edge.kind in MEASUREMENT and {edge.source, edge.target} <= members
    ]
    return _without_cycles(structural, list(dict.fromkeys([*paths, *dimensions])))


def _without_cycles(nodes: tuple[str, ...], arcs: list[Arc]) -> tuple[Arc, ...]:
    """Return the arcs with those turned round that would close a cycle."""
    kept: list[Arc] = []
    for source, target in arcs:
        if source == target:
            continue
        arc = (target, source) if _reaches(kept, target, source) else (source, target)
        if arc not in kept:
            kept.append(arc)
    order = {name: rank for rank, name in enumerate(nodes)}
    return tuple(sorted(kept, key=lambda arc: (order[arc[0]], order[arc[1]])))


def _reaches(arcs: list[Arc], start: str, goal: str) -> bool:
    """Tell whether ``goal`` can be reached from ``start``."""
    seen, waiting = {start}, [start]
    while waiting:
        name = waiting.pop()
        if name == goal:
            return True
        fresh = [target for source, target in arcs if source == name and target not in seen]
        seen.update(fresh)
        waiting.extend(fresh)
    return False
