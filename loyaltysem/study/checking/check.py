"""Compute a study again, and compare."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from loyaltysem.errors import StudyError, listed
from loyaltysem.results import RESULTS_VERSION, read_values, version_of
from loyaltysem.study.checking.changes import Change, find_changes
from loyaltysem.study.checking.refitting import refitted
from loyaltysem.study.plan import plan_study
from loyaltysem.study.provenance import provenance
from loyaltysem.study.run import compute_study

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from loyaltysem.study.plan import Plan
    from loyaltysem.study.run import Tell


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyCheck:
    """What a check found.

    Attributes
    ----------
    study, against
        The study file, and the stored results.
    sample
        Which of the study's samples; None for a study with one data file.
    changes
        What differs, the gravest first; empty when nothing moved.
    from_moments
        Whether the answers were absent, so that only what follows from the stored moments was
        computed again.
    inputs_changed
        Roles of the input files whose content is another one than when the results were stored.
    versions_changed
        Programs that are of another version than then: name, version then, version now.
    fields_skipped
        Whether the stored results are of another version of the format, so that fields that one
        side does not know were not compared.
    """

    study: Path
    against: Path
    changes: tuple[Change, ...]
    from_moments: bool = False
    inputs_changed: tuple[str, ...] = ()
    versions_changed: tuple[tuple[str, str, str], ...] = ()
    fields_skipped: bool = False
    sample: str | None = None

    @property
    def name(self) -> str:
        """The study file, and the sample where there are several."""
        return f"{self.study} ({self.sample})" if self.sample else str(self.study)

    @property
    def passed(self) -> bool:
        """Whether nothing moved."""
        return not self.changes

    @property
    def notes(self) -> tuple[str, ...]:
        """What else the reader of the outcome must know, in sentences."""
        return tuple(self._notes())

    def _notes(self) -> Iterator[str]:
        if self.from_moments:
            yield (
                "The answers are not here; the models were fitted to the stored moments. "
                "Analyses that need the answers were not checked."
            )
        for role in self.inputs_changed:
            yield f"The {role} file is another one than before."
        if self.versions_changed:
            moved = (f"{name} {then} → {now}" for name, then, now in self.versions_changed)
            yield f"Other versions than before: {listed(moved, 20)}."
        if self.fields_skipped:
            yield (
                "The stored results are of another version of the format; fields that only one of "
                "both knows were not compared."
            )


def check_study(
    path: Path,
    *,
    against: Path | None = None,
    sample: str | None = None,
    allow_outside: bool = False,
    workers: int | None = None,
    tell: Tell | None = None,
) -> StudyCheck:
    """Compute a study again and compare with its stored results; nothing is written.

    Parameters
    ----------
    path
        The study file.
    against
        A stored ``results.json``; None for the one in the study's output folder.
    sample
        Which of the study's ``samples``; None for a study with one data file.
    allow_outside
        Whether the study may name files outside its folder.
    workers
        Processes that draw bootstrap samples, instead of the study's own choice.
    tell
        Called as ``tell(step, done, total)`` when a step begins.

    Raises
    ------
    LoyaltysemError
        The study cannot be run; there are no stored results; or the answers are absent and the
        stored results hold no moments to go by.
    """
    plan = plan_study(
        path, sample=sample, allow_outside=allow_outside, with_answers=False, workers=workers
    )
    against = against or plan.output / "results.json"
    stored = _stored(against)
    here = plan.data.is_file()
    then, now = (
        (stored, json.loads(compute_study(plan, tell).to_json()))
        if here
        else refitted(plan, stored, against)
    )
    older = _older(stored)
    return StudyCheck(
        study=path,
        against=against,
        sample=sample,
        changes=find_changes(then, now, plan.definition.check, may_lack=older),
        from_moments=not here,
        fields_skipped=older is not None,
        **_circumstances(plan, stored),
    )


def _circumstances(plan: Plan, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return which inputs and versions are others than when the results were stored."""
    there = {role: path for role, path in plan.inputs.items() if path.is_file()}
    before, today = stored["provenance"], provenance(there).model_dump()
    hashes = {one["role"]: one["sha256"] for one in before["inputs"]}
    versions = _versions(today)
    return {
        "inputs_changed": tuple(
            one["role"]
            for one in today["inputs"]
            if hashes.get(one["role"], one["sha256"]) != one["sha256"]
        ),
        "versions_changed": tuple(
            (name, then, versions[name])
            for name, then in _versions(before).items()
            if versions.get(name, then) != then
        ),
    }


def _versions(of: Mapping[str, Any]) -> dict[str, str]:
    return {"loyaltysem": of["loyaltysem"], "Python": of["python"], **of["packages"]}


def _stored(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise StudyError(
            f"There are no stored results '{path}' to compare with",
            remedy="Run the study first, and keep its results.json; or name one with --against.",
        )
    return read_values(path)


def _older(stored: Mapping[str, Any]) -> Literal["stored", "now"] | None:
    """Return which side is of an older version of the format, and so may lack fields."""
    before, today = version_of(stored), version_of({"version": RESULTS_VERSION})
    return None if before == today else "stored" if before < today else "now"
