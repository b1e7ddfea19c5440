"""The figure of measurement invariance: fit from level to level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from loyaltysem.diagrams.charts import invariance_ladder
from loyaltysem.report.sections.charts import chart, look_of

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Figure
    from loyaltysem.results import GroupsResult, InvarianceLevel


def level_name(context: Context, level: InvarianceLevel) -> str:
    """Return a level's name, with the mark of partial invariance where it was repaired."""
    name = context.words.label(f"level.{level.level}")
    return context.words.label("level_partial", level=name) if level.partial else name


def ladder_chart(context: Context, found: GroupsResult, index: int) -> Figure:
    """Return CFI, RMSEA and SRMR over the levels, with what CFI and RMSEA may change.

    A level that was repaired is drawn as it was left, so that each change is that from the level
    before.
    """
    levels = {one.level: one for one in found.levels}.values()
    steps = pd.DataFrame(
        [{"cfi": one.cfi, "rmsea": one.rmsea, "srmr": one.srmr} for one in levels],
        index=pd.Index([level_name(context, one) for one in levels]),
        dtype=float,
    ).assign(holds=[one.kept for one in levels])
    drawing = invariance_ladder(
        steps,
        limits={"cfi": -found.cutoffs.cfi, "rmsea": found.cutoffs.rmsea},
        **look_of(context),
    )
    return chart(
        key=f"figure_invariance_{index}",
        caption=context.say("invariance.figure", by=context.text(found.name)),
        alt=context.say(
            "invariance.alt",
            levels=[(level_name(context, one), one.cfi) for one in levels],
        ),
        drawing=drawing,
    )
