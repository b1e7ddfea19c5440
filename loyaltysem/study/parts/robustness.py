"""Robustness of a fitted model: the same paths under other specifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import StudyError, did_you_mean, listed
from loyaltysem.measurement.careless import careless_answers
from loyaltysem.results import (
    PathStabilityRecord,
    RobustnessResult,
    SpecificationEstimate,
    SpecificationRecord,
)
from loyaltysem.structural.specifications import (
    CATEGORICAL,
    Specification,
    all_specifications,
    fitted_outcome,
    may_be_ordinal,
    path_stability,
    run_specifications,
    weakest_items,
)
from loyaltysem.study.parts.part import FittedModel, Found, Material, ModelPart
from loyaltysem.study.plain import plain_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from loyaltysem.structural.definition import ModelDefinition
    from loyaltysem.structural.specifications import Gaps, Outcome, PathStability
    from loyaltysem.study.plan import Plan
    from loyaltysem.study.settings.robustness import SpecificationsDefinition

SIGNS = 2
"""From how many signs of careless answering on a respondent is left out."""

MOST_CURVES = 3


def _compute(material: Material, fitted: FittedModel) -> Found:
    wanted = material.plan.definition.robustness.specifications
    alone = fitted.fit.table.n_groups == 1 and _paths(fitted.definition)
    if wanted is None or not fitted.fit.converged or not alone:
        return Found()
    return Found(record=_robustness(material, fitted, wanted))


def _robustness(
    material: Material, fitted: FittedModel, settings: SpecificationsDefinition
) -> RobustnessResult:
    answers = _answers(material, fitted.definition, settings)
    weakest = weakest_items(fitted.fit) if settings.weakest else ()
    main = Specification(
        estimator=material.plan.definition.estimator,
        gaps="listwise" if material.plan.definition.missing == "listwise" else "available",
        respondents="analysed",
    )
    outcomes = (
        fitted_outcome(fitted.fit, main),
        *run_specifications(
            fitted.definition.statements,
            answers,
            [one for one in _wanted(settings, fitted, answers, weakest) if one != main],
            weakest=weakest,
            control_variables=_controls(settings, fitted.definition),
            tell=material.tell,
        ),
    )
    stability = path_stability(outcomes, main)
    drawn = _drawn(settings, fitted.definition, stability)
    careless = len(answers["analysed"]) - len(answers.get("attentive", answers["analysed"]))
    return RobustnessResult(
        specifications=tuple(_specification(one, main) for one in outcomes),
        stability=tuple(_stability(one, drawn) for one in stability),
        weakest=weakest,
        controls=_controls(settings, fitted.definition),
        n_careless=careless,
    )


def _wanted(
    settings: SpecificationsDefinition,
    fitted: FittedModel,
    answers: Mapping[str, pd.DataFrame],
    weakest: tuple[str, ...],
) -> tuple[Specification, ...]:
    """Return all combinations of the options that make a difference to these answers."""
    items = list(fitted.fit.table.observed)
    everybody = answers["analysed"][items]
    estimators: tuple[str, ...] = settings.estimators or ("ML", "MLR")
    if not settings.estimators and may_be_ordinal(everybody):
        estimators = (*estimators, "WLSMV")
    gaps: tuple[Gaps, ...] = ("listwise",)
    if settings.missing and everybody.isna().any(axis=None):
        gaps = ("listwise", "available")
    found = all_specifications(
        estimators=estimators,
        gaps=gaps,
        respondents=tuple(answers),
        items=("all", "without_weakest") if weakest else ("all",),
        controls=("with", "without") if _controls(settings, fitted.definition) else ("with",),
    )
    return tuple(one for one in found if _possible(one))


def _possible(one: Specification) -> bool:
    """Tell whether an estimator can use all available answers."""
    return one.gaps == "listwise" or one.estimator in ("ML", "MLR", *CATEGORICAL)


def _answers(
    material: Material, model: ModelDefinition, settings: SpecificationsDefinition
) -> dict[str, pd.DataFrame]:
    """Return the answers of all analysed respondents, and of the attentive ones among them.

    Respondents whom the study leaves out only because answers are missing come back in: what is
    done about missing answers is one of the choices.
    """
    plan = material.plan
    everybody = plan.responses()
    entries = material.responses.ledger.entries
    gone = entries.loc[
        (entries["action"] == "excluded") & (entries["code"] != "incomplete"), "respondent"
    ]
    answers = everybody.answers[~everybody.answers.index.isin(set(gone))]
    found = {"analysed": answers}
    careless = _careless(plan, answers, model) if settings.careless else None
    if careless is not None and careless.any():
        found["attentive"] = answers[~careless.to_numpy()]
    return found


def _careless(plan: Plan, answers: pd.DataFrame, model: ModelDefinition) -> pd.Series:
    """Return who shows several signs of careless answering, by the answers as they were given."""
    used = set(model.items)
    constructs = {
        one.code: [item.code for item in one.items if item.code in used]
        for one in plan.questionnaire.constructs
    }
    blocks = {code: items for code, items in constructs.items() if items}
    asked = answers[[code for items in blocks.values() for code in items]].copy()
    scales = zip(plan.questionnaire.items, plan.questionnaire.item_scales, strict=True)
    turned = {item.code: scale for item, scale in scales if item.reverse and item.code in asked}
    for code, scale in turned.items():
        asked[code] = scale.lowest + scale.highest - asked[code]
    return careless_answers(asked, blocks, reverse=list(turned)).flagged(least=SIGNS)


def _controls(settings: SpecificationsDefinition, model: ModelDefinition) -> tuple[str, ...]:
    predictors = {predictor for predictor, _ in _paths(model)}
    return tuple(name for name in settings.controls if name in predictors)


def _paths(model: ModelDefinition) -> list[tuple[str, str]]:
    """Return the paths (predictor, outcome) of a model."""
    return [(one.rhs, one.lhs) for one in model.statements.elements if one.op == "~"]


def _split(path: str) -> tuple[str, str]:
    """Return predictor and outcome of ``predictor -> outcome``."""
    first, _, last = path.replace("→", "->").partition("->")
    return first.strip(), last.strip()


def _drawn(
    settings: SpecificationsDefinition,
    model: ModelDefinition,
    stability: Iterable[PathStability],
) -> set[tuple[str, str]]:
    """Return the paths whose curve is drawn."""
    known = [(one.predictor, one.outcome) for one in stability]
    chosen = [_split(path) for path in settings.paths if _split(path) in known]
    if chosen:
        return set(chosen)
    unstable = [(one.predictor, one.outcome) for one in stability if not one.stable]
    direct = [(one.predictor, one.outcome) for one in model.hypotheses if not one.is_indirect]
    return set(
        unstable[:MOST_CURVES] or [path for path in direct if path in known][:1] or known[:1]
    )


# --- records -------------------------------------------------------------------------------------


def _specification(found: Outcome, main: Specification) -> SpecificationRecord:
    one = found.specification
    measures = plain_record({name: _measure(found, name) for name in ("cfi", "rmsea", "srmr")})
    rows = [plain_record(row) for row in found.paths.to_dict("records")]
    return SpecificationRecord(
        estimator=one.estimator,
        gaps=one.gaps,
        respondents="attentive" if one.respondents == "attentive" else "analysed",
        items=one.items,
        controls=one.controls,
        main=one == main,
        status=found.status,
        reason=found.reason,
        n=found.n,
        paths=tuple(SpecificationEstimate(**row) for row in rows),
        **measures,
    )


def _measure(found: Outcome, name: str) -> float | None:
    """Return a fit measure, corrected where the estimator corrects its test statistic."""
    return found.measures.get(f"{name}.scaled", found.measures.get(name))


def _stability(one: PathStability, drawn: set[tuple[str, str]]) -> PathStabilityRecord:
    return PathStabilityRecord(
        outcome=one.outcome,
        predictor=one.predictor,
        n=one.n,
        main=one.main,
        median=one.median,
        lowest=one.lowest,
        highest=one.highest,
        n_same_sign=one.n_same_sign,
        n_significant=one.n_significant,
        stable=one.stable,
        drawn=(one.predictor, one.outcome) in drawn,
    )


# --- what cannot be done -------------------------------------------------------------------------


def _check(plan: Plan) -> None:
    """Refuse controls that no model has among its predictors, and paths that no model has."""
    wanted = plan.definition.robustness.specifications
    if wanted is None:
        return
    known = list(dict.fromkeys(path for model in plan.models for path in _paths(model)))
    predictors = list(dict.fromkeys(predictor for predictor, _ in known))
    for rank, name in enumerate(wanted.controls):
        if name not in predictors:
            raise StudyError(
                f"No model has the predictor '{name}', a control variable of 'robustness'",
                place=plan.definition.place("robustness", "specifications", "controls", rank),
                found=f"'{name}'",
                expected=listed(predictors) or "a model with paths",
                remedy=did_you_mean(name, predictors),
            )
    for rank, path in enumerate(wanted.paths):
        if _split(path) not in known:
            raise StudyError(
                f"No model has the path '{path}', whose specification curve is wanted",
                place=plan.definition.place("robustness", "specifications", "paths", rank),
                found=f"'{path}'",
                expected=listed(f"{first} -> {last}" for first, last in known),
            )


def _wanted_by(plan: Plan) -> bool:
    return plan.definition.robustness.specifications is not None and bool(plan.models_to_fit)


ROBUSTNESS = ModelPart(
    field="robustness",
    step="Other specifications",
    wanted=_wanted_by,
    compute=_compute,
    check=_check,
)
