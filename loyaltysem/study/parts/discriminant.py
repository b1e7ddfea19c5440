"""Whether the constructs differ, by the answers alone: HTMT and cross-loadings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.errors import LoyaltysemError, Notice
from loyaltysem.measurement.cutoffs import profiles_of, read_cutoffs
from loyaltysem.measurement.discriminant import cross_loadings
from loyaltysem.measurement.htmt import Htmt, htmt
from loyaltysem.measurement.near_copies import near_copies_notices
from loyaltysem.results import CrossLoading, DiscriminantResult, HtmtPair
from loyaltysem.study.parts.constructs import (
    analysed_constructs,
    sampling,
    varying_constructs,
)
from loyaltysem.study.parts.part import Found, Material, StudyPart
from loyaltysem.study.plain import notice_records, plain_record, plain_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from loyaltysem.study.plan import Plan

THRESHOLD = 0.90
"""What a ratio must stay below where no cut-off is given (Henseler, Ringle & Sarstedt, 2015)."""


def _compute(material: Material) -> Found:
    plan = material.plan
    threshold, *others = _thresholds(plan)
    found = distinguished(
        material.responses.answers,
        analysed_constructs(material),
        threshold=threshold,
        **sampling(plan),
    )
    if not (others and isinstance(found.record, DiscriminantResult)):
        return found
    record = found.record.model_copy(update={"strict_threshold": others[0]})
    return replace(found, record=record)


def _thresholds(plan: Plan) -> list[float]:
    """Return the cut-off of every profile that the study asks for."""
    cutoffs = [
        one.cutoff
        for profile in profiles_of(plan.definition.profile)
        for one in read_cutoffs(profile, plan.folder)
        if one.quantity == "htmt"
    ]
    return list(dict.fromkeys(cutoffs)) or [THRESHOLD]


def distinguished(
    answers: pd.DataFrame,
    constructs: Mapping[str, list[str]],
    *,
    draws: int,
    seed: int,
    threshold: float = THRESHOLD,
) -> Found:
    """Return HTMT and cross-loadings; None where there are fewer than two constructs."""
    kept, notices = varying_constructs(answers, constructs)
    notices += near_copies_notices(answers, [item for own in kept.values() for item in own])
    if len(kept) < 2:
        return Found(notices=notice_records(notices))
    try:
        found, told = _analysis(answers, kept, draws, seed, threshold)
    except LoyaltysemError as fault:
        text = f"Discriminant validity cannot be judged from the answers: {fault}"
        notices.append(Notice("no_discriminant_validity", text, {"why": str(fault)}))
        return Found(notices=notice_records(notices))
    return Found(record=found, notices=notice_records([*notices, *told]))


def _analysis(
    answers: pd.DataFrame,
    constructs: Mapping[str, list[str]],
    draws: int,
    seed: int,
    threshold: float,
) -> tuple[DiscriminantResult, tuple[Notice, ...]]:
    several = {code: own for code, own in constructs.items() if len(own) > 1}
    sampled = {"draws": draws, "seed": seed, "threshold": threshold}
    pairs: tuple[HtmtPair, ...] = ()
    notices: tuple[Notice, ...] = ()
    if len(several) > 1:
        first = htmt(answers, several, **sampled)  # type: ignore[arg-type]
        second = htmt(answers, several, mean="geometric", **sampled)  # type: ignore[arg-type]
        pairs, notices = _pairs(first, second), first.notices
    items = [item for own in several.values() for item in own]
    record = DiscriminantResult(
        n=int(answers[items].notna().all(axis=1).sum()),
        threshold=threshold,
        draws=draws,
        seed=seed,
        pairs=pairs,
        cross_loadings=_cross_loadings(answers, constructs),
    )
    return record, notices


def _pairs(plain: Htmt, geometric: Htmt) -> tuple[HtmtPair, ...]:
    rows = zip(plain.pairs.to_dict("records"), geometric.pairs.to_dict("records"), strict=True)
    return tuple(
        HtmtPair(
            first=one["first"],
            second=one["second"],
            htmt=plain_record(one)["htmt"],
            ci=_interval(one["ci_lower"], one["ci_upper"]),
            htmt2=plain_record(two)["htmt"],
            htmt2_ci=_interval(two["ci_lower"], two["ci_upper"]),
            distinct=bool(one["distinct"]) if np.isfinite(one["htmt"]) else None,
        )
        for one, two in rows
    )


def _interval(lower: float, upper: float) -> tuple[float, float] | None:
    return (float(lower), float(upper)) if np.isfinite(lower) and np.isfinite(upper) else None


def _cross_loadings(
    answers: pd.DataFrame, constructs: Mapping[str, list[str]]
) -> tuple[CrossLoading, ...]:
    table = cross_loadings(answers, constructs)
    homes = {item: code for code, own in constructs.items() for item in own}
    return tuple(
        CrossLoading(
            code=item,
            construct_code=homes[item],
            correlations=row,
            highest_elsewhere=_elsewhere(row, homes[item]),
        )
        for item, row in plain_rows(table).items()
    )


def _elsewhere(row: Mapping[str, float | None], home: str) -> bool:
    """Tell whether another construct correlates more than the item's own; no for a single item."""
    own = row[home]
    others = [abs(value) for code, value in row.items() if code != home and value is not None]
    return own is not None and max(others, default=0.0) > own


DISCRIMINANT = StudyPart(
    field="discriminant",
    step="Discriminant validity",
    wanted=lambda plan: "validity" in plan.definition.analyses,
    compute=_compute,
)
