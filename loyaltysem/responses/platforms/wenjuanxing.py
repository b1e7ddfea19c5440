"""Wenjuanxing (问卷星): one heading row, ``3、wording``; answers as texts or counted from 1.

Headings and the codes -2 and -3 for no answer follow public readers of such files; ``(空)``,
``(跳过)`` and 总分 are from public samples.
"""

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

_NUMBERED = re.compile(r"^\s*(?:第\s*)?(\d{1,4})\s*(?:[、.．]|题)\s*(.*)$", re.DOTALL)
_BRACKETED = re.compile(r"^[（(](.*)[）)]$", re.DOTALL)
_AT_END = re.compile(r"^(.+)[（(]([^（()）]+)[）)]$", re.DOTALL)
_TECHNICAL: dict[str, Technical] = {
    "序号": "id",
    "答题序号": "id",
    "提交答卷时间": "submitted",
    "提交时间": "submitted",
    "开始答题时间": "started",
    "所用时间": "seconds",
    "来源": "source",
    "来自ip": "ip",
    "ip": "ip",
    "总分": "total",
}
_OTHERS = frozenset({"来源详情", "用户id", "uid", "微信昵称", "微信openid", "来自部门"})


def _recognises(table: RawTable) -> bool:
    numbered = sum(bool(_NUMBERED.match(heading)) for heading in table.headings)
    return numbered > 0 and (
        has_headings(table, "序号")
        or has_headings(table, "提交答卷时间")
        or has_headings(table, "来自IP")
    )


def _heading(table: RawTable, column: int) -> Heading:
    text = table.headings[column].strip()
    if text.casefold() in _TECHNICAL:
        return Heading(technical=_TECHNICAL[text.casefold()])
    if text.casefold() in _OTHERS:
        return Heading()
    match = _NUMBERED.match(text)
    if not match:
        return Heading(codes=(text.casefold(),), wordings=(text,))
    number, rest = match[1], match[2].strip()
    bracketed = _BRACKETED.match(rest)
    if bracketed:
        return Heading(
            codes=_codes(rest), wordings=(bracketed[1],), part=bracketed[1], group=number
        )
    at_end = _AT_END.match(rest)
    ends = ends_of(rest)
    return Heading(
        codes=_codes(rest),
        wordings=(rest, *ends, *((at_end[1],) if at_end else ())),
        part=at_end[2] if at_end else ends[0] if ends else "",
        above=at_end[1] if at_end else before(rest, ends[0]) if ends else "",
        group=number,
    )


def _codes(text: str) -> tuple[str, ...]:
    code = code_at_end(text)
    return (code.casefold(),) if code else ()


PLATFORM = Platform(
    name="wenjuanxing",
    title="问卷星 Wenjuanxing",
    recognises=_recognises,
    heading=_heading,
    counted=True,
    missing=frozenset({"-2", "-3", "(空)", "（空）", "(跳过)", "（跳过）"}),
    joints=("┋", "→", "⇒"),
)
