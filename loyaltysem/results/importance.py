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


class ImportanceResult(Record):
    """Importance and performance for one ``target``; quadrants are cut at the means."""

    target: str
    target_performance: float | None
    constructs: tuple[ImportanceRow, ...]
    items: tuple[ImportanceRow, ...]
    mean_importance: float
    mean_performance: float
