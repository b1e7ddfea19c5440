"""Studies that were preregistered, and kept to it or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from loyaltysem.results import PlanPoint, PreregistrationResult
from loyaltysem.study.definition import ALL_ANALYSES, StudyDefinition
from loyaltysem.study.preregistration import NO_PLAN

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYS = {field.alias or name for name, field in StudyDefinition.model_fields.items()} - NO_PLAN
NAMES = {
    "analysis": ALL_ANALYSES,
    "setting": sorted(KEYS),
    "exclusion": ("careless.exclude", "invalid", "AC1"),
    "question": ("LOY1", ""),
}
"""What a point of each subject can be about."""


def point(kind: str, subject: str, name: str) -> PlanPoint:
    planned, now = (
        "" if kind == "exploratory" else "a -> b (-)",
        "" if kind == "dropped" else "a -> b (+)",
    )
    return PlanPoint.model_validate(
        {
            "kind": kind,
            "subject": subject,
            "name": name,
            "planned": planned,
            "now": planned if kind == "kept" else now,
        }
    )


def studies(make: Any) -> Iterator[Any]:
    fields = PlanPoint.model_fields
    kinds, subjects = (get_args(fields[name].annotation) for name in ("kind", "subject"))
    every = tuple(
        point(kind, subject, name)
        for kind in kinds
        for subject in subjects
        for name in NAMES.get(subject, ("H1",))
    )
    found = PreregistrationResult(
        frozen="2026-01-02T03:04:05+00:00",
        sha256="ab12",
        answers_present=False,
        planned_n=None,
        points=every,
    )
    for update in (
        {"points": found.kept},
        {"answers_present": True, "planned_n": 400},
        {"points": (*found.kept, found.deviations[0])},
    ):
        yield make.study(preregistration=found.model_copy(update=update))
