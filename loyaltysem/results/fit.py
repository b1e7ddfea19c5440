"""How a model fits, and what it implies of its constructs."""

from __future__ import annotations

from typing import Literal

from loyaltysem.results.base import Record


class IndexVerdict(Record):
    """One fit index against a profile's cut-off; ``index`` is lavaan's name (or chisq_df)."""

    index: str
    value: float | None
    relation: Literal["<", "<=", ">", ">="]
    cutoff: float
    source: str
    met: bool | None
    profile: Literal["thesis", "strict"] = "thesis"


class LatentPair(Record):
    """Correlation of two latent variables as the model implies it."""

    first: str
    second: str
    correlation: float
