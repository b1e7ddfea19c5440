"""The works that questionnaire, models and cut-offs come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.document import Block, Bullets, Heading, Line
from loyaltysem.report.markup import parse_line
from loyaltysem.report.sections.answer_sources import answer_sources
from loyaltysem.report.sections.checklist import SOURCE as CHECKLIST_SOURCE
from loyaltysem.report.sections.mediation import SOURCE
from loyaltysem.report.sections.model_sources import model_sources

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.results import StudyResults


def references(context: Context) -> list[Block]:
    """Return the works that questionnaire, models and cut-offs come from, as far as known."""
    sources = [verdict.source for model in context.results.models for verdict in model.verdicts]
    if context.results.reliability:
        sources += [context.citation("alpha"), context.citation("item_total")]
    if any(one.op == "=~" for model in context.results.models for one in model.parameters):
        sources += [
            context.citation(quantity) for quantity in ("loading", "composite_reliability", "ave")
        ]
    if any(model.effects for model in context.results.models):
        sources.append(SOURCE)
    if context.results.descriptives:
        sources.append("Kline (2016)")
    sources += answer_sources(context.results)
    sources += model_sources(context.results)
    sources += _sources_of_the_study(context.results)
    if context.results.models:
        sources.append(CHECKLIST_SOURCE)
    lines = _entries(context, sources)
    if not lines:
        return []
    heading = Heading(key="references", level=1, text=context.say("references.heading"))
    return [heading, Bullets(items=lines, hanging=True)]


def _sources_of_the_study(results: StudyResults) -> list[str]:
    """Return where constructs, models and hypotheses were taken from."""
    asked = [construct.source for construct in results.questionnaire.constructs]
    models = [model.source for model in results.models]
    return [*asked, *models, *(one.source for model in results.models for one in model.hypotheses)]


def _entries(context: Context, sources: list[str]) -> tuple[Line, ...]:
    cited = {part.strip() for source in sources for part in source.split(";")}
    known = sorted(source for source in cited if source in context.references)
    return tuple(parse_line(context.references[source]) for source in known)
