"""SurveyJS JSON: https://surveyjs.io/form-library/documentation."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from loyaltysem.questionnaire.conditions import Condition, conditions_joined, is_number
from loyaltysem.questionnaire.export.layout import (
    grid_prompt,
    is_slider,
    point_label,
    stem,
    tidy,
)
from loyaltysem.questionnaire.export.logic import Dialect, condition_text
from loyaltysem.questionnaire.export.platform import Exported, Platform
from loyaltysem.questionnaire.form import Form, gate
from loyaltysem.questionnaire.wording import interface, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from loyaltysem.documents import Text
    from loyaltysem.questionnaire.conditions import Comparison
    from loyaltysem.questionnaire.form import Block, Entry, Page
    from loyaltysem.questionnaire.scale import Scale

LOCALES = {"zh": "zh-cn"}
"""Names of languages where SurveyJS has its own."""


def write(form: Form, language: str) -> Exported:
    """Return the JSON definition."""
    text = json.dumps(_Writer(form, language).whole(), ensure_ascii=False, indent=1) + "\n"
    return Exported(files={f"{form.questionnaire.name}.surveyjs.json": text.encode()})


class _Writer:
    """Parts of the definition."""

    def __init__(self, form: Form, language: str) -> None:
        self._form = form
        self._language = language
        self._gate = gate(form)

    def whole(self) -> dict[str, Any]:
        """Return the whole definition."""
        asked = self._form.questionnaire
        thanks = {
            one: said(asked.thanks, one) or interface(one).phrase("thanks")
            for one in asked.languages
        }
        return {
            "title": self._text(asked.title),
            "locale": _locale(self._language),
            "showQuestionNumbers": "off",
            "showProgressBar": "top",
            "completedHtml": self._text({one: _escaped(text) for one, text in thanks.items()}),
            "calculatedValues": [
                _constant("questionnaire", asked.name),
                _constant("questionnaire_version", asked.version),
                _constant("questionnaire_hash", asked.content_hash()),
            ],
            "pages": [self._page(page) for page in self._form.pages],
        }

    def _text(self, text: Text) -> dict[str, str]:
        """Return a text as SurveyJS writes translations; the first language is the default."""
        translated = {_locale(one): tidy(said(text, one)) for one in text}
        return {"default": tidy(said(text, self._language)), **translated}

    def _each(self, make: Callable[[str], str]) -> dict[str, str]:
        return self._text({one: make(one) for one in self._form.questionnaire.languages})

    def _page(self, page: Page) -> dict[str, Any]:
        gated = self._gate if not any(entry.accept for entry in page.entries) else None
        shown = conditions_joined([one for one in (gated, page.show_if) if one is not None])
        return {
            "name": page.code,
            **({"title": self._text(page.title)} if page.title else {}),
            **({"description": self._text(page.text)} if page.text else {}),
            **self._visible(shown),
            "elements": [element for block in page.blocks for element in self._block(block, page)],
        }

    def _visible(self, condition: Condition | None) -> dict[str, str]:
        if condition is None:
            return {}
        return {"visibleIf": condition_text(condition, _dialect(self._form), self._form)}

    def _block(self, block: Block, page: Page) -> Iterator[dict[str, Any]]:
        if not block.is_grid:
            yield self._question(block.entries[0])
            return
        required = block.entries[0].required
        yield {
            "type": "matrix",
            "name": block.code,
            "title": self._each(partial(grid_prompt, block)),
            "columns": self._points(block.scale),
            "rows": [
                {"value": entry.code, "text": self._each(partial(stem, entry))}
                for entry in block.entries
            ],
            **({"isAllRowRequired": True, "isRequired": True} if required else {}),
            **({"rowsOrder": "random"} if page.randomise else {}),
        }

    def _points(self, scale: Scale) -> list[dict[str, Any]]:
        return [
            {
                "value": point,
                "text": self._each(partial(point_label, scale, point)),
            }
            for point in scale.points
        ]

    def _question(self, entry: Entry) -> dict[str, Any]:
        return {
            "name": entry.code,
            "title": self._each(partial(stem, entry)),
            **({"isRequired": True} if entry.required else {}),
            **self._visible(entry.show_if),
            **self._kind(entry),
        }

    def _kind(self, entry: Entry) -> dict[str, Any]:
        match entry.kind:
            case "rating":
                return self._rating(entry)
            case "text":
                return {"type": "comment" if entry.long else "text"}
            case "number" | "date":
                limits = {"min": entry.lowest, "max": entry.highest}
                given = {key: value for key, value in limits.items() if value is not None}
                return {"type": "text", "inputType": entry.kind, **given, **_whole(entry)}
        types = {"single": "radiogroup", "multiple": "checkbox", "ranking": "ranking"}
        limits = {"minSelectedChoices": entry.least, "maxSelectedChoices": entry.most}
        return {
            "type": types[entry.kind],
            "choices": [
                {"value": option, "text": self._text(label)}
                for option, label in entry.options.items()
            ],
            **{key: value for key, value in limits.items() if value is not None},
        }

    def _rating(self, entry: Entry) -> dict[str, Any]:
        scale = entry.scale
        if scale is None:
            raise TypeError(f"rating '{entry.code}' has no scale")
        if is_slider(entry):
            limits = {"min": scale.lowest, "max": scale.highest, "step": scale.step}
            return {"type": "text", "inputType": "range", **limits}
        if len(scale.labels) == len(scale.points):
            return {"type": "radiogroup", "choices": self._points(scale)}
        return {
            "type": "rating",
            "rateMin": scale.lowest,
            "rateMax": scale.highest,
            "rateCount": len(scale.points),
            "minRateDescription": self._text(scale.labels.get(scale.lowest, {})),
            "maxRateDescription": self._text(scale.labels.get(scale.highest, {})),
        }


def _whole(entry: Entry) -> dict[str, Any]:
    """Return what refuses a number with decimals."""
    rule = {"type": "regex", "regex": r"^[+-]?\d+$"}
    return {"step": 1, "validators": [rule]} if entry.whole else {}


def _constant(name: str, value: str) -> dict[str, Any]:
    return {"name": name, "expression": f"'{value}'".replace("\\", ""), "includeIntoResult": True}


def _locale(language: str) -> str:
    return LOCALES.get(language, language.lower())


def _escaped(text: str) -> str:
    """Return a text for a place that takes HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _dialect(form: Form) -> Dialect:
    """Return SurveyJS's expressions; a row of a grid is named through its grid."""
    grids = {
        entry.code: block.code
        for page in form.pages
        for block in page.blocks
        if block.is_grid
        for entry in block.entries
    }

    def name(entry: Entry) -> str:
        inside = f"{grids[entry.code]}.{entry.code}" if entry.code in grids else entry.code
        return f"{{{inside}}}"

    def compared(entry: Entry, comparison: Comparison, value: str) -> str:
        sign = {"==": "=", "!=": "<>"}.get(comparison, comparison)
        return f"{name(entry)} {sign} {_literal(entry, value)}"

    return Dialect(
        compared=compared,
        selected=lambda entry, option: f"{name(entry)} contains {_literal(entry, option)}",
        answered=lambda entry: f"{name(entry)} notempty",
        negated=lambda part: f"!({part})",
        words={"and": " and ", "or": " or "},
    )


def _literal(entry: Entry, value: str) -> str:
    if is_number(value) and not entry.options:
        return value
    return "'" + value.replace("\\", "").replace("'", "\\'") + "'"


PLATFORM = Platform(name="surveyjs", title="SurveyJS", multilingual=True, write=write)
