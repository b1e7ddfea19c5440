"""What the answers are like: distributions, careless answering, what is missing."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from loyaltysem.results.base import Record


class Shape(Record):
    """The shape of a distribution.

    ``skewness`` and ``kurtosis`` are SPSS's G1 and G2 with standard error and z; ``*_type3`` what
    ``psych::describe`` prints. ``floor`` and ``ceiling`` are the shares at either end of the scale.
    """

    median: float | None
    skewness_se: float | None
    skewness_z: float | None
    kurtosis_se: float | None
    kurtosis_z: float | None
    skewness_type3: float | None
    kurtosis_type3: float | None
    floor: float | None
    ceiling: float | None


class ConstructDescriptive(Record):
    """Respondents' mean answers to one construct's items."""

    construct_code: str
    n_items: int
    n: int
    n_missing: int
    mean: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    minimum: float | None
    maximum: float | None
    shape: Shape


class NormalityResult(Record):
    """Tests that the items are jointly normal, and the distances behind a Q-Q plot.

    Mardia's skewness b1p and kurtosis b2p with their tests; Henze and Zirkler's test is absent for
    very many respondents. ``expected`` and ``observed`` are quantiles of the squared Mahalanobis
    distances (of at most 500 respondents); ``n_outliers`` have a distance with p < .001.
    """

    n: int
    n_items: int
    skewness: float
    skewness_chisq: float
    skewness_df: int
    skewness_pvalue: float
    kurtosis: float
    kurtosis_expected: float
    kurtosis_z: float
    kurtosis_pvalue: float
    henze_zirkler: float | None
    henze_zirkler_pvalue: float | None
    n_outliers: int
    expected: tuple[float, ...]
    observed: tuple[float, ...]


class CarelessFlag(Record):
    """One sign of careless answering.

    ``threshold`` is where it begins, None where a flag has none; ``n`` respondents bear it,
    ``n_excluded`` were left out for it (who bears several is counted with the first). ``available``
    is False where the answers do not allow it.
    """

    flag: str
    threshold: float | None
    available: bool
    n: int
    share: float
    excludes: bool
    n_excluded: int


class ComparedPath(Record):
    """A path with and without those who were excluded as careless."""

    lhs: str
    rhs: str
    group: int
    est: float | None
    se: float | None
    pvalue: float | None
    std_all: float | None
    est_all: float | None
    se_all: float | None
    pvalue_all: float | None
    std_all_all: float | None


class ComparedModel(Record):
    """A model with and without the exclusions; ``*_all`` keeps everybody."""

    name: str
    n: int
    n_all: int
    fit: dict[str, float | None]
    fit_all: dict[str, float | None]
    paths: tuple[ComparedPath, ...]


class CarelessResult(Record):
    """Signs of careless answering among those who passed the attention checks."""

    n: int
    n_flagged: int
    n_several: int
    n_excluded: int
    least: int
    flags: tuple[CarelessFlag, ...]
    compared: tuple[ComparedModel, ...] = ()


class MissingItem(Record):
    """How much of one item is missing."""

    code: str
    n_missing: int
    share: float


class MissingPattern(Record):
    """Respondents who lack the same items."""

    n: int
    missing: tuple[str, ...]


class LittleRecord(Record):
    """Little's test that answers are missing completely at random."""

    chisq: float
    df: int
    pvalue: float
    n_patterns: int


class ImputationRecord(Record):
    """How missing answers were imputed."""

    datasets: int
    steps: int
    seed: int
    n_cells: int
    n_respondents: int
    test: Literal["D3", "D2"]


class MissingResult(Record):
    """What is missing among those who were not excluded, and what was done about it.

    ``patterns`` holds the most frequent ones, ``respondents`` how many respondents lack how many
    items (number of items -> respondents).
    """

    method: Literal["listwise", "fiml", "em", "mi", "pairwise"]
    n: int
    n_complete: int
    n_items: int
    n_missing: int
    share: float
    items: tuple[MissingItem, ...]
    respondents: dict[int, int] = Field(default_factory=dict)
    n_patterns: int
    patterns: tuple[MissingPattern, ...]
    little: LittleRecord | None = None
    imputation: ImputationRecord | None = None


class PooledParameter(Record):
    """A parameter pooled over imputed data sets, by its place among the model's parameters."""

    lhs: str
    op: str
    rhs: str
    group: int
    est: float | None
    se: float | None
    t: float | None
    df: float | None
    pvalue: float | None
    riv: float | None
    fmi: float | None


class PooledResult(Record):
    """A model pooled over imputed data sets.

    ``statistic`` is the F of the pooled test with ``df`` and ``df_error``; ``riv`` its average
    relative increase in variance.
    """

    n_datasets: int
    n_used: int
    test: Literal["D3", "D2"]
    statistic: float | None
    df: int
    df_error: float | None
    pvalue: float | None
    chisq: float | None
    riv: float | None
    parameters: tuple[PooledParameter, ...]
