"""The key ``missing`` of a study: what is done about missing answers."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from loyaltysem.documents import Definition
from loyaltysem.estimation.imputation.pooled_tests import PoolMethod

MissingMethod = Literal["listwise", "fiml", "em", "mi", "pairwise"]

FIT_OPTIONS: dict[str, str] = {
    "listwise": "listwise",
    "fiml": "fiml",
    "em": "two.stage",
    "mi": "fiml",
    "pairwise": "pairwise",
}
"""What :func:`loyaltysem.fit` is told; analyses that pool nothing use full information with mi."""


class MissingDefinition(Definition):
    """What is done about missing answers.

    Attributes
    ----------
    method
        ``listwise`` deletion, ``fiml`` (full-information maximum likelihood), ``em`` (means and
        covariances by EM, then maximum likelihood: two stages), ``mi`` (multiple imputation) or
        ``pairwise`` (ordinal estimators: each correlation from the respondents who answered both).
    datasets
        Data sets of multiple imputation.
    seed
        Seed of its draws.
    steps
        Steps of each of its chains.
    test
        How chi-squares of imputed data sets are pooled: D3 (Meng & Rubin) or D2 (Li et al.).
    """

    method: MissingMethod = "listwise"
    datasets: Annotated[int, Field(ge=2, le=1000)] = 20
    seed: Annotated[int, Field(ge=0)] = 2026
    steps: Annotated[int, Field(ge=1, le=100_000)] = 100
    test: PoolMethod = "D3"

    @model_validator(mode="after")
    def _imputation_only(self) -> Self:
        given = self.model_fields_set - {"method"}
        if given and self.method != "mi":
            raise ValueError(f"{', '.join(sorted(given))} belong to method: mi")
        return self


def _form(value: object) -> str:
    """Tell a bare method from one with settings."""
    return "settings" if isinstance(value, dict | MissingDefinition) else "method"


MissingChoice = Annotated[
    Annotated[MissingMethod, Tag("method")] | Annotated[MissingDefinition, Tag("settings")],
    Discriminator(_form),
]
"""``missing: fiml`` or ``missing: {method: mi, datasets: 20}``."""
