"""The path diagrams of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.document import Block, Figure, plain

if TYPE_CHECKING:
    from loyaltysem.report.context import Context, Picture
    from loyaltysem.results import ModelResult


def diagram(context: Context, result: ModelResult, index: int) -> list[Block]:
    """Return the diagram for the text; nothing when none was drawn."""
    pictures = context.pictures.get(result.name)
    if pictures is None:
        return []
    return [_figure(context, result, pictures.main, f"figure_paths_{index}", "diagram")]


def full_diagram(context: Context, result: ModelResult, index: int) -> list[Block]:
    """Return the diagram of the whole model; nothing when the text shows it already."""
    pictures = context.pictures.get(result.name)
    if pictures is None or pictures.full is None:
        return []
    return [_figure(context, result, pictures.full, f"figure_full_{index}", "full_diagram")]


def _figure(
    context: Context, result: ModelResult, picture: Picture, key: str, words: str
) -> Figure:
    """Return a picture of a model with its caption and alternative text."""
    title = context.text(result.title)
    return Figure(
        key=key,
        caption=context.say(f"{words}.caption", title=title),
        alt=context.words.label(f"{words}.alt", title=title),
        svg=picture.svg,
        png=picture.png,
        notes=tuple(plain(note) for note in picture.notes),
    )
