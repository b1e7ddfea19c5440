"""References by GB/T 7714—2015, the system of author and year (著者-出版年制).

Family names in capitals and initials without points; three authors at most are named; the kind of
the work in brackets: [J] article, [M] book.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.bibliography.work import closed, names, ordinal

if TYPE_CHECKING:
    from loyaltysem.report.bibliography.work import ChineseTitle, Name, Work

MOST_AUTHORS = 3


def gbt7714(work: Work, language: str) -> str:
    """Return a work's reference as marked-up text."""
    if work.chinese and language == "zh":
        return _in_chinese(work, work.chinese)
    head = f"{_people(names(work.authors), 'et al')}, {work.year}. "
    if work.journal:
        return head + f"{work.title}[J]. {_in_journal(work, work.journal)}{_address(work)}"
    house = ": ".join(part for part in (work.city, work.publisher) if part)
    if work.book:
        editors = names(work.editors or "")
        who = closed(_people(editors, "et al")) + " " if editors else ""
        pages = f": {_pages(work)}" if work.pages else ""
        edition = f" {ordinal(work.edition)} ed." if work.edition else ""
        return head + f"{work.title}[M]//{who}{work.book}.{edition} {house}{pages}.{_address(work)}"
    edition = f"{ordinal(work.edition)} ed. " if work.edition else ""
    return head + f"{work.title}[M]. {edition}{house}.{_address(work)}"


def _in_chinese(work: Work, chinese: ChineseTitle) -> str:
    head = f"{_people(names(chinese.authors), '等')}, {work.year}. {chinese.title}"
    if work.journal:
        return f"{head}[J]. {_in_journal(work, chinese.journal or work.journal)}{_address(work)}"
    house = ": ".join(
        part for part in (chinese.city or work.city, chinese.publisher or work.publisher) if part
    )
    edition = f"第{work.edition}版. " if work.edition else ""
    return f"{head}[M]. {edition}{house}.{_address(work)}"


def _people(people: tuple[Name, ...], others: str) -> str:
    written = [_person(one) for one in people[:MOST_AUTHORS]]
    return ", ".join([*written, others] if len(people) > MOST_AUTHORS else written)


def _person(one: Name) -> str:
    initials = one.initials.replace(".", " ").replace("-", " ").split()
    suffix = [one.suffix.removesuffix(".")] if one.suffix else []
    return " ".join([one.family.upper(), *initials, *suffix])


def _in_journal(work: Work, journal: str) -> str:
    pages = f": {_pages(work)}" if work.pages else ""
    return f"{journal}{f', {work.volume}' if work.volume else ''}{pages}."


def _pages(work: Work) -> str:
    return (work.pages or "").replace("–", "-")


def _address(work: Work) -> str:
    return f" DOI:{work.doi}." if work.doi else ""
