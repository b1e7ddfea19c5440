"""How a model fits, and what it implies of its constructs."""

from __future__ import annotations

from typing import Literal

from loyaltysem.results.base import Record


class IndexVerdict(Record):
    """One fit index against a profile's cut-off; ``index`` is lavaan's name (or chisq_df).

    ``tolerated`` is a weaker value that the index meets although it misses the cut-off, proposed by
    ``tolerated_source`` (empty: the source of the cut-off); None where it meets none.
    """

    index: str
    value: float | None
    relation: Literal["<", "<=", ">", ">="]
    cutoff: float
    source: str
    met: bool | None
    profile: Literal["thesis", "strict"] = "thesis"
    tolerated: float | None = None
    tolerated_source: str = ""


class LatentPair(Record):
    """Correlation of two latent variables as the model implies it."""

    first: str
    second: str
    correlation: float
