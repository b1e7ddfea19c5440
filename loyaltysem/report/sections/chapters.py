"""Chapters that take up every model in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.document import Heading

if TYPE_CHECKING:
    from loyaltysem.report.context import Context
    from loyaltysem.results import ModelResult


def converged(context: Context) -> list[tuple[int, ModelResult]]:
    """Return the models that have estimates, with their positions from 1."""
    models = enumerate(context.results.models, start=1)
    return [(index, model) for index, model in models if model.converged]


def has_paths(model: ModelResult) -> bool:
    """Tell whether a model says more than what measures what."""
    return any(one.op == "~" for one in model.parameters)


def part_heading(context: Context, key: str, model: ModelResult, words: str) -> Heading:
    """Return the heading of a model's part of a chapter; it names the model if there are several.

    Parameters
    ----------
    context
        The report's.
    key
        The heading's own.
    model
        The model.
    words
        The heading's key in the catalogue.
    """
    heading = context.say(words)
    if len(context.results.models) > 1:
        title = context.text(model.title)
        heading = context.say("model.part", part=context.words.label(words), title=title)
    return Heading(key=key, level=2, text=heading)
