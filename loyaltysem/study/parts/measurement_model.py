"""The confirmatory factor analysis behind each model, and the validity of its constructs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import ConvergenceError, LoyaltysemError, Notice
from loyaltysem.measurement.model_reliability import model_reliability
from loyaltysem.measurement.validity import construct_validity
from loyaltysem.results import (
    ConstrainedPair,
    ConstructValidity,
    LatentPair,
    MeasurementModelResult,
)
from loyaltysem.structural.construct_pairs import constrained_pairs
from loyaltysem.structural.measurement_model import marker_table, measurement_table, refit
from loyaltysem.study.parts.part import FittedModel, Found, Material, ModelPart
from loyaltysem.study.parts.verdicts import verdict_records
from loyaltysem.study.plain import (
    notice_records,
    parameter_records,
    plain_record,
    plain_rows,
    reason_facts,
)

if TYPE_CHECKING:
    import pandas as pd

    from loyaltysem.estimation import Fit
    from loyaltysem.study.plan import Plan

_FROM_MODEL = ("alpha", "omega", "omega3")


def _compute(material: Material, fitted: FittedModel) -> Found:
    if not any(row.op == "=~" for row in fitted.fit.table.rows):
        return Found()
    try:
        cfa = refit(fitted.fit, measurement_table(fitted.fit.table))
    except LoyaltysemError as fault:
        text = f"The measurement model could not be fitted by itself: {fault}"
        notice = Notice("no_measurement_model", text, reason_facts(fault))
        return Found(notices=notice_records([notice]))
    if not cfa.converged:
        text = "The measurement model did not converge when it was fitted by itself."
        facts = reason_facts(ConvergenceError(text))
        return Found(notices=notice_records([Notice("no_measurement_model", text, facts)]))
    return Found(record=measured(material.plan, cfa, _on_stated_scales(fitted.fit, cfa)))


def _on_stated_scales(fit: Fit, cfa: Fit) -> Fit:
    """Return the measurement model on the scales that the model's loadings set, as AMOS prints it.

    It is the same model; should the search fail there, the scales remain those of unit variances.
    """
    try:
        marked = refit(fit, marker_table(fit.table))
    except LoyaltysemError:
        return cfa
    return marked if marked.converged else cfa


def measured(plan: Plan, cfa: Fit, marked: Fit) -> MeasurementModelResult:
    """Return what is stored of a confirmatory factor analysis.

    Parameters
    ----------
    plan
        The study's.
    cfa
        The analysis with constructs of unit variance.
    marked
        The same on the scales that its loadings are printed on.
    """
    estimates = marked.estimates()
    measures = plain_record(cfa.measures())
    correlations = cfa.latent_correlations()
    return MeasurementModelResult(
        converged=cfa.converged,
        admissible=cfa.admissible,
        n=cfa.n,
        fit=measures,
        verdicts=verdict_records(plan, measures),
        constructs=_constructs(cfa),
        correlations=latent_pairs(correlations),
        constrained=_constrained(cfa) if len(correlations) > 1 else (),
        loadings=parameter_records(estimates[estimates["op"] == "=~"]),
        r2=plain_record(marked.r2().to_dict()),
    )


def _constructs(cfa: Fit) -> tuple[ConstructValidity, ...]:
    validity, reliabilities = construct_validity(cfa), _reliabilities(cfa)
    return tuple(
        ConstructValidity(construct_code=code, **row, **reliabilities.get(code, _NONE))
        for code, row in plain_rows(validity).items()
    )


_NONE: dict[str, float | None] = dict.fromkeys(_FROM_MODEL)


def _reliabilities(cfa: Fit) -> dict[str, dict[str, float | None]]:
    """Return alpha and omegas by construct; none where indicators are ordinal."""
    if cfa.table.ordered:
        return {}
    return plain_rows(model_reliability(cfa)[list(_FROM_MODEL)])


def latent_pairs(correlations: pd.DataFrame) -> tuple[LatentPair, ...]:
    """Return the lower triangle of a correlation matrix of latent variables."""
    names, values = list(correlations.columns), correlations.to_numpy()
    return tuple(
        LatentPair(first=names[j], second=names[i], correlation=float(values[i, j]))
        for i in range(len(names))
        for j in range(i)
    )


def _constrained(cfa: Fit) -> tuple[ConstrainedPair, ...]:
    rows = (plain_record(row) for row in constrained_pairs(cfa).to_dict("records"))
    return tuple(
        ConstrainedPair(**{**row, "distinct": None if row["pvalue"] is None else row["distinct"]})
        for row in rows
    )


MEASUREMENT = ModelPart(
    field="measurement",
    step="Measurement model",
    wanted=lambda plan: "validity" in plan.definition.analyses,
    compute=_compute,
)
