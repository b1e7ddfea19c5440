"""Effects and mediation of one fitted model."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from loyaltysem.errors import EstimationError, Notice
from loyaltysem.estimation.bootstrapping import Bootstrap, bootstrap, draws_notice
from loyaltysem.estimation.ordinal.problem import OrdinalProblem
from loyaltysem.estimation.ordinal.resampling import share_lacking_categories
from loyaltysem.results import BootstrapRecord, EffectInterval, EffectRecord, EffectsResult
from loyaltysem.structural.effects import FEWEST_DRAWS, Effects, effects, has_indirect_paths
from loyaltysem.structural.mediation import judging_method, mediation
from loyaltysem.study.parts.part import FittedModel, Found, Material, ModelPart
from loyaltysem.study.plain import notice_records, plain_record

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from loyaltysem.estimation import Fit
    from loyaltysem.study.definition import StudyDefinition
    from loyaltysem.study.plan import Plan
    from loyaltysem.study.settings.bootstrap import BootstrapDefinition

Pair = tuple[str, str]

MOST_LOST = 0.05
"""Share of bootstrap samples that may lack a category of an ordinal item."""


def _compute(material: Material, fitted: FittedModel) -> Found:
    wanted = material.plan.definition
    instead = _without_bootstrap(fitted) if wanted.bootstrap else ()
    if instead:
        wanted = wanted.model_copy(update={"bootstrap": None})
    record, notices = effects_result(wanted, fitted.fit, fitted.doubts, material.tell)
    return Found(record=record, notices=notice_records([*instead, *notices] if record else notices))


def _without_bootstrap(fitted: FittedModel) -> tuple[Notice, ...]:
    """Say why no samples are drawn from the rows; nothing where they can be.

    Pooled estimates have no rows of their own. Samples without one of the ordered categories have
    fewer thresholds than the model, and where they are many the others no longer stand for all.
    """
    if fitted.imputed is not None:
        text = (
            "Effects over imputed data sets have Monte Carlo intervals from the pooled estimates"
            " and their covariances, not bootstrap intervals."
        )
        return (Notice("no_bootstrap_of_imputations", text),)
    problem = fitted.fit.problem
    lost = share_lacking_categories(problem) if isinstance(problem, OrdinalProblem) else 0.0
    if lost > MOST_LOST:
        text = (
            "Effects of ordinal items have Monte Carlo intervals from the robust covariances of the"
            f" estimates, not bootstrap intervals: about {lost:.0%} of the samples would lack a"
            " category that few respondents chose."
        )
        return (Notice("no_bootstrap_of_categories", text, {"share": lost}),)
    return ()


def effects_result(
    wanted: StudyDefinition,
    fitted: Fit,
    doubts: Collection[Pair],
    tell: Callable[[int, int], None] | None = None,
) -> tuple[EffectsResult | None, list[Notice]]:
    """Return the effects of a model with indirect paths, and what a reader must know of them.

    Parameters
    ----------
    wanted
        What the study asks for.
    fitted
        The fitted model.
    doubts
        (predictor, outcome) of the paths that cannot be read.
    tell
        Called as ``tell(done, draws)`` while samples are drawn.

    Returns
    -------
    None instead of effects where the model has no indirect path, or it did not converge.
    """
    if not fitted.converged or not has_indirect_paths(fitted):
        return None, []
    draws, notices = None, list[Notice]()
    if wanted.bootstrap:
        draws, notices = _drawn(fitted, wanted.bootstrap, tell)
    found = effects(fitted, draws=draws, monte_carlo=0 if draws else 20_000)
    result = EffectsResult(
        rows=_rows(found, doubts),
        level=found.level,
        judged_by=judging_method(found),
        bootstrap=_bootstrap_record(draws) if draws else None,
    )
    return result, [*notices, *found.notices]


def _drawn(
    fitted: Fit, wanted: BootstrapDefinition, tell: Callable[[int, int], None] | None
) -> tuple[Bootstrap | None, list[Notice]]:
    """Return the bootstrap, or say that it gave nothing to go by."""
    try:
        draws = bootstrap(fitted, wanted.draws, seed=wanted.seed, workers=wanted.workers, tell=tell)
    except EstimationError as fault:
        return None, [_unusable(wanted.draws, str(fault))]
    if len(draws.theta) < FEWEST_DRAWS:
        return None, [_unusable(wanted.draws, f"only {len(draws.theta)} draws gave estimates")]
    notice = draws_notice(draws)
    return draws, [notice] if notice else []


def _unusable(draws: int, why: str) -> Notice:
    text = f"The bootstrap of {draws} draws gave no intervals ({why.rstrip('.')})."
    return Notice("bootstrap_unusable", text, {"draws": draws, "why": why})


def _bootstrap_record(draws: Bootstrap) -> BootstrapRecord:
    return BootstrapRecord(
        draws=draws.draws, failed=draws.n_failed, reasons=dict(draws.failed), seed=draws.seed
    )


def _rows(found: Effects, doubts: Collection[Pair]) -> tuple[EffectRecord, ...]:
    raw, standard = found.table(), found.table(standardized=True)
    judged = {_key(row): row for row in mediation(found).to_dict("records")}
    connected = set(zip(raw["from"], raw["to"], strict=True))
    records = []
    pairs = zip(raw.to_dict("records"), standard.to_dict("records"), strict=True)
    for rank, (own, std) in enumerate(pairs):
        readable = not _doubtful_steps(own, connected).intersection(doubts)
        records.append(
            EffectRecord(
                predictor=own["from"],
                outcome=own["to"],
                boot_se=plain_record(own).get("boot_se"),
                intervals=_intervals(own, found),
                std_intervals=_intervals(std, found),
                readable=readable,
                distribution=_distribution(found, rank),
                **{name: plain_record(own)[name] for name in _PLAIN},
                **_judgement(judged.get(_key(own)), readable=readable),
            )
        )
    return tuple(records)


def _distribution(found: Effects, rank: int) -> tuple[float, ...]:
    """Return how the draws of a specific indirect effect are distributed; nothing of others."""
    quantiles = found.raw.quantiles
    if quantiles is None or found.effects[rank].kind != "indirect":
        return ()
    own = quantiles[:, rank]
    return tuple(own.tolist()) if np.isfinite(own).all() else ()


_PLAIN = ("kind", "path", "group", "est", "std_all", "se", "z", "pvalue")


def _doubtful_steps(effect: dict[Any, Any], connected: set[Pair]) -> set[Pair]:
    """Return all single paths that an effect is made of."""
    names = effect["path"].split(" -> ")
    if effect["kind"] in ("direct", "indirect"):
        return set(pairwise(names))
    cause, outcome = names
    return {
        (start, end)
        for start, end in connected
        if (start == cause or (cause, start) in connected)
        and (end == outcome or (end, outcome) in connected)
    }


def _key(row: dict[Any, Any]) -> tuple[int, str, str]:
    return row["group"], row["kind"], row["path"]


def _judgement(row: dict[Any, Any] | None, *, readable: bool) -> dict[str, Any]:
    """Return share and kind of mediation of an indirect effect, nothing for others."""
    if row is None:
        return {}
    if not readable:
        return {"mediation": "not_judged"}
    return plain_record({"proportion": row["proportion"], "mediation": row["mediation"]})


def _intervals(row: dict[Any, Any], found: Effects) -> tuple[EffectInterval, ...]:
    plain = plain_record(row)
    prefixes = {method: "ci" if method == "delta" else method for method in found.methods}
    return tuple(
        EffectInterval(
            method=method, lower=plain[f"{prefix}_lower"], upper=plain[f"{prefix}_upper"]
        )
        for method, prefix in prefixes.items()
        if f"{prefix}_lower" in plain
    )


def _wanted(plan: Plan) -> bool:
    """Effects are computed when they are asked for, or a hypothesis is about an indirect one."""
    hypotheses = [one for model in plan.models_to_fit for one in model.hypotheses]
    return "mediation" in plan.definition.analyses or any(one.is_indirect for one in hypotheses)


EFFECTS = ModelPart(
    field="effects",
    step="Effects and mediation",
    wanted=_wanted,
    compute=_compute,
)
