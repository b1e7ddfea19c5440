"""One model of a study: fitted, judged, and put into records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import Notice, listed
from loyaltysem.estimation import Fit, fit
from loyaltysem.measurement.cutoffs import read_cutoffs
from loyaltysem.measurement.reliability import convergent_validity
from loyaltysem.results import (
    ConvergentValidity,
    HypothesisResult,
    IndexVerdict,
    LatentPair,
    ModelResult,
    NoticeRecord,
    ParameterRecord,
)
from loyaltysem.structural.collinearity import Doubt, doubtful_paths
from loyaltysem.structural.fit_verdicts import judge_fit
from loyaltysem.structural.hypotheses import judge
from loyaltysem.study.effects_part import effects_result
from loyaltysem.study.plain import plain_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pandas as pd

    from loyaltysem.responses import Responses
    from loyaltysem.results import Text
    from loyaltysem.structural.definition import ModelDefinition
    from loyaltysem.study.plan import Plan


def fit_model(
    plan: Plan,
    model: ModelDefinition,
    responses: Responses,
    tell: Callable[[int, int], None] | None = None,
) -> ModelResult:
    """Fit one model of a study to the answers and judge its fit and hypotheses.

    ``tell`` is called as ``tell(done, draws)`` while samples are drawn for the bootstrap.
    """
    wanted = plan.definition
    fitted = fit(
        model.syntax,
        responses.answers,
        estimator=wanted.estimator,
        missing=wanted.missing,
        engine=wanted.engine,
    )
    return model_result(plan, model, fitted, tell)


def model_result(
    plan: Plan,
    model: ModelDefinition,
    fitted: Fit,
    tell: Callable[[int, int], None] | None = None,
) -> ModelResult:
    """Return the records of a fitted model; ``tell`` as for :func:`fit_model`."""
    estimates, measures = fitted.estimates(), plain_record(fitted.measures())
    correlations = fitted.latent_correlations()
    doubts = doubtful_paths(estimates, correlations)
    cutoffs = read_cutoffs(plan.definition.profile, plan.folder)
    effects, effect_notices = effects_result(plan.definition, fitted, doubts, tell)
    notices = [*fitted.notices, *_doubt_notices(doubts), *effect_notices]
    return ModelResult(
        name=model.name,
        title=model.title,
        source=model.source,
        syntax=model.syntax,
        names=_names(plan, model),
        estimator=plan.definition.estimator,
        engine=plan.definition.engine,
        converged=fitted.converged,
        n=fitted.n,
        npar=fitted.npar,
        fit=measures,
        verdicts=tuple(
            IndexVerdict(
                index=one.index,
                value=one.value,
                relation=one.cutoff.relation,
                cutoff=one.cutoff.cutoff,
                source=one.cutoff.source,
                met=one.met,
            )
            for one in judge_fit(measures, cutoffs)
        ),
        parameters=_parameters(estimates),
        r2=plain_record(fitted.r2().to_dict()),
        latent_correlations=_pairs(correlations),
        hypotheses=_hypotheses(model, estimates, doubts, converged=fitted.converged),
        notices=notice_records(notices),
        admissible=fitted.admissible,
        validity=_validity(estimates),
        effects=effects,
    )


def notice_records(notices: Iterable[Notice], about: str = "") -> tuple[NoticeRecord, ...]:
    """Return notices as records."""
    return tuple(
        NoticeRecord(code=one.code, text=one.text, facts=dict(one.facts), about=about)
        for one in notices
    )


def _doubt_notices(doubts: Mapping[tuple[str, str], Doubt]) -> list[Notice]:
    """Say which paths cannot be read."""
    if not doubts:
        return []
    paths = [f"{predictor} -> {outcome}" for predictor, outcome in doubts]
    text = f"The estimates of {listed(paths)} cannot be read; hypotheses on them are not judged."
    return [Notice("unreadable_paths", text, {"paths": paths})]


def _names(plan: Plan, model: ModelDefinition) -> dict[str, Text]:
    """Return the reader's names of latent variables: the model's own, else the questionnaire's."""
    constructs = {one.code: one.name for one in plan.questionnaire.constructs}
    return constructs | dict(model.names)


def _parameters(estimates: pd.DataFrame) -> tuple[ParameterRecord, ...]:
    columns = list(ParameterRecord.model_fields)
    rows = estimates[columns].to_dict("records")
    return tuple(ParameterRecord(**plain_record(row)) for row in rows)


def _pairs(correlations: pd.DataFrame) -> tuple[LatentPair, ...]:
    names, values = list(correlations.columns), correlations.to_numpy()
    return tuple(
        LatentPair(first=names[j], second=names[i], correlation=float(values[i, j]))
        for i in range(len(names))
        for j in range(i)
    )


def _hypotheses(
    model: ModelDefinition,
    estimates: pd.DataFrame,
    doubts: Mapping[tuple[str, str], Doubt],
    *,
    converged: bool,
) -> tuple[HypothesisResult, ...]:
    judged = judge(model.hypotheses, estimates, doubts, converged=converged)
    return tuple(
        HypothesisResult(
            id=asked.id,
            path=asked.path,
            wording=asked.wording,
            source=asked.source,
            expected_sign=asked.sign,
            est=found.est,
            se=found.se,
            z=found.z,
            pvalue=found.pvalue,
            std_all=found.std_all,
            verdict=found.verdict,
            reason=found.reason,
            reason_constructs=found.constructs,
        )
        for asked, found in zip(model.hypotheses, judged, strict=True)
    )


def _validity(estimates: pd.DataFrame) -> tuple[ConvergentValidity, ...]:
    """Return composite reliability and AVE of each latent variable."""
    loadings = estimates[estimates["op"] == "=~"]
    return tuple(
        ConvergentValidity(construct_code=str(latent), **convergent_validity(rows["std_all"]))
        for latent, rows in loadings.groupby("lhs", sort=False)
    )
