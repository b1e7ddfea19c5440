"""Text to paste into Wenjuanxing's (问卷星) text import.

The rules are those of the site's own editor script, of which copies are public: a question begins
with its number and names its type in square brackets; a grid lists its points on one line, split at
blanks and tabs, then one row a line; a line that begins with a number is a new question unless a
unit such as 分, 次 or 岁 or a range such as 18~25 follows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from loyaltysem.questionnaire.export.layout import (
    grid_prompt,
    is_slider,
    loss,
    losses_of,
    one_line,
    point_label,
    single_language,
    stem,
    with_code,
)
from loyaltysem.questionnaire.export.platform import Exported, Platform
from loyaltysem.questionnaire.wording import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.questionnaire.form import Block, Entry, Form, Page
    from loyaltysem.questionnaire.scale import Scale

TITLE = "问卷星 Wenjuanxing"
_TYPES = {
    "single": "单选题",
    "multiple": "多选题",
    "ranking": "排序题",
    "text": "填空题",
    "number": "填空题",
    "date": "填空题",
}
_RANGE = re.compile(r"(?<=\d)\s*[–‒]\s*(?=\d)")
_UNIT = re.compile(r"\d+(?:[次万%千小年以岁元人本个后级GXM分]|\s*[-－—~～]{1,3}\s*\d)")
_NUMBERED = re.compile(r"(?:[A-Za-z]|问题|第)?\s*[0-9０-９]")
_NO_BREAK = "\u00a0"


def write(form: Form, language: str) -> Exported:
    """Return the text in one language."""
    asked = form.questionnaire
    paragraphs = [[_text(one_line(said(asked.title, language)))], *_parts(form, language)]
    text = "\n\n".join("\n".join(lines) for lines in paragraphs) + "\n"
    suffered = ("skip_logic", "screening", "randomisation", "limits", "slider")
    return Exported(
        files={f"{asked.name}.wenjuanxing.{language}.txt": text.encode()},
        losses=(
            *single_language(form, TITLE, language),
            *losses_of(form, TITLE, *suffered),
            loss(TITLE, "unverified"),
        ),
    )


def _parts(form: Form, language: str) -> Iterator[list[str]]:
    number = 0
    for k, page in enumerate(form.pages):
        if k:
            yield ["[分页栏]"]
        yield from _page_text(page, language)
        for block in page.blocks:
            for lines in _block(block, language):
                number += 1
                yield [f"{number}. {lines[0]}", *lines[1:]]


def _page_text(page: Page, language: str) -> Iterator[list[str]]:
    for text in (page.title, page.text):
        if text:
            yield [f"{_text(one_line(said(text, language)))}[段落说明]"]


def _block(block: Block, language: str) -> Iterator[list[str]]:
    """Yield the questions of a block without their numbers; the first line has the type."""
    if block.is_grid:
        points = [point_text(block.scale, point, language) for point in block.scale.points]
        columns = " ".join(point.replace(" ", _NO_BREAK) for point in points)
        rows = [coded_stem(entry, language) for entry in block.entries]
        prompt = _text(grid_prompt(block, language))
        yield [_typed(prompt, "矩阵量表题", block.entries[0]), columns, *rows]
        return
    entry = block.entries[0]
    if is_slider(entry):
        yield [_typed(coded_stem(entry, language), "滑动条", entry)]
    elif entry.scale:
        points = [point_text(entry.scale, point, language) for point in entry.scale.points]
        yield [_typed(coded_stem(entry, language), "量表题", entry), *points]
    else:
        options = [option_text(said(label, language)) for label in entry.options.values()]
        yield [_typed(coded_stem(entry, language), _TYPES[entry.kind], entry), *options]


def _typed(text: str, kind: str, entry: Entry) -> str:
    return f"{text}[{kind}]" + ("" if entry.required else "（选填）")


def coded_stem(entry: Entry, language: str) -> str:
    """Return the wording with its code, by which the answers are recognised."""
    return with_code(_text(one_line(stem(entry, language))), entry.code)


def point_text(scale: Scale, point: int, language: str) -> str:
    """Return a point as it is offered: its label, or ``3分`` where not all have one."""
    if len(scale.labels) == len(scale.points):
        return option_text(point_label(scale, point, language))
    return f"{point}分{_text(one_line(said(scale.labels.get(point, {}), language)))}"


def option_text(label: str) -> str:
    """Return an option as it is offered, so that it is not taken for a question."""
    text = _RANGE.sub("~", _text(one_line(label)))
    if _NUMBERED.match(text) and not _UNIT.match(text):
        return f"·{text}"
    return text


def _text(text: str) -> str:
    """Return a text in which no type in brackets is found."""
    return text.replace("[", "［").replace("]", "］")


PLATFORM = Platform(name="wenjuanxing", title=TITLE, multilingual=False, write=write)
