"""The key ``bootstrap`` of a study."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from loyaltysem.documents import Definition
from loyaltysem.structural.effects import FEWEST_DRAWS


def _not_zero(workers: int) -> int:
    if workers == 0:
        raise ValueError("must be -1 or at least 1")
    return workers


class BootstrapDefinition(Definition):
    """How often samples are drawn from the answers, and from which seed.

    Attributes
    ----------
    draws
        Samples; 5,000 are customary in a thesis.
    seed
        The same seed gives the same samples.
    workers
        Processes that share the work, -1 for one per core; the numbers do not depend on it.
    """

    draws: Annotated[int, Field(ge=FEWEST_DRAWS, le=100_000)] = 5000
    seed: Annotated[int, Field(ge=0)] = 2026
    workers: Annotated[int, Field(ge=-1), AfterValidator(_not_zero)] = 1
