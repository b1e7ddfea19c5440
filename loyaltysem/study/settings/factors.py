"""The key ``factors`` of a study."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from loyaltysem.documents import Definition
from loyaltysem.measurement.extraction import ExtractionMethod
from loyaltysem.measurement.rotation import RotationMethod


class FactorsDefinition(Definition):
    """How the items are explored.

    Attributes
    ----------
    n
        Number of factors; ``auto``: as many as parallel analysis suggests.
    extraction
        How factors are extracted.
    rotation
        How they are rotated.
    hide_below
        Loadings below it are left blank in the table.
    """

    n: Annotated[int, Field(ge=1)] | Literal["auto"] = "auto"
    extraction: ExtractionMethod = "minres"
    rotation: RotationMethod = "oblimin"
    hide_below: Annotated[float, Field(ge=0, lt=1)] = 0.40
