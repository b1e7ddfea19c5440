"""What the placement of variables starts from, and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.diagrams.geometry import Shape
    from loyaltysem.diagrams.layers import Layering, Slot
    from loyaltysem.diagrams.options import Side
    from loyaltysem.diagrams.structure import Arc, Structure

Point = tuple[float, float]
Size = tuple[float, float]
Lane = tuple[float, float, float]
"""Where a long path may pass a layer: from x, to x, at height y."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacing:
    """Distances in points."""

    between: float = 15.0
    stacked: float = 34.0
    dense: int = 6
    lane: float = 16.0
    column: float = 62.0
    widest_column: float = 150.0
    slope: float = 0.42
    fan: float = 46.0
    widest_fan: float = 110.0
    row: float = 46.0
    deepest_row: float = 150.0
    box: float = 3.0
    loose_box: float = 12.0
    inch: float = 72.0


SHARED = 1.9
"""How much further out indicators stand to which the lines of two constructs lead."""


def arc_reach(between: int) -> float:
    """Return how far beside a column an arc runs that passes so many of its members."""
    return 20.0 + 24.0 * between


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the placement starts from.

    ``sizes`` holds width and height of every shape, ``latent`` the names drawn as ovals, ``linked``
    pairs of constructs whose indicators have correlated errors, ``loose`` all constructs with such
    indicators, ``tied`` pairs of endogenous variables whose residuals are correlated; ``positions``
    (inches) and ``sides`` are the user's wishes.
    """

    structure: Structure
    layering: Layering
    sizes: Mapping[str, Size]
    latent: frozenset[str]
    linked: tuple[Arc, ...] = ()
    loose: frozenset[str] = frozenset()
    tied: tuple[Arc, ...] = ()
    positions: Mapping[str, Point] = field(default_factory=dict)
    sides: Mapping[str, Side] = field(default_factory=dict)
    spacing: Spacing = Spacing()

    @property
    def columns(self) -> tuple[tuple[Slot, ...], ...]:
        """The slots of every layer."""
        return self.layering.columns

    def box_gap(self, name: str) -> float:
        """Return the distance between the indicators of a construct."""
        own = self.structure.indicators.get(name, ())
        beside = [one for one, item in self.structure.satellites.items() if item in own]
        room = [self.sizes[one][1] + self.spacing.box - self.sizes[own[0]][1] for one in beside]
        usual = self.spacing.loose_box if self.is_loose(name) else self.spacing.box
        return max(usual, *room) if room else usual

    def is_loose(self, name: str) -> bool:
        """Tell whether more than one line comes to each indicator of a construct."""
        return name in self.loose or name in self.structure.partners.values()

    def fan_length(self, name: str) -> float:
        """Return how far beside a construct its indicators stand."""
        shared = name in self.structure.partners.values()
        return self.spacing.fan * (SHARED if shared else 1.0)

    def row_width(self, name: str) -> float:
        """Return the length of the indicators of a construct when they stand in a row."""
        own = self.structure.indicators.get(name, ())
        return sum(self.sizes[item][0] + self.box_gap(name) for item in own)

    def stack_height(self, name: str) -> float:
        """Return the height of the indicators of a construct when they stand in a column."""
        own = self.structure.indicators.get(name, ())
        return sum(self.sizes[item][1] + self.box_gap(name) for item in own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Shapes of all variables, the side of each construct's indicators, the lanes of long paths."""

    shapes: Mapping[str, Shape]
    sides: Mapping[str, Side]
    lanes: Mapping[Slot, Lane]


@dataclass(frozen=True, slots=True)
class Draft:
    """A first or improved idea: sides and row distances of constructs, heights of slots."""

    sides: dict[str, Side]
    depths: dict[str, float]
    heights: dict[Slot, float]
