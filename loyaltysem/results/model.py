"""One fitted model: estimates, fit and hypotheses."""

from __future__ import annotations

from typing import Literal

from loyaltysem.results.answers import PooledResult
from loyaltysem.results.base import NoticeRecord, Record, Text
from loyaltysem.results.diagnostics import DiagnosticsResult, ReplicationResult
from loyaltysem.results.effects import EffectsResult
from loyaltysem.results.fit import IndexVerdict, LatentPair
from loyaltysem.results.groups import GroupsResult
from loyaltysem.results.importance import ImportanceResult
from loyaltysem.results.measurement import ConvergentValidity
from loyaltysem.results.method_variance import MethodVarianceResult
from loyaltysem.results.moderation import ModerationResult
from loyaltysem.results.moments import MomentsRecord
from loyaltysem.results.parameters import ParameterRecord
from loyaltysem.results.rivals import EquivalentRecord, FitPowerRecord
from loyaltysem.results.robustness import RobustnessResult
from loyaltysem.results.validity import MeasurementModelResult

ROBUST_ESTIMATORS = frozenset({"MLM", "MLMV", "MLR"})
"""Estimators of a study whose standard errors do not suppose normal distributions."""


class HypothesisResult(Record):
    """One hypothesis and what the data say of it.

    ``verdict``: supported (right sign, p < .05), not_supported (p >= .05), opposite (wrong sign,
    p < .05), not_judged (the solution does not allow a judgement: ``reason`` is inseparable,
    collinear, exploding, not_converged, no_standard_error or no_interval, and ``reason_constructs``
    are the latent variables involved). A hypothesis about an indirect effect has its interval in
    ``lower`` and ``upper``, which decides instead of p.
    """

    id: str
    path: str
    wording: Text
    source: str
    expected_sign: Literal["+", "-"]
    est: float | None
    se: float | None
    z: float | None
    pvalue: float | None
    std_all: float | None
    verdict: Literal["supported", "not_supported", "opposite", "not_judged"]
    reason: str = ""
    reason_constructs: tuple[str, ...] = ()
    lower: float | None = None
    upper: float | None = None


class ModelResult(Record):
    """One fitted model.

    ``fit`` is keyed by lavaan's names of the measures; ``estimator`` and ``missing`` are as in
    :func:`loyaltysem.fit`.
    """

    name: str
    title: Text
    source: str
    syntax: str
    names: dict[str, Text]
    estimator: str
    missing: str = "listwise"
    engine: str
    converged: bool
    n: int
    npar: int
    fit: dict[str, float | None]
    verdicts: tuple[IndexVerdict, ...]
    parameters: tuple[ParameterRecord, ...]
    r2: dict[str, float]
    latent_correlations: tuple[LatentPair, ...]
    hypotheses: tuple[HypothesisResult, ...]
    notices: tuple[NoticeRecord, ...]
    admissible: bool
    validity: tuple[ConvergentValidity, ...] = ()
    effects: EffectsResult | None = None
    groups: GroupsResult | None = None
    measurement: MeasurementModelResult | None = None
    importance: tuple[ImportanceResult, ...] = ()
    moderation: tuple[ModerationResult, ...] = ()
    moments: MomentsRecord | None = None
    diagnostics: DiagnosticsResult | None = None
    replication: ReplicationResult | None = None
    pooled: PooledResult | None = None
    method_variance: MethodVarianceResult | None = None
    equivalents: tuple[EquivalentRecord, ...] = ()
    power: tuple[FitPowerRecord, ...] = ()
    robustness: RobustnessResult | None = None
