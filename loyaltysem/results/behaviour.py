"""What customers did, beside what they said."""

from __future__ import annotations

from loyaltysem.results.base import Record


class TierRecord(Record):
    """A tier of customers: how many, how many of them answered, and their mean behaviour.

    ``recency`` in days, ``frequency`` in days with a purchase, ``monetary`` per such day;
    ``expected`` purchases and ``alive`` (probability) by the model of purchases, if there is one.
    """

    name: str
    n_customers: int
    n_respondents: int
    recency: float
    frequency: float
    monetary: float
    repurchased: float
    expected: float | None = None
    alive: float | None = None


class KnownGroups(Record):
    """Mean score of a construct by tier; ``rho`` is Spearman's correlation with the tier.

    ``means`` in the order of ``BehaviourResult.tiers``, None where nobody of a tier answered.
    """

    construct_code: str
    means: tuple[float | None, ...]
    rho: float | None
    pvalue: float | None
    rises: bool


class PurchaseModelRecord(Record):
    """BG/NBD model; times in weeks. ``horizon``: weeks over which purchases are expected."""

    r: float
    alpha: float
    a: float
    b: float
    loglik: float
    horizon: float


class BehaviourResult(Record):
    """Purchases of the customers, their tiers, and how scores go with the tiers.

    ``rules``: limits of the scores by measure; those without were cut at quantiles. ``n_unmatched``
    respondents have no purchase in the table.
    """

    n_transactions: int
    n_customers: int
    n_matched: int
    n_unmatched: int
    first_day: str
    last_day: str
    repurchased: float
    rules: dict[str, tuple[float, ...]]
    tiers: tuple[TierRecord, ...]
    known_groups: tuple[KnownGroups, ...]
    model: PurchaseModelRecord | None = None
