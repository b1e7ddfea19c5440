"""Hypotheses of a model, judged by its paths and its indirect effects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.results import EffectsResult, HypothesisResult
from loyaltysem.structural.hypotheses import IndirectEffect, judge

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from loyaltysem.structural.collinearity import Doubt
    from loyaltysem.structural.definition import ModelDefinition


def hypothesis_records(
    model: ModelDefinition,
    estimates: pd.DataFrame,
    doubts: Mapping[tuple[str, str], Doubt],
    effects: object = None,
    *,
    converged: bool,
) -> tuple[HypothesisResult, ...]:
    """Return what the data say of each hypothesis of a model.

    Parameters
    ----------
    model
        The model.
    estimates
        Its parameter estimates.
    doubts
        (predictor, outcome) of the paths that cannot be read, and why.
    effects
        What the part on effects found, an `EffectsResult` where there is one.
    converged
        Whether the estimates are an optimum.
    """
    indirect = _indirect(effects) if isinstance(effects, EffectsResult) else {}
    judged = judge(model.hypotheses, estimates, doubts, converged=converged, indirect=indirect)
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
            lower=found.lower,
            upper=found.upper,
        )
        for asked, found in zip(model.hypotheses, judged, strict=True)
    )


def _indirect(effects: EffectsResult) -> dict[tuple[str, ...], IndirectEffect]:
    """Return the specific indirect effects of the first group, each with its judging interval."""
    found = {}
    for row in effects.rows:
        if row.kind == "indirect" and row.group == 1:
            lower, upper = row.interval(effects.judged_by) or (None, None)
            found[tuple(row.path.split(" -> "))] = IndirectEffect(
                est=row.est,
                se=row.se,
                z=row.z,
                pvalue=row.pvalue,
                std_all=row.std_all,
                lower=lower,
                upper=upper,
            )
    return found
