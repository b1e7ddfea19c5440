"""The same models for other programs, to be run by whoever doubts or repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.document import Block, Code, Heading, Paragraph
from loyaltysem.report.scripts import PROGRAMS, scripts
from loyaltysem.report.scripts.needs import from_moments

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.results import ModelResult, StudyResults

FOLDER = "reproduce"
"""The folder of the scripts beside a report."""


def stem(index: int) -> str:
    """Return how the files of a model are named."""
    return f"model-{index}"


def item_codes(results: StudyResults) -> tuple[str, ...]:
    """Return the codes of the items, in the order in which the analysed answers are written."""
    constructs = results.questionnaire.constructs
    return tuple(item.code for construct in constructs for item in construct.items)


def reproduction(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return the scripts of a model, and which programs have none."""
    title = context.say("reproduction.heading", title=context.text(model.title))
    blocks: list[Block] = [Heading(key=f"reproduction_{index}", level=2, text=title)]
    made = scripts(model, stem(index), item_codes(context.results))
    for script in made:
        blocks += [
            Paragraph(
                text=context.say(
                    "reproduction.text",
                    program=script.program,
                    file=f"{FOLDER}/{stem(index)}.{script.ending}",
                    moments=from_moments(model),
                )
            ),
            Code(text=script.text.strip()),
        ]
    others = [name for name in PROGRAMS if name not in {script.program for script in made}]
    if others:
        blocks.append(Paragraph(text=context.say("reproduction.others", programs=others)))
    return blocks
