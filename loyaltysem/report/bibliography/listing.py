"""How a list of references writes and sorts its entries."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal, TypeAlias

from loyaltysem.report.bibliography.apa import apa
from loyaltysem.report.bibliography.gbt7714 import gbt7714
from loyaltysem.report.bibliography.work import Work, names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Reference: TypeAlias = Work | str
"""A work, or its reference as it is to be printed in every language."""

ReferenceStyle = Literal["apa", "gbt7714"]

USUAL: dict[str, ReferenceStyle] = {"en": "apa", "zh": "gbt7714"}
"""The style of a language's theses."""

SHORT_FORM = re.compile(r"(?P<authors>.+) \((?P<year>\d{4}[a-z]?)\)")
"""How a work is cited and keyed: 'Hu & Bentler (1999)'."""

NAMED_IN_CHINESE = re.compile(r"(?:^|[(（])([\u4e00-\u9fff]{2,4})[、：,.，．]")


def reference_line(reference: Reference, language: str, style: ReferenceStyle | None = None) -> str:
    """Return a reference as marked-up text.

    Parameters
    ----------
    reference
        The work; text is returned as it is.
    language
        Of the report; a Chinese one gives Chinese works their own titles.
    style
        ``apa`` (seventh edition) or ``gbt7714`` (GB/T 7714—2015); None for the language's usual.
    """
    if isinstance(reference, str):
        return reference
    write = {"apa": apa, "gbt7714": gbt7714}[style or USUAL.get(language, "apa")]
    return write(reference, language)


def chinese_authors(reference: Reference) -> list[str]:
    """Return the authors' names in Chinese characters, where the reference gives them.

    Of a reference that is text it is the first author's.
    """
    if isinstance(reference, Work):
        return [one.family for one in names(reference.chinese.authors)] if reference.chinese else []
    return NAMED_IN_CHINESE.findall(reference)[:1]


def in_order(keys: Iterable[str], references: Mapping[str, Reference], language: str) -> list[str]:
    """Return keys in alphabetical order as a list stands; in Chinese, Chinese works come first."""
    found = sorted(keys, key=_place)
    if language != "zh":
        return found
    return sorted(found, key=lambda key: not chinese_authors(references[key]))


def authors_of(short: str) -> list[str]:
    """Return the names in ``Zhao, Lynch & Chen``."""
    return re.split(", | & ", short.removesuffix(" et al."))


def _place(key: str) -> tuple[list[str], str]:
    """Return what a list of references is sorted by: the authors, then the year."""
    short = SHORT_FORM.fullmatch(key)
    if short is None:
        return [_folded(key)], ""
    return [_folded(author) for author in authors_of(short["authors"])], short["year"]


def _folded(name: str) -> str:
    """Return a name without case and accents: Jöreskog stands where Joreskog does."""
    letters = unicodedata.normalize("NFD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
