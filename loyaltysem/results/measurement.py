"""What the items and scales are worth."""

from __future__ import annotations

from loyaltysem.results.base import Record, Text


class ItemDescriptive(Record):
    """One item's answers after reverse coding; skewness and kurtosis as SPSS prints them."""

    code: str
    construct_code: str
    n: int
    n_missing: int
    mean: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    minimum: float | None
    maximum: float | None


class ItemReliability(Record):
    """An item within its construct: corrected item-total correlation, alpha without it."""

    code: str
    item_total: float | None
    alpha_if_deleted: float | None


class ReliabilityResult(Record):
    """Reliability of one construct; ``ci`` is the 95 % interval of alpha."""

    construct_code: str
    name: Text
    n_items: int
    n: int
    alpha: float | None
    alpha_standardized: float | None
    ci: tuple[float, float] | None
    items: tuple[ItemReliability, ...]


class ConvergentValidity(Record):
    """Composite reliability and average variance extracted of one latent variable in one model."""

    construct_code: str
    composite_reliability: float | None
    ave: float | None
