"""Moderated paths of a fitted model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loyaltysem.errors import LoyaltysemError, Notice, StudyError
from loyaltysem.results import (
    ConditionalIndirect,
    HypothesisResult,
    ModeratedMediation,
    ModerationPath,
    ModerationResult,
    RegionRecord,
    SlopeBand,
    SlopeRecord,
)
from loyaltysem.structural.hypotheses import SIGNIFICANCE
from loyaltysem.structural.lms import LmsFit
from loyaltysem.structural.moderation import check_moderated, moderated_fit
from loyaltysem.structural.specifications import CATEGORICAL
from loyaltysem.study.parts.moderator import (
    check_levels,
    moderator_names,
    observed_moderator,
    with_column,
)
from loyaltysem.study.parts.part import FittedModel, Found, Material, ModelPart
from loyaltysem.study.plain import notice_records, plain_record, reason_facts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from loyaltysem.results import Text
    from loyaltysem.structural.definition import ModelDefinition
    from loyaltysem.structural.moderation import ConditionalEffect, Moderation
    from loyaltysem.study.parts.moderator import ObservedModerator
    from loyaltysem.study.plan import Plan
    from loyaltysem.study.settings.moderation import ModerationDefinition

_NUMERIC = dict.fromkeys(CATEGORICAL, "MLR")
ESTIMATORS = {
    "lms": {"ML": "ML", "MLR": "MLR", "MLM": "MLR", "MLMV": "MLR"} | _NUMERIC,
    "products": {"ML": "MLR"} | _NUMERIC,
}
"""What stands for the estimator of the study, by method; others stay.

LMS knows two kinds of errors; products of indicators are never normal, and get robust ones. Both
take ordinal answers as numbers.
"""

TOLD_BY_THE_MODEL = frozenset({"rows_left_out", "inseparable_constructs", "missing_patterns"})
"""Notices that the model's own fit gives already."""


def _compute(material: Material, fitted: FittedModel) -> Found:
    records: list[ModerationResult] = []
    notices: list[Notice] = []
    for wanted in material.plan.definition.moderation:
        if not _concerns(material.plan, fitted.definition, wanted):
            continue
        try:
            record, told = _moderated(material, fitted, wanted)
        except LoyaltysemError as fault:
            notices.append(_failed(wanted, fault))
            continue
        records.append(record)
        notices += [one for one in told if one.code not in TOLD_BY_THE_MODEL]
    return Found(record=tuple(records), notices=notice_records(_once(notices)))


def _once(notices: Iterable[Notice]) -> list[Notice]:
    """Return the notices without those that say the same again."""
    return list({one.text: one for one in notices}.values())


def _failed(wanted: ModerationDefinition, fault: LoyaltysemError) -> Notice:
    path = f"{wanted.predictor} -> {wanted.outcome}"
    text = f"That '{wanted.moderator}' moderates {path} could not be examined: {fault}"
    facts = {"moderator": wanted.moderator, "path": path, **reason_facts(fault)}
    return Notice("moderation_failed", text, facts)


def _moderated(
    material: Material, fitted: FittedModel, wanted: ModerationDefinition
) -> tuple[ModerationResult, Sequence[Notice]]:
    """Return the record of one moderation, and what a reader must know of it."""
    study, model = material.plan.definition, fitted.definition
    answers, observed = material.responses.answers, None
    if wanted.moderator not in model.roles.latent:
        observed = observed_moderator(material.responses, wanted)
        answers = with_column(answers, wanted.moderator, observed)
    estimator = ESTIMATORS[wanted.method].get(study.estimator, study.estimator)
    draws = study.bootstrap
    found = moderated_fit(
        model.syntax,
        answers,
        outcome=wanted.outcome,
        predictor=wanted.predictor,
        moderator=wanted.moderator,
        method=wanted.method,
        products=wanted.products,
        centring=wanted.centring,
        at=wanted.at,
        missing="fiml" if study.missing == "pairwise" else study.missing,
        estimator=estimator,
        bootstrap=draws.draws if draws else 0,
        seed=draws.seed if draws else None,
        tell=material.tell,
    )
    told = (*found.notices, *_taken_as_numbers(study.estimator, estimator))
    return _record(found, observed, estimator, fitted.doubts), told


def _taken_as_numbers(wanted: str, used: str) -> tuple[Notice, ...]:
    """Say that the products of an ordinal study's answers are those of numbers."""
    if wanted not in CATEGORICAL:
        return ()
    text = (
        f"Moderation takes the answers as numbers, with {used} instead of {wanted}: products of "
        "ordered categories are not defined."
    )
    return (Notice("moderation_of_numbers", text, {"wanted": wanted, "used": used}),)


# --- records -----------------------------------------------------------------------------------


def _record(
    found: Moderation,
    observed: ObservedModerator | None,
    estimator: str,
    doubts: Collection[tuple[str, str]],
) -> ModerationResult:
    asked, fit = found.asked, found.fit
    paths = [(asked.predictor, asked.outcome), (asked.moderator, asked.outcome)]
    options = observed.options if observed else ()
    return ModerationResult(
        outcome=asked.outcome,
        predictor=asked.predictor,
        moderator=asked.moderator,
        moderator_name=observed.name if observed else {},
        centre=found.centre,
        method=asked.method,
        products=asked.products,
        centring=asked.centring,
        estimator=estimator,
        n=fit.n,
        npar=fit.npar,
        nodes=fit.n_nodes if isinstance(fit, LmsFit) and fit.n_nodes > 1 else None,
        level=found.level,
        sd_predictor=found.sd[0],
        sd_moderator=found.sd[1],
        paths=tuple(_paths(found)),
        slopes=tuple(_slopes(found, options)),
        region=_region(found),
        band=SlopeBand.model_validate(
            {name: tuple(found.curve[name].tolist()) for name in SlopeBand.model_fields}
        ),
        indirect=tuple(_mediated(one, found, options) for one in found.indirect),
        **plain_record({"r2": found.r2, "r2_linear": found.r2_linear}),
        **_test(found),
        readable=not doubts or not set(paths).intersection(doubts),
    )


def _paths(found: Moderation) -> Iterator[ModerationPath]:
    roles = ["predictor", "moderator", "product"]
    if found.asked.predictor == found.asked.moderator:
        roles.remove("moderator")
    for role, row in zip(roles, found.paths.to_dict("records"), strict=True):
        values = plain_record(row)
        values.pop("rhs")
        yield ModerationPath(role=role, **values)


def _slopes(found: Moderation, options: Sequence[Text]) -> Iterator[SlopeRecord]:
    own = float(found.paths["est"].iloc[1]) if len(found.paths) == 3 else 0.0
    names = options or [{}] * len(found.slopes)
    for name, row in zip(names, found.slopes.to_dict("records"), strict=True):
        values = plain_record(row)
        yield SlopeRecord(name=name, intercept=own * values["value"], **values)


def _region(found: Moderation) -> RegionRecord | None:
    region = found.region
    if region is None:
        return None
    return RegionRecord(
        points=region.points,
        points_sds=tuple(point / found.sd[1] for point in region.points),
        low=region.low,
        high=region.high,
        significant=region.significant,
        share=region.share,
    )


def _test(found: Moderation) -> dict[str, Any]:
    if found.test is None:
        return {}
    test = plain_record(found.test)
    return {
        "chisq": test["chisq"],
        "df": int(found.test["df"]),
        "p_test": test["pvalue"],
        "bic_difference": test["bic_difference"],
    }


def _mediated(
    effect: ConditionalEffect, found: Moderation, options: Sequence[Text]
) -> ModeratedMediation:
    method = "perc" if "perc" in effect.limits else "mc"
    lower, upper = effect.limits[method]
    names = options or [{}] * len(effect.at)
    parts = zip(names, effect.at, effect.est, effect.se, lower, upper, strict=True)
    index = plain_record(
        {
            "index": effect.index,
            "index_se": effect.index_se,
            "index_z": effect.index_z,
            "index_pvalue": effect.index_pvalue,
            "index_lower": effect.index_limits[method][0],
            "index_upper": effect.index_limits[method][1],
        }
    )
    return ModeratedMediation(
        path=effect.path,
        method=method,
        effects=tuple(
            ConditionalIndirect(
                name=name,
                sds=at / found.sd[1],
                **plain_record({"est": est, "se": se, "lower": low, "upper": high}),
            )
            for name, at, est, se, low, high in parts
        ),
        **index,
    )


# --- hypotheses --------------------------------------------------------------------------------


def moderation_hypotheses(
    asked: Iterable[ModerationDefinition], found: object
) -> tuple[HypothesisResult, ...]:
    """Return what the data say of the hypotheses about products.

    Parameters
    ----------
    asked
        The moderations of the study.
    found
        The records of those that concern the model; of others nothing is said.
    """
    records = found if isinstance(found, tuple) else ()
    by_names = {(one.outcome, one.predictor, one.moderator): one for one in records}
    judged = []
    for one in asked:
        record = by_names.get((one.outcome, one.predictor, one.moderator))
        if one.hypothesis is not None and record is not None:
            judged.append(_judged(one, record))
    return tuple(judged)


def _judged(asked: ModerationDefinition, record: ModerationResult) -> HypothesisResult:
    hypothesis, product = asked.hypothesis, record.product
    if hypothesis is None:
        raise ValueError("the moderation has no hypothesis")
    verdict, reason = _verdict(hypothesis.sign, record)
    return HypothesisResult(
        id=hypothesis.id,
        path=f"{asked.predictor}:{asked.moderator} -> {asked.outcome}",
        wording=hypothesis.wording,
        source=hypothesis.source,
        expected_sign=hypothesis.sign,
        est=product.est,
        se=product.se,
        z=product.z,
        pvalue=product.pvalue,
        std_all=product.std_all,
        verdict=verdict,
        reason=reason,
    )


def _verdict(sign: str, record: ModerationResult) -> tuple[str, str]:
    """Return the verdict on the product's path, and why there is none."""
    product = record.product
    if not record.readable:
        return "not_judged", "moderated_path"
    if product.pvalue is None or product.est is None:
        return "not_judged", "no_standard_error"
    if product.pvalue >= SIGNIFICANCE:
        return "not_supported", ""
    return ("supported" if (product.est > 0) == (sign == "+") else "opposite"), ""


# --- what is refused at planning time ----------------------------------------------------------


def _concerns(plan: Plan, model: ModelDefinition, wanted: ModerationDefinition) -> bool:
    """Tell whether a model has the moderated path and can have the moderator."""
    try:
        check_moderated(model.statements, wanted.asked, moderator_names(plan.questionnaire))
    except LoyaltysemError:
        return False
    return True


def _check(plan: Plan) -> None:
    """Refuse moderations that no model can hold, and estimators that LMS does not have."""
    for number, wanted in enumerate(plan.definition.moderation):
        if plan.models_to_fit and not any(
            _concerns(plan, model, wanted) for model in plan.models_to_fit
        ):
            _refuse(plan, number, wanted)
        check_levels(plan, number, wanted)
        _check_hypothesis(plan, number, wanted)
        if wanted.method == "lms" and plan.definition.estimator not in ESTIMATORS["lms"]:
            raise StudyError(
                "Latent moderated structural equations (lms) are estimated by maximum likelihood",
                place=plan.definition.place("moderation", number),
                found=f"estimator: {plan.definition.estimator}",
                expected=", ".join(ESTIMATORS["lms"]),
                remedy="Use another estimator, or 'method: products'.",
            )


def _refuse(plan: Plan, number: int, wanted: ModerationDefinition) -> None:
    """Say why the first model cannot hold a moderation."""
    model = plan.models_to_fit[0]
    try:
        check_moderated(model.statements, wanted.asked, moderator_names(plan.questionnaire))
    except LoyaltysemError as fault:
        key = next(
            (
                key
                for key in ("outcome", "moderator", "predictor")
                if f"The {key} '" in fault.problem
            ),
            "predictor",
        )
        raise StudyError(
            f"{fault.problem} (model '{model.name}')",
            place=plan.definition.place("moderation", number, key),
            found=fault.found,
            expected=fault.expected,
            remedy=fault.remedy,
        ) from None


def _check_hypothesis(plan: Plan, number: int, wanted: ModerationDefinition) -> None:
    """Refuse an id that stands twice, and a wording that lacks a language of the report."""
    if wanted.hypothesis is None:
        return
    others = [one.hypothesis for one in plan.definition.moderation[:number]]
    ids = [one.id for model in plan.models for one in model.hypotheses]
    ids += [one.id for one in others if one]
    if wanted.hypothesis.id in ids:
        raise StudyError(
            f"Two hypotheses bear the id '{wanted.hypothesis.id}'",
            place=plan.definition.place("moderation", number, "hypothesis", "id"),
        )
    for language in plan.definition.language:
        if language not in wanted.hypothesis.wording:
            raise StudyError(
                f"Hypothesis {wanted.hypothesis.id} has no wording in '{language}'",
                place=plan.definition.place("moderation", number, "hypothesis", "wording"),
                remedy=f"Add '{language}:' to it.",
            )


MODERATION = ModelPart(
    field="moderation",
    step="Moderation",
    wanted=lambda plan: bool(plan.definition.moderation) and "model" in plan.definition.analyses,
    compute=_compute,
    check=_check,
)
