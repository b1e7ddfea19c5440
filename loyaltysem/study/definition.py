"""The schema of ``study.yaml``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from loyaltysem.documents import Definition, Line, Text, load
from loyaltysem.errors import StudyError, listed
from loyaltysem.measurement.cutoffs import ProfileChoice
from loyaltysem.structural.specifications import CATEGORICAL
from loyaltysem.study.settings.authors import AuthorDefinition, named
from loyaltysem.study.settings.behaviour import BehaviourDefinition
from loyaltysem.study.settings.bootstrap import BootstrapDefinition
from loyaltysem.study.settings.careless import CarelessDefinition
from loyaltysem.study.settings.check import CheckDefinition
from loyaltysem.study.settings.diagram import DiagramDefinition
from loyaltysem.study.settings.dimensions import DimensionsDefinition
from loyaltysem.study.settings.estimation import Estimator
from loyaltysem.study.settings.factors import FactorsDefinition
from loyaltysem.study.settings.groups import GroupsDefinition
from loyaltysem.study.settings.method_variance import MethodVarianceDefinition
from loyaltysem.study.settings.missing import FIT_OPTIONS, MissingChoice, MissingDefinition
from loyaltysem.study.settings.moderation import ModerationDefinition
from loyaltysem.study.settings.retest import RetestDefinition
from loyaltysem.study.settings.robustness import RobustnessDefinition
from loyaltysem.study.settings.style import StyleDefinition

if TYPE_CHECKING:
    from pathlib import Path

Language = Literal["en", "zh"]
Analysis = Literal[
    "careless",
    "missing",
    "descriptives",
    "normality",
    "items",
    "reliability",
    "factors",
    "correlations",
    "validity",
    "model",
    "mediation",
    "importance",
    "method_variance",
]
Format = Literal["html", "docx", "pdf", "latex", "md", "qmd", "xlsx"]

ALL_ANALYSES: tuple[Analysis, ...] = get_args(Analysis)


def _listed(value: object) -> object:
    """Let one value stand for a list of one."""
    return [value] if isinstance(value, str) else value


def _one_or_more(value: object) -> object:
    """Let one mapping stand for a list of one."""
    return [value] if isinstance(value, dict) else value


def _without_repetition(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        raise ValueError("must name at least one")
    if len(set(values)) < len(values):
        raise ValueError("names the same twice")
    return values


SampleName = Annotated[str, StringConstraints(pattern=r"^[\w-]{1,60}$")]
"""Names a folder, so it is made of letters, digits, _ and -."""

_OneOrMore = (BeforeValidator(_listed), AfterValidator(_without_repetition))


class StudyDefinition(Definition):
    """What a study consists of.

    Attributes
    ----------
    title, description
        For the reader, in each language.
    questionnaire
        Name (the study's own folder ``questionnaires/`` first, then the shipped ones) or path. All
        paths are relative to the study file.
    data
        The file of answers: an export of a survey platform, CSV, Excel, SPSS, Stata, Parquet.
    mapping
        File that says which column of the data holds which question, where headings do not tell.
    samples
        Instead of ``data``, names with a path each: the study is run on each of them, and they
        are set side by side.
    data_source
        Printed where the answers come from somebody else's study.
    authors
        Names, or blocks of ``name``, ``orcid`` and ``affiliation``, for repositories that take
        the results.
    license
        Of the results: ``CC-BY-4.0`` or any other by its SPDX name or its address.
    simulated
        Whether the answers are simulated; every output then says so.
    model
        Name or path of one or more models, as ``questionnaire``.
    language
        Of the report: ``en``, ``zh``, or both.
    analyses
        Sections of the report; by default all for which there is something to analyse.
    formats
        Of the report; ``results.json`` is always written.
    output
        Folder of the results.
    profile
        Cut-offs: ``thesis`` (customary in theses), ``strict``, or ``both`` side by side.
    style
        How numbers and tables are written.
    diagram
        How figures look, and what path diagrams show.
    estimator
        WLSMV, ULSMV and DWLS take answers as ordered categories, the others as numbers.
    treatment
        What is done about missing answers.
    careless
        Which signs of careless answering exclude a respondent.
    engine
        ``native``, or ``semopy`` for estimates by the second engine.
    bootstrap
        Samples for intervals of indirect effects; without it they are Monte Carlo intervals.
    factors
        How the items are explored.
    retest
        A second wave of the same respondents.
    behaviour
        A table of purchases of the same respondents.
    method_variance
        What was measured to catch common-method variance.
    dimensions
        Dimensions whose common factor is looked for; one or a list.
    groups
        Groups of respondents that are compared.
    moderation
        Paths that may depend on a moderator; one or a list.
    robustness
        Whether conclusions hold under other programs and analyses.
    check
        How far a number may move before ``loyaltysem check`` fails.
    invalid
        What becomes of an answer that the questionnaire does not know: set ``missing`` and
        counted, or an ``error`` that ends the run.
    """

    title: Text
    description: Text = Field(default_factory=dict)
    questionnaire: Line
    data: Line = ""
    mapping: Line | None = None
    samples: dict[SampleName, Line] = Field(default_factory=dict)
    data_source: str = ""
    simulated: bool = False
    authors: Annotated[tuple[AuthorDefinition, ...], BeforeValidator(named)] = ()
    license: Line | None = None
    model: Annotated[tuple[Line, ...], *_OneOrMore]
    language: Annotated[tuple[Language, ...], *_OneOrMore] = ("en",)
    analyses: Annotated[tuple[Analysis, ...], *_OneOrMore] = ALL_ANALYSES
    formats: Annotated[tuple[Format, ...], *_OneOrMore] = ("html", "docx")
    output: Line = "output"
    profile: ProfileChoice = "thesis"
    style: StyleDefinition = Field(default_factory=StyleDefinition)
    diagram: DiagramDefinition = Field(default_factory=DiagramDefinition)
    estimator: Estimator = "ML"
    treatment: MissingChoice = Field(default="listwise", alias="missing")
    careless: CarelessDefinition | None = None
    engine: Literal["native", "semopy"] = "native"
    bootstrap: BootstrapDefinition | None = None
    factors: FactorsDefinition = Field(default_factory=FactorsDefinition)
    retest: RetestDefinition | None = None
    behaviour: BehaviourDefinition | None = None
    method_variance: MethodVarianceDefinition | None = None
    dimensions: Annotated[tuple[DimensionsDefinition, ...], BeforeValidator(_one_or_more)] = ()
    groups: GroupsDefinition | None = None
    moderation: Annotated[tuple[ModerationDefinition, ...], BeforeValidator(_one_or_more)] = ()
    robustness: RobustnessDefinition = Field(default_factory=RobustnessDefinition)
    check: CheckDefinition = Field(default_factory=CheckDefinition)
    invalid: Literal["missing", "error"] = "missing"

    @property
    def missing_answers(self) -> MissingDefinition:
        """What is done about missing answers, in full."""
        given = self.treatment
        return MissingDefinition(method=given) if isinstance(given, str) else given

    @property
    def missing(self) -> str:
        """What :func:`loyaltysem.fit` is told of missing answers, where nothing is imputed."""
        return FIT_OPTIONS[self.missing_answers.method]

    @property
    def is_ordinal(self) -> bool:
        """Whether the estimator takes answers as ordered categories."""
        return self.estimator in CATEGORICAL

    @property
    def fit_options(self) -> dict[str, Any]:
        """What :func:`loyaltysem.fit` is told of estimator, answers and gaps."""
        return {"estimator": self.estimator, "missing": self.missing, "ordered": self.is_ordinal}

    @model_validator(mode="after")
    def _has_answers(self) -> Self:
        if bool(self.data) == bool(self.samples):
            raise ValueError("needs either 'data' or 'samples'")
        return self

    def data_of(self, sample: str | None) -> str:
        """Return the path of the data file, or of that of one sample.

        Raises
        ------
        StudyError
            There is no such sample, or several and none was named.
        """
        if not self.samples and sample is None:
            return self.data
        if sample not in self.samples:
            raise StudyError(
                "The study has several samples" if sample is None else "There is no such sample",
                place=self.place("samples"),
                found=sample,
                expected=listed(self.samples) or "none: the study has one data file",
            )
        return self.samples[sample]


def read_study(path: Path) -> StudyDefinition:
    """Read a study file.

    Raises
    ------
    DocumentError
        The file is missing or is no study; all faults are named with line and column.
    """
    return load(path, StudyDefinition)
