"""Qualtrics Advanced Format TXT.

The tags are those of Qualtrics' page on importing surveys ("Preparing an Advanced Format TXT
File"). The format knows no logic, validation or translations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.questionnaire.export.layout import (
    grid_prompt,
    is_slider,
    loss,
    losses_of,
    one_line,
    option_values,
    page_texts,
    point_label,
    single_language,
    stem,
    with_code,
)
from loyaltysem.questionnaire.export.platform import Exported, Platform
from loyaltysem.questionnaire.wording import said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from loyaltysem.questionnaire.form import Block, Entry, Form

TITLE = "Qualtrics"
ANSWER_CODE = r"[1-9][0-9]{0,5}"
_TYPES = {
    "rating": "MC:SingleAnswer:Horizontal",
    "single": "MC:SingleAnswer:Vertical",
    "multiple": "MC:MultipleAnswer:Vertical",
    "ranking": "RO",
    "number": "TE:SingleLine",
    "date": "TE:SingleLine",
    "text": "TE:SingleLine",
}


def write(form: Form, language: str) -> Exported:
    """Return the text file in one language."""
    lines = ["[[AdvancedFormat]]", *(line for part in _parts(form, language) for line in part)]
    text = "\n".join(lines) + "\n"
    name = f"{form.questionnaire.name}.qualtrics.{language}.txt"
    suffered = ("skip_logic", "screening", "randomisation", "required", "limits", "slider")
    dates = [entry.code for entry in form.entries if entry.kind == "date"]
    return Exported(
        files={name: text.encode()},
        losses=(
            *single_language(form, TITLE, language),
            *losses_of(form, TITLE, *suffered),
            *([loss(TITLE, "question_type", dates, instead="TE:SingleLine")] if dates else []),
            loss(TITLE, "unverified"),
        ),
    )


def _parts(form: Form, language: str) -> Iterator[list[str]]:
    for k, page in enumerate(form.pages):
        title = one_line(said(page.title, language)) or page.code
        yield ["", f"[[Block:{_text(title)}]]"]
        for j, text in enumerate(page_texts(page, language)):
            yield ["", "[[Question:Text]]", f"[[ID:{page.code}_text{j + 1}]]", _text(text)]
        for block in page.blocks:
            yield ["", *_block(block, language)]
        if k + 1 < len(form.pages):
            yield ["", "[[PageBreak]]"]


def _block(block: Block, language: str) -> list[str]:
    if block.is_grid:
        rows = ((entry.code, _row(entry, language)) for entry in block.entries)
        points = (
            (str(k), _text(point_label(block.scale, point, language)))
            for k, point in enumerate(block.scale.points, start=1)
        )
        head = ["[[Question:Matrix]]", f"[[ID:{block.code}]]", _text(grid_prompt(block, language))]
        rows_of_grid = ["[[AdvancedChoices]]", *_tagged("Choice", rows)]
        return [*head, *rows_of_grid, "[[AdvancedAnswers]]", *_tagged("Answer", points)]
    return _question(block.entries[0], language)


def _row(entry: Entry, language: str) -> str:
    return _text(with_code(one_line(stem(entry, language)), entry.code))


def _question(entry: Entry, language: str) -> list[str]:
    kind = "TE:Essay" if entry.long else _TYPES[entry.kind]
    kind = "Slider" if is_slider(entry) else kind
    head = [f"[[Question:{kind}]]", f"[[ID:{entry.code}]]", _text(stem(entry, language))]
    choices = list(_choices(entry, language))
    return [*head, "[[AdvancedChoices]]", *_tagged("Choice", choices)] if choices else head


def _choices(entry: Entry, language: str) -> Iterator[tuple[str, str]]:
    """Yield what stands in the data, and the label; numbers must be positive."""
    if is_slider(entry):
        yield "1", entry.code
    elif entry.scale:
        for k, point in enumerate(entry.scale.points, start=1):
            yield str(k), _text(point_label(entry.scale, point, language))
    else:
        for option, value in option_values(entry, ANSWER_CODE).items():
            yield value, _text(said(entry.options[option], language))


def _tagged(tag: str, choices: Iterable[tuple[str, str]]) -> Iterator[str]:
    for value, label in choices:
        yield f"[[{tag}:{value}]]"
        yield label


def _text(text: str) -> str:
    """Return a text for a place that takes HTML, in which nothing is taken for a tag or a field."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    bare = escaped.replace("[[", "[&#8203;[").replace("]]", "]&#8203;]").replace("${", "$&#8203;{")
    return "<br>".join(line for line in map(one_line, bare.splitlines()) if line) or "&nbsp;"


PLATFORM = Platform(name="qualtrics", title=TITLE, multilingual=False, write=write)
