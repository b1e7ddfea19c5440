"""Which encoding a text file is in: a byte order mark, else strict UTF-8, else what fits best."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from loyaltysem.errors import Notice, Place, ResponsesError

if TYPE_CHECKING:
    from pathlib import Path

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESS_BYTES = 200_000
_WIDE_BYTES, _WIDE_SHARE, _STRAY_SHARE = 20_000, 0.2, 0.02
_CHINESE = (("GB18030", 0xB0, 0xD7, 0xA1), ("Big5", 0xA4, 0xC6, 0x40))
"""First bytes of the frequent characters, and the lowest second byte."""
_FREQUENT_SHARE = 0.7


def decode(path: Path, content: bytes) -> tuple[str, tuple[Notice, ...]]:
    """Return the text of a file, and a notice when its encoding had to be guessed.

    Raises
    ------
    ResponsesError
        No encoding fits.
    """
    try:
        for mark, encoding in _MARKS:
            if content.startswith(mark):
                return content.decode(encoding), ()
        if not _two_bytes(content):
            return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    return _guessed(path, content)


def _guessed(path: Path, content: bytes) -> tuple[str, tuple[Notice, ...]]:
    encoding = _two_bytes(content) or _chinese(content) or _any(content) or "UTF-8"
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise ResponsesError(
            "The encoding of the file cannot be told",
            place=Place(path),
            expected="UTF-8, GB18030, Big5 or UTF-16",
            remedy="Save it as 'CSV UTF-8'.",
        ) from None
    notice = Notice(
        "encoding_guessed",
        f"The data file is not UTF-8; it was read as {encoding}.",
        {"encoding": encoding},
    )
    return text, (notice,)


def _two_bytes(content: bytes) -> str | None:
    """Return UTF-16 where every other byte of many is zero, as in digits and separators."""
    told = content[: _WIDE_BYTES & ~1]
    pairs = len(told) // 2
    even, odd = told[0::2].count(0), told[1::2].count(0)
    if odd > _WIDE_SHARE * pairs and even < _STRAY_SHARE * pairs:
        return "UTF-16-LE"
    return "UTF-16-BE" if even > _WIDE_SHARE * pairs and odd < _STRAY_SHARE * pairs else None


def _telling(content: bytes) -> bytes:
    lines = b"\n".join(line for line in content.splitlines() if not line.isascii())
    return lines[:_GUESS_BYTES] if b"\n" not in lines else lines[:_GUESS_BYTES].rpartition(b"\n")[0]


def _chinese(content: bytes) -> str | None:
    """Return the Chinese encoding in which most characters are frequent ones.

    A handful of characters is enough: frequent characters lie in the first level of GB 2312 and of
    Big5; read in the other encoding, or as Western letters, they lie elsewhere.
    """
    shares: dict[str, float] = {}
    for encoding, *limits in _CHINESE:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        shares[encoding] = _frequent(_telling(content), *limits)
    best = max(shares, key=lambda one: shares[one], default=None)
    return best if best and shares[best] >= _FREQUENT_SHARE else None


def _frequent(content: bytes, lowest: int, highest: int, second: int) -> float:
    """Return the share of frequent characters among all that take two bytes."""
    n_frequent = n_all = at = 0
    while at < len(content) - 1:
        if content[at] < 0x80:
            at += 1
            continue
        first, then = content[at], content[at + 1]
        if not (0xA1 <= first <= 0xA3 and then >= second):  # else punctuation, which tells nothing
            n_all += 1
            n_frequent += lowest <= first <= highest and then >= second
        at += 2
    return n_frequent / n_all if n_all else 0.0


def _any(content: bytes) -> str | None:
    import chardet

    guess = chardet.detect(_telling(content) or content[:_GUESS_BYTES])["encoding"]
    if guess and guess.lower().replace("-", "").replace("_", "") in {"gb2312", "gbk", "cp936"}:
        return "GB18030"  # files often exceed its subsets by a character
    return guess
