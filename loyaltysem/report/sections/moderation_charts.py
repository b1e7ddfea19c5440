"""The figures of a moderation: predicted outcome, and the slope over the moderator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.diagrams.charts.interactions import johnson_neyman, simple_slopes
from loyaltysem.report.sections.charts import chart, look_of

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Figure
    from loyaltysem.report.sections.moderation_names import ModerationNames
    from loyaltysem.results import ModerationResult


def slopes_chart(
    context: Context, names: ModerationNames, found: ModerationResult, key: str
) -> list[Figure]:
    """Return the outcome over the predictor at values of the moderator; none for a square."""
    known = [one for one in found.slopes if one.est is not None]
    if found.predictor == found.moderator or not known:
        return []
    lines = pd.DataFrame(
        [{"intercept": one.intercept, "slope": one.est} for one in known],
        index=pd.Index(
            context.words.label("moderation.line", **names.facts, value=names.value(one))
            for one in known
        ),
        dtype=float,
    )
    drawing = simple_slopes(
        lines,
        x=(-found.sd_predictor, found.sd_predictor),
        predictor=names.predictor,
        outcome=names.outcome,
        style=look_of(context)["style"],
    )
    return [
        chart(
            key=f"figure_slopes_{key}",
            caption=context.say("moderation.slopes_figure", **names.facts),
            alt=context.say(
                "moderation.slopes_alt",
                **names.facts,
                values=[(names.value(one), one.est) for one in known],
            ),
            drawing=drawing,
            notes=(context.say("moderation.slopes_figure_note", **names.facts),),
        )
    ]


def region_chart(
    context: Context, names: ModerationNames, found: ModerationResult, key: str
) -> list[Figure]:
    """Return the slope over the moderator; none for a moderator of two values."""
    region = found.region
    if region is None:
        return []
    band = pd.DataFrame(
        {
            "est": found.band.est,
            "ci_lower": found.band.ci_lower,
            "ci_upper": found.band.ci_upper,
        },
        index=pd.Index(np.array(found.band.value) / found.sd_moderator),
    )
    drawing = johnson_neyman(
        band,
        moderator=context.words.label("moderation.in_sds", **names.facts),
        predictor=names.predictor,
        outcome=names.outcome,
        limits=region.points_sds,
        level=found.level,
        **look_of(context),
    )
    return [
        chart(
            key=f"figure_region_{key}",
            caption=context.say("moderation.region_figure", **names.facts),
            alt=context.say("moderation.region_alt", **names.facts),
            drawing=drawing,
        )
    ]
