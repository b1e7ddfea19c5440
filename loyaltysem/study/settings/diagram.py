"""The key ``diagram`` of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from loyaltysem.documents import Definition, Line
from loyaltysem.errors import StudyError, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from loyaltysem.structural.definition import ModelDefinition
    from loyaltysem.study.definition import StudyDefinition

Inches = Annotated[float, Field(allow_inf_nan=False)]


class DiagramDefinition(Definition):
    """How figures look, and what path diagrams show.

    Attributes
    ----------
    style
        Of all figures: ``colour`` (safe for colour-vision deficiency), or ``mono`` for print in
        black and white.
    standardized
        Whether path diagrams show standardized estimates.
    covariances
        Whether they show the covariances of exogenous variables: always or never; by default
        where there is room.
    r2
        Whether they show the explained variance in the oval.
    means
        Whether they show the mean structure.
    positions
        Places of variables, in inches from the left and from below; the others are placed around.
    sides
        On which side of a construct its indicators stand.
    dpi
        Dots per inch of PNG files.
    """

    style: Literal["colour", "mono"] = "colour"
    standardized: bool = True
    covariances: bool | None = None
    r2: bool = True
    means: bool = False
    positions: dict[Line, tuple[Inches, Inches]] = Field(default_factory=dict)
    sides: dict[Line, Literal["left", "right", "top", "bottom"]] = Field(default_factory=dict)
    dpi: Annotated[int, Field(ge=72, le=1200)] = 300


def check_diagram(definition: StudyDefinition, models: Iterable[ModelDefinition]) -> None:
    """Refuse places of variables that no model has.

    Raises
    ------
    StudyError
        With the place in the study file.
    """
    roles = [model.roles for model in models]
    latent = list(dict.fromkeys(name for one in roles for name in one.latent))
    observed = list(dict.fromkeys(name for one in roles for name in one.observed))
    allowed = {"positions": ("variable", [*latent, *observed]), "sides": ("construct", latent)}
    for key, (kind, known) in allowed.items():
        for name in getattr(definition.diagram, key):
            if name not in known:
                raise StudyError(
                    f"'diagram: {key}' names the {kind} '{name}', which no model has",
                    place=definition.place("diagram", key, name),
                    found=f"'{name}'",
                    expected=listed(known),
                    remedy=did_you_mean(name, known),
                )
