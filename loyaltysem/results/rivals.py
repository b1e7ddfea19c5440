"""Several models of the same answers side by side."""

from __future__ import annotations

from typing import Literal

from loyaltysem.results.base import NoticeRecord, Record


class RivalRecord(Record):
    """How one model fits; corrected values where the estimator corrects.

    ``state``: proper, improper (a variance or correlation that cannot be), not_identified,
    not_converged or failed; the numbers are None where the solution cannot be read.
    """

    name: str
    state: Literal["proper", "improper", "not_identified", "not_converged", "failed"]
    npar: float | None
    chisq: float | None
    df: float | None
    pvalue: float | None
    cfi: float | None
    tli: float | None
    rmsea: float | None
    rmsea_lower: float | None
    rmsea_upper: float | None
    srmr: float | None
    aic: float | None
    bic: float | None


class StepRecord(Record):
    """What the restrictions of ``more`` beyond ``less`` change: difference test, index by index."""

    less: str
    more: str
    chisq: float | None
    df: float | None
    pvalue: float | None
    cfi: float | None
    tli: float | None
    rmsea: float | None
    srmr: float | None


class FactorShares(Record):
    """How much of a set of items is general, from a second-order or bifactor model.

    ``omega``: all factors' share of the variance of the sum of all items; ``omega_hierarchical``:
    the general factor's; ``ecv``: its share of the common variance; ``puc``: share of item pairs
    that only it connects; ``construct_replicability``: H.
    """

    model: Literal["second_order", "bifactor"]
    omega: float | None
    omega_hierarchical: float | None
    ecv: float | None
    puc: float | None
    construct_replicability: float | None


class DimensionShare(Record):
    """One dimension: ``own`` is its group factor's, ``general`` the general factor's share."""

    model: Literal["second_order", "bifactor"]
    construct_code: str
    omega: float | None
    own: float | None
    general: float | None


class DimensionLoading(Record):
    """Standardized loading of a dimension on the second-order factor."""

    construct_code: str
    loading: float | None


class DimensionsResult(Record):
    """Rival models of the dimensions of a construct; ``target`` is the target coefficient."""

    constructs: tuple[str, ...]
    model: str
    n: int
    models: tuple[RivalRecord, ...]
    steps: tuple[StepRecord, ...]
    target: float | None
    second_order: tuple[DimensionLoading, ...]
    shares: tuple[FactorShares, ...]
    dimensions: tuple[DimensionShare, ...]
    notices: tuple[NoticeRecord, ...] = ()


class ChoiceRow(Record):
    """One model among several; differences are to the smallest value, weights sum to 1."""

    model: str
    chisq: float | None
    df: float | None
    cfi: float | None
    rmsea: float | None
    srmr: float | None
    aic: float | None
    bic: float | None
    aic_difference: float | None
    aic_weight: float | None
    bic_difference: float | None
    bic_weight: float | None


class NestedTest(Record):
    """Difference test of a model (``more``) that is nested in another (``less``)."""

    less: str
    more: str
    chisq: float | None
    df: float | None
    pvalue: float | None


class ChoiceResult(Record):
    """The models of a study side by side."""

    models: tuple[ChoiceRow, ...]
    tests: tuple[NestedTest, ...]


class EquivalentRecord(Record):
    """A change of one path that leaves the fit as it is: reversed, or a correlated disturbance."""

    predictor: str
    outcome: str
    change: Literal["reversed", "correlated"]


class FitPowerRecord(Record):
    """Power of a test of fit in the sample at hand, and respondents per group for a power of .80.

    ``exact``, ``close`` or ``not_close`` fit; ``rmsea0`` in the hypothesis, ``rmsea1`` in truth.
    ``curve`` pairs sample sizes with the power that they give.
    """

    test: Literal["exact", "close", "not_close"]
    rmsea0: float
    rmsea1: float
    power: float
    n_needed: int
    curve: tuple[tuple[int, float], ...] = ()
