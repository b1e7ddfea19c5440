"""What a study found, as plain records: the content of ``results.json``.

Everything a report prints comes from here, so a report can be made again from the stored file.
Texts for the reader are kept in every language of the study (``{"en": …, "zh": …}``).
Quantities that cannot be computed are None, and a notice says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from pathlib import Path

Text = dict[str, str]

RESULTS_VERSION = "1.0"


class Record(BaseModel):
    """Base of all records: immutable, closed."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")


class NoticeRecord(Record):
    """Something the reader must know; ``code`` picks the wording, ``facts`` fill it."""

    code: str
    text: str
    facts: dict[str, object] = Field(default_factory=dict)
    about: str = ""


class StudyInfo(Record):
    """Which study this is."""

    title: Text
    languages: tuple[str, ...]
    profile: Literal["thesis", "strict"] = "thesis"
    simulated: bool = False
    description: Text = Field(default_factory=dict)


class ItemInfo(Record):
    """An item as it was asked; ``scale`` is (lowest, highest) answer."""

    code: str
    wording: Text
    reverse: bool
    scale: tuple[int, int]
    source: str = ""


class ConstructInfo(Record):
    """A construct of the questionnaire with its items."""

    code: str
    name: Text
    source: str
    items: tuple[ItemInfo, ...]


class QuestionnaireInfo(Record):
    """The questionnaire that was answered."""

    name: str
    title: Text
    sha256: str
    constructs: tuple[ConstructInfo, ...]


class Exclusion(Record):
    """Respondents lost to one reason."""

    code: str
    reason: Text
    n: int


class CategoryCount(Record):
    """One category of a demographic variable; ``share`` is of valid answers, 0 to 1."""

    label: Text
    n: int
    share: float


class Demographic(Record):
    """One demographic variable."""

    code: str
    name: Text
    categories: tuple[CategoryCount, ...]
    n_missing: int


class LedgerTotal(Record):
    """How often one kind of thing was done to the answers, and to how many respondents."""

    code: str
    action: Text
    cells: int
    respondents: int


class SampleResult(Record):
    """Who answered, who was left out and why: n_read = n_analysed + sum of exclusions."""

    n_read: int
    n_analysed: int
    exclusions: tuple[Exclusion, ...]
    ledger: tuple[LedgerTotal, ...]
    demographics: tuple[Demographic, ...]


class ItemDescriptive(Record):
    """One item's answers after reverse coding; skewness and kurtosis as SPSS prints them."""

    code: str
    construct_code: str
    n: int
    n_missing: int
    mean: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    minimum: float | None
    maximum: float | None


class ItemReliability(Record):
    """An item within its construct: corrected item-total correlation, alpha without it."""

    code: str
    item_total: float | None
    alpha_if_deleted: float | None


class ReliabilityResult(Record):
    """Reliability of one construct; ``ci`` is the 95 % interval of alpha."""

    construct_code: str
    name: Text
    n_items: int
    n: int
    alpha: float | None
    alpha_standardized: float | None
    ci: tuple[float, float] | None
    items: tuple[ItemReliability, ...]


class ParameterRecord(Record):
    """One row of the parameter table with its estimate; names as in lavaan."""

    lhs: str
    op: str
    rhs: str
    group: int
    label: str
    free: bool
    est: float | None
    se: float | None
    z: float | None
    pvalue: float | None
    ci_lower: float | None
    ci_upper: float | None
    std_lv: float | None
    std_all: float | None
    std_nox: float | None


class HypothesisResult(Record):
    """One hypothesis and what the data say of it.

    ``verdict``: supported (right sign, p < .05), not_supported (p >= .05), opposite (wrong sign,
    p < .05), not_judged (the solution does not allow a judgement: ``reason`` is inseparable,
    collinear, exploding, not_converged or no_standard_error, and ``reason_constructs`` are the
    latent variables involved).
    """

    id: str
    path: str
    wording: Text
    source: str
    expected_sign: Literal["+", "-"]
    est: float | None
    se: float | None
    z: float | None
    pvalue: float | None
    std_all: float | None
    verdict: Literal["supported", "not_supported", "opposite", "not_judged"]
    reason: str = ""
    reason_constructs: tuple[str, ...] = ()


class IndexVerdict(Record):
    """One fit index against its cut-off; ``index`` is lavaan's name (or chisq_df)."""

    index: str
    value: float | None
    relation: Literal["<", "<=", ">", ">="]
    cutoff: float
    source: str
    met: bool | None


class LatentPair(Record):
    """Correlation of two latent variables as the model implies it."""

    first: str
    second: str
    correlation: float


class ConvergentValidity(Record):
    """Composite reliability and average variance extracted of one latent variable in one model."""

    construct_code: str
    composite_reliability: float | None
    ave: float | None


class EffectInterval(Record):
    """A confidence interval; ``method`` is delta, mc (Monte Carlo), perc, bc or bca (bootstrap)."""

    method: Literal["delta", "mc", "perc", "bc", "bca"]
    lower: float | None
    upper: float | None


class EffectRecord(Record):
    """An effect of one variable on another.

    ``kind``: direct, indirect (one specific path), total_indirect or total. ``path`` names all
    variables of a specific path, else the two ends. ``se``, ``z`` and ``pvalue`` are those of the
    delta method. Of indirect effects, ``proportion`` is the share of the total effect (None where
    parts of it differ in sign) and ``mediation`` the kind of mediation by Zhao, Lynch & Chen
    (2010), or not_judged where the solution does not allow a judgement (``readable`` is False).
    """

    kind: Literal["direct", "indirect", "total_indirect", "total"]
    path: str
    predictor: str
    outcome: str
    group: int
    est: float | None
    std_all: float | None
    se: float | None
    z: float | None
    pvalue: float | None
    boot_se: float | None
    intervals: tuple[EffectInterval, ...]
    std_intervals: tuple[EffectInterval, ...]
    readable: bool
    proportion: float | None = None
    mediation: str = ""

    def interval(self, method: str) -> tuple[float | None, float | None] | None:
        """Return the limits by one method, None where it was not used."""
        found = (one for one in self.intervals if one.method == method)
        return next(((one.lower, one.upper) for one in found), None)


class BootstrapRecord(Record):
    """A bootstrap: draws asked for, draws without estimates (by reason), and the seed."""

    draws: int
    failed: int
    reasons: dict[str, int]
    seed: int


class EffectsResult(Record):
    """All effects of a model; ``judged_by`` is the interval that the kinds of mediation rest on."""

    rows: tuple[EffectRecord, ...]
    level: float
    judged_by: Literal["delta", "mc", "perc", "bc", "bca"]
    bootstrap: BootstrapRecord | None


class ModelResult(Record):
    """One fitted model. ``fit`` is keyed by lavaan's names of the measures."""

    name: str
    title: Text
    source: str
    syntax: str
    names: dict[str, Text]
    estimator: str
    engine: str
    converged: bool
    n: int
    npar: int
    fit: dict[str, float | None]
    verdicts: tuple[IndexVerdict, ...]
    parameters: tuple[ParameterRecord, ...]
    r2: dict[str, float]
    latent_correlations: tuple[LatentPair, ...]
    hypotheses: tuple[HypothesisResult, ...]
    notices: tuple[NoticeRecord, ...]
    admissible: bool
    validity: tuple[ConvergentValidity, ...] = ()
    effects: EffectsResult | None = None


class InputFile(Record):
    """A file that went in."""

    role: str
    name: str
    sha256: str


class Provenance(Record):
    """What is needed to get the same numbers again."""

    loyaltysem: str
    python: str
    packages: dict[str, str]
    inputs: tuple[InputFile, ...]
    seed: int | None = None


class StudyResults(Record):
    """Everything a report prints."""

    format: Literal["loyaltysem-results"] = "loyaltysem-results"
    version: str = RESULTS_VERSION
    study: StudyInfo
    questionnaire: QuestionnaireInfo
    sample: SampleResult
    descriptives: tuple[ItemDescriptive, ...]
    reliability: tuple[ReliabilityResult, ...]
    models: tuple[ModelResult, ...]
    notices: tuple[NoticeRecord, ...]
    provenance: Provenance

    def to_json(self) -> str:
        """Return the content of ``results.json``, ending in a newline."""
        return self.model_dump_json(indent=1) + "\n"


def read_results(path: Path) -> StudyResults:
    """Read a stored ``results.json``."""
    return StudyResults.model_validate_json(path.read_text(encoding="utf-8"))
