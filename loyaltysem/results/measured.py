"""What a questionnaire is worth by its answers alone, without a model."""

from __future__ import annotations

from typing import Literal

from loyaltysem.results.base import NoticeRecord, Record
from loyaltysem.results.factors import FactorsResult
from loyaltysem.results.items import ItemsResult
from loyaltysem.results.measurement import ReliabilityResult
from loyaltysem.results.sample import QuestionnaireInfo
from loyaltysem.results.validity import CorrelationsResult, DiscriminantResult


class PolychoricPair(Record):
    """Polychoric correlation of two items."""

    first: str
    second: str
    r: float


class MeasurementResults(Record):
    """Reliability, factors, validity and items of a questionnaire; ``n`` respondents of ``n_read``.

    ``polychoric`` is empty where items have too many different answers to be ordinal.
    """

    format: Literal["loyaltysem-measurement"] = "loyaltysem-measurement"
    questionnaire: QuestionnaireInfo
    n_read: int
    n: int
    reliability: tuple[ReliabilityResult, ...]
    items: ItemsResult | None
    factors: FactorsResult | None
    correlations: CorrelationsResult | None
    discriminant: DiscriminantResult | None
    polychoric: tuple[PolychoricPair, ...]
    notices: tuple[NoticeRecord, ...]

    def to_json(self) -> str:
        """Return the results as JSON, ending in a newline."""
        return self.model_dump_json(indent=1) + "\n"
