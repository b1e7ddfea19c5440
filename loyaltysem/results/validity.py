"""Whether constructs are measured well and differ, by the answers and by a measurement model."""

from __future__ import annotations

from pydantic import Field

from loyaltysem.results.base import Record
from loyaltysem.results.fit import IndexVerdict, LatentPair
from loyaltysem.results.parameters import ParameterRecord


class ConstructScore(Record):
    """Mean and standard deviation of respondents' mean answers to a construct."""

    construct_code: str
    n: int
    mean: float | None
    sd: float | None


class ScorePair(Record):
    """Pearson correlation of the scores of two constructs; ``n`` respondents with both."""

    first: str
    second: str
    r: float | None
    pvalue: float | None
    n: int


class CorrelationsResult(Record):
    """Construct scores and their correlations."""

    scores: tuple[ConstructScore, ...]
    pairs: tuple[ScorePair, ...]


class HtmtPair(Record):
    """Heterotrait-monotrait ratio of two constructs.

    ``ci`` is the bootstrap percentile interval of ``htmt``; ``htmt2`` the ratio of geometric means;
    ``distinct``: the upper limit (without draws the ratio) lies below ``HtmtResult.threshold``.
    """

    first: str
    second: str
    htmt: float | None
    ci: tuple[float, float] | None
    htmt2: float | None
    htmt2_ci: tuple[float, float] | None
    distinct: bool | None


class CrossLoading(Record):
    """Correlations of one item with the scores of all constructs.

    ``correlations`` by construct code; the item itself is left out of its own construct's score.
    ``highest_elsewhere``: it correlates more with another construct.
    """

    code: str
    construct_code: str
    correlations: dict[str, float | None]
    highest_elsewhere: bool


class DiscriminantResult(Record):
    """Discriminant validity from the answers alone; ``draws`` bootstrap samples from ``seed``.

    ``strict_threshold`` is the second profile's, where the study asks for both.
    """

    n: int
    threshold: float
    strict_threshold: float | None = None
    draws: int
    seed: int
    pairs: tuple[HtmtPair, ...]
    cross_loadings: tuple[CrossLoading, ...]


class ConstructValidity(Record):
    """A construct of the measurement model.

    Of standardized loadings: ``composite_reliability``, ``ave``, ``sqrt_ave``, ``max_h``; ``msv``
    and ``asv`` are the largest and the mean squared correlation with other constructs. In original
    units: ``alpha`` and ``omega`` (Raykov's), ``omega3`` (McDonald's, over the observed variance).
    """

    construct_code: str
    composite_reliability: float | None
    ave: float | None
    sqrt_ave: float | None
    msv: float | None
    asv: float | None
    max_h: float | None
    alpha: float | None
    omega: float | None
    omega3: float | None


class ConstrainedPair(Record):
    """Chi-square difference when the correlation of two constructs is fixed at 1 (or -1).

    ``pvalue_holm`` is corrected for the number of pairs; ``distinct``: it is below .05. None where
    the constrained model found no solution.
    """

    first: str
    second: str
    correlation: float
    chisq_diff: float | None
    df_diff: float | None
    pvalue: float | None
    pvalue_holm: float | None
    distinct: bool | None


class MeasurementModelResult(Record):
    """The confirmatory factor analysis behind a structural model: all constructs correlate freely.

    ``fit`` is keyed by lavaan's names; ``constructs`` without those of a single indicator;
    ``verdicts`` judge the fit by the study's cut-offs. ``loadings`` are on the scales that the
    structural model sets, ``r2`` the explained shares of the indicators' variances.
    """

    converged: bool
    admissible: bool
    n: int
    fit: dict[str, float | None]
    verdicts: tuple[IndexVerdict, ...]
    constructs: tuple[ConstructValidity, ...]
    correlations: tuple[LatentPair, ...]
    constrained: tuple[ConstrainedPair, ...]
    loadings: tuple[ParameterRecord, ...] = ()
    r2: dict[str, float] = Field(default_factory=dict)
