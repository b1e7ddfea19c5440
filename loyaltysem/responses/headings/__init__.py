"""Which column of a file holds which question."""

from loyaltysem.responses.headings.found import (
    ID_HEADINGS,
    SIMULATED_HEADING,
    ColumnMap,
    Match,
    Target,
)
from loyaltysem.responses.headings.matching import columns_found, match_headings

__all__ = [
    "ID_HEADINGS",
    "SIMULATED_HEADING",
    "ColumnMap",
    "Match",
    "Target",
    "columns_found",
    "match_headings",
]
