"""All scales and texts of a questionnaire, each with its path in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.documents import Definition, FieldPath, Text
    from loyaltysem.questionnaire.definition import Questionnaire
    from loyaltysem.questionnaire.questions import Item
    from loyaltysem.questionnaire.scale import Scale


def scales(questionnaire: Questionnaire) -> Iterator[tuple[FieldPath, Scale]]:
    """Yield every scale: the questionnaire's, the constructs', the items'."""
    yield ("scale",), questionnaire.scale
    for k, construct in enumerate(questionnaire.constructs):
        if construct.scale:
            yield ("constructs", k, "scale"), construct.scale
        for j, item in enumerate(construct.items):
            if item.scale:
                yield ("constructs", k, "items", j, "scale"), item.scale


def texts(questionnaire: Questionnaire) -> Iterator[tuple[FieldPath, Text]]:
    """Yield every text that is to be translated; optional ones that are left out are not."""
    yield ("title",), questionnaire.title
    yield from _given((), questionnaire, "consent", "instructions", "thanks", "screened_out")
    for at, scale in scales(questionnaire):
        for point, label in scale.labels.items():
            yield (*at, "labels", point), label
    for k, construct in enumerate(questionnaire.constructs):
        yield ("constructs", k, "name"), construct.name
        for j, item in enumerate(construct.items):
            yield from _item(("constructs", k, "items", j), item)
    for k, check in enumerate(questionnaire.attention_checks):
        yield ("attention_checks", k, "wording"), check.wording
    yield from _choices(questionnaire)
    for k, section in enumerate(questionnaire.sections):
        yield from _given(("sections", k), section, "title", "text")


def _given(at: FieldPath, one: Definition, *names: str) -> Iterator[tuple[FieldPath, Text]]:
    """Yield the optional texts that are not left out."""
    for name in names:
        if getattr(one, name):
            yield (*at, name), getattr(one, name)


def _item(at: FieldPath, item: Item) -> Iterator[tuple[FieldPath, Text]]:
    yield (*at, "wording"), item.wording
    if item.poles:
        yield (*at, "poles", "left"), item.poles.left
        yield (*at, "poles", "right"), item.poles.right


def _choices(questionnaire: Questionnaire) -> Iterator[tuple[FieldPath, Text]]:
    for shelf in ("screening", "demographics", "questions"):
        for k, one in enumerate(getattr(questionnaire, shelf)):
            if shelf == "demographics":
                yield (shelf, k, "name"), one.name
            if one.wording or shelf != "demographics":
                yield (shelf, k, "wording"), one.wording
            for option, label in (one.options or {}).items():
                yield (shelf, k, "options", option), label
