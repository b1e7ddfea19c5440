"""Groups of respondents compared in one model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from loyaltysem.errors import LoyaltysemError, Notice, StudyError, listed
from loyaltysem.estimation.ordinal.columns import CategoryLostError
from loyaltysem.responses import complete_cases
from loyaltysem.structural.groups import (
    Invariance,
    LatentMeans,
    PathDifferences,
    invariance,
    latent_means,
    path_differences,
)
from loyaltysem.structural.groups.model_parts import measurement_model
from loyaltysem.structural.groups.respondents import (
    check_sizes,
    group_sizes,
    parameters_per_group,
)
from loyaltysem.study.parts.group_records import CONFIDENCE, groups_record
from loyaltysem.study.parts.grouping import Grouping, check_grouping, grouping
from loyaltysem.study.parts.part import FittedModel, Found, Material, ModelPart
from loyaltysem.study.plain import notice_records, reason_facts

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from loyaltysem.errors import Place
    from loyaltysem.structural.definition import ModelDefinition
    from loyaltysem.study.plan import Plan
    from loyaltysem.study.settings.groups import GroupsDefinition
    from loyaltysem.syntax.statements import Statements

T = TypeVar("T")

GROUP = ".group"
"""Column of the group's code beside the answers; no item can bear the name."""

TOLD_BY_THE_MODEL = frozenset({"rows_left_out", "inseparable_constructs"})
"""Notices of the fits in groups that the model's own fit gives already, or that the tables show."""


def _compute(material: Material, fitted: FittedModel) -> Found:
    wanted = material.plan.definition.groups
    if wanted is None:
        return Found()
    groups = grouping(material.responses, wanted)
    analysis = _Analysis(
        model=fitted.definition.statements,
        answers=in_groups(material.responses.answers, groups),
        wanted=wanted,
        options=material.plan.definition.fit_options,
    )
    try:
        return _compared(analysis, groups, wanted)
    except CategoryLostError as fault:
        found = _compared(analysis.of_numbers(), groups, wanted)
        return replace(found, notices=(*notice_records([_taken_as_numbers(fault)]), *found.notices))


def _compared(analysis: _Analysis, groups: Grouping, wanted: GroupsDefinition) -> Found:
    found, notices = _or_why(analysis.invariance)
    if found is None:
        return Found(notices=notice_records(notices))
    means, why_no_means = _or_why(lambda: analysis.means(found))
    paths, why_no_paths = _or_why(lambda: analysis.paths(found))
    told = [one for one in found.notices if one.code not in TOLD_BY_THE_MODEL]
    return Found(
        record=groups_record(groups, wanted, found, means, paths),
        notices=notice_records([*told, *why_no_means, *why_no_paths]),
    )


def _taken_as_numbers(fault: CategoryLostError) -> Notice:
    """Say that groups in which a category is missing are compared on the answers as numbers."""
    text = f"Groups are compared on the answers as numbers, with MLR: {fault}"
    return Notice("groups_of_numbers", text, {"why": str(fault), **fault.facts})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Analysis:
    """The three analyses of one model, with the options of the study."""

    model: Statements
    answers: pd.DataFrame
    wanted: GroupsDefinition
    options: dict[str, Any]

    def of_numbers(self) -> _Analysis:
        """Return the same analyses with the answers taken as numbers."""
        missing = self.options["missing"]
        options = {"estimator": "MLR", "missing": "fiml" if missing == "pairwise" else missing}
        return replace(self, options=options)

    def invariance(self) -> Invariance:
        return invariance(
            self.model,
            self.answers,
            group=GROUP,
            partial=self.wanted.partial,
            release=self.wanted.release,
            criterion=self.wanted.criterion,
            **self.options,
        )

    def means(self, found: Invariance) -> LatentMeans:
        return latent_means(found, level=CONFIDENCE, correction=self.wanted.correction)

    def paths(self, found: Invariance) -> PathDifferences | None:
        """Return the paths compared, None for a model without paths."""
        if not any(element.op == "~" for element in self.model.elements):
            return None
        return path_differences(
            self.model,
            self.answers,
            group=GROUP,
            partial=found.equal_loadings().released,
            correction=self.wanted.correction,
            level=CONFIDENCE,
            **self.options,
        )


def _or_why(compute: Callable[[], T]) -> tuple[T | None, list[Notice]]:
    """Return what was computed, or None and a notice that says why it could not be.

    Raises
    ------
    CategoryLostError
        The answers can be compared as numbers only, not as categories.
    """
    try:
        return compute(), []
    except CategoryLostError:
        raise
    except LoyaltysemError as fault:
        text = f"Something about the groups cannot be computed: {fault}"
        return None, [Notice("groups_not_compared", text, reason_facts(fault))]


def in_groups(answers: pd.DataFrame, groups: Grouping) -> pd.DataFrame:
    """Return the answers of who belongs to a group, in the groups' order, with the group's code."""
    rank = {code: k for k, code in enumerate(groups.names)}
    frame = answers.assign(**{GROUP: groups.codes.reindex(answers.index)})
    frame = frame[frame[GROUP].notna()]
    return frame.iloc[frame[GROUP].map(rank).argsort(kind="stable")]


# --- what is refused at planning time ----------------------------------------------------------


def _check(plan: Plan) -> None:
    """Refuse an impossible grouping, a single group, and groups too small for the models."""
    check_grouping(plan)
    wanted = plan.definition.groups
    if wanted is None:
        return
    responses = plan.responses()
    demographics = [one.code for one in plan.questionnaire.demographics]
    if wanted.by in demographics and wanted.by not in responses.demographics:
        raise StudyError(
            f"The data file has no column for '{wanted.by}', by which groups are compared",
            place=_place(plan),
            expected=listed(responses.demographics) or None,
        )
    if plan.definition.missing == "listwise":
        items = {item for model in plan.models_to_fit for item in model.items}
        responses = complete_cases(responses, sorted(items))
    groups = grouping(responses, wanted)
    answers = in_groups(responses.answers, groups)
    for model in plan.models_to_fit:
        _check_sizes(plan, model, answers, groups)


def _check_sizes(
    plan: Plan, model: ModelDefinition, answers: pd.DataFrame, groups: Grouping
) -> None:
    if len(groups.names) < 2:
        raise StudyError(
            f"The answers to '{plan.definition.groups.by}' make no two groups",  # type: ignore[union-attr]
            place=_place(plan),
            found=listed(f"'{one}'" for one in groups.names) or "no answer",
            remedy="Group by something else, or leave out 'groups'.",
        )
    try:
        sizes = group_sizes(answers, GROUP)
        needed = parameters_per_group(measurement_model(model.statements), answers, tuple(sizes))
        check_sizes(sizes, needed)
    except LoyaltysemError as fault:
        raise StudyError(
            f"{fault.problem} (model '{model.name}')",
            place=_place(plan),
            found=fault.found,
            expected=fault.expected,
            remedy="Choose and join options with 'levels: [[a, b], c]', or use a smaller model.",
        ) from fault


def _place(plan: Plan) -> Place | None:
    return plan.definition.place("groups", "by")


GROUPS = ModelPart(
    field="groups",
    step="Comparing groups",
    wanted=lambda plan: plan.definition.groups is not None and "model" in plan.definition.analyses,
    compute=_compute,
    check=_check,
)
