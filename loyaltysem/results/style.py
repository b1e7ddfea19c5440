"""How a study wants its numbers and tables written."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from loyaltysem.results.base import Record


class StyleRecord(Record):
    """The conventions of a report.

    ``digits`` are decimals by kind of number (estimate, bounded, moment, statistic, percent,
    pvalue); ``stars`` are the levels of significance that earn one, two and three stars;
    ``references`` is the style of the list of references, None for the usual one of the language.
    """

    tables: Literal["three_line", "apa"] = "three_line"
    digits: dict[str, int] = Field(default_factory=dict)
    leading_zero: bool = False
    stars: tuple[float, ...] = (0.05, 0.01, 0.001)
    references: Literal["apa", "gbt7714"] | None = None
