"""Compute a study again, and compare."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from loyaltysem.errors import Place, StudyError
from loyaltysem.estimation import fit
from loyaltysem.study.checking.changes import Change, find_changes
from loyaltysem.study.parts.model import model_result, with_doubts
from loyaltysem.study.plan import plan_study
from loyaltysem.study.run import compute_study

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from loyaltysem.estimation import Fit
    from loyaltysem.study.plan import Plan
    from loyaltysem.study.run import Tell

FROM_MOMENTS = [
    "converged",
    "n",
    "npar",
    "fit",
    "verdicts",
    "parameters",
    "r2",
    "latent_correlations",
    "hypotheses",
    "admissible",
    "validity",
]
"""Fields of a model that follow from its moments alone."""


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
    """

    study: Path
    against: Path
    changes: tuple[Change, ...]
    from_moments: bool = False
    inputs_changed: tuple[str, ...] = ()
    sample: str | None = None

    @property
    def name(self) -> str:
        """The study file, and the sample where there are several."""
        return f"{self.study} ({self.sample})" if self.sample else str(self.study)

    @property
    def passed(self) -> bool:
        """Whether nothing moved."""
        return not self.changes


def check_study(
    path: Path,
    *,
    against: Path | None = None,
    sample: str | None = None,
    allow_outside: bool = False,
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
    tell
        Called as ``tell(step, done, total)`` when a step begins.

    Raises
    ------
    LoyaltysemError
        The study cannot be run; there are no stored results; or the answers are absent and the
        stored results hold no moments to go by.
    """
    plan = plan_study(path, sample=sample, allow_outside=allow_outside, with_answers=False)
    against = against or plan.output / "results.json"
    stored = _stored(against)
    if plan.data.is_file():
        now = json.loads(compute_study(plan, tell).to_json())
        changed = _inputs_changed(stored, now)
        changes = find_changes(stored, now, plan.definition.check)
        return StudyCheck(
            study=path, against=against, changes=changes, inputs_changed=changed, sample=sample
        )
    changes = find_changes(*_from_moments(plan, stored, against), plan.definition.check)
    return StudyCheck(
        study=path, against=against, changes=changes, from_moments=True, sample=sample
    )


def _stored(path: Path) -> dict[str, Any]:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StudyError(
            f"There are no stored results '{path}' to compare with",
            remedy="Run the study first, and keep its results.json; or name one with --against.",
        ) from None
    except (OSError, ValueError) as fault:
        raise StudyError("The stored results cannot be read", place=Place(path)) from fault
    if not isinstance(stored, dict) or stored.get("format") != "loyaltysem-results":
        raise StudyError("The file holds no results of a study", place=Place(path))
    return stored


def _inputs_changed(stored: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    before = {one["role"]: one["sha256"] for one in stored.get("provenance", {}).get("inputs", ())}
    after = {one["role"]: one["sha256"] for one in now["provenance"]["inputs"]}
    return tuple(role for role in before if role in after and before[role] != after[role])


def _from_moments(
    plan: Plan, stored: Mapping[str, Any], against: Path
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return stored and computed models, as far as moments go."""
    before = {one["name"]: one for one in stored.get("models", ())}
    kept, computed = [], []
    for model in plan.models_to_fit:
        one = before.get(model.name)
        if one is None or not one.get("moments"):
            raise StudyError(
                f"The answers '{plan.definition.data}' are not here, and the stored results hold "
                f"no moments of the model '{model.name}' to go by",
                place=Place(against),
                remedy="Only models of complete, continuous answers can be checked without them.",
            )
        with_means = any(row["op"] == "~1" for row in one["parameters"])
        fitted = _refitted(plan, model.syntax, one["moments"], with_means=with_means)
        found = model_result(plan, with_doubts(model, fitted), {}).model_dump(mode="json")
        kept.append(_determined(one))
        computed.append(_determined(found))
    return {"models": kept}, {"models": computed}


def _determined(model: Mapping[str, Any]) -> dict[str, Any]:
    """Return what moments determine of a model: indirect effects and products need the answers."""
    known = {name: model.get(name) for name in ("name", *FROM_MOMENTS)}
    direct = [one for one in known["hypotheses"] or () if _is_direct(one["path"])]
    return known | {"hypotheses": direct}


def _is_direct(path: str) -> bool:
    return path.count("->") == 1 and ":" not in path


def _refitted(plan: Plan, syntax: str, moments: Mapping[str, Any], *, with_means: bool) -> Fit:
    names = moments["variables"]
    covariance = pd.DataFrame(moments["covariance"], index=names, columns=names)
    wanted = plan.definition
    return fit(
        syntax,
        sample_cov=covariance,
        sample_mean=moments["means"] if with_means else None,
        n=moments["n"],
        estimator=wanted.estimator,
        engine=wanted.engine,
    )
