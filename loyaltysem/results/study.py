"""A whole study."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from loyaltysem.results.answers import (
    CarelessResult,
    ConstructDescriptive,
    MissingResult,
    NormalityResult,
)
from loyaltysem.results.base import NoticeRecord, Record, Text
from loyaltysem.results.behaviour import BehaviourResult
from loyaltysem.results.diagram import DiagramRecord
from loyaltysem.results.factors import FactorsResult
from loyaltysem.results.items import ItemsResult
from loyaltysem.results.measurement import ItemDescriptive, ReliabilityResult, RetestResult
from loyaltysem.results.model import ModelResult
from loyaltysem.results.preregistration import PreregistrationResult
from loyaltysem.results.rivals import ChoiceResult, DimensionsResult
from loyaltysem.results.sample import QuestionnaireInfo, SampleResult
from loyaltysem.results.style import StyleRecord
from loyaltysem.results.validity import CorrelationsResult, DiscriminantResult

RESULTS_VERSION = "1.1"


class StudyInfo(Record):
    """Which study this is."""

    title: Text
    languages: tuple[str, ...]
    profile: Literal["thesis", "strict", "both"] = "thesis"
    simulated: bool = False
    description: Text = Field(default_factory=dict)
    style: StyleRecord = Field(default_factory=StyleRecord)
    diagram: DiagramRecord = Field(default_factory=DiagramRecord)


class InputFile(Record):
    """A file that went in."""

    role: str
    name: str
    sha256: str


class Provenance(Record):
    """What is needed to get the same numbers again.

    ``seeds`` are those of the random draws by what is drawn: ``resampling`` (bootstrap, parallel
    analysis), ``monte_carlo`` (intervals of indirect effects without a bootstrap), ``imputation``.
    """

    loyaltysem: str
    python: str
    packages: dict[str, str]
    inputs: tuple[InputFile, ...]
    seeds: dict[str, int] = Field(default_factory=dict)


class StudyResults(Record):
    """Everything a report prints."""

    format: Literal["loyaltysem-results"] = "loyaltysem-results"
    version: str = RESULTS_VERSION
    study: StudyInfo
    questionnaire: QuestionnaireInfo
    sample: SampleResult
    models: tuple[ModelResult, ...]
    notices: tuple[NoticeRecord, ...]
    provenance: Provenance
    descriptives: tuple[ItemDescriptive, ...] = ()
    construct_descriptives: tuple[ConstructDescriptive, ...] = ()
    normality: NormalityResult | None = None
    careless: CarelessResult | None = None
    missing: MissingResult | None = None
    reliability: tuple[ReliabilityResult, ...] = ()
    preregistration: PreregistrationResult | None = None
    retest: tuple[RetestResult, ...] = ()
    items: ItemsResult | None = None
    factors: FactorsResult | None = None
    correlations: CorrelationsResult | None = None
    discriminant: DiscriminantResult | None = None
    behaviour: BehaviourResult | None = None
    dimensions: tuple[DimensionsResult, ...] = ()
    choice: ChoiceResult | None = None

    def to_json(self) -> str:
        """Return the content of ``results.json``, ending in a newline."""
        return self.model_dump_json(indent=1) + "\n"
