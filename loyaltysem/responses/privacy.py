"""Personal data: which columns of a file hold it."""

from __future__ import annotations

import re
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
    "name", "phone", "email", "ip", "id_number", "account", "address", "location", "device", "text"
]
"""What makes a column personal; ``text`` is what respondents wrote in their own words."""

_HEADINGS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("email", re.compile(r"e-?mail|邮箱|邮件|郵件|電郵|电邮")),
    ("phone", re.compile(r"phone|mobile|\btel\b|telephone|手机|手機|电话|電話|联系方式")),
    ("id_number", re.compile(r"passport|id ?card|social security|身份证|身分證|护照|学号|工号")),
    ("account", re.compile(r"wechat|weixin|微信[号昵o]|\bqq\b|user ?(?:name|id)|用户[名i]")),
    ("ip", re.compile(r"\bip\b|ip ?addr|ipaddress|来自ip")),
    ("device", re.compile(r"device ?id|deviceid|imei|mac address")),
    ("location", re.compile(r"latitude|longitude|\bgps\b|geopoint|经度|纬度|定位")),
    ("address", re.compile(r"\baddress\b|住址|地址|邮编|zip ?code|postcode")),
    ("name", re.compile(r"(?:first|last|full|your)[ _]?name|surname|^name$|姓名|名字|昵称")),
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
DAY = re.compile(r"\d{4}\D\d{1,2}\D\d{1,2}")


@dataclass(frozen=True, slots=True)
class PersonalColumn:
    """A column with personal data; ``by`` tells whether its heading or its cells show it."""

    heading: str
    column: int
    kind: Kind
    by: Literal["heading", "cells", "question"]


def personal_columns(
    table: RawTable, columns: ColumnMap | None = None
) -> tuple[PersonalColumn, ...]:
    """Return the columns that hold personal data, by their headings and their cells.

    Recognised are names, telephone and identity-card numbers, e-mail and IP addresses, accounts,
    addresses, positions, devices, and texts in respondents' own words. Answers to ratings and
    choices never count.
    """
    known = _closed(columns) if columns else set()
    found = []
    for k, heading in enumerate(table.headings):
        if k not in known:
            told = _told(heading, table.columns[k])
            if told:
                found.append(PersonalColumn(heading, k, *told))
    return tuple(found)


def personal_notice(personal: Sequence[PersonalColumn]) -> tuple[Notice, ...]:
    """Return the notice about personal columns, if there are any."""
    if not personal:
        return ()
    named = tuple(one.heading for one in personal)
    text = (
        f"{len(named)} columns hold personal data, which no result and no report contains:"
        f" {listed(named)}."
    )
    facts = {"n": len(named), "columns": named}
    return (Notice("personal_data", text, facts),)


def _closed(columns: ColumnMap) -> set[int]:
    """Return the columns of questions that are answered by choosing."""
    kinds = {entry.code: entry.kind for entry in columns.form.entries}
    return {k for target, k in columns.columns.items() if kinds[target.question] != "text"}


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
    """Whether texts are in respondents' own words: mostly long, mostly different."""
    long = sum(len(text) >= _OPEN_LENGTH and not DAY.match(text) for text in texts)
    letters = sum(any(sign.isalpha() for sign in text) for text in texts)
    many = n_distinct >= max(5, 0.02 * n_cells)
    return many and long >= _OPEN_SHARE * len(texts) and letters >= _OPEN_SHARE * len(texts)
