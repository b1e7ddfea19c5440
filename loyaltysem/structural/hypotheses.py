"""Judge hypotheses about paths and indirect effects, where the solution allows a judgement."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from loyaltysem.structural.collinearity import Doubt
    from loyaltysem.structural.definition import Hypothesis

SIGNIFICANCE = 0.05
"""Two-sided level at which a path counts as different from zero."""

Verdict = Literal["supported", "not_supported", "opposite", "not_judged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndirectEffect:
    """One specific indirect effect, with the interval that judges it; None where there is none."""

    est: float | None
    se: float | None
    z: float | None
    pvalue: float | None
    std_all: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the data say of one hypothesis.

    ``supported``: expected sign and p < ``SIGNIFICANCE``; ``opposite``: the other sign and
    p < ``SIGNIFICANCE``; ``not_supported``: p above it. Of an indirect effect its 95 % interval
    (``lower, upper``) decides instead of p, which takes the product of paths for normal.
    ``not_judged``: ``reason`` (a Doubt's, or ``not_converged``, ``no_standard_error``,
    ``no_interval``) forbids reading the estimate; ``constructs`` are those involved.
    """

    id: str
    est: float | None
    se: float | None
    z: float | None
    pvalue: float | None
    std_all: float | None
    verdict: Verdict
    reason: str = ""
    constructs: tuple[str, ...] = ()
    lower: float | None = None
    upper: float | None = None


def judge(
    hypotheses: Iterable[Hypothesis],
    estimates: pd.DataFrame,
    doubts: Mapping[tuple[str, str], Doubt],
    *,
    converged: bool,
    indirect: Mapping[tuple[str, ...], IndirectEffect] | None = None,
) -> tuple[Judgement, ...]:
    """Judge each hypothesis by the sign and the p value of its path, or its effect's interval.

    The path is a regression, or the loading of a dimension on a second-order construct.

    Parameters
    ----------
    hypotheses
        With ``id``, ``variables`` along the path and the expected ``sign``.
    estimates
        Parameter estimates with columns lhs, op, rhs, est, se, z, pvalue, std_all.
    doubts
        Paths that cannot be read, from :func:`~loyaltysem.structural.collinearity.doubtful_paths`.
    converged
        Whether the estimates are an optimum at all.
    indirect
        Specific indirect effects by the variables along their path.
    """
    regressions = estimates[estimates["op"] == "~"].set_index(["rhs", "lhs"])
    loadings = estimates[estimates["op"] == "=~"].set_index(["lhs", "rhs"])
    paths = pd.concat([regressions, loadings])
    return tuple(
        _judge_indirect(one, indirect or {}, doubts, converged)
        if one.is_indirect
        else _judge_one(one, paths, doubts, converged)
        for one in hypotheses
    )


def _judge_indirect(
    hypothesis: Hypothesis,
    effects: Mapping[tuple[str, ...], IndirectEffect],
    doubts: Mapping[tuple[str, str], Doubt],
    converged: bool,
) -> Judgement:
    effect = effects.get(hypothesis.variables, _NO_EFFECT)
    doubt = next((doubts[step] for step in pairwise(hypothesis.variables) if step in doubts), None)
    verdict, reason, constructs = _indirect_verdict(hypothesis.sign, effect, doubt, converged)
    return Judgement(
        id=hypothesis.id,
        est=effect.est,
        se=effect.se,
        z=effect.z,
        pvalue=effect.pvalue,
        std_all=effect.std_all,
        verdict=verdict,
        reason=reason,
        constructs=constructs,
        lower=effect.lower,
        upper=effect.upper,
    )


_NO_EFFECT = IndirectEffect(
    est=None, se=None, z=None, pvalue=None, std_all=None, lower=None, upper=None
)


def _indirect_verdict(
    sign: str, effect: IndirectEffect, doubt: Doubt | None, converged: bool
) -> tuple[Verdict, str, tuple[str, ...]]:
    """Return verdict, reason and the constructs that the reason is about."""
    if not converged:
        return "not_judged", "not_converged", ()
    if doubt:
        return "not_judged", doubt.reason, doubt.constructs
    if effect.lower is None or effect.upper is None:
        return "not_judged", "no_interval", ()
    if effect.lower <= 0 <= effect.upper:
        return "not_supported", "", ()
    return ("supported" if (effect.lower > 0) == (sign == "+") else "opposite"), "", ()


def _judge_one(
    hypothesis: Hypothesis,
    paths: pd.DataFrame,
    doubts: Mapping[tuple[str, str], Doubt],
    converged: bool,
) -> Judgement:
    key = (hypothesis.predictor, hypothesis.outcome)
    path = paths.loc[[key]].iloc[0]
    est, pvalue = _number(path["est"]), _number(path["pvalue"])
    verdict, reason, constructs = _verdict(hypothesis.sign, est, pvalue, doubts.get(key), converged)
    return Judgement(
        id=hypothesis.id,
        est=est,
        se=_number(path["se"]),
        z=_number(path["z"]),
        pvalue=pvalue,
        std_all=_number(path["std_all"]),
        verdict=verdict,
        reason=reason,
        constructs=constructs,
    )


def _verdict(
    sign: str, est: float | None, pvalue: float | None, doubt: Doubt | None, converged: bool
) -> tuple[Verdict, str, tuple[str, ...]]:
    """Return verdict, reason and the constructs that the reason is about."""
    if not converged:
        return "not_judged", "not_converged", ()
    if doubt:
        return "not_judged", doubt.reason, doubt.constructs
    if est is None or pvalue is None:
        return "not_judged", "no_standard_error", ()
    if pvalue >= SIGNIFICANCE:
        return "not_supported", "", ()
    return ("supported" if (est > 0) == (sign == "+") else "opposite"), "", ()


def _number(value: float) -> float | None:
    """Return a plain float, or None where there is no number."""
    return float(value) if value is not None and math.isfinite(value) else None
