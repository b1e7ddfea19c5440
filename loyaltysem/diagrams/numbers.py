"""How a figure writes a coefficient."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from loyaltysem.diagrams.style import STARS

if TYPE_CHECKING:
    from loyaltysem.diagrams.style import StarRule

MINUS = "\N{MINUS SIGN}"


def number_text(value: float | None, *, digits: int = 2, leading_zero: bool = True) -> str:
    """Return ``value`` rounded, with a true minus sign and never a negative zero.

    ``leading_zero=False`` writes .27 for 0.27, the custom for standardized coefficients (APA 7,
    section 6.36). Values that are not finite, and None, give an empty text.
    """
    if value is None or not math.isfinite(value):
        return ""
    rounded = round(value, digits)
    text = f"{abs(rounded):.{digits}f}"
    if not leading_zero and text.startswith("0."):
        text = text[1:]
    return MINUS + text if rounded < 0 else text


def stars(pvalue: float | None, rule: StarRule = STARS) -> str:
    """Return the stars that belong to ``pvalue``; none when it is unknown."""
    if pvalue is None or not math.isfinite(pvalue):
        return ""
    return next((mark for limit, mark in rule if pvalue < limit), "")
