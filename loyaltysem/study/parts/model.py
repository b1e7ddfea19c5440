"""One model of a study: fitted, judged, and put into records."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from loyaltysem.errors import Notice, listed
from loyaltysem.estimation import fit
from loyaltysem.estimation.imputation import fit_imputed
from loyaltysem.measurement.reliability import convergent_validity
from loyaltysem.results import (
    ConvergentValidity,
    ModelResult,
)
from loyaltysem.structural.collinearity import Doubt, doubtful_paths, suppressed_paths
from loyaltysem.study.parts.hypotheses import hypothesis_records
from loyaltysem.study.parts.measurement_model import latent_pairs
from loyaltysem.study.parts.moderation import moderation_hypotheses
from loyaltysem.study.parts.part import FittedModel
from loyaltysem.study.parts.verdicts import verdict_records
from loyaltysem.study.plain import notice_records, parameter_records, plain_record

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from loyaltysem.estimation import Fit
    from loyaltysem.estimation.imputation import Imputations
    from loyaltysem.responses import Responses
    from loyaltysem.results import Text
    from loyaltysem.structural.definition import ModelDefinition
    from loyaltysem.study.parts.part import Found
    from loyaltysem.study.plan import Plan


def fit_model(
    plan: Plan,
    model: ModelDefinition,
    responses: Responses,
    copies: Imputations | None = None,
) -> FittedModel:
    """Fit one model of a study to the answers, and say which of its paths cannot be read.

    Where there are completed ``copies`` of the answers, it is fitted to each and pooled.
    """
    wanted = plan.definition
    if copies is not None:
        pooled = fit_imputed(
            model.syntax, copies, test=wanted.missing_answers.test, estimator=wanted.estimator
        )
        return replace(with_doubts(model, pooled.pooled), imputed=pooled)
    fitted = fit(
        model.syntax,
        responses.answers,
        engine=wanted.engine,
        **wanted.fit_options,
    )
    return with_doubts(model, fitted)


def with_doubts(model: ModelDefinition, fitted: Fit) -> FittedModel:
    """Return a fitted model with those of its paths that cannot be read."""
    doubts = doubtful_paths(fitted.estimates(), fitted.latent_correlations())
    return FittedModel(definition=model, fit=fitted, doubts=doubts)


def model_result(plan: Plan, fitted: FittedModel, parts: Mapping[str, Found]) -> ModelResult:
    """Return the records of a fitted model.

    Parameters
    ----------
    plan
        The study's.
    fitted
        The model.
    parts
        What the model's parts found, by the field that each fills.
    """
    model, found, doubts = fitted.definition, fitted.fit, fitted.doubts
    estimates, measures = found.estimates(), plain_record(found.measures())
    correlations = found.latent_correlations()
    cautions = _suppression_notices(estimates, correlations, doubts)
    notices = notice_records([*found.notices, *_doubt_notices(doubts), *cautions])
    return ModelResult(
        name=model.name,
        title=model.title,
        source=model.source,
        syntax=model.syntax,
        names=_names(plan, model),
        estimator=plan.definition.estimator,
        missing=plan.definition.missing,
        engine=plan.definition.engine,
        converged=found.converged,
        n=found.n,
        npar=found.npar,
        fit=measures,
        verdicts=verdict_records(plan, measures),
        parameters=parameter_records(estimates),
        r2=plain_record(found.r2().to_dict()),
        latent_correlations=latent_pairs(correlations),
        hypotheses=(
            *hypothesis_records(
                model,
                estimates,
                doubts,
                parts["effects"].record if "effects" in parts else None,
                converged=found.converged,
            ),
            *moderation_hypotheses(
                plan.definition.moderation,
                parts["moderation"].record if "moderation" in parts else (),
            ),
        ),
        notices=(*notices, *(one for part in parts.values() for one in part.notices)),
        admissible=found.admissible,
        validity=_validity(estimates),
        **{field: part.record for field, part in parts.items()},
    )


def _doubt_notices(doubts: Mapping[tuple[str, str], Doubt]) -> list[Notice]:
    """Say which paths cannot be read."""
    if not doubts:
        return []
    paths = [f"{predictor} -> {outcome}" for predictor, outcome in doubts]
    text = f"The estimates of {listed(paths)} cannot be read; hypotheses on them are not judged."
    return [Notice("unreadable_paths", text, {"paths": paths})]


def _suppression_notices(
    estimates: pd.DataFrame,
    correlations: pd.DataFrame,
    doubts: Mapping[tuple[str, str], Doubt],
) -> list[Notice]:
    """Caution against paths whose sign is opposite to the correlation of their ends."""
    return [
        Notice(
            "suppressed_path",
            f"The path {one.predictor} -> {one.outcome} is {one.std_all:.3f}, although the two "
            f"correlate at {one.correlation:.3f}: a suppression effect, which overlapping "
            "predictors bring about easily.",
            {
                "path": f"{one.predictor} -> {one.outcome}",
                "std_all": one.std_all,
                "correlation": one.correlation,
            },
        )
        for one in suppressed_paths(estimates, correlations)
        if (one.predictor, one.outcome) not in doubts
    ]


def _names(plan: Plan, model: ModelDefinition) -> dict[str, Text]:
    """Return the reader's names of latent variables: the model's own, else the questionnaire's."""
    constructs = {one.code: one.name for one in plan.questionnaire.constructs}
    return constructs | dict(model.names)


def _validity(estimates: pd.DataFrame) -> tuple[ConvergentValidity, ...]:
    """Return composite reliability and AVE of each latent variable."""
    loadings = estimates[estimates["op"] == "=~"]
    return tuple(
        ConvergentValidity(construct_code=str(latent), **convergent_validity(rows["std_all"]))
        for latent, rows in loadings.groupby("lhs", sort=False)
    )
