"""The pictures of a report on its pages: their size in print, and the pages turned for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.diagrams.pages import UPRIGHT, page_fit

if TYPE_CHECKING:
    from loyaltysem.report.document import Figure

SIZE = re.compile(r'<svg[^>]*?\swidth="([\d.]+)pt"[^>]*?\sheight="([\d.]+)pt"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """The size of a picture in print, in points, and whether its page lies on its side.

    ``scale`` is that size as a multiple of the one in which it was drawn, at most 1.
    """

    width: float
    height: float
    scale: float
    turned: bool


def plate(figure: Figure) -> Plate:
    """Return how a figure stands on paper: no larger than drawn, no larger than its page."""
    found = SIZE.search(figure.svg)
    width, height = (float(found[1]), float(found[2])) if found else UPRIGHT
    fit = page_fit(width, height)
    return Plate(
        width=width * fit.scale, height=height * fit.scale, scale=fit.scale, turned=fit.turned
    )
