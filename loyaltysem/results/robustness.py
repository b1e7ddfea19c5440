"""How far the results of a model depend on the analysis."""

from __future__ import annotations

from typing import Literal

from loyaltysem.results.base import Record


class SpecificationEstimate(Record):
    """A path under one specification, completely standardized."""

    outcome: str
    predictor: str
    est: float | None
    se: float | None
    pvalue: float | None
    ci_lower: float | None
    ci_upper: float | None


class SpecificationRecord(Record):
    """One way to analyse the answers, and what it gave.

    ``gaps``: complete answers only (``listwise``) or all ``available`` ones; ``respondents``: all
    that are ``analysed``, or the ``attentive`` among them; ``items``: ``all``, or
    ``without_weakest``; ``controls``: ``with`` or ``without``. ``main`` is the study's own
    analysis. ``cfi`` and ``rmsea`` are scaled ones where the estimator corrects its statistic.
    Without estimates where ``status`` is not_converged or refused (``reason`` says why).
    """

    estimator: str
    gaps: Literal["listwise", "available"]
    respondents: Literal["analysed", "attentive"]
    items: Literal["all", "without_weakest"]
    controls: Literal["with", "without"]
    main: bool
    status: Literal["fitted", "improper", "not_converged", "refused"]
    reason: str
    n: int
    cfi: float | None
    rmsea: float | None
    srmr: float | None
    paths: tuple[SpecificationEstimate, ...]


class PathStabilityRecord(Record):
    """A path over the ``n`` specifications that gave it; estimates are completely standardized.

    ``n_same_sign`` have the sign of the main estimate, ``n_significant`` in addition p < .05;
    ``stable``: all have the sign, and all or none are significant. ``drawn``: its specification
    curve is shown.
    """

    outcome: str
    predictor: str
    n: int
    main: float | None
    median: float
    lowest: float
    highest: float
    n_same_sign: int
    n_significant: int
    stable: bool
    drawn: bool


class RobustnessResult(Record):
    """One model under all specifications.

    ``weakest`` are the items left out where a specification says so, ``controls`` the control
    variables, ``n_careless`` the respondents with two or more signs of careless answering.
    """

    specifications: tuple[SpecificationRecord, ...] = ()
    stability: tuple[PathStabilityRecord, ...] = ()
    weakest: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    n_careless: int = 0
