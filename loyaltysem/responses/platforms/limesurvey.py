"""LimeSurvey: ``SAT[SAT1]`` for a row of a grid or an option; answer codes or texts.

The layout follows the manual's chapter on exporting responses and public readers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from loyaltysem.questionnaire.export.platforms.limesurvey import (
    ANSWER_CODE,
    point_code,
    question_code,
)
from loyaltysem.responses.platforms.platform import Heading, Platform, Technical, has_headings

if TYPE_CHECKING:
    from loyaltysem.responses.tables import RawTable

_PART = re.compile(r"^(.*?)\s*\[([^\[\]]*)\]$", re.DOTALL)
_LEADING_CODE = re.compile(r"^([A-Za-z]\w{0,19})(?:\[(\w+)\])?\.\s+(.+)$", re.DOTALL)
_TECHNICAL: dict[str, Technical] = {
    "id": "id",
    "response id": "id",
    "submitdate": "submitted",
    "date submitted": "submitted",
    "startdate": "started",
    "date started": "started",
    "startlanguage": "language",
    "start language": "language",
    "ipaddr": "ip",
    "ip address": "ip",
    "interviewtime": "seconds",
    "total time": "seconds",
    "refurl": "source",
}
_OTHERS = frozenset({"lastpage", "last page", "seed", "datestamp", "date last action", "token"})


def _recognises(table: RawTable) -> bool:
    return (
        has_headings(table, "submitdate", "startlanguage")
        or has_headings(table, "submitdate", "lastpage")
        or has_headings(table, "date submitted", "start language")
    )


def _heading(table: RawTable, column: int) -> Heading:
    text = table.headings[column].strip()
    if text.casefold() in _TECHNICAL:
        return Heading(technical=_TECHNICAL[text.casefold()])
    if text.casefold() in _OTHERS or text.casefold().startswith(("grouptime", "questiontime")):
        return Heading()
    leading = _LEADING_CODE.match(text)
    if leading:
        return _told(leading[1], leading[2] or "", leading[3])
    part = _PART.match(text)
    if part:
        return _told(part[1], part[2], text, part[1])
    return _told(text, "", text)


def _told(code: str, inner: str, *wordings: str) -> Heading:
    codes = (f"{_code(code)}_{inner.casefold()}", _code(inner)) if inner else (_code(code),)
    return Heading(codes=codes, wordings=wordings, part=inner, group=code)


def _code(text: str) -> str:
    return question_code(text).casefold()


PLATFORM = Platform(
    name="limesurvey",
    title="LimeSurvey",
    recognises=_recognises,
    heading=_heading,
    code=_code,
    option_codes=ANSWER_CODE,
    joints=("|",),
    by_rank=True,
    point_code=point_code,
)
