"""How tightly a diagram may be set, and how good a finished one is.

No rule of thumb sets every model well. So a diagram is laid out a few times, and the best layout is
kept: nothing covered, few crossings, legible on a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.diagrams.geometry import sample
from loyaltysem.diagrams.obstacles import crossings
from loyaltysem.diagrams.overlap import overlaps
from loyaltysem.diagrams.pages import page_fit

if TYPE_CHECKING:
    from collections.abc import Callable

    from loyaltysem.diagrams.layout import Layout

FAULT, CROSSED, SMALLER, TURNED = 1000.0, 10.0, 120.0, 20.0
"""Costs: something covered, two lines that cross, being once the page too large, a page that has to
be turned."""

HOPELESS = 150
"""So many crossings leave no place for all labels, however a diagram is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A way to set a diagram.

    ``most`` is the wished number of layers, ``name_width`` about how wide a line of a construct's
    name may be, ``looseness`` multiplies the usual distances.
    """

    most: int = 4
    name_width: float = 60.0
    looseness: float = 1.0


TIGHTEST = 0.6
"""The least looseness that leaves labels their room."""

TRIALS = (
    Trial(),
    Trial(most=3),
    Trial(looseness=0.75),
    Trial(most=3, looseness=TIGHTEST),
    Trial(most=3, looseness=TIGHTEST, name_width=48.0),
    Trial(looseness=TIGHTEST, name_width=48.0),
)
"""In the order in which they are made, until nothing could be better; the tightest ones only for
what does not fit its page."""


REMEDIES = (
    Trial(most=5),
    Trial(most=9),
    Trial(looseness=1.25),
    Trial(most=3, looseness=1.25),
    Trial(looseness=1.5, name_width=76.0),
    Trial(looseness=1.9),
)
"""What is tried when all others leave something covered."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a layout: things covered, crossings, how small it comes out on a page.

    ``size`` is 1 / scale in print; ``turned`` tells whether its page lies on its side for that.
    """

    faults: int
    crossings: int
    size: float
    turned: bool = False

    @property
    def cost(self) -> float:
        """One number to compare layouts by."""
        small = SMALLER * (self.size - 1) + TURNED * self.turned
        return FAULT * self.faults + CROSSED * self.crossings + small

    @property
    def flawless(self) -> bool:
        """Nothing could be better."""
        return self.cost == 0


def best_of(compose: Callable[[Trial], Layout]) -> Layout:
    """Return the best layout that ``compose`` makes of the trials; the first of equals."""
    best = compose(TRIALS[0])
    least = verdict(best)
    seen = [best]
    for trial in (*TRIALS[1:], *REMEDIES):
        if not _is_of_use(trial, least):
            continue
        layout = compose(trial)
        if any(layout is one for one in seen):
            continue
        seen.append(layout)
        if (found := verdict(layout)).cost < least.cost:
            best, least = layout, found
    return best


def _is_of_use(trial: Trial, least: Verdict) -> bool:
    """Tell whether a trial could better what was found so far."""
    if least.crossings > HOPELESS:
        return False
    if least.faults:
        return True
    if trial in REMEDIES or least.flawless:
        return False
    return trial.looseness > TIGHTEST or least.turned or least.size > 1


def verdict(layout: Layout) -> Verdict:
    """Judge a layout."""
    fit = page_fit(layout.width, layout.height)
    return Verdict(
        faults=len(overlaps(layout)),
        crossings=crossings([sample(route.curve, 8) for route in layout.routes]),
        size=1 / fit.scale,
        turned=fit.turned,
    )
