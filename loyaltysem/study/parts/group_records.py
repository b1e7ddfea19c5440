"""Groups of respondents compared, as records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
from loyaltysem.structural.groups.verdicts import chen_cutoffs
from loyaltysem.study.plain import plain_record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from loyaltysem.structural.groups import Invariance, LatentMeans, PathDifferences
    from loyaltysem.structural.groups.verdicts import SampleKind
    from loyaltysem.study.parts.grouping import Grouping
    from loyaltysem.study.settings.groups import GroupsDefinition

CONFIDENCE = 0.95


def groups_record(
    groups: Grouping,
    wanted: GroupsDefinition,
    found: Invariance,
    means: LatentMeans | None,
    paths: PathDifferences | None,
) -> GroupsResult:
    """Return what was found about groups as a record.

    Parameters
    ----------
    groups, wanted
        The groups, and what the study asks of them.
    found, means, paths
        The three analyses; None for what could not be computed, or what the model does not have.
    """
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
    return found.equal_loadings().is_kept(found.criterion)


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
