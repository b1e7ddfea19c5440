"""The charts of one model: coefficients, bootstrap distributions, importance, power."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from loyaltysem.diagrams.charts import (
    bootstrap_distributions,
    coefficient_plot,
    importance_performance_map,
    power_curve,
)
from loyaltysem.report.sections.charts import chart, look_of

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Figure
    from loyaltysem.results import (
        EffectRecord,
        EffectsResult,
        ImportanceResult,
        ModelResult,
        ParameterRecord,
    )

MOST_DISTRIBUTIONS = 12


def coefficients_chart(
    context: Context, model: ModelResult, rows: list[ParameterRecord], index: int
) -> list[Figure]:
    """Return the paths with their confidence intervals; nothing for fewer than two."""
    known = [one for one in rows if one.est is not None and one.ci_lower is not None]
    if len(known) < 2 or len({one.group for one in known}) > 1:
        return []
    names = [
        f"{context.construct(one.rhs, model)} → {context.construct(one.lhs, model)}"
        for one in known
    ]
    table = pd.DataFrame(
        [{"est": one.est, "ci_lower": one.ci_lower, "ci_upper": one.ci_upper} for one in known],
        index=pd.Index(names),
        dtype=float,
    )
    return [
        chart(
            key=f"figure_coefficients_{index}",
            caption=context.say("charts.coefficients", title=context.text(model.title)),
            alt=context.say(
                "charts.coefficients_alt",
                paths=list(zip(names, [one.est for one in known], strict=True)),
            ),
            drawing=coefficient_plot(table, **look_of(context)),
            notes=(context.say("charts.coefficients_note"),),
        )
    ]


def distributions_chart(
    context: Context, model: ModelResult, found: EffectsResult, index: int
) -> list[Figure]:
    """Return how the draws of indirect effects are distributed; nothing without draws."""
    shown = [one for one in found.rows if one.distribution and one.readable and one.group == 1]
    shown = sorted(shown, key=lambda one: -abs(one.std_all or 0))[:MOST_DISTRIBUTIONS]
    if not shown:
        return []
    names = [_path(context, model, one) for one in shown]
    table = pd.DataFrame(
        [_limits(one, found.judged_by) for one in shown], index=pd.Index(names), dtype=float
    )
    draws = {name: list(one.distribution) for name, one in zip(names, shown, strict=True)}
    key = "bootstrap" if found.bootstrap else "monte_carlo"
    return [
        chart(
            key=f"figure_distributions_{index}",
            caption=context.say(f"charts.{key}", title=context.text(model.title)),
            alt=context.say("charts.distributions_alt", effects=names),
            drawing=bootstrap_distributions(draws, table, level=found.level, **look_of(context)),
        )
    ]


def _path(context: Context, model: ModelResult, one: EffectRecord) -> str:
    return " → ".join(context.construct(name, model) for name in one.path.split(" -> "))


def _limits(one: EffectRecord, method: str) -> dict[str, float | None]:
    lower, upper = one.interval(method) or (None, None)
    return {"est": one.est, "ci_lower": lower, "ci_upper": upper}


def importance_chart(
    context: Context, model: ModelResult, found: ImportanceResult, key: str
) -> list[Figure]:
    """Return the importance-performance map; nothing for fewer than two constructs."""
    if len(found.constructs) < 2:
        return []
    target = context.construct(found.target, model)
    table = pd.DataFrame(
        [
            {"importance": one.importance, "performance": one.performance}
            for one in found.constructs
        ],
        index=pd.Index([context.construct(one.code, model) for one in found.constructs]),
    )
    return [
        chart(
            key=f"figure_importance_{key}",
            caption=context.say("charts.importance", target=target),
            alt=context.say(
                "charts.importance_alt",
                target=target,
                constructs=[
                    (context.construct(one.code, model), one.importance, one.performance)
                    for one in found.constructs
                ],
            ),
            drawing=importance_performance_map(table, target=target, **look_of(context)),
            notes=(context.say("charts.importance_note"),),
        )
    ]


def power_chart(context: Context, model: ModelResult, index: int) -> list[Figure]:
    """Return the power of the tests of fit over sample size; nothing when it is not known."""
    curves = {
        context.words.label(f"power_test.{one.test}"): pd.Series(dict(one.curve))
        for one in model.power
        if one.curve
    }
    if not curves:
        return []
    table = pd.DataFrame(curves).sort_index()
    return [
        chart(
            key=f"figure_power_{index}",
            caption=context.say("charts.power", title=context.text(model.title)),
            alt=context.say("charts.power_alt", n=model.n),
            drawing=power_curve(table, n=model.n, **look_of(context)),
        )
    ]
