"""How large a picture comes out on paper, and when its page is better turned."""

from __future__ import annotations

from dataclasses import dataclass

UPRIGHT = (454.0, 609.0)
"""Width and height that a picture may have on an A4 page with margins of 25 mm, in points: what the
caption and the notes below it leave."""

TURNED = (700.0, 395.0)
"""The same on a page that lies on its side."""

LEGIBLE = 6.5 / 7.5
"""The scale at which the smallest texts of a figure, of 7.5 points, are printed in 6.5."""

GAIN = 1.1
"""How many times as large an illegible picture must become for its page to be turned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFit:
    """How a picture is put on a page.

    ``scale`` is its size in print as a multiple of its own, at most 1; ``turned`` whether its page
    lies on its side.
    """

    scale: float
    turned: bool = False


def page_fit(width: float, height: float) -> PageFit:
    """Return how a picture of so many points is put on a page: upright wherever that will do."""
    upright, turned = _scale(width, height, UPRIGHT), _scale(width, height, TURNED)
    if upright < LEGIBLE and turned > GAIN * upright:
        return PageFit(scale=turned, turned=True)
    return PageFit(scale=upright)


def _scale(width: float, height: float, page: tuple[float, float]) -> float:
    return min(1.0, page[0] / width, page[1] / height)
