"""The works that a report cites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.bibliography import in_order, reference_line
from loyaltysem.report.citations import cited, unknown
from loyaltysem.report.document import Block, Bullets, Heading, Paragraph, block_text
from loyaltysem.report.markup import parse_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from loyaltysem.report.context import Context
    from loyaltysem.results import StudyResults


def references(context: Context, blocks: Iterable[Block]) -> list[Block]:
    """Return the references of the works that ``blocks``, the rest of the report, cite.

    So are the sources of items, models and hypotheses; those that the catalogue of references lacks
    are named, to be added.
    """
    sources = list(_sources(context.results))
    text = "\n".join([*sources, *(block_text(block) for block in blocks)])
    language, known = context.words.language, context.references
    keys = in_order(cited(known, text), known, language)
    style = context.results.study.style.references
    lines = tuple(parse_line(reference_line(known[key], language, style)) for key in keys)
    lacking = unknown(sources, known)
    if not lines and not lacking:
        return []
    found: list[Block] = [
        Heading(key="references", level=1, text=context.say("references.heading"))
    ]
    if lines:
        found.append(Bullets(items=lines, hanging=True))
    if lacking:
        found.append(Paragraph(text=context.say("references.lacking", works=lacking)))
    return found


def _sources(results: StudyResults) -> Iterator[str]:
    """Yield where constructs, items, models and hypotheses come from."""
    for construct in results.questionnaire.constructs:
        yield construct.source
        yield from (item.source for item in construct.items)
    for model in results.models:
        yield from (model.source, *(one.source for one in model.hypotheses))
