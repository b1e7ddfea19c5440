"""Fit measures judged by a study's cut-offs, as records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.results import IndexVerdict
from loyaltysem.structural.fit_verdicts import judge_fit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from loyaltysem.measurement.cutoffs import Cutoff


def verdict_records(
    measures: Mapping[str, float | None], cutoffs: Iterable[Cutoff]
) -> tuple[IndexVerdict, ...]:
    """Return each fit measure that has a cut-off, with the verdict."""
    return tuple(
        IndexVerdict(
            index=one.index,
            value=one.value,
            relation=one.cutoff.relation,
            cutoff=one.cutoff.cutoff,
            source=one.cutoff.source,
            met=one.met,
        )
        for one in judge_fit(measures, cutoffs)
    )
