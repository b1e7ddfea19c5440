"""The same models for other programs, to be run by whoever doubts or repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.document import Block, Code, Heading, Paragraph
from loyaltysem.report.scripts import scripts

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.results import ModelResult

FOLDER = "reproduce"
"""The folder of the scripts beside a report."""


def stem(index: int) -> str:
    """Return how the files of a model are named."""
    return f"model-{index}"


def reproduction(context: Context, model: ModelResult, index: int) -> list[Block]:
    """Return the scripts of a model."""
    title = context.say("reproduction.heading", title=context.text(model.title))
    blocks: list[Block] = [Heading(key=f"reproduction_{index}", level=2, text=title)]
    for script in scripts(model, stem(index)):
        blocks += [
            Paragraph(
                text=context.say(
                    "reproduction.text",
                    program=script.program,
                    file=f"{FOLDER}/{stem(index)}.{script.ending}",
                    moments=model.moments is not None,
                )
            ),
            Code(text=script.text.strip()),
        ]
    return blocks
