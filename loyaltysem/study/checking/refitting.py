"""A study checked without its answers: its models fitted to the stored moments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from loyaltysem.errors import Place, StudyError
from loyaltysem.estimation import fit
from loyaltysem.study.parts.model import model_result, with_doubts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from loyaltysem.estimation import Fit
    from loyaltysem.study.plan import Plan

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


ROBUST = {"MLM", "MLR", "MLMV"}
FROM_ERRORS = {"se", "z", "pvalue", "ci_lower", "ci_upper"}
"""Fields of a parameter that follow from its standard error."""


def refitted(
    plan: Plan, stored: Mapping[str, Any], against: Path
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fit a study's models to their stored moments.

    Returns
    -------
    tuple
        The stored and the computed models, as plain values, as far as moments determine them.

    Raises
    ------
    StudyError
        The stored results hold no moments of a model.
    LoyaltysemError
        A model cannot be fitted to them.
    """
    before = {one["name"]: one for one in stored["models"]}
    robust = plan.definition.estimator in ROBUST
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
        fitted = _fitted(plan, model.syntax, one, robust=robust)
        found = model_result(plan, with_doubts(model, fitted), {}).model_dump(mode="json")
        computed.append(_determined(found, robust=robust))
        kept.append(_determined(_same_measures(one, found) if robust else one, robust=robust))
    return {"models": kept}, {"models": computed}


def _same_measures(stored: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored model without the corrected fit measures, which need the answers."""
    measures = {name: value for name, value in stored["fit"].items() if name in found["fit"]}
    return {**stored, "fit": measures}


def _determined(model: Mapping[str, Any], *, robust: bool) -> dict[str, Any]:
    """Return what moments determine of a model.

    Indirect effects and products need the answers, and so does all that stands on robust standard
    errors.
    """
    known: dict[str, Any] = {name: model[name] for name in ("name", *FROM_MOMENTS)}
    if robust:
        known |= {"hypotheses": [], "verdicts": []}
        known["parameters"] = [
            {name: value for name, value in row.items() if name not in FROM_ERRORS}
            for row in known["parameters"]
        ]
    known["hypotheses"] = [one for one in known["hypotheses"] if _is_direct(one["path"])]
    return known


def _is_direct(path: str) -> bool:
    return path.count("->") == 1 and ":" not in path


def _fitted(plan: Plan, syntax: str, stored: Mapping[str, Any], *, robust: bool) -> Fit:
    """Fit a model to its stored moments; robust estimators have the estimates of ML."""
    moments, names = stored["moments"], stored["moments"]["variables"]
    with_means = any(row["op"] == "~1" for row in stored["parameters"])
    return fit(
        syntax,
        sample_cov=pd.DataFrame(moments["covariance"], index=names, columns=names),
        sample_mean=moments["means"] if with_means else None,
        n=moments["n"],
        estimator="ML" if robust else plan.definition.estimator,
        engine=plan.definition.engine,
    )
