"""Which typefaces the figures use, and what to do about characters they lack.

The package brings its own face (Latin, Greek, GB 2312), so that a figure is the same, byte for
byte, on every machine. Rarer characters are taken from a Chinese font of the machine; where there
is none, a notice says which font to install.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from loyaltysem.errors import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable

BUNDLED_FAMILY = "Loyaltysem Sans"
BUNDLED_FONT = Path(__file__).with_name("fonts") / "LoyaltysemSans-Regular.ttf"

MISSING = "□"

HIDDEN = ("Cc", "Cf", "Cs")
"""Unicode categories of control and format characters and of halves of characters."""

CHINESE_FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Serif CJK SC",
    "SimSun",
    "Arial Unicode MS",
)


@cache
def font_families() -> tuple[str, ...]:
    """Return the font families of a figure, in order of preference.

    The first holds nearly everything; the next one found on the machine supplies rare Chinese
    characters; matplotlib's own DejaVu Sans supplies symbols.
    """
    font_manager.fontManager.addfont(str(BUNDLED_FONT))
    installed = set(font_manager.get_font_names())
    chinese = next((name for name in CHINESE_FAMILIES if name in installed), None)
    return (BUNDLED_FAMILY, *((chinese,) if chinese else ()), "DejaVu Sans")


@cache
def _characters(family: str) -> frozenset[int]:
    """Return the code points that a font family can draw."""
    return frozenset(FT2Font(font_manager.findfont(family)).get_charmap())


def missing_characters(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the characters of ``texts`` that no available font can draw, in order, once each."""
    seen = dict.fromkeys(char for text in texts for char in text)
    return tuple(char for char in seen if _drawable(char) == MISSING != char)


def drawable(text: str) -> str:
    """Return ``text`` with a box (□) for every character that no font can draw.

    Control characters go, every other kind of white space becomes a space.
    """
    return "".join(_drawable(char) for char in text)


def _drawable(char: str) -> str:
    if char.isspace():
        return char if char in " \u00a0" else " "
    if unicodedata.category(char) in HIDDEN or _is_no_character(char):
        return ""
    known = any(ord(char) in _characters(family) for family in font_families())
    return char if known else MISSING


def _is_no_character(char: str) -> bool:
    """Tell whether a code point is one of the 66 that Unicode never assigns."""
    return ord(char) & 0xFFFE == 0xFFFE or "\ufdd0" <= char <= "\ufdef"


def font_notice(texts: Iterable[str]) -> Notice | None:
    """Return what to tell the reader when ``texts`` need a font that is not there."""
    missing = missing_characters(texts)
    if not missing:
        return None
    shown = "".join(missing)
    return Notice(
        code="font_missing",
        text=(
            f"No installed font can draw {shown}; the figure shows □ instead. Install "
            "Noto Sans CJK SC (package fonts-noto-cjk on Debian and Ubuntu) and draw it again."
        ),
        facts={"characters": shown, "font": "Noto Sans CJK SC"},
    )
