"""A Google Apps Script that builds the form: https://developers.google.com/apps-script/reference/forms.

The script is fixed; what is asked stands in it as JSON, which is data and never code.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from loyaltysem.library import shipped_folder
from loyaltysem.questionnaire.export.layout import (
    grid_prompt,
    is_slider,
    loss,
    losses_of,
    one_line,
    point_label,
    single_language,
    stem,
    tidy,
    with_code,
)
from loyaltysem.questionnaire.export.platform import Exported, Loss, Platform
from loyaltysem.questionnaire.wording import interface, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.questionnaire.form import Block, Entry, Form, Page

TITLE = "Google Forms"
_PLACE = "/*QUESTIONNAIRE*/"
_SCALE_ENDS = ((0, 1), range(3, 11))
"""Lowest and highest points that Google's linear scale knows."""


def write(form: Form, language: str) -> Exported:
    """Return the script in one language."""
    data = json.dumps(_data(form, language), ensure_ascii=False, indent=1)
    safe = data.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    script = shipped_folder("questionnaires") / "interface" / "googleforms.gs"
    template = script.read_text("utf-8")
    return Exported(
        files={f"{form.questionnaire.name}.{language}.gs": template.replace(_PLACE, safe).encode()},
        losses=(
            *single_language(form, TITLE, language),
            *losses_of(form, TITLE, "skip_logic", "randomisation"),
            *_type_losses(form),
        ),
    )


def _type_losses(form: Form) -> Iterator[Loss]:
    rankings = [entry.code for entry in form.entries if entry.kind == "ranking"]
    sliders = [entry.code for entry in form.entries if is_slider(entry)]
    if rankings:
        yield loss(TITLE, "question_type", rankings, instead="grid")
    if sliders:
        yield loss(TITLE, "question_type", sliders, instead="text")


def _data(form: Form, language: str) -> dict[str, Any]:
    asked, words = form.questionnaire, interface(language)
    return {
        "title": one_line(said(asked.title, language)),
        "thanks": tidy(said(asked.thanks, language)) or words.phrase("thanks"),
        "pages": [_page(page, language) for page in form.pages],
    }


def _page(page: Page, language: str) -> dict[str, Any]:
    return {
        "title": one_line(said(page.title, language)),
        "text": tidy(said(page.text, language)),
        "questions": [_block(block, language) for block in page.blocks],
    }


def _block(block: Block, language: str) -> dict[str, Any]:
    first = block.entries[0]
    if block.is_grid:
        points = [point_label(block.scale, point, language) for point in block.scale.points]
        rows = [coded_stem(entry, language) for entry in block.entries]
        prompt = with_code(grid_prompt(block, language), block.code)
        return {
            "type": "grid",
            "title": prompt,
            "required": first.required,
            "rows": rows,
            "columns": points,
        }
    return {
        "title": coded_stem(first, language),
        "required": first.required,
        **_kind(first, language),
    }


def coded_stem(entry: Entry, language: str) -> str:
    """Return the wording with its code, by which the answers are recognised."""
    return with_code(one_line(stem(entry, language)), entry.code)


def _kind(entry: Entry, language: str) -> dict[str, Any]:
    labels = [one_line(said(label, language)) for label in entry.options.values()]
    match entry.kind:
        case "rating":
            return _rating(entry, language)
        case "single":
            accepted = [one_line(said(entry.options[one], language)) for one in entry.accept]
            return {"type": "choice", "choices": labels, "accept": accepted}
        case "multiple":
            return {"type": "checkbox", "choices": labels, "least": entry.least, "most": entry.most}
        case "ranking":
            columns = [str(k + 1) for k in range(len(labels))]
            return {"type": "ranking", "rows": labels, "columns": columns}
        case "number":
            return {"type": "number", "lowest": entry.lowest, "highest": entry.highest}
        case "date":
            return {"type": "date"}
    return {"type": "paragraph" if entry.long else "text"}


def _rating(entry: Entry, language: str) -> dict[str, Any]:
    scale = entry.scale
    if scale is None:
        raise TypeError(f"rating '{entry.code}' has no scale")
    if is_slider(entry):
        return {"type": "number", "lowest": scale.lowest, "highest": scale.highest}
    lows, highs = _SCALE_ENDS
    given = (scale.labels.get(end, {}) for end in (scale.lowest, scale.highest))
    ends = [one_line(said(label, language)) for label in given]
    if scale.lowest in lows and scale.highest in highs and len(scale.labels) == 2:
        return {"type": "scale", "lowest": scale.lowest, "highest": scale.highest, "labels": ends}
    labels = [point_label(scale, point, language) for point in scale.points]
    return {"type": "choice", "choices": labels, "accept": []}


PLATFORM = Platform(name="googleforms", title=TITLE, multilingual=False, write=write)
