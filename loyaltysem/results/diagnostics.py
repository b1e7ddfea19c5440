"""Where a model misses the data."""

from __future__ import annotations

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
