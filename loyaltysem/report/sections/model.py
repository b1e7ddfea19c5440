"""One fitted model: how it was estimated, and its parts in reading order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.document import Block, Callout, Heading, Paragraph
from loyaltysem.report.sections.chapters import has_paths
from loyaltysem.report.sections.choice import equivalents, power
from loyaltysem.report.sections.diagrams import diagram
from loyaltysem.report.sections.fit import fit
from loyaltysem.report.sections.groups import groups
from loyaltysem.report.sections.hypotheses import hypotheses
from loyaltysem.report.sections.importance import importance
from loyaltysem.report.sections.measurement import loadings
from loyaltysem.report.sections.mediation import mediation
from loyaltysem.report.sections.moderation import moderation
from loyaltysem.report.sections.notices import notice_lines
from loyaltysem.report.sections.paths import explained, paths, quantities
from loyaltysem.report.sections.pooled import pooled
from loyaltysem.report.sections.replication import replication
from loyaltysem.report.sections.robustness import robustness

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.results import ModelResult


def model(context: Context, result: ModelResult, index: int) -> list[Block]:
    """Return a model's sections.

    Parameters
    ----------
    context
        The report's.
    result
        The model.
    index
        Its position among the models, from 1; part of the keys of its tables.
    """
    title = context.say("model.heading", title=context.text(result.title))
    blocks: list[Block] = [
        Heading(key=f"model_{index}", level=1, text=title),
        _introduction(context, result),
        *_notices(context, result),
    ]
    if not result.converged:
        return blocks
    measured = [] if has_paths(result) else loadings(context, result, index)
    return [
        *blocks,
        *fit(context, result, index),
        *pooled(context, result, index),
        *power(context, result, index),
        *measured,
        *paths(context, result, index),
        *diagram(context, result, index),
        *explained(context, result, index),
        *quantities(context, result, index),
        *mediation(context, result, index),
        *moderation(context, result, index),
        *groups(context, result, index),
        *robustness(context, result, index),
        *replication(context, result, index),
        *importance(context, result, index),
        *equivalents(context, result, index),
        *hypotheses(context, result, index),
    ]


def _introduction(context: Context, result: ModelResult) -> Paragraph:
    estimator = f"estimator.{result.estimator}"
    known = context.words.knows(estimator)
    return Paragraph(
        text=context.say(
            "model.text",
            source=result.source,
            estimator=context.words.label(estimator) if known else result.estimator,
            engine=result.engine,
            n=result.n,
            npar=result.npar,
            df=result.fit.get("df"),
            converged=result.converged,
            admissible=result.admissible,
        )
    )


def _notices(context: Context, result: ModelResult) -> list[Block]:
    if not result.notices:
        return []
    lines = notice_lines(context, result.notices, result)
    return [Callout(title=context.say("notices.title"), items=lines)]
