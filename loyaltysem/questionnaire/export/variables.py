"""The columns of the answers, with everything a codebook says of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from loyaltysem.questionnaire.export.layout import point_label, stem
from loyaltysem.questionnaire.form import entry_condition
from loyaltysem.questionnaire.wording import interface, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from loyaltysem.documents import Text
    from loyaltysem.questionnaire.conditions import Condition
    from loyaltysem.questionnaire.form import Entry, Form, Role

ValueType = Literal["integer", "number", "text", "date"]

NO_ANSWER = -99
NOT_ASKED = -98


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One column.

    Attributes
    ----------
    name, question
        Heading of the column; code of its question.
    label
        What it holds, in each language.
    type
        What its values are.
    labels
        Value to label, in each language; empty for open answers.
    role, construct, reverse, source, adaptation
        What it is asked for, what it measures, whether agreeing means less, where it comes from.
    page
        Page on which it stands.
    condition
        Condition under which it is asked.
    """

    name: str
    question: str
    label: Text
    type: ValueType
    role: Role
    page: str
    labels: Mapping[str, Text] = field(default_factory=dict)
    construct: str = ""
    reverse: bool = False
    source: str = ""
    adaptation: str = ""
    condition: Condition | None = None


def variables(form: Form) -> Iterator[Variable]:
    """Yield the columns in the order of asking."""
    constructs = {one.code: one for one in form.questionnaire.constructs}
    items = {item.code: item for item in form.questionnaire.items}
    for page in form.pages:
        for entry in page.entries:
            item, construct = items.get(entry.code), constructs.get(entry.construct)
            for name, label in _columns(entry, form):
                yield Variable(
                    name=name,
                    question=entry.code,
                    label=label,
                    type=_type(entry),
                    role=entry.role,
                    page=page.code,
                    labels=_labels(entry, form),
                    construct=entry.construct,
                    reverse=item.reverse if item else False,
                    source=(item.source if item else "") or (construct.source if construct else ""),
                    adaptation=item.adaptation if item else "",
                    condition=entry_condition(page, entry),
                )


def _columns(entry: Entry, form: Form) -> Iterator[tuple[str, Text]]:
    languages = form.questionnaire.languages
    if entry.kind not in {"multiple", "ranking"}:
        yield entry.code, {one: stem(entry, one) for one in languages}
        return
    for name, label in zip(entry.columns, entry.options.values(), strict=True):
        yield name, {one: f"{stem(entry, one)} – {said(label, one)}" for one in languages}


def _type(entry: Entry) -> ValueType:
    if entry.kind in {"text", "date"}:
        return "text" if entry.kind == "text" else "date"
    if entry.kind == "number":
        return "integer" if entry.whole else "number"
    whole = all(_is_whole(option) for option in entry.options)
    return "text" if entry.kind == "single" and not whole else "integer"


def _is_whole(option: str) -> bool:
    return option.isascii() and option.isdigit()


def _labels(entry: Entry, form: Form) -> Mapping[str, Text]:
    languages = form.questionnaire.languages
    if entry.scale:
        scale = entry.scale
        points = scale.points if scale.type != "slider" else sorted(scale.labels)
        return {str(p): {one: _name(entry, p, one) for one in languages} for p in points}
    if entry.kind == "multiple":
        words = {"1": "yes", "0": "no"}
        return {
            value: {one: interface(one).phrase(word) for one in languages}
            for value, word in words.items()
        }
    return entry.options if entry.kind == "single" else {}


def _name(entry: Entry, point: int, language: str) -> str:
    scale, poles = entry.scale, entry.poles
    if scale is None:
        return str(point)
    if poles and point in {scale.lowest, scale.highest}:
        return said(poles.left if point == scale.lowest else poles.right, language)
    return said(scale.labels.get(point, {}), language) or point_label(scale, point, language)
