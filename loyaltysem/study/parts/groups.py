"""Groups of respondents compared in one model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from loyaltysem.errors import LoyaltysemError, Notice, StudyError, listed
from loyaltysem.responses import complete_cases, read_responses
from loyaltysem.results import (
    GroupPath,
    GroupRecord,
    GroupsResult,
    InvarianceCutoffs,
    InvarianceLevel,
    ItemTest,
    LatentMeanDifference,
    PathDifference,
    PathsByGroup,
    PathTest,
    ReleasedParameter,
)
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
from loyaltysem.structural.groups.verdicts import chen_cutoffs
from loyaltysem.study.parts.grouping import Grouping, check_grouping, grouping
from loyaltysem.study.parts.part import FittedModel, Found, Material, ModelPart
from loyaltysem.study.plain import notice_records, plain_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from loyaltysem.errors import Place
    from loyaltysem.structural.definition import ModelDefinition
    from loyaltysem.structural.groups.verdicts import SampleKind
    from loyaltysem.study.plan import Plan
    from loyaltysem.study.settings.groups import GroupsDefinition

T = TypeVar("T")

GROUP = ".group"
"""Column of the group's code beside the answers; no item can bear the name."""

CONFIDENCE = 0.95

TOLD_BY_THE_MODEL = frozenset({"rows_left_out", "inseparable_constructs"})
"""Notices of the fits in groups that the model's own fit gives already, or that the tables show."""


def _compute(material: Material, fitted: FittedModel) -> Found:
    wanted = material.plan.definition.groups
    if wanted is None:
        return Found()
    groups = grouping(material.responses, wanted)
    analysis = _Analysis(
        material, fitted.definition, in_groups(material.responses.answers, groups), wanted
    )
    found, notices = _or_why(analysis.invariance)
    if found is None:
        return Found(notices=notice_records(notices))
    means, why_no_means = _or_why(lambda: analysis.means(found))
    paths, why_no_paths = _or_why(lambda: analysis.paths(found))
    told = [one for one in found.notices if one.code not in TOLD_BY_THE_MODEL]
    return Found(
        record=_record(groups, wanted, found, means, paths),
        notices=notice_records([*told, *why_no_means, *why_no_paths]),
    )


class _Analysis:
    """The three analyses of one model, with the options of the study."""

    def __init__(
        self,
        material: Material,
        model: ModelDefinition,
        answers: pd.DataFrame,
        wanted: GroupsDefinition,
    ) -> None:
        definition = material.plan.definition
        self._model, self._answers, self._wanted = model.statements, answers, wanted
        self._options: dict[str, Any] = {
            "estimator": definition.estimator,
            "missing": definition.missing,
        }

    def invariance(self) -> Invariance:
        return invariance(
            self._model,
            self._answers,
            group=GROUP,
            partial=self._wanted.partial,
            release=self._wanted.release,
            criterion=self._wanted.criterion,
            **self._options,
        )

    def means(self, found: Invariance) -> LatentMeans:
        return latent_means(found, level=CONFIDENCE, correction=self._wanted.correction)

    def paths(self, found: Invariance) -> PathDifferences | None:
        """Return the paths compared, None for a model without paths."""
        if not any(element.op == "~" for element in self._model.elements):
            return None
        return path_differences(
            self._model,
            self._answers,
            group=GROUP,
            partial=found.rung("metric").released,
            correction=self._wanted.correction,
            level=CONFIDENCE,
            **self._options,
        )


def _or_why(compute: Callable[[], T]) -> tuple[T | None, list[Notice]]:
    """Return what was computed, or None and a notice that says why it could not be."""
    try:
        return compute(), []
    except LoyaltysemError as fault:
        text = f"Something about the groups cannot be computed: {fault}"
        return None, [Notice("groups_not_compared", text, {"why": str(fault)})]


def _with_groups(material: Material, groups: Grouping) -> pd.DataFrame:
    return in_groups(material.responses.answers, groups)


def in_groups(answers: pd.DataFrame, groups: Grouping) -> pd.DataFrame:
    """Return the answers of who belongs to a group, in the groups' order, with the group's code."""
    rank = {code: k for k, code in enumerate(groups.names)}
    frame = answers.assign(**{GROUP: groups.codes.reindex(answers.index)})
    frame = frame[frame[GROUP].notna()]
    return frame.iloc[frame[GROUP].map(rank).argsort(kind="stable")]


# --- records -----------------------------------------------------------------------------------


def _record(
    groups: Grouping,
    wanted: GroupsDefinition,
    found: Invariance,
    means: LatentMeans | None,
    paths: PathDifferences | None,
) -> GroupsResult:
    sample = _sample_kind(found)
    reached = found.reached
    methods = [rung.step.method for rung in found.rungs if rung.step]
    return GroupsResult(
        by=wanted.by,
        name=groups.name,
        groups=tuple(
            GroupRecord(code=code, name=groups.names[code], n=n)
            for code, n in found.n_per_group.items()
        ),
        n_missing=groups.n_missing,
        n_left_out=groups.n_left_out,
        levels=tuple(_levels(found)),
        cutoffs=_cutoffs(sample),
        criterion=wanted.criterion,
        index=found.index,
        method=methods[0] if methods else "",
        reached=reached.level.name if reached else None,
        reached_partial=bool(reached and reached.released),
        item_tests=tuple(_item_tests(found)),
        releases=tuple(_releases(found)),
        means=tuple(_mean(row) for row in means.table.to_dict("records")) if means else (),
        means_supported=bool(means and means.supported),
        means_partial=bool(means and means.partial),
        paths=_paths(paths) if paths else None,
        paths_supported=_loadings_kept(found),
        correction=wanted.correction,
        confidence=CONFIDENCE,
    )


def _sample_kind(found: Invariance) -> SampleKind:
    return next(rung.step.verdict.sample for rung in found.rungs if rung.step)


def _loadings_kept(found: Invariance) -> bool:
    """Tell whether equal loadings are kept, with those that were released."""
    return found.rung("metric").is_kept(found.criterion)


def _cutoffs(sample: SampleKind) -> InvarianceCutoffs:
    loadings, others = chen_cutoffs("metric", sample), chen_cutoffs("scalar", sample)
    return InvarianceCutoffs(
        sample=sample,
        cfi=others.cfi,
        rmsea=others.rmsea,
        srmr_loadings=loadings.srmr,
        srmr=others.srmr,
    )


def _levels(found: Invariance) -> Iterable[InvarianceLevel]:
    for rung in found.rungs:
        row = plain_record(rung.row())
        row.pop("method")
        yield InvarianceLevel(
            **row,
            chen_other=rung.step.verdict.chen_other if rung.step else None,
            kept=rung.is_kept(found.criterion),
            converged=rung.fit.converged,
        )


def _item_tests(found: Invariance) -> Iterable[ItemTest]:
    for level, table in found.item_tests.items():
        for row in table.to_dict("records"):
            yield ItemTest(level=level, **plain_record(row))


def _releases(found: Invariance) -> Iterable[ReleasedParameter]:
    for one in found.releases:
        yield ReleasedParameter(
            **{name: getattr(one, name) for name in ReleasedParameter.model_fields}
        )


def _mean(row: dict[Any, Any]) -> LatentMeanDifference:
    values = _with_interval(row)
    d_ci = (values.pop("d_lower"), values.pop("d_upper"))
    values.pop("d_se")
    return LatentMeanDifference(**values, d_ci=d_ci)


def _with_interval(row: dict[Any, Any]) -> dict[str, Any]:
    """Return a row as plain values with its limits as ``ci``."""
    values = plain_record(row)
    return values | {"ci": (values.pop("ci_lower"), values.pop("ci_upper"))}


def _with_ends(values: dict[str, Any]) -> dict[str, Any]:
    return values | {"predictor": values.pop("from"), "outcome": values.pop("to")}


def _paths(found: PathDifferences) -> PathsByGroup:
    overall = {
        "chisq_diff": found.overall.statistic,
        "df_diff": found.overall.df,
        "pvalue": found.overall.pvalue,
    }
    return PathsByGroup(
        estimates=tuple(
            GroupPath(**_with_ends(_with_interval(row)))
            for row in found.estimates.to_dict("records")
        ),
        pairs=tuple(
            PathDifference(**_with_ends(_with_interval(row)))
            for row in found.pairs.to_dict("records")
        ),
        omnibus=tuple(
            PathTest(**_with_ends(plain_record(row))) for row in found.omnibus.to_dict("records")
        ),
        method=found.method,
        released=found.released,
        **plain_record(overall),
    )


# --- what is refused at planning time ----------------------------------------------------------


def _check(plan: Plan) -> None:
    """Refuse an impossible grouping, a single group, and groups too small for the models."""
    check_grouping(plan)
    wanted = plan.definition.groups
    if wanted is None:
        return
    responses = read_responses(plan.data, plan.questionnaire, invalid=plan.definition.invalid)
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
