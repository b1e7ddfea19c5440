"""``preregistration.json``: what a study plans, written down and hashed before the answers come in.

The statement holds hypotheses, models, questionnaire, analyses, exclusion rules and the planned
number of respondents. A later run compares itself with it; the report says what was changed, what
was dropped, and what is exploratory.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loyaltysem.errors import Place, StudyError
from loyaltysem.results import DeviationRecord, PreregistrationResult
from loyaltysem.study.manifest import file_entry, now, written_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from loyaltysem.study.plan import Plan

FILE = "preregistration.json"
FORMAT = "loyaltysem-preregistration"
VERSION = "1.0"

PRESENTATION = {
    "title", "description", "questionnaire", "data", "samples", "data_source", "simulated", "model",
    "language", "analyses", "formats", "output", "check",
}  # fmt: skip
"""Keys of a study that say how it is shown or where it lies, or that are frozen apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A frozen statement: when, what, and its hash."""

    frozen: str
    answers: Sequence[Mapping[str, Any]]
    plan: Mapping[str, Any]
    sha256: str


def freeze(plan: Plan, answers: Iterable[Path], planned_n: int | None = None) -> bytes:
    """Return the content of ``preregistration.json`` for a study as it stands.

    Parameters
    ----------
    plan
        The study.
    answers
        Its data files, of which some may exist already.
    planned_n
        Planned number of respondents (of each sample), if any.
    """
    there = [file_entry(one.name, one.read_bytes()) for one in answers if one.is_file()]
    content = {
        "format": FORMAT,
        "version": VERSION,
        "frozen": now().isoformat(timespec="seconds"),
        "answers_at_freezing": there,
        "plan": planned(plan, planned_n),
    }
    return written_json(content | {"sha256": _digest(content)})


def planned(plan: Plan, planned_n: int | None = None) -> dict[str, Any]:
    """Return what a study states: plain values, the same for the same plan."""
    definition = plan.definition.model_dump(mode="json", by_alias=True)
    return {
        "title": definition["title"],
        "planned_n": planned_n,
        "questionnaire": {
            "name": plan.questionnaire.name,
            "sha256": plan.questionnaire.content_hash(),
        },
        "models": {model.name: model.syntax.strip() for model in plan.models},
        "hypotheses": {
            f"{model.name} {one.id}": f"{one.path} ({one.sign})"
            for model in plan.models
            for one in model.hypotheses
        },
        "analyses": sorted(definition["analyses"]),
        "settings": {key: definition[key] for key in definition if key not in PRESENTATION},
    }


def read_statement(path: Path) -> Statement:
    """Read a frozen statement.

    Raises
    ------
    StudyError
        The file cannot be read, is none, or was edited after it was written.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise StudyError("The preregistration cannot be read", place=Place(path)) from fault
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise StudyError("The file holds no preregistration", place=Place(path))
    stated = content.pop("sha256", None)
    if _digest(content) != stated:
        raise StudyError(
            "The preregistration was edited after it was written: its hash does not fit",
            place=Place(path),
            remedy="Restore the file from where it was deposited, or remove it.",
        )
    return Statement(
        frozen=content["frozen"],
        answers=content["answers_at_freezing"],
        plan=content["plan"],
        sha256=stated,
    )


def compare_with_plan(statement: Statement, plan: Plan, n_analysed: int) -> PreregistrationResult:
    """Return what became of a frozen plan."""
    then, today = statement.plan, planned(plan)
    found = [*_differences(then, today), *_sample_size(then["planned_n"], n_analysed)]
    lost = sum(one.kind != "exploratory" for one in found)
    return PreregistrationResult(
        frozen=statement.frozen,
        sha256=statement.sha256,
        answers_present=bool(statement.answers),
        planned_n=then["planned_n"],
        kept=_n_statements(then) - lost,
        deviations=tuple(found),
    )


def _digest(content: Mapping[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _n_statements(stated: Mapping[str, Any]) -> int:
    counted = ("models", "hypotheses", "analyses", "settings")
    return 1 + sum(len(stated[key]) for key in counted) + (stated["planned_n"] is not None)


def _differences(then: Mapping[str, Any], today: Mapping[str, Any]) -> Iterator[DeviationRecord]:
    yield from _mapped("hypothesis", then["hypotheses"], today["hypotheses"])
    yield from _mapped("model", then["models"], today["models"])
    before, after = (dict.fromkeys(one["analyses"], "") for one in (then, today))
    yield from _mapped("analysis", before, after)
    yield from _mapped("setting", then["settings"], today["settings"])
    if then["questionnaire"]["sha256"] != today["questionnaire"]["sha256"]:
        names = (one["questionnaire"]["name"] for one in (then, today))
        yield _deviation("changed", "questionnaire", "", *names)


def _mapped(
    subject: str, then: Mapping[str, Any], today: Mapping[str, Any]
) -> Iterator[DeviationRecord]:
    """Yield what differs between two sets of named statements.

    A setting that one side does not know has its default there: an empty one is no difference.
    """
    for name in dict.fromkeys((*then, *today)):
        before, after = then.get(name), today.get(name)
        if name not in today and before is not None:
            yield _deviation("dropped", subject, name, before, None)
        elif name not in then and after is not None:
            yield _deviation("exploratory", subject, name, None, after)
        elif before != after:
            yield _deviation("changed", subject, name, before, after)


def _sample_size(planned_n: int | None, n_analysed: int) -> Iterator[DeviationRecord]:
    if planned_n is not None and n_analysed < planned_n:
        yield _deviation("changed", "sample_size", "", planned_n, n_analysed)


def _deviation(
    kind: str, subject: str, name: str, before: object, after: object
) -> DeviationRecord:
    return DeviationRecord.model_validate(
        {
            "kind": kind,
            "subject": subject,
            "name": name,
            "planned": _worded(before),
            "now": _worded(after),
        }
    )


def _worded(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
