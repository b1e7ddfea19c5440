"""Common-method variance in one fitted model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import EstimationError, LoyaltysemError, StudyError, did_you_mean, listed
from loyaltysem.estimation import fit
from loyaltysem.measurement.n_factors import single_factor_share
from loyaltysem.results import (
    AdjustedCorrelation,
    ConstructInflation,
    MarkerCorrelation,
    MarkerPair,
    MarkerReliability,
    MarkerResult,
    MethodFactorResult,
    MethodLoading,
    MethodPath,
    MethodVarianceResult,
)
from loyaltysem.structural.measurement_model import indicator_blocks, measurement_table
from loyaltysem.structural.method_variance import (
    full_collinearity,
    marker_correlations,
    marker_factor,
    method_factor,
)
from loyaltysem.structural.method_variance.full_collinearity import (
    COMPOSITE_LIMIT,
    construct_means,
)
from loyaltysem.study.parts.part import FittedModel, Found, Material, ModelPart
from loyaltysem.study.parts.rivals import rival_records, step_records
from loyaltysem.study.plain import plain_record
from loyaltysem.syntax import table_text
from loyaltysem.syntax.tokens import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from loyaltysem.estimation import Fit
    from loyaltysem.study.plan import Plan


def _compute(material: Material, fitted: FittedModel) -> Found:
    if not fitted.fit.converged or fitted.fit.table.n_groups > 1:
        return Found()
    blocks = indicator_blocks(fitted.fit.table)
    if not blocks:
        return Found()
    items = list(dict.fromkeys(item for block in blocks.values() for item in block))
    answers = material.responses.answers
    shares = plain_record(_shares(answers[items].dropna()))
    return Found(
        record=MethodVarianceResult(
            n_items=len(items),
            component=shares.get("pca"),
            factor=shares.get("minres"),
            inflation=_inflation(construct_means(answers, blocks)),
            inflation_limit=COMPOSITE_LIMIT,
            unmeasured=_unmeasured(fitted.fit),
            marker=_marker(material, fitted.fit),
        )
    )


def _shares(answers: pd.DataFrame) -> dict[str, float]:
    try:
        return {str(name): share for name, share in single_factor_share(answers).items()}
    except LoyaltysemError:
        return {}


def _inflation(scores: pd.DataFrame) -> tuple[ConstructInflation, ...]:
    try:
        factors = plain_record(full_collinearity(scores).to_dict())
    except EstimationError:
        return ()
    return tuple(ConstructInflation(construct_code=name, vif=vif) for name, vif in factors.items())


def _unmeasured(fitted: Fit) -> MethodFactorResult | None:
    """Return the method factor; None beside a single construct, which leaves none to find."""
    if len(indicator_blocks(fitted.table)) < 2:
        return None
    found = method_factor(fitted)
    shares = plain_record({"method": found.method_share, "trait": found.trait_share})
    loadings = found.loadings.rename(columns={"construct": "construct_code"}).to_dict("records")
    return MethodFactorResult(
        models=rival_records(found.models),
        steps=step_records(found.steps),
        chosen=found.chosen,
        method_share=shares["method"],
        trait_share=shares["trait"],
        loadings=tuple(MethodLoading(**plain_record(row)) for row in loadings),
        correlations=tuple(
            AdjustedCorrelation(**plain_record(row))
            for row in found.correlations.to_dict("records")
        ),
        paths=tuple(MethodPath(**plain_record(row)) for row in found.paths.to_dict("records")),
    )


# --- the marker ----------------------------------------------------------------------------------


def _marker(material: Material, fitted: Fit) -> MarkerResult | None:
    wanted = material.plan.definition.method_variance
    blocks = indicator_blocks(fitted.table)
    if wanted is None or wanted.marker in blocks or len(blocks) < 2:
        return None
    items = list(material.responses.construct_answers(wanted.marker).columns)
    answers = material.responses.answers
    scores = construct_means(answers, {**blocks, wanted.marker: tuple(items)})
    unrelated = tuple(name for name in wanted.unrelated if name in blocks)
    partial = marker_correlations(scores, wanted.marker, unrelated=unrelated)
    factor = marker_factor(_with_marker(fitted, answers, wanted.marker, items), wanted.marker)
    reliability = factor.reliability.to_dict("index")
    return MarkerResult(
        marker=wanted.marker,
        unrelated=partial.unrelated,
        n=partial.n,
        method=partial.method,
        upper=partial.upper,
        pairs=tuple(_pair(row) for row in partial.pairs.to_dict("records")),
        models=rival_records(factor.models),
        steps=step_records(factor.steps),
        chosen=factor.chosen,
        reliability=tuple(
            MarkerReliability(construct_code=str(name), **plain_record(row))
            for name, row in reliability.items()
        ),
        correlations=tuple(
            MarkerCorrelation(**plain_record(row)) for row in factor.correlations.to_dict("records")
        ),
    )


def _pair(row: dict[object, object]) -> MarkerPair:
    plain = plain_record(row)
    return MarkerPair(**{name: plain[name] for name in MarkerPair.model_fields})


def _with_marker(fitted: Fit, answers: pd.DataFrame, marker: str, items: list[str]) -> Fit:
    """Return the measurement model with the marker as one more latent variable."""
    text = table_text(measurement_table(fitted.table))
    with_marker = f"{text}\n{quote(marker)} =~ " + " + ".join(map(quote, items))
    options = fitted.options
    return fit(
        with_marker,
        answers,
        estimator=options.estimator,
        missing=options.missing,
        ordered=bool(fitted.table.ordered),
    )


def _check(plan: Plan) -> None:
    """Refuse a marker that the questionnaire does not have, has one item, or that is modelled."""
    wanted = plan.definition.method_variance
    if wanted is None:
        return
    place = plan.definition.place("method_variance", "marker")
    constructs = {one.code: one for one in plan.questionnaire.constructs}
    if wanted.marker not in constructs:
        raise StudyError(
            "The marker is no construct of the questionnaire",
            place=place,
            found=f"'{wanted.marker}'",
            expected=listed(constructs),
            remedy=did_you_mean(wanted.marker, constructs),
        )
    if len(constructs[wanted.marker].items) < 2:
        raise StudyError(
            f"The marker '{wanted.marker}' has a single item, from which its error cannot be told",
            place=place,
            expected="a construct with two items or more",
        )
    for model in plan.models_to_fit:
        if wanted.marker in model.roles.latent:
            raise StudyError(
                f"The marker '{wanted.marker}' is part of the model '{model.name}'",
                place=place,
                expected=listed(name for name in constructs if name not in model.roles.latent)
                or "a construct that no model uses",
                remedy="A marker has nothing to do with the constructs of the model.",
            )
    _check_unrelated(plan, wanted.unrelated)


def _check_unrelated(plan: Plan, unrelated: Iterable[str]) -> None:
    """Refuse constructs that no model measures."""
    known = dict.fromkeys(name for model in plan.models_to_fit for name in model.roles.latent)
    for number, name in enumerate(unrelated):
        if known and name not in known:
            raise StudyError(
                "The construct that is unrelated to the marker is in no model",
                place=plan.definition.place("method_variance", "unrelated", number),
                found=f"'{name}'",
                expected=listed(known),
                remedy=did_you_mean(name, known),
            )


METHOD_VARIANCE = ModelPart(
    field="method_variance",
    step="Common-method variance",
    wanted=lambda plan: "method_variance" in plan.definition.analyses,
    compute=_compute,
    check=_check,
)
