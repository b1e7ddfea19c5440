"""What the items and scales are worth."""

from __future__ import annotations

from pydantic import Field

from loyaltysem.results.answers import Shape
from loyaltysem.results.base import Record, Text


class ItemDescriptive(Record):
    """One item's answers after reverse coding; skewness and kurtosis as SPSS prints them.

    ``counts`` tells how often each point of the scale was chosen, from the lowest.
    """

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
    shape: Shape | None = None
    counts: tuple[int, ...] = ()


class ItemReliability(Record):
    """An item within its construct: corrected item-total correlation, alpha without it."""

    code: str
    item_total: float | None
    alpha_if_deleted: float | None


class ReliabilityResult(Record):
    """Reliability of one construct.

    ``ci`` is Feldt's 95 % interval of alpha, ``boot_ci`` the percentile interval of ``draws``
    bootstrap samples. ``coefficients`` are those of
    :func:`~loyaltysem.measurement.scales.scale_coefficients`: mean_r, split_half, lambda1 to
    lambda6, omega, spearman_brown, ordinal_alpha, ordinal_omega, categorical_omega.
    """

    construct_code: str
    name: Text
    n_items: int
    n: int
    alpha: float | None
    alpha_standardized: float | None
    ci: tuple[float, float] | None
    items: tuple[ItemReliability, ...]
    coefficients: dict[str, float | None] = Field(default_factory=dict)
    boot_ci: tuple[float, float] | None = None
    draws: int = 0


class RetestResult(Record):
    """Agreement of two waves of one construct's scores, with 95 % intervals.

    ``agreement`` is ICC(A,1), ``consistency`` ICC(C,1); ``n`` respondents took part in both.
    """

    construct_code: str
    n: int
    agreement: float
    agreement_ci: tuple[float, float]
    consistency: float
    consistency_ci: tuple[float, float]
    pvalue: float


class ConvergentValidity(Record):
    """Composite reliability and average variance extracted of one latent variable in one model."""

    construct_code: str
    composite_reliability: float | None
    ave: float | None
