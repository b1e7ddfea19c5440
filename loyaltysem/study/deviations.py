"""What became of a frozen plan: kept, changed, dropped, and what is exploratory."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from loyaltysem.results import PlanPoint, PreregistrationResult
from loyaltysem.study.definition import StudyDefinition
from loyaltysem.study.preregistration import planned, settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from loyaltysem.study.plan import Plan
    from loyaltysem.study.preregistration import Statement

KINDS = ("changed", "dropped", "exploratory", "kept")
"""Order in which points are told."""

EXCLUSIONS = {"careless", "invalid"}
"""Settings that decide who is excluded."""


def compare_with_plan(statement: Statement, plan: Plan, n_analysed: int) -> PreregistrationResult:
    """Return what became of a frozen plan.

    Parameters
    ----------
    statement
        What was frozen.
    plan
        The study as it is now.
    n_analysed
        How many respondents are analysed.
    """
    points = list(_points(statement.plan.model_dump(), planned(plan), n_analysed))
    return PreregistrationResult(
        frozen=statement.frozen,
        sha256=statement.sha256,
        answers_present=bool(statement.answers_at_freezing),
        planned_n=statement.plan.planned_n,
        points=tuple(sorted(points, key=lambda one: KINDS.index(one.kind))),
    )


def _points(
    then: Mapping[str, Any], today: Mapping[str, Any], n_analysed: int
) -> Iterator[PlanPoint]:
    if then["planned_n"] is not None:
        yield _point("sample_size", "", then["planned_n"], n_analysed)
    yield from _pairs("hypothesis", then["hypotheses"], today["hypotheses"])
    yield from _models(then["models"], today["models"])
    yield from _pairs("analysis", *(dict.fromkeys(one["analyses"], "–") for one in (then, today)))
    yield from _pairs("exclusion", then["attention_checks"], today["attention_checks"])
    yield from _settings(then["settings"], today["settings"])
    yield from _questions(then, today)


def _pairs(subject: str, then: Mapping[str, Any], today: Mapping[str, Any]) -> Iterator[PlanPoint]:
    """Yield a point for each name on either side."""
    for name in dict.fromkeys((*then, *today)):
        yield _point(subject, name, then.get(name), today.get(name))


def _models(then: Mapping[str, str], today: Mapping[str, str]) -> Iterator[PlanPoint]:
    """Yield a point for each model; of a changed one those lines that are not the same."""
    for name in dict.fromkeys((*then, *today)):
        before, after = (_lines(one[name]) if name in one else None for one in (then, today))
        if before is None or after is None or set(before) == set(after):
            sides = ("; ".join(one) if one else None for one in (before, after))
            yield _point("model", name, *sides)
            continue
        lost = [line for line in before if line not in after]
        new = [line for line in after if line not in before]
        yield _point("model", name, "; ".join(lost) or "–", "; ".join(new) or "–")


def _lines(syntax: str) -> list[str]:
    """Return the statements of a model without comments and needless spaces."""
    plain = re.sub(r"[#!].*", "", syntax)
    lines = (re.sub(r"\s+", " ", line).strip() for line in re.split(r"[\n;]", plain))
    return sorted(filter(None, lines))


def _settings(then: Mapping[str, Any], today: Mapping[str, Any]) -> Iterator[PlanPoint]:
    """Yield a point for each setting; one that the plan's version did not know had its default."""
    for key, after in today.items():
        before = then.get(key, _defaults()[key])
        for name, one, other in _branches(key, before, after):
            point = _point("exclusion" if key in EXCLUSIONS else "setting", name, one, other)
            if point.planned or point.now:
                yield point


def _branches(name: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield the parts of two settings that differ, or the whole where nothing does."""
    if isinstance(before, dict) and isinstance(after, dict) and before != after:
        for key in dict.fromkeys((*before, *after)):
            if before.get(key) != after.get(key):
                yield from _branches(f"{name}.{key}", before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list) and _blocks([*before, *after]):
        for k in range(max(len(before), len(after))):
            one, other = (side[k] if k < len(side) else None for side in (before, after))
            yield from _branches(f"{name}[{k + 1}]", one, other)
    else:
        yield name, before, after


def _blocks(values: list[Any]) -> bool:
    return any(isinstance(one, dict) for one in values)


@cache
def _defaults() -> dict[str, Any]:
    least = StudyDefinition(title={"en": "–"}, questionnaire="–", data="–", model=("–",))
    return settings(least.model_dump(mode="json", by_alias=True))


def _questions(then: Mapping[str, Any], today: Mapping[str, Any]) -> Iterator[PlanPoint]:
    """Yield the questions that differ; if none does but the questionnaire does, say so."""
    asked = list(_pairs("question", then["questions"], today["questions"]))
    differ = [one for one in asked if one.kind != "kept"]
    names = [one["questionnaire"]["name"] for one in (then, today)]
    hashes = [one["questionnaire"]["sha256"][:12] for one in (then, today)]
    yield from differ
    if not differ:
        yield _point("question", "", *(f"{a} {b}" for a, b in zip(names, hashes, strict=True)))


def _point(subject: str, name: str, before: object, after: object) -> PlanPoint:
    one, other = _worded(before), _worded(after)
    kind = (
        "kept" if one == other else "exploratory" if not one else "dropped" if not other
        else "changed"
    )  # fmt: skip
    facts = {"kind": kind, "subject": subject, "name": name, "planned": one, "now": other}
    return PlanPoint.model_validate(facts)


def _worded(value: object) -> str:
    """Return a setting on one line; what is off or empty is left out."""
    if value is None or value is False:
        return ""
    if isinstance(value, dict):
        parts = ((key, _worded(one)) for key, one in value.items())
        return "; ".join(f"{key}: {text}" for key, text in parts if text)
    if isinstance(value, list):
        return ", ".join(filter(None, map(_worded, value)))
    return "yes" if value is True else str(value)
