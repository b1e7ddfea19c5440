"""Effects of one variable on another, with their intervals."""

from __future__ import annotations

from typing import Literal

from loyaltysem.results.base import Record


class EffectInterval(Record):
    """A confidence interval; ``method`` is delta, mc (Monte Carlo), perc, bc or bca (bootstrap)."""

    method: Literal["delta", "mc", "perc", "bc", "bca"]
    lower: float | None
    upper: float | None


class EffectRecord(Record):
    """An effect of one variable on another.

    ``kind``: direct, indirect (one specific path), total_indirect or total. ``path`` names all
    variables of a specific path, else the two ends. ``se``, ``z`` and ``pvalue`` are those of the
    delta method. Of indirect effects, ``proportion`` is the share of the total effect (None where
    parts of it differ in sign) and ``mediation`` the kind of mediation by Zhao, Lynch & Chen
    (2010), or not_judged where the solution does not allow a judgement (``readable`` is False).
    ``distribution`` has 100 evenly spaced quantiles of the bootstrap or Monte Carlo draws.
    """

    kind: Literal["direct", "indirect", "total_indirect", "total"]
    path: str
    predictor: str
    outcome: str
    group: int
    est: float | None
    std_all: float | None
    se: float | None
    z: float | None
    pvalue: float | None
    boot_se: float | None
    intervals: tuple[EffectInterval, ...]
    std_intervals: tuple[EffectInterval, ...]
    readable: bool
    proportion: float | None = None
    mediation: str = ""
    distribution: tuple[float, ...] = ()

    def interval(self, method: str) -> tuple[float | None, float | None] | None:
        """Return the limits by one method, None where it was not used."""
        found = (one for one in self.intervals if one.method == method)
        return next(((one.lower, one.upper) for one in found), None)


class BootstrapRecord(Record):
    """A bootstrap: draws asked for, draws without estimates (by reason), and the seed."""

    draws: int
    failed: int
    reasons: dict[str, int]
    seed: int


class EffectsResult(Record):
    """All effects of a model; ``judged_by`` is the interval that the kinds of mediation rest on."""

    rows: tuple[EffectRecord, ...]
    level: float
    judged_by: Literal["delta", "mc", "perc", "bc", "bca"]
    bootstrap: BootstrapRecord | None
