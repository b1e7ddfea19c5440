"""How texts in cells are compared: width, case, blanks, dashes, punctuation; texts as numbers."""

from __future__ import annotations

import re
import unicodedata
from typing import TypeVar

import numpy as np

Said = TypeVar("Said")

MISSING_MARKS = frozenset({"", "na", "n/a", "nan", "null", "none", "-", ".", "#n/a", "#null!"})
"""Texts that stand for no answer, in lower case."""

CHOSEN = frozenset({"1", "y", "yes", "true", "是", "x", "✓", "√", "checked", "selected"})
NOT_CHOSEN = frozenset({"0", "n", "no", "false", "否", "not selected", "unchecked", "quoted 0"})
"""Marks in the column of one option, in lower case."""

_DECIMAL_COMMA = re.compile(r"^([+-]?\d+),(\d{1,2})$")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−~～〜", "-"))


HALF_LETTER = re.compile("[\ud800-\udfff]")
"""What is left of an emoji that a program cut in two; no file of text can hold it."""


def whole_letters(text: str) -> str:
    """Return text with the mark for an unknown letter in place of each half of one."""
    return text if text.isascii() else HALF_LETTER.sub("\ufffd", text)


def plain(text: str) -> str:
    """Return a text as it is compared.

    Full-width letters are made narrow, all dashes one, case and blanks folded.
    """
    folded = unicodedata.normalize("NFKC", text).translate(_DASHES).casefold()
    return " ".join(folded.split())


def bare(text: str) -> str:
    """Return the letters and digits of a plain text; nothing if it has no letter."""
    if not any(sign.isalpha() for sign in text):
        return ""
    return "".join(sign for sign in text if sign.isalnum())


def parsed_number(text: str) -> float:
    """Return the number that a plain text is, or NaN; ``4,5`` is 4.5, ``4,500`` could be either."""
    if "_" in text:
        return np.nan
    try:
        return float(_DECIMAL_COMMA.sub(r"\1.\2", text))
    except ValueError:
        return np.nan


def with_bare(told: dict[str, Said]) -> dict[str, Said]:
    """Return what texts say, and with them what their letters and digits alone say, if one thing.

    So ``非常 同意。`` is 非常同意.
    """
    found: dict[str, set[Said]] = {}
    for text, one in told.items():
        found.setdefault(bare(text), set()).add(one)
    alone = {text: ones.pop() for text, ones in found.items() if text and len(ones) == 1}
    return alone | told
