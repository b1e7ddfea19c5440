"""One simulation: a population of known values, drawn and analysed again and again."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

LEVEL = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one replication says of one target.

    ``truth`` is None for a test; ``pvalue`` counts as a type I error below ``LEVEL`` and is given
    only where the hypothesis is true. ``confidence`` is the level of the interval.
    """

    target: str
    truth: float | None = None
    est: float = math.nan
    lower: float = math.nan
    upper: float = math.nan
    pvalue: float = math.nan
    confidence: float = 0.95


Run = Callable[[np.random.Generator], Iterator[Reading]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A simulation.

    ``run`` yields the readings of one replication; one that raises or yields none is lost.
    """

    name: str
    title: str
    n: int
    run: Run
    note: str = ""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """All replications of one target; what was not read is None."""

    target: str
    truth: float | None
    n: int
    mean: float | None
    bias: float | None
    coverage: float | None
    confidence: float
    type_one: float | None


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
    mean = _mean([one.est for one in readings])
    inside = [
        float(one.lower <= one.truth <= one.upper)
        for one in readings
        if one.truth is not None and math.isfinite(one.lower) and math.isfinite(one.upper)
    ]
    rejected = [float(one.pvalue < LEVEL) for one in readings if math.isfinite(one.pvalue)]
    return Summary(
        target=target,
        truth=truth,
        n=len(readings),
        mean=mean,
        bias=(mean - truth) / truth if truth and mean is not None else None,
        coverage=_mean(inside),
        confidence=readings[0].confidence,
        type_one=_mean(rejected),
    )


def _mean(values: list[float]) -> float | None:
    known = [value for value in values if math.isfinite(value)]
    return float(np.mean(known)) if known else None
