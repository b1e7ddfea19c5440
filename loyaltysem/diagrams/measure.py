"""How large texts and the shapes around them are, in points."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from math import ceil, sqrt

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from loyaltysem.diagrams.fonts import font_families

LINE_HEIGHT = 1.22
"""Distance of text lines, in multiples of the text size."""

BASELINE = 0.36
"""How far the baseline lies below the middle of a line, in multiples of the text size."""

SLENDER = 1.45
"""The least width of an oval, in multiples of its height."""

_CHINESE = "⺀-鿿豈-﫿＀-￯"
_CLOSING = "，。；：？！）》】、"
_OPENING = "（《【"
_WORDS = re.compile(rf"[{_OPENING}]*(?:[{_CHINESE}]|[^ {_CHINESE}]+)[{_CLOSING}]*")
"""Pieces between which a line may be broken; a no-break space does not separate."""

_PARTS = re.compile(r".+?[_./-]+(?=[^0-9_./-])|.+")
"""Pieces between which a word may be broken that is too long for a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """Lines of text around a middle point; ``sizes`` are the text sizes of the lines."""

    lines: tuple[str, ...]
    sizes: tuple[float, ...]

    @property
    def width(self) -> float:
        """Width of the widest line."""
        return max(
            (text_width(*pair) for pair in zip(self.lines, self.sizes, strict=True)), default=0
        )

    @property
    def height(self) -> float:
        """Height of all lines."""
        return LINE_HEIGHT * sum(self.sizes)

    def middles(self) -> tuple[float, ...]:
        """Return the height of the middle of every line, from the middle of the block."""
        result, top = [], self.height / 2
        for size in self.sizes:
            result.append(top - LINE_HEIGHT * size / 2)
            top -= LINE_HEIGHT * size
        return tuple(result)

    def ellipse(self, margin: float) -> tuple[float, float]:
        """Return width and height of an ellipse that holds every line with ``margin`` around."""
        half_height = self.height / 2 + margin + 1.0
        half_width = 0.0
        for line, size, middle in zip(self.lines, self.sizes, self.middles(), strict=True):
            edge = abs(middle) + 0.4 * size
            room = sqrt(1 - (edge / half_height) ** 2)
            half_width = max(half_width, (text_width(line, size) / 2 + margin / 2) / room)
        return max(2 * half_width, SLENDER * 2 * half_height), 2 * half_height


@cache
def _font(size: float) -> FontProperties:
    return FontProperties(family=list(font_families()), size=size)


@lru_cache(maxsize=4096)
def text_width(text: str, size: float) -> float:
    """Return the width of one line of text; dollar signs and backslashes mean themselves."""
    if not text:
        return 0.0
    width, _, _ = _measure().get_text_width_height_descent(text, _font(size), ismath=False)
    return float(width)


@cache
def _measure() -> TextToPath:
    return TextToPath()


def wrap(
    text: str, size: float, limit: float, most: int = 3, stretch: float = 1.0
) -> tuple[str, ...]:
    """Break ``text`` into as few lines of about ``limit`` points as needed, of even width.

    Breaks at spaces and between Chinese characters; words longer than a line also after _ . / -
    and, if that is not enough, anywhere. No more than ``most`` lines are made: longer texts get
    wider lines. Lines become ``stretch`` times as wide before there is one more of them.
    """
    text = re.sub(r"[ \t\r\n]+", " ", text).strip(" ")
    total = text_width(text, size)
    count = min(most, max(1, ceil(total / (stretch * limit))))
    if count == 1:
        return (text,)
    pieces = [
        piece for word in _WORDS.findall(text) for piece in _chopped(word, size, stretch * limit)
    ]
    target = total / count
    while len(lines := _filled(text, pieces, size, target)) > count:
        target *= 1.04
        if target > stretch * limit and count < most:
            count, target = count + 1, total / (count + 1)
    return tuple(lines)


def _chopped(word: str, size: float, limit: float) -> list[str]:
    """Cut a word that is longer than a line into pieces that fit."""
    if text_width(word, size) <= limit:
        return [word]
    return [piece for part in _PARTS.findall(word) for piece in _cut(part, size, limit)]


def _cut(word: str, size: float, limit: float) -> list[str]:
    """Cut what is much longer than a line and has no place to break."""
    parts = ceil(text_width(word, size) / (1.5 * limit))
    step = ceil(len(word) / max(parts, 1))
    return [word[start : start + step] for start in range(0, len(word), step)] or [word]


def _filled(text: str, pieces: list[str], size: float, width: float) -> list[str]:
    """Fill lines with pieces of ``text`` up to ``width``."""
    lines, position, start = [], 0, 0
    for piece in pieces:
        at = text.index(piece, position)
        if at > start and text_width(text[start : at + len(piece)].strip(), size) > width:
            lines.append(text[start:at].strip())
            start = at
        position = at + len(piece)
    return [*lines, text[start:].strip()]
