"""How a study wants its figures drawn."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from loyaltysem.results.base import Record


class DiagramRecord(Record):
    """The look of figures, and what path diagrams show.

    ``positions`` are places of variables in inches, ``sides`` those of constructs' indicators; both
    hold for every model that has the variable. ``covariances`` None draws those of exogenous
    variables while they are few.
    """

    style: Literal["colour", "mono"] = "colour"
    standardized: bool = True
    covariances: bool | None = None
    r2: bool = True
    means: bool = False
    positions: dict[str, tuple[float, float]] = Field(default_factory=dict)
    sides: dict[str, Literal["left", "right", "top", "bottom"]] = Field(default_factory=dict)
    dpi: int = 300
