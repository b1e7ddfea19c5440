"""The key ``check`` of a study: how far a number may move before a check fails."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from loyaltysem.documents import Definition

NumberKind = Literal[
    "estimates", "standard_errors", "pvalues", "intervals", "fit", "reliability", "other"
]
TOLERANCE = 1e-5


class CheckDefinition(Definition):
    """Tolerances of ``loyaltysem check`` by kind of number.

    A number has moved when it differs by more than tolerance × max(1, its stored size). Counts
    must be the same.

    Attributes
    ----------
    tolerance
        By kind of number; the default of every kind is 1e-5, about what other builds of the same
        numerical libraries differ by.
    """

    tolerance: dict[NumberKind, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)

    def allowed(self, kind: NumberKind) -> float:
        """Return the tolerance of a kind of number."""
        return self.tolerance.get(kind, TOLERANCE)
