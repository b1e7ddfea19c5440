"""Google Forms: ``Timestamp``, ``question [row]``; answers as texts, choices joined by commas.

The layout is from memory and from public samples.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from loyaltysem.questionnaire.export.layout import code_at_end
from loyaltysem.responses.platforms.platform import Heading, Platform, Technical

if TYPE_CHECKING:
    from loyaltysem.responses.tables import RawTable

_PART = re.compile(r"^(.*?)\s*\[(.*)\]$", re.DOTALL)
_TECHNICAL: dict[str, Technical] = {
    **dict.fromkeys(("timestamp", "时间戳记", "时间戳", "時間戳記"), "submitted"),
    "score": "total",
    "分数": "total",
}
_OTHERS = frozenset(
    {"email address", "username", "电子邮件地址", "电邮地址", "電子郵件地址", "用户名"}
)


def _recognises(table: RawTable) -> bool:
    return table.headings[0].strip().casefold() in {"timestamp", "时间戳记", "时间戳", "時間戳記"}


def _heading(table: RawTable, column: int) -> Heading:
    text = table.headings[column].strip()
    if text.casefold() in _TECHNICAL:
        return Heading(technical=_TECHNICAL[text.casefold()])
    if text.casefold() in _OTHERS:
        return Heading()
    match = _PART.match(text)
    title, part = (match[1], match[2]) if match else (text, "")
    codes = (code_at_end(one) for one in (part, title))
    return Heading(
        codes=tuple(code.casefold() for code in codes if code),
        wordings=(title, text),
        part=part,
        group=title,
    )


PLATFORM = Platform(
    name="googleforms",
    title="Google Forms",
    recognises=_recognises,
    heading=_heading,
    joints=(", ", ";", "; "),
)
