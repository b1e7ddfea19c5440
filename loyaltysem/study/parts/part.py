"""What a part of a study is: one analysis, from answers or a fitted model to its record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from loyaltysem.estimation import Fit
    from loyaltysem.estimation.imputation import Imputations, ImputedFit
    from loyaltysem.responses import Responses
    from loyaltysem.results import NoticeRecord
    from loyaltysem.structural.collinearity import Doubt
    from loyaltysem.structural.definition import ModelDefinition
    from loyaltysem.study.parts.screening import Screening
    from loyaltysem.study.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedModel:
    """A model of the study with its fit.

    ``doubts`` are the (predictor, outcome) pairs whose paths cannot be read, and why. Where missing
    answers were imputed, ``fit`` holds the pooled results and ``imputed`` what they come from.
    """

    definition: ModelDefinition
    fit: Fit
    doubts: Mapping[tuple[str, str], Doubt]
    imputed: ImputedFit | None = None


def _tell_nobody(done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a part works on.

    ``responses`` are the analysed ones; ``screening`` holds those before exclusions,
    ``imputations`` completed copies where missing answers are imputed; ``tell(done, total)`` shows
    how far a long part is.
    """

    plan: Plan
    responses: Responses
    models: tuple[FittedModel, ...] = ()
    tell: Callable[[int, int], None] = _tell_nobody
    screening: Screening | None = None
    imputations: Imputations | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a part found: the value of its field, and what a reader must know of it."""

    record: object = None
    notices: tuple[NoticeRecord, ...] = ()


def _refuse_nothing(plan: Plan) -> None:
    """Have nothing to refuse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyPart:
    """An analysis of the answers.

    Attributes
    ----------
    field
        The field of :class:`~loyaltysem.results.StudyResults` that its record fills.
    step
        What the progress says while it runs.
    wanted
        Whether a study asks for it.
    compute
        The analysis.
    check
        Refuses at planning time, with a place in the study file, what cannot be analysed.
    """

    field: str
    step: str
    wanted: Callable[[Plan], bool]
    compute: Callable[[Material], Found]
    check: Callable[[Plan], None] = _refuse_nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPart:
    """An analysis of one fitted model; ``field`` is one of ``ModelResult``, else as StudyPart."""

    field: str
    step: str
    wanted: Callable[[Plan], bool]
    compute: Callable[[Material, FittedModel], Found]
    check: Callable[[Plan], None] = _refuse_nothing
