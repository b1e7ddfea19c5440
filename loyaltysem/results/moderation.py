"""Paths that depend on a moderator: product, simple slopes, regions, conditional effects."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from loyaltysem.results.base import Record, Text


class ModerationPath(Record):
    """A path to the outcome; of the product, ``std_all`` is by Wen, Marsh & Hau (2010)."""

    role: Literal["predictor", "moderator", "product"]
    est: float | None
    se: float | None
    z: float | None
    pvalue: float | None
    ci_lower: float | None
    ci_upper: float | None
    std_all: float | None


class SlopeRecord(Record):
    """The predictor's slope at one value of the moderator.

    ``value`` is the moderator's distance from its mean, ``sds`` the same in standard deviations;
    ``name`` is the option's where the moderator has two. ``intercept`` is the outcome there at the
    predictor's mean, as a deviation from that at both means; ``std`` the standardized slope.
    """

    sds: float
    value: float
    name: Text = Field(default_factory=dict)
    intercept: float
    est: float | None
    se: float | None
    z: float | None
    pvalue: float | None
    ci_lower: float | None
    ci_upper: float | None
    std: float | None


class RegionRecord(Record):
    """Where the slope is significant (Johnson-Neyman), in distances from the moderator's mean.

    ``points`` are the values at which significance turns, ``points_sds`` the same in standard
    deviations, those outside ``low`` and ``high`` too; ``significant`` says where within that
    range; ``share`` is the share of a normal distribution.
    """

    points: tuple[float, ...]
    points_sds: tuple[float, ...]
    low: float
    high: float
    significant: Literal["everywhere", "nowhere", "below", "above", "between", "outside"]
    share: float


class SlopeBand(Record):
    """The slope and its interval over the moderator, all of one length, for a figure."""

    value: tuple[float, ...]
    est: tuple[float, ...]
    ci_lower: tuple[float, ...]
    ci_upper: tuple[float, ...]


class ConditionalIndirect(Record):
    """An indirect effect at one value of the moderator."""

    sds: float
    name: Text = Field(default_factory=dict)
    est: float | None
    se: float | None
    lower: float | None
    upper: float | None


class ModeratedMediation(Record):
    """An indirect effect that the moderated path is part of (Hayes 2015).

    ``path`` is ``a -> b -> c``; ``method`` that of the intervals (mc: Monte Carlo, perc: bootstrap
    percentiles). ``index`` is its change per unit of the moderator, with delta-method error.
    """

    path: str
    method: Literal["mc", "perc"]
    effects: tuple[ConditionalIndirect, ...]
    index: float | None
    index_se: float | None
    index_z: float | None
    index_pvalue: float | None
    index_lower: float | None
    index_upper: float | None


class ModerationResult(Record):
    """Whether and how a moderator changes a path.

    ``moderator_name`` is the reader's name of an observed moderator, which was centred at
    ``centre``. ``nodes`` counts the nodes of integration (LMS). ``chisq``, ``df``, ``p_test`` and
    ``bic_difference`` compare the model with and without the product (LMS). ``r2`` and
    ``r2_linear`` are the outcome's explained variance with and without it. ``readable`` is False
    where the moderated path or the moderator's own cannot be read, so that nothing is judged.
    """

    outcome: str
    predictor: str
    moderator: str
    moderator_name: Text = Field(default_factory=dict)
    centre: float = 0.0
    method: Literal["lms", "products"]
    products: Literal["matched", "all_pairs"]
    centring: Literal["double_mean", "mean", "residual", "none"]
    estimator: str
    n: int
    npar: int
    nodes: int | None = None
    level: float
    sd_predictor: float
    sd_moderator: float
    paths: tuple[ModerationPath, ...]
    slopes: tuple[SlopeRecord, ...]
    region: RegionRecord | None
    band: SlopeBand
    indirect: tuple[ModeratedMediation, ...] = ()
    r2: float | None
    r2_linear: float | None
    chisq: float | None = None
    df: int | None = None
    p_test: float | None = None
    bic_difference: float | None = None
    readable: bool = True

    @property
    def product(self) -> ModerationPath:
        """The product's path."""
        return self.paths[-1]
