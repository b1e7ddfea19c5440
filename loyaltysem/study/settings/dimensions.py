"""The key ``dimensions`` of a study."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from loyaltysem.documents import Definition, Line


class DimensionsDefinition(Definition):
    """Dimensions whose common factor is looked for.

    Attributes
    ----------
    constructs
        Codes of latent variables of a model.
    """

    constructs: Annotated[tuple[Line, ...], Field(min_length=2)]
