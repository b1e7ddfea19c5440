"""Common-method variance."""

from __future__ import annotations

from typing import Literal

from loyaltysem.results.base import Record
from loyaltysem.results.rivals import RivalRecord, StepRecord


class ConstructInflation(Record):
    """A construct's variance inflation factor on all other constructs; None if it is infinite."""

    construct_code: str
    vif: float | None


class MethodLoading(Record):
    """Standardized loadings of an item: without and beside the method factor, and on it."""

    item: str
    construct_code: str
    loading: float | None
    adjusted: float | None
    method: float | None


class MethodPath(Record):
    """A structural path without and with the method factor."""

    predictor: str
    outcome: str
    est: float | None
    pvalue: float | None
    std_all: float | None
    adj_est: float | None
    adj_pvalue: float | None
    adj_std_all: float | None


class AdjustedCorrelation(Record):
    """A correlation of two constructs before and after the method is taken out."""

    first: str
    second: str
    correlation: float | None
    adjusted: float | None


class MethodFactorResult(Record):
    """An unmeasured method factor.

    ``chosen`` is the model described: free or equal loadings, None where neither can be read;
    the shares are mean squared standardized loadings.
    """

    models: tuple[RivalRecord, ...]
    steps: tuple[StepRecord, ...]
    chosen: Literal["free", "equal"] | None
    method_share: float | None
    trait_share: float | None
    loadings: tuple[MethodLoading, ...]
    correlations: tuple[AdjustedCorrelation, ...]
    paths: tuple[MethodPath, ...]


class MarkerPair(Record):
    """A correlation of two constructs' scores before and after the marker is partialled out.

    ``adj_pvalue`` takes the method's correlation as known, ``sampling_pvalue`` and ``adj_se`` know
    that it is estimated, ``upper_*`` takes its upper limit; ``lost`` tells whether the correlation
    is significant with its sign no more, by ``sampling_pvalue``. These three are None where the
    answers chose the method's correlation.
    """

    first: str
    second: str
    correlation: float | None
    pvalue: float | None
    adjusted: float | None
    adj_pvalue: float | None
    adj_se: float | None = None
    sampling_pvalue: float | None = None
    upper_adjusted: float | None
    upper_pvalue: float | None
    lost: bool | None


class MarkerReliability(Record):
    """A construct's reliability split into its own and the marker's part."""

    construct_code: str
    total: float | None
    substantive: float | None
    method: float | None
    method_share: float | None


class MarkerCorrelation(Record):
    """A latent correlation without marker effects, with them, and with their upper limits."""

    first: str
    second: str
    baseline: float | None
    adjusted: float | None
    sensitivity_05: float | None
    sensitivity_01: float | None


class MarkerResult(Record):
    """A measured marker: partial correlations of scores, and the CFA marker models.

    ``method`` is the marker's mean correlation with the constructs ``unrelated`` to it, or its
    smallest positive one where none are named.
    """

    marker: str
    unrelated: tuple[str, ...] = ()
    n: int
    method: float | None
    upper: float | None
    pairs: tuple[MarkerPair, ...]
    models: tuple[RivalRecord, ...]
    steps: tuple[StepRecord, ...]
    chosen: Literal["method_c", "method_u"] | None
    reliability: tuple[MarkerReliability, ...]
    correlations: tuple[MarkerCorrelation, ...]


class MethodVarianceResult(Record):
    """What speaks for or against common-method variance in one model.

    ``component`` and ``factor`` are the shares of all items' variance that the first unrotated
    principal component and a single minres factor take (Harman's test).
    """

    n_items: int
    component: float | None
    factor: float | None
    inflation: tuple[ConstructInflation, ...]
    inflation_limit: float
    unmeasured: MethodFactorResult | None
    marker: MarkerResult | None = None
