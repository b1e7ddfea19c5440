"""Where a model misses the data, and whether another program finds the same."""

from __future__ import annotations

from typing import Literal

from loyaltysem.results.base import Record

Matrix = tuple[tuple[float | None, ...], ...]


class ModificationRecord(Record):
    """A parameter that could be freed: modification index and expected change."""

    lhs: str
    op: str
    rhs: str
    group: int
    mi: float
    epc: float | None
    sepc_all: float | None


class ModificationResult(Record):
    """The largest modification indices; ``n_above`` of ``n`` exceed the limit of p < .05."""

    n: int
    n_above: int
    limit: float
    rows: tuple[ModificationRecord, ...]


class LargeResidual(Record):
    """A pair of variables whose correlation the model misses; z over its own standard error."""

    first: str
    second: str
    group: int
    residual: float
    normalized: float | None
    standardized: float | None


class ResidualsRecord(Record):
    """Residual correlations (sample less model) of one group.

    ``lower`` is the lower triangle with the diagonal, row by row in the order of ``variables``;
    ``n_large`` of ``n_pairs`` residuals exceed ``limit`` in size.
    """

    group: int
    label: str
    variables: tuple[str, ...]
    lower: Matrix
    limit: float
    n_large: int
    n_pairs: int


class DiagnosticsResult(Record):
    """Local fit of one model; parts that its data do not allow are empty."""

    modification: ModificationResult | None
    residuals: tuple[ResidualsRecord, ...]
    largest: tuple[LargeResidual, ...]


class ReplicatedIndex(Record):
    """A fit index in both engines."""

    index: str
    native: float | None
    other: float | None
    agrees: bool


State = Literal["agrees", "stopped_short", "worse", "better", "impossible"]


class ReplicationResult(Record):
    """A model fitted again by semopy.

    ``state``: agrees, stopped_short (semopy stopped before an optimum), worse or better (another
    optimum), or impossible (semopy cannot fit such a model; ``reason`` says why).
    ``largest_difference`` is that between estimates, in standard errors, of ``parameter``.
    """

    state: State
    reason: str = ""
    n_parameters: int = 0
    n_agreeing: int = 0
    largest_difference: float | None = None
    parameter: str = ""
    indices: tuple[ReplicatedIndex, ...] = ()
