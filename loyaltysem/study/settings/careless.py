"""The key ``careless`` of a study: signs of careless answering, and who is excluded for them."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Self

from pydantic import Field, model_validator

from loyaltysem.documents import Definition, Line
from loyaltysem.measurement.careless import CarelessRules, Flag

Share = Annotated[float, Field(gt=0, le=1)]
Correlation = Annotated[float, Field(ge=-1, le=1)]

_RULES = CarelessRules()


class FlagsDefinition(Definition):
    """From where on an index is a sign of carelessness; what is not given stays as usual.

    Attributes
    ----------
    long_string
        Share of all items in the longest run of one answer.
    straight_lining
        Share of the constructs of three items or more answered alike throughout.
    low_variability
        Standard deviation of a respondent's own answers.
    outlier_pvalue
        p of the squared Mahalanobis distance.
    even_odd, person_total
        Correlation below which the index is a sign.
    synonyms
        Correlation from which two items count as synonyms.
    seconds_per_item
        Least time for an item.
    """

    long_string: Share = _RULES.long_string
    straight_lining: Share = _RULES.straight_lining
    low_variability: Annotated[float, Field(ge=0)] = _RULES.low_variability
    outlier_pvalue: Annotated[float, Field(gt=0, lt=1)] = _RULES.outlier_pvalue
    even_odd: Correlation = _RULES.even_odd
    person_total: Correlation = _RULES.person_total
    synonyms: Share = _RULES.synonyms
    seconds_per_item: Annotated[float, Field(gt=0)] = _RULES.seconds_per_item

    def rules(self) -> CarelessRules:
        """Return the rules."""
        return CarelessRules(**{one.name: getattr(self, one.name) for one in fields(CarelessRules)})


class CarelessDefinition(Definition):
    """Signs of careless answering.

    Attributes
    ----------
    flags
        Where each sign begins.
    exclude
        Signs for which respondents are excluded; without any they are only counted.
    least
        How many of these signs a respondent must bear to be excluded.
    seconds
        Column of the data file with the time each respondent took, in seconds.
    devices
        Columns with what tells devices apart, such as the IP address.
    compare
        Whether the models are also fitted with everybody, to show what the exclusions change.
    """

    flags: FlagsDefinition = Field(default_factory=FlagsDefinition)
    exclude: tuple[Flag, ...] = ()
    least: Annotated[int, Field(ge=1)] = 1
    seconds: Line | None = None
    devices: tuple[Line, ...] = ()
    compare: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len(set(self.exclude)) < len(self.exclude):
            raise ValueError("exclude names the same sign twice")
        if self.exclude and self.least > len(self.exclude):
            raise ValueError("least is more than the number of signs in exclude")
        if self.compare and not self.exclude:
            raise ValueError(
                "compare needs exclude: without exclusions there is nothing to compare"
            )
        if "too_fast" in self.exclude and self.seconds is None:
            raise ValueError("too_fast needs the column of the times (seconds: …)")
        if "same_device" in self.exclude and not self.devices:
            raise ValueError("same_device needs columns that tell devices apart (devices: […])")
        return self

    @property
    def extra(self) -> tuple[str, ...]:
        """Columns of the data file that are needed beside the questions."""
        return (*((self.seconds,) if self.seconds else ()), *self.devices)
