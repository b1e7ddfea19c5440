"""Exploratory factor analysis of all items."""

from __future__ import annotations

from typing import Literal

from loyaltysem.results.base import Record


class EigenvalueRecord(Record):
    """The eigenvalue of one position, observed and in random data (``*_random`` their quantile).

    ``component`` is of the correlation matrix, ``factor`` of the matrix with communalities in its
    diagonal; ``partial`` is Velicer's mean squared partial correlation after so many components.
    """

    number: int
    component: float
    component_random: float
    factor: float
    factor_random: float
    partial: float | None


class FactorItem(Record):
    """An item in the factor analysis.

    ``loadings`` by factor, in the order of ``FactorsResult.factors``; ``factor`` is that of the
    largest. Flags for the researcher's judgement: ``weak`` (no loading reaches the cut-off),
    ``cross_loading``, ``low_communality``, ``astray`` (it loads most on another factor than most
    items of its construct).
    """

    code: str
    construct_code: str
    loadings: tuple[float, ...]
    factor: str
    communality: float
    complexity: float | None
    kmo: float
    weak: bool
    cross_loading: bool
    low_communality: bool
    astray: bool


class FactorVariance(Record):
    """Variance that one factor explains: sum of squared loadings, share, share up to this one."""

    factor: str
    ss_loadings: float
    proportion: float
    cumulative: float


class FactorPair(Record):
    """Correlation of two factors."""

    first: str
    second: str
    correlation: float


class GeneralFactor(Record):
    """Omega of a general factor above the group factors (Schmid & Leiman), shares of 0 to 1."""

    hierarchical: float
    total: float
    n_groups: int


class FactorsResult(Record):
    """Exploratory factor analysis.

    ``counts``: the number of factors by parallel analysis of factors (``parallel``) and of
    components (``parallel_components``), minimum average partial (``map``), eigenvalues above 1
    (``kaiser``). ``n_factors`` were taken, as the study says (``chosen_by`` study) or as parallel
    analysis suggests. ``items`` in the order of the questionnaire. Variances ``before`` and
    ``after`` rotation; ``correlations`` of factors that the rotation lets correlate. ``measures``
    as :func:`~loyaltysem.measurement.efa_fit.efa_measures` names them. Without ``items`` no
    solution was found.
    """

    n: int
    kmo: float
    chisq: float
    df: int
    pvalue: float
    counts: dict[str, int]
    eigenvalues: tuple[EigenvalueRecord, ...]
    n_factors: int
    chosen_by: Literal["study", "parallel"]
    extraction: str
    rotation: str
    hide_below: float
    factors: tuple[str, ...]
    items: tuple[FactorItem, ...]
    before: tuple[FactorVariance, ...]
    after: tuple[FactorVariance, ...]
    correlations: tuple[FactorPair, ...]
    measures: dict[str, float | None]
    general: GeneralFactor | None = None
    draws: int
    seed: int
