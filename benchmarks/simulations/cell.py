"""One simulation: a population of known values, drawn and analysed again and again."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

LEVEL = 0.05
SMALL_SAMPLE = (
    "what is left of it in large samples stands in the table of these, and lavaan gives the "
    "same p-values"
)
"""Why a test may stay outside its limits whose distribution only holds in large samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one replication says of one target.

    ``truth`` is None for a test; ``pvalue`` counts as a type I error below ``LEVEL`` and is given
    only where the hypothesis is true. ``confidence`` is the level of the interval. ``judged`` is
    False for a p-value from which no conclusion is drawn anywhere: it is measured to show why.
    """

    target: str
    truth: float | None = None
    est: float = math.nan
    lower: float = math.nan
    upper: float = math.nan
    pvalue: float = math.nan
    confidence: float = 0.95
    judged: bool = True


Run = Callable[[np.random.Generator], Iterator[Reading]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A simulation.

    ``run`` yields the readings of one replication; one that raises or yields none is lost. ``why``
    says of targets that are outside the limits why they stay there.
    """

    name: str
    title: str
    n: int
    run: Run
    note: str = ""
    why: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """All replications of one target; what was not read is None.

    ``bias`` is relative to the truth, ``bias_se`` the standard error that the simulation gives it.
    """

    target: str
    truth: float | None
    n: int
    mean: float | None
    bias: float | None
    coverage: float | None
    confidence: float
    type_one: float | None
    bias_se: float | None = None
    judged: bool = True


@dataclass(slots=True)
class Tally:
    """Readings of one cell, gathered."""

    readings: dict[str, list[Reading]] = field(default_factory=dict)
    lost: int = 0

    def add(self, some: list[Reading]) -> None:
        """Add one replication."""
        self.lost += not some
        for one in some:
            self.readings.setdefault(one.target, []).append(one)

    def summaries(self) -> list[Summary]:
        """Return one summary for each target, in the order in which they were met."""
        return [_summary(target, readings) for target, readings in self.readings.items()]


def _summary(target: str, readings: list[Reading]) -> Summary:
    truth = readings[0].truth
    estimates = _known([one.est for one in readings])
    mean = _mean(estimates)
    inside = [
        float(one.lower <= one.truth <= one.upper)
        for one in readings
        if one.truth is not None and math.isfinite(one.lower) and math.isfinite(one.upper)
    ]
    pvalues = _known([one.pvalue for one in readings])
    return Summary(
        target=target,
        truth=truth,
        n=len(readings),
        mean=mean,
        bias=(mean - truth) / truth if truth and mean is not None else None,
        bias_se=_error_of_mean(estimates) / abs(truth) if truth and estimates[1:] else None,
        coverage=_mean(inside),
        confidence=readings[0].confidence,
        type_one=_mean([float(one < LEVEL) for one in pvalues]),
        judged=readings[0].judged,
    )


def _known(values: list[float]) -> list[float]:
    return [value for value in values if math.isfinite(value)]


def _mean(values: list[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _error_of_mean(values: list[float]) -> float:
    return float(np.std(values, ddof=1) / math.sqrt(len(values)))
