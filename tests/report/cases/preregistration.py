"""Studies that were preregistered, and kept to it or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loyaltysem.results import DeviationRecord, PreregistrationResult

if TYPE_CHECKING:
    from collections.abc import Iterator

SUBJECTS = ("hypothesis", "model", "analysis", "setting", "questionnaire", "sample_size")


def studies(make: Any) -> Iterator[Any]:
    kept = PreregistrationResult(
        frozen="2026-01-02T03:04:05+00:00",
        sha256="ab12",
        answers_present=False,
        planned_n=None,
        kept=20,
        deviations=(),
    )
    changed = tuple(
        DeviationRecord(kind="changed", subject=subject, name="H1", planned="a", now="b")
        for subject in SUBJECTS
    )
    exploratory = DeviationRecord(
        kind="exploratory", subject="model", name="m2", planned="", now="y ~ x"
    )
    dropped = exploratory.model_copy(update={"kind": "dropped"})
    for update in (
        {},
        {"answers_present": True, "planned_n": 400, "deviations": changed},
        {"deviations": (exploratory,)},
        {"deviations": (exploratory, dropped)},
    ):
        yield make.study(preregistration=kept.model_copy(update=update))
