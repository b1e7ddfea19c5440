"""Which works a text cites.

A work is known by its short form, 'Hu & Bentler (1999)'. Texts cite it as 'Hu & Bentler, 1999', as
'Hu and Bentler (1999)' or as 'Hu 和 Bentler（1999）', and three authors or more as 'Hair et al.' or
'Hair 等'; a Chinese text may give Chinese authors their own names, which stand in the reference.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from loyaltysem.report.bibliography import SHORT_FORM, authors_of, chinese_authors, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from loyaltysem.report.bibliography import Reference

YEAR = re.compile(r" \((\d{4}[a-z]?)\)")

BETWEEN = r"[\s,、&]*(?:and|和)?\s*"
OTHERS = r"\s*(?:et al\.|等)"
BEFORE_YEAR = r"\s*[,，(（]\s*[(（]?\s*(?:\d{4}[a-z]?[,，]\s*)*"


def cited(references: Mapping[str, Reference], text: str) -> list[str]:
    """Return the short forms of the works that a text cites, in alphabetical order.

    Parameters
    ----------
    references
        The works by short form.
    text
        The text without marks of style.
    """
    found = [key for key, work in references.items() if _pattern(key, work).search(text)]
    return in_order(found, references, "en")


def unknown(sources: Iterable[str], references: Mapping[str, Reference]) -> list[str]:
    """Return the works named in sources ('Oliver (1999); Kline (2016)') that have no reference."""
    named = (part.strip() for source in sources for part in source.split(";"))
    known = (part for part in named if part)
    return [part for part in dict.fromkeys(known) if not cited(references, part)]


def shortened(source: str) -> str:
    """Return sources with the first of three authors or more: 'Zhao et al. (2010)'.

    As APA's manual asks (7th ed., 8.17). Works that would look alike keep their authors.
    """
    parts = [part.strip() for part in source.split(";")]
    short = [_with_others(part) for part in parts]
    return "; ".join(
        part if short.count(brief) > 1 else brief for part, brief in zip(parts, short, strict=True)
    )


def in_parentheses(source: str) -> str:
    """Return sources as parentheses have them, by author: 'Kline, 2016; Oliver, 1999'."""
    works = in_order(shortened(source).split("; "), {}, "en")
    return "; ".join(YEAR.sub(r", \1", work) for work in works)


def _with_others(work: str) -> str:
    short = SHORT_FORM.fullmatch(work)
    if short is None or len(authors := authors_of(short["authors"])) < 3:
        return work
    return f"{authors[0]} et al. ({short['year']})"


def _pattern(key: str, work: Reference) -> re.Pattern[str]:
    short = SHORT_FORM.fullmatch(key)
    if short is None:
        return re.compile(re.escape(key))
    first, *others = authors = authors_of(short["authors"])
    forms = [BETWEEN.join(re.escape(author) for author in authors)]
    if len(others) > 1 or "et al." in key:
        forms.append(re.escape(first) + OTHERS)
    if "et al." in key:  # the text may name them all
        forms.append(re.escape(first) + r"[,、][^.;；()（）]{1,60}?")
    if own := chinese_authors(work):
        forms += [own[0] + "(?:等)?", BETWEEN.join(own)]
    return re.compile(rf"(?<!\w)(?<!& )(?:{'|'.join(forms)})(?:[’']s)?{BEFORE_YEAR}{short['year']}")
