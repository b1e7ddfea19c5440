"""The key ``behaviour`` of a study."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from loyaltysem.documents import Definition, Line
from loyaltysem.measurement.behaviour import TIERS, Measure


class BehaviourDefinition(Definition):
    """A table of purchases that is joined to the respondents by their id.

    Attributes
    ----------
    data
        Its file: one row per purchase.
    customer
        Its column with the ids of the respondents.
    date
        Its column with the day of the purchase.
    amount
        Its column with what was paid.
    until
        Last day of observation, by default that of the last purchase.
    tiers
        Names of the tiers, from the lowest.
    rules
        Ascending limits of recency (days), frequency or monetary value, one fewer than the tiers;
        what has none is cut at its quantiles.
    horizon
        Weeks over which future purchases are expected.
    """

    data: Line
    customer: Line = "customer"
    date: Line = "date"
    amount: Line = "amount"
    until: str | None = None
    tiers: Annotated[tuple[Line, ...], Field(min_length=2, max_length=10)] = TIERS
    rules: dict[Measure, tuple[float, ...]] = Field(default_factory=dict)
    horizon: Annotated[float, Field(gt=0, le=520)] = 52

    @model_validator(mode="after")
    def _limits_fit_the_tiers(self) -> Self:
        for measure, limits in self.rules.items():
            ascending = all(a < b for a, b in pairwise(limits))
            if len(limits) != len(self.tiers) - 1 or not ascending:
                raise ValueError(
                    f"rules of '{measure}' must be {len(self.tiers) - 1} ascending limits"
                )
        return self
