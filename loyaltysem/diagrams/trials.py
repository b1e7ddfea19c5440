"""How tightly a diagram may be set, and how good a finished one is.

No rule of thumb sets every model well. So a diagram is laid out a few times, and the best layout is
kept: nothing covered, few crossings, legible at the width of a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.diagrams.geometry import sample
from loyaltysem.diagrams.obstacles import crossings
from loyaltysem.diagrams.overlap import overlaps

if TYPE_CHECKING:
    from collections.abc import Callable

    from loyaltysem.diagrams.layout import Layout

PAGE = (454.0, 609.0)
"""Width and height of a picture on an A4 page with usual margins, in points."""

FAULT, CROSSED, SMALLER = 1000.0, 10.0, 120.0
"""Costs: something covered, two lines that cross, being once the page too large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A way to set a diagram.

    ``most`` is the wished number of layers, ``name_width`` about how wide a line of a construct's
    name may be, ``looseness`` multiplies the usual distances.
    """

    most: int = 4
    name_width: float = 60.0
    looseness: float = 1.0


TRIALS = (
    Trial(),
    Trial(most=3),
    Trial(most=5),
    Trial(most=9),
    Trial(looseness=1.25),
    Trial(most=3, looseness=1.25),
    Trial(looseness=1.5, name_width=76.0),
    Trial(looseness=1.9),
)
"""In the order in which they are made; all but the first two only when something is covered."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a layout: things covered, crossings, times too large for a page."""

    faults: int
    crossings: int
    size: float

    @property
    def cost(self) -> float:
        """One number to compare layouts by."""
        return FAULT * self.faults + CROSSED * self.crossings + SMALLER * (self.size - 1)

    @property
    def flawless(self) -> bool:
        """Nothing could be better."""
        return self.cost == 0


def best_of(compose: Callable[[Trial], Layout]) -> Layout:
    """Return the best layout that ``compose`` makes of the trials; the first of equals."""
    best = compose(TRIALS[0])
    least = verdict(best)
    for rank, trial in enumerate(TRIALS[1:], start=1):
        if least.flawless or (rank > 1 and not least.faults):
            break
        layout = compose(trial)
        if (found := verdict(layout)).cost < least.cost:
            best, least = layout, found
    return best


def verdict(layout: Layout) -> Verdict:
    """Judge a layout."""
    return Verdict(
        faults=len(overlaps(layout)),
        crossings=crossings([sample(route.curve, 8) for route in layout.routes]),
        size=max(1.0, layout.width / PAGE[0], layout.height / PAGE[1]),
    )
