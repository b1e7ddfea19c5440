"""Personal data: which columns of a file hold it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from loyaltysem.errors import Notice, listed
from loyaltysem.responses.spelling import MISSING_MARKS, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loyaltysem.responses.columns import TextColumn
    from loyaltysem.responses.headings import ColumnMap
    from loyaltysem.responses.tables import RawTable

Kind = Literal[
    "name",
    "phone",
    "email",
    "ip",
    "id_number",
    "account",
    "birth",
    "address",
    "location",
    "device",
    "text",
]
"""What makes a column personal; ``text`` is what respondents wrote in their own words."""

_HEADINGS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("email", re.compile(r"e-?mail|邮箱|邮件|郵件|電郵|电邮")),
    ("phone", re.compile(r"phone|mobile|\btel\b|telephone|手机|手機|电话|電話|联系方式")),
    ("id_number", re.compile(r"passport|id ?card|social security|身份证|身分證|护照|学号|工号")),
    (
        "account",
        re.compile(
            r"wechat|weixin|whatsapp|微信[号昵o]|\bqq\b|\buid\b|open ?id|user ?(?:name|id)"
            r"|用户[名i]|账号|帐号|帳號|会员号|會員號"
        ),
    ),
    ("ip", re.compile(r"\bip\b|ip ?addr|ipaddress|来自ip")),
    ("device", re.compile(r"device ?id|deviceid|imei|mac address")),
    ("location", re.compile(r"latitude|longitude|\bgps\b|geopoint|经度|纬度|定位")),
    ("birth", re.compile(r"date of birth|birth ?da(?:y|te)|\bdob\b|出生日期|出生年月日|生日")),
    ("address", re.compile(r"\baddress\b|住址|地址|邮编|zip ?code|postcode")),
    ("name", re.compile(r"(?:first|last|full|your)[ _]?name|surname|^name$|姓名|名字|昵称|称呼")),
)  # fmt: skip
_CONTENTS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)),
    ("id_number", re.compile(r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])\d{5}[\dXx]")),
    ("phone", re.compile(r"(?:\+?86[- ]?)?1[3-9]\d{9}|0\d{2,3}-\d{7,8}")),
    ("phone", re.compile(r"\+\d{1,3}[- ]?\d(?:[- ]?\d){6,12}")),
    ("ip", re.compile(r"(?:\d{1,3}\.){3}\d{1,3}(?:[(（].*[)）])?")),
    ("ip", re.compile(r"(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}", re.IGNORECASE)),
)  # fmt: skip
_SHARE, _LOOKED_AT = 0.3, 500
_OPEN_LENGTH, _OPEN_SHARE = 12, 0.5
_OWN_NUMBER, _OWN_SHARE = 8, 0.8
_LONGEST_SHOWN = 40
DAY = re.compile(r"\d{4}\D\d{1,2}\D\d{1,2}")


@dataclass(frozen=True, slots=True)
class PersonalColumn:
    """A column with personal data; ``by`` tells what shows it: heading, cells, or the question."""

    heading: str
    column: int
    kind: Kind
    by: Literal["heading", "cells", "question"]


def personal_columns(
    table: RawTable, columns: ColumnMap | None = None
) -> tuple[PersonalColumn, ...]:
    """Return the columns that hold personal data, by their headings and their cells.

    Recognised are names, telephone and identity-card numbers, e-mail and IP addresses, accounts,
    addresses, dates of birth, positions, devices, answers to open questions, and other texts in
    respondents' own words. Answers to ratings and choices never count.
    """
    closed, open_, recorded = _asked(columns) if columns else (set(), set(), set())
    found = []
    for k, heading in enumerate(table.headings):
        if k in closed:
            continue
        told = _told(heading, table.columns[k])
        if k in open_ and told is None:
            told = "text", "question"
        if told and not (k in recorded and told[0] == "text"):
            found.append(PersonalColumn(heading, k, *told))
    return tuple(found)


def shown(cell: str) -> str:
    """Return a cell as messages may show it: shortened, and nothing that looks personal."""
    text = " ".join(cell.split())
    if any(pattern.fullmatch(text) for _, pattern in _CONTENTS):
        return "(not shown: looks like personal data)"
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def personal_notice(personal: Sequence[PersonalColumn]) -> tuple[Notice, ...]:
    """Return the notice about personal columns, if there are any."""
    if not personal:
        return ()
    named = tuple(one.heading for one in personal)
    text = (
        f"Columns with personal data, which no result and no report contains ({len(named)}):"
        f" {listed(named)}."
    )
    facts = {"n": len(named), "columns": named}
    return (Notice("personal_data", text, facts),)


def _asked(columns: ColumnMap) -> tuple[set[int], set[int], set[int]]:
    """Return the columns of closed and of open questions, and what the platform recorded."""
    kinds = {entry.code: entry.kind for entry in columns.form.entries}
    open_ = {k for target, k in columns.columns.items() if kinds[target.question] == "text"}
    recorded = set(columns.technical.values())
    if columns.id is not None:
        recorded.add(columns.id)
    return set(columns.columns.values()) - open_, open_, recorded


def _told(
    heading: str, cells: TextColumn
) -> tuple[Kind, Literal["heading", "cells", "question"]] | None:
    name = plain(heading)
    for kind, pattern in _HEADINGS:
        if pattern.search(name):
            return kind, "heading"
    texts = [text.strip() for text in cells.texts if plain(text) not in MISSING_MARKS]
    looked_at = texts[:_LOOKED_AT]
    for kind, pattern in _CONTENTS:
        hits = sum(bool(pattern.fullmatch(text)) for text in looked_at)
        if hits and hits >= _SHARE * len(looked_at):
            return kind, "cells"
    return ("text", "cells") if _is_open(looked_at, len(texts), len(cells)) else None


def _is_open(texts: list[str], n_distinct: int, n_cells: int) -> bool:
    """Whether texts are in respondents' own words: mostly long and different, or all their own."""
    words = [text for text in texts if any(sign.isalpha() for sign in text)]
    if len(words) < _OPEN_SHARE * len(texts):
        return False
    long = sum(_width(text) >= _OPEN_LENGTH and not DAY.match(text) for text in words)
    many = n_distinct >= max(5, 0.02 * n_cells) and long >= _OPEN_SHARE * len(texts)
    return many or n_distinct >= max(_OWN_NUMBER, _OWN_SHARE * n_cells)


def _width(text: str) -> int:
    """Return how long a text is; a Chinese character counts for two letters."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
