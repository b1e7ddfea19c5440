"""``preregistration.json``: what a study plans, written down and hashed before the answers come in.

The statement holds hypotheses, models, questions, analyses, exclusion rules and the planned number
of respondents. A later run compares itself with it (:mod:`loyaltysem.study.deviations`).
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from loyaltysem.errors import Place, StudyError
from loyaltysem.study.inputs import PREREGISTRATION
from loyaltysem.study.manifest import file_entry, now, written_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from loyaltysem.questionnaire import Construct, Item
    from loyaltysem.study.plan import Plan

FILE = PREREGISTRATION
FORMAT = "loyaltysem-preregistration"
VERSION = "1.0"

NO_PLAN = {
    "title", "description", "questionnaire", "data", "mapping", "samples", "data_source",
    "simulated", "authors", "license", "model", "language", "analyses", "formats", "output",
    "style", "diagram", "check",
}  # fmt: skip
"""Keys of a study that say how it is shown or where it lies, or that are frozen apart."""


class PlanRecord(BaseModel):
    """What was planned, as :func:`planned` writes it."""

    model_config = ConfigDict(frozen=True)

    planned_n: int | None
    questionnaire: dict[Literal["name", "sha256"], str]
    questions: dict[str, str]
    attention_checks: dict[str, int]
    models: dict[str, str]
    hypotheses: dict[str, str]
    analyses: tuple[str, ...]
    settings: dict[str, Any]


class Statement(BaseModel):
    """A frozen statement: when, what, and its hash; which data files existed by then."""

    model_config = ConfigDict(frozen=True)

    frozen: str
    answers_at_freezing: tuple[dict[str, str | int], ...]
    plan: PlanRecord
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
    asked = plan.questionnaire
    return {
        "title": definition["title"],
        "planned_n": planned_n,
        "questionnaire": {"name": asked.name, "sha256": asked.content_hash()},
        "questions": {
            item.code: _question(construct, item)
            for construct in asked.constructs
            for item in construct.items
        },
        "attention_checks": {one.code: one.correct for one in asked.attention_checks},
        "models": {model.name: model.syntax.strip() for model in plan.models},
        "hypotheses": dict(_hypotheses(plan)),
        "analyses": sorted(definition["analyses"]),
        "settings": settings(definition),
    }


def settings(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a study's keys say of how the answers are treated and analysed."""
    return {
        key: _without_own_points(value) for key, value in definition.items() if key not in NO_PLAN
    }


def _without_own_points(value: Any) -> Any:
    """Return a setting without hypotheses, which are frozen apart, and without workers."""
    if isinstance(value, dict):
        return {
            key: _without_own_points(one)
            for key, one in value.items()
            if key not in {"hypothesis", "workers"}
        }
    return [_without_own_points(one) for one in value] if isinstance(value, list) else value


def _question(construct: Construct, item: Item) -> str:
    wording = item.wording.get("en") or next(iter(item.wording.values()))
    return f"{construct.code}: {wording}" + (" (R)" if item.reverse else "")


def _hypotheses(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield id and statement of each hypothesis; the model's name where there are several."""
    several = len(plan.models) > 1
    for model in plan.models:
        for one in model.hypotheses:
            yield f"{one.id} ({model.name})" if several else one.id, f"{one.path} ({one.sign})"
    for product in plan.definition.moderation:
        if product.hypothesis:
            path = f"{product.predictor} × {product.moderator} -> {product.outcome}"
            yield product.hypothesis.id, f"{path} ({product.hypothesis.sign})"


def read_statement(path: Path) -> Statement:
    """Read a frozen statement.

    Raises
    ------
    StudyError
        The file cannot be read, is none, or was edited after it was written.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as fault:
        raise StudyError("The preregistration cannot be read", place=Place(path)) from fault
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise StudyError("The file holds no preregistration", place=Place(path))
    if _digest({name: content[name] for name in content if name != "sha256"}) != content.get(
        "sha256"
    ):
        raise StudyError(
            "The preregistration was edited after it was written: its hash does not fit",
            place=Place(path),
            remedy="Restore the file from where it was deposited, or remove it.",
        )
    try:
        return Statement.model_validate(content)
    except ValidationError as fault:
        raise StudyError(
            "The preregistration is not as this loyaltysem writes it",
            place=Place(path),
            found=".".join(map(str, fault.errors()[0]["loc"])),
            remedy="Use the version of loyaltysem that wrote it.",
        ) from None


def _digest(content: Mapping[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
