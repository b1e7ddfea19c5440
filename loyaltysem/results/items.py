"""How well single items tell respondents apart."""

from __future__ import annotations

from loyaltysem.results.base import Record


class ItemDiscrimination(Record):
    """An item in the highest and the lowest scorers of its construct.

    ``critical_ratio`` is Welch's t of the difference, with ``df`` and ``pvalue``;
    ``discrimination`` the difference over the range of the scale; ``difficulty`` the mean over it.
    """

    code: str
    construct_code: str
    mean_low: float
    mean_high: float
    critical_ratio: float | None
    df: float | None
    pvalue: float | None
    discrimination: float
    difficulty: float
    item_total: float | None


class GradedItem(Record):
    """Slope and locations of an item in the graded response model; ``information`` by trait."""

    code: str
    slope: float
    se: float | None
    locations: tuple[float, ...]
    information: tuple[float, ...]


class GradedScale(Record):
    """Graded response model of one construct.

    ``trait`` are the values of the trait that ``information`` (of all items) and the items' own
    belong to; ``reliability`` is the marginal reliability.
    """

    construct_code: str
    n: int
    reliability: float
    trait: tuple[float, ...]
    information: tuple[float, ...]
    items: tuple[GradedItem, ...]


class ItemsResult(Record):
    """Item analysis; ``share`` is the size of the groups of high and low scorers."""

    share: float
    items: tuple[ItemDiscrimination, ...]
    graded: tuple[GradedScale, ...]
