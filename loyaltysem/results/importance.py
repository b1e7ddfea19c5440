"""What moves an outcome, and how well it is done."""

from __future__ import annotations

from typing import Literal

from loyaltysem.results.base import Record

Quadrant = Literal["keep up", "improve", "low priority", "possible overkill"]


class ImportanceRow(Record):
    """A construct or an item: total effect on the target, performance of 0 to 100, and quadrant.

    ``importance``: by how many points (of 100) the target rises per point of performance;
    ``importance_std`` in standard deviations, of constructs only.
    """

    code: str
    construct_code: str
    importance: float
    importance_std: float | None = None
    performance: float
    quadrant: Quadrant


class IndexRow(Record):
    """The index of a construct, 0 to 100, with its standard error and 95 % interval."""

    code: str
    index: float
    se: float | None
    lower: float | None
    upper: float | None


class ImportanceResult(Record):
    """Importance and performance for one ``target``; quadrants are cut at the means.

    ``indices`` are those of the target and of all that leads to it.
    """

    target: str
    target_performance: float | None
    constructs: tuple[ImportanceRow, ...]
    items: tuple[ImportanceRow, ...]
    mean_importance: float
    mean_performance: float
    indices: tuple[IndexRow, ...] = ()
