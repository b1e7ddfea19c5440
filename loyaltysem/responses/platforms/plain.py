"""Files of one's own: the headings are codes or wordings; also those of the HTML page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from loyaltysem.questionnaire.export.layout import code_at_end
from loyaltysem.responses.platforms.platform import (
    Heading,
    Platform,
    Technical,
    before,
    ends_of,
    has_headings,
)

if TYPE_CHECKING:
    from loyaltysem.responses.tables import RawTable

_LEADING_CODE = re.compile(r"^\s*([^\W\d]\w*)\s*[.:：、]\s*(.+)$", re.DOTALL)
_BRACKETED = re.compile(r"^(.+?)\s*[\[(（【]([^\[\]()（）【】]+)[\])）】]$", re.DOTALL)
_PAGE_TECHNICAL: dict[str, Technical] = {
    "id": "id",
    "_started": "started",
    "_finished": "submitted",
    "_seconds": "seconds",
    "_language": "language",
}
_PAGE_OTHERS = frozenset({"_questionnaire", "_version", "_sha256"})
_JOINTS = ("┋", "；", ";", "|", ", ", "，", "、", "→")


def _page_heading(table: RawTable, column: int) -> Heading:
    text = table.headings[column].strip()
    if text.casefold() in _PAGE_TECHNICAL:
        return Heading(technical=_PAGE_TECHNICAL[text.casefold()])
    return Heading() if text in _PAGE_OTHERS else Heading(codes=(text.casefold(),))


def _heading(table: RawTable, column: int) -> Heading:
    text = table.headings[column].strip()
    wording = table.wordings.get(column, "")
    leading = _LEADING_CODE.match(text)
    codes = (text, leading[1] if leading else "", code_at_end(text) or "")
    ends = ends_of(text)
    texts = (text, leading[2] if leading else "", wording, *ends)
    bracketed = _BRACKETED.match(text)
    part = bracketed[2] if bracketed else ends[-1] if ends else ""
    return Heading(
        codes=tuple(dict.fromkeys(code.casefold() for code in codes if code)),
        wordings=tuple(dict.fromkeys(one for one in texts if one)),
        part=part,
        above=bracketed[1] if bracketed else before(text, part),
    )


PAGE = Platform(
    name="html",
    title="HTML page",
    recognises=lambda table: has_headings(table, "_questionnaire", "_sha256"),
    heading=_page_heading,
)

PLATFORM = Platform(
    name="plain",
    title="columns named by code or wording",
    recognises=lambda _: True,
    heading=_heading,
    joints=_JOINTS,
)
