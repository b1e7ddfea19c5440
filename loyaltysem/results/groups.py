"""Groups of respondents compared: invariance of measurement, latent means, paths."""

from __future__ import annotations

from typing import Literal

from loyaltysem.results.base import Record, Text

LevelName = Literal["configural", "thresholds", "metric", "scalar", "strict"]
ReleaseReason = Literal["score", "loading", "thresholds"]


class GroupRecord(Record):
    """One group: its code, its name for the reader, and its respondents in the fits."""

    code: str
    name: Text
    n: int


class InvarianceCutoffs(Record):
    """How much CFI may fall and RMSEA rise at a level (Chen 2007); ``srmr`` by level."""

    sample: Literal["large", "small"]
    cfi: float
    rmsea: float
    srmr_loadings: float
    srmr: float


class InvarianceLevel(Record):
    """One fitted level and the step to it from the level above in the list.

    ``partial`` marks a level that was repaired; it follows the same level in full. ``chen`` is the
    outcome by the cut-offs for the size of the sample, ``chen_other`` by the other set of Chen
    (2007); ``kept`` is the judgement by the study's criterion.
    """

    level: LevelName
    partial: bool
    chisq: float | None
    df: float | None
    pvalue: float | None
    cfi: float | None
    rmsea: float | None
    srmr: float | None
    chisq_diff: float | None
    df_diff: float | None
    pvalue_diff: float | None
    delta_cfi: float | None
    delta_rmsea: float | None
    delta_srmr: float | None
    chen: Literal["kept", "mixed", "broken"] | None
    chen_other: Literal["kept", "mixed", "broken"] | None
    cheung_rensvold: bool | None
    kept: bool
    converged: bool
    released: tuple[str, ...]


class ItemTest(Record):
    """Score test of one parameter that a level holds equal.

    ``chisq`` and its p-values are corrected as the estimator is, ``chisq_standard`` is not. ``epc``
    is the expected difference (``group`` minus the first group) after release.
    """

    level: LevelName
    parameter: str
    kind: str
    latent: str
    item: str
    chisq: float | None
    df: int
    pvalue: float | None
    pvalue_adjusted: float | None
    chisq_standard: float | None = None
    group: str
    epc: float | None


class ReleasedParameter(Record):
    """A parameter that was released, in the order of release, and why."""

    level: LevelName
    parameter: str
    kind: str
    item: str
    because: ReleaseReason
    chisq: float | None
    df: int | None
    pvalue: float | None
    epc: float | None


class LatentMeanDifference(Record):
    """Difference between two groups' means of a latent variable, and the effect size d.

    ``est`` is in the unit of the indicator ``unit``; group minus reference.
    """

    latent: str
    group: str
    reference: str
    unit: str
    est: float | None
    se: float | None
    z: float | None
    pvalue: float | None
    pvalue_adjusted: float | None
    ci: tuple[float | None, float | None]
    d: float | None
    d_ci: tuple[float | None, float | None]


class GroupPath(Record):
    """One path in one group, loadings being equal in all."""

    predictor: str
    outcome: str
    group: str
    est: float | None
    se: float | None
    z: float | None
    pvalue: float | None
    ci: tuple[float | None, float | None]
    std_all: float | None


class PathDifference(Record):
    """One path compared between two groups (group minus reference)."""

    predictor: str
    outcome: str
    group: str
    reference: str
    difference: float | None
    se: float | None
    z: float | None
    pvalue_wald: float | None
    ci: tuple[float | None, float | None]
    chisq_diff: float | None
    df_diff: float | None
    pvalue: float | None
    pvalue_adjusted: float | None


class PathTest(Record):
    """The test that a path is equal in all groups."""

    predictor: str
    outcome: str
    chisq_diff: float | None
    df_diff: float | None
    pvalue: float | None
    pvalue_adjusted: float | None


class PathsByGroup(Record):
    """Paths compared between groups; ``released`` are the loadings that are not held equal."""

    estimates: tuple[GroupPath, ...]
    pairs: tuple[PathDifference, ...]
    omnibus: tuple[PathTest, ...]
    chisq_diff: float | None
    df_diff: float | None
    pvalue: float | None
    method: str
    released: tuple[str, ...]


class GroupsResult(Record):
    """Groups compared in one model.

    ``by`` is what divides them, ``name`` its name for the reader; ``n_missing`` counts respondents
    without that answer, ``n_left_out`` those of options that are not compared. ``reached`` is the
    most restricted level that is kept with all before it, ``reached_partial`` whether parameters
    had to be released for it. ``means_supported`` tells whether the scalar level is kept,
    ``paths_supported`` whether equal loadings are. ``index`` is the kind of CFI and RMSEA.
    """

    by: str
    name: Text
    groups: tuple[GroupRecord, ...]
    n_missing: int
    n_left_out: int
    levels: tuple[InvarianceLevel, ...]
    cutoffs: InvarianceCutoffs
    criterion: Literal["chen", "cfi", "chisq"]
    index: Literal["robust", "scaled", "standard"]
    method: str
    reached: LevelName | None
    reached_partial: bool
    item_tests: tuple[ItemTest, ...]
    releases: tuple[ReleasedParameter, ...]
    means: tuple[LatentMeanDifference, ...]
    means_supported: bool
    means_partial: bool
    paths: PathsByGroup | None
    paths_supported: bool
    correction: Literal["holm", "bonferroni", "bh", "none"]
    confidence: float
