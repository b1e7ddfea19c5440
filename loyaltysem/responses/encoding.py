"""Which encoding a text file is in: a byte order mark, else strict UTF-8, else chardet's guess."""

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
        return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _guessed(path, content)


def _guessed(path: Path, content: bytes) -> tuple[str, tuple[Notice, ...]]:
    import chardet

    telling = b"\n".join(line for line in content.splitlines() if not line.isascii())
    guess = chardet.detect(telling[:_GUESS_BYTES] or content[:_GUESS_BYTES])["encoding"]
    encoding = _widened(guess)
    try:
        text = content.decode(encoding or "utf-8")
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


def _widened(guess: str | None) -> str | None:
    """Return GB18030 for its subsets, which files often exceed by a character."""
    if guess and guess.lower().replace("-", "").replace("_", "") in {"gb2312", "gbk", "cp936"}:
        return "gb18030"
    return guess
