"""Fit measures judged by a study's cut-offs, as records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.measurement.cutoffs import profiles_of, read_cutoffs
from loyaltysem.results import IndexVerdict
from loyaltysem.structural.fit_verdicts import judge_fit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.study.plan import Plan


def verdict_records(plan: Plan, measures: Mapping[str, float | None]) -> tuple[IndexVerdict, ...]:
    """Return each fit measure that has a cut-off, judged by each of the study's profiles."""
    return tuple(
        IndexVerdict(
            index=one.index,
            value=one.value,
            relation=one.cutoff.relation,
            cutoff=one.cutoff.cutoff,
            source=one.cutoff.source,
            met=one.met,
            profile=profile,
            tolerated=one.cutoff.tolerated if one.cutoff.tolerates(one.value) else None,
            tolerated_source=one.cutoff.tolerated_source,
        )
        for profile in profiles_of(plan.definition.profile)
        for one in judge_fit(measures, read_cutoffs(profile, plan.folder))
    )
