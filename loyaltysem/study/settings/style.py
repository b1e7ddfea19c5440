"""The key ``style`` of a study."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from loyaltysem.documents import Definition

MOST_DIGITS = 6

Decimals = Annotated[int, Field(ge=0, le=MOST_DIGITS)]
Level = Annotated[float, Field(gt=0, lt=1)]


class DigitsDefinition(Definition):
    """Decimals by kind of number; what is not given is written as usual.

    Attributes
    ----------
    estimate
        Of unstandardized estimates and their standard errors.
    bounded
        Of loadings, correlations, reliabilities and fit indices.
    moment
        Of means, standard deviations and the like.
    statistic
        Of χ², z and other test statistics.
    percent
        Of percentages.
    pvalue
        Of p values; smaller ones are written as < .001 and the like.
    """

    estimate: Decimals | None = None
    bounded: Decimals | None = None
    moment: Decimals | None = None
    statistic: Decimals | None = None
    percent: Decimals | None = None
    pvalue: Annotated[int, Field(ge=2, le=MOST_DIGITS)] | None = None

    def given(self) -> dict[str, int]:
        """Return the decimals that are given, by kind."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: value for name, value in values.items() if value is not None}


def _falling(levels: tuple[float, ...]) -> tuple[float, ...]:
    if any(later >= earlier for earlier, later in pairwise(levels)):
        raise ValueError("must fall, such as [0.05, 0.01, 0.001]")
    return levels


class StyleDefinition(Definition):
    """How numbers and tables are written.

    Attributes
    ----------
    tables
        Three-line tables (thick outer rules), or APA's.
    digits
        Decimals by kind of number.
    leading_zero
        Whether numbers that cannot exceed 1 have a zero before the point.
    stars
        Levels for one, two and three stars; an empty list for none.
    references
        Style of the list of references: APA (seventh edition) or GB/T 7714—2015 by author and year.
        Left out: APA in English reports, GB/T 7714 in Chinese ones.
    """

    tables: Literal["three_line", "apa"] = "three_line"
    digits: DigitsDefinition = Field(default_factory=DigitsDefinition)
    leading_zero: bool = False
    stars: Annotated[tuple[Level, ...], Field(max_length=3), AfterValidator(_falling)] = (
        0.05,
        0.01,
        0.001,
    )
    references: Literal["apa", "gbt7714"] | None = None
