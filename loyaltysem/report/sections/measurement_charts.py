"""The charts of measurement: factors, loadings, ratios, correlations, information, tiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.diagrams.charts import (
    correlation_heatmap,
    group_means,
    htmt_heatmap,
    item_information,
    loadings_plot,
    scree,
)
from loyaltysem.report.sections.charts import chart, look_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Figure
    from loyaltysem.results import (
        BehaviourResult,
        CorrelationsResult,
        DiscriminantResult,
        FactorsResult,
        ItemsResult,
    )

FEW_CONSTRUCTS = 3
"""From how many constructs on a heat map says more than its table."""


def scree_chart(context: Context, found: FactorsResult) -> Figure:
    """Return the eigenvalues beside those of random data."""
    label = context.words.label("charts.scree_random")
    drawing = scree(
        [one.component for one in found.eigenvalues],
        {label: [one.component_random for one in found.eigenvalues]},
        n_factors=found.counts.get("parallel_components"),
        **look_of(context),
    )
    return chart(
        key="figure_scree",
        caption=context.say("charts.scree"),
        alt=context.say(
            "charts.scree_alt", n=found.counts.get("parallel_components"),
            first=found.eigenvalues[0].component,
        ),
        drawing=drawing,
        notes=(context.say("charts.scree_note"),),
    )  # fmt: skip


def loadings_chart(context: Context, found: FactorsResult) -> Figure:
    """Return the rotated loadings of all items, in the order of the questionnaire."""
    table = pd.DataFrame(
        [one.loadings for one in found.items],
        index=pd.Index([one.code for one in found.items]),
        columns=list(found.factors),
    )
    return chart(
        key="figure_loadings",
        caption=context.say("charts.loadings"),
        alt=context.say("charts.loadings_alt", items=len(table), factors=len(found.factors)),
        drawing=loadings_plot(table, salient=found.hide_below, style=look_of(context)["style"]),
        notes=(context.say("charts.loadings_note", salient=found.hide_below),),
    )


def _square(
    names: list[str],
    pairs: Iterable[tuple[str, str, float | None]],
    label: Callable[[str], str],
    diagonal: float,
) -> pd.DataFrame:
    """Return values of pairs as a symmetric table with the reader's names."""
    place = {name: rank for rank, name in enumerate(names)}
    values = np.full((len(names), len(names)), np.nan)
    np.fill_diagonal(values, diagonal)
    for first, second, value in pairs:
        at = place[first], place[second]
        values[at] = values[at[::-1]] = np.nan if value is None else value
    shown = [label(name) for name in names]
    return pd.DataFrame(values, index=pd.Index(shown), columns=pd.Index(shown))


def htmt_chart(context: Context, found: DiscriminantResult) -> list[Figure]:
    """Return the heat map of HTMT; nothing for few constructs."""
    names = list(dict.fromkeys(name for one in found.pairs for name in (one.first, one.second)))
    if len(names) < FEW_CONSTRUCTS:
        return []
    pairs = [(one.first, one.second, one.htmt) for one in found.pairs]
    table = _square(names, pairs, context.construct, 1.0)
    known = [value for *_, value in pairs if value is not None]
    return [
        chart(
            key="figure_htmt",
            caption=context.say("charts.htmt"),
            alt=context.say("charts.htmt_alt", largest=max(known, default=None)),
            drawing=htmt_heatmap(table, threshold=found.threshold, style=look_of(context)["style"]),
            notes=(context.say("charts.htmt_note", threshold=found.threshold),),
        )
    ]


def correlations_chart(context: Context, found: CorrelationsResult) -> list[Figure]:
    """Return the heat map of the correlations of scores; nothing for few constructs."""
    names = [one.construct_code for one in found.scores]
    if len(names) < FEW_CONSTRUCTS:
        return []
    values = [(one.first, one.second, one.r) for one in found.pairs]
    tests = [(one.first, one.second, one.pvalue) for one in found.pairs]
    known = [value for *_, value in values if value is not None]
    drawing = correlation_heatmap(
        _square(names, values, context.construct, 1.0),
        pvalues=_square(names, tests, context.construct, 0.0),
        style=look_of(context)["style"],
    )
    return [
        chart(
            key="figure_scores",
            caption=context.say("charts.correlations"),
            alt=context.say(
                "charts.correlations_alt",
                low=min(known, default=None),
                high=max(known, default=None),
            ),
            drawing=drawing,
            notes=(context.say("stars"),),
        )
    ]


def information_chart(context: Context, found: ItemsResult) -> list[Figure]:
    """Return where on the trait each construct is measured precisely."""
    if not found.graded:
        return []
    table = pd.DataFrame(
        {context.construct(one.construct_code): one.information for one in found.graded},
        index=pd.Index(found.graded[0].trait),
    )
    return [
        chart(
            key="figure_information",
            caption=context.say("charts.information"),
            alt=context.say(
                "charts.information_alt",
                scales=[
                    (context.construct(one.construct_code), _peak(one.trait, one.information))
                    for one in found.graded
                ],
            ),
            drawing=item_information(table, total=False, **look_of(context)),
            notes=(context.say("charts.information_note"),),
        )
    ]


def _peak(trait: tuple[float, ...], information: tuple[float, ...]) -> float:
    """Return at which value of the trait the information is largest."""
    return trait[int(np.argmax(information))]


def tiers_chart(context: Context, found: BehaviourResult, tiers: list[str]) -> list[Figure]:
    """Return the mean scores by tier; nothing where scores are not compared."""
    rows = [
        {"group": tier, "series": context.construct(one.construct_code), "mean": mean}
        for one in found.known_groups
        for tier, mean in zip(tiers, one.means, strict=True)
        if mean is not None
    ]
    if len({row["group"] for row in rows}) < 2:
        return []
    axis = context.words.label("charts.tiers_axis")
    return [
        chart(
            key="figure_tiers",
            caption=context.say("charts.tiers"),
            alt=context.say(
                "charts.tiers_alt",
                constructs=[context.construct(one.construct_code) for one in found.known_groups],
            ),
            drawing=group_means(pd.DataFrame(rows), axis=axis, **look_of(context)),
        )
    ]
