"""References in the style of the APA Publication Manual, seventh edition, chapter 9.

A Chinese work in a Chinese list is written as Chinese journals of psychology do: names in full and
without initials, in the same order of the parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.bibliography.work import closed, names, ordinal

if TYPE_CHECKING:
    from loyaltysem.report.bibliography.work import ChineseTitle, Name, Work

MOST_AUTHORS = 20


def apa(work: Work, language: str) -> str:
    """Return a work's reference as marked-up text."""
    if work.chinese and language == "zh":
        return _in_chinese(work, work.chinese)
    head = f"{closed(_people(names(work.authors)))} ({work.year})."
    if work.journal:
        body = f"{closed(_title(work))} {_in_journal(work, work.journal)}"
    elif work.book:
        body = f"{closed(_title(work))} {_in_book(work, work.book)} {work.publisher}."
    else:
        body = f"<i>{work.title}</i>{_edition(work)}. {work.publisher}."
    return f"{head} {body}{_address(work)}"


def _in_chinese(work: Work, chinese: ChineseTitle) -> str:
    people = ", ".join(one.family for one in names(chinese.authors))
    if work.journal:
        where = _in_journal(work, chinese.journal or work.journal)
        return f"{people}. ({work.year}). {closed(chinese.title)} {where}{_address(work)}"
    edition = f"（第{work.edition}版）" if work.edition else ""
    house = chinese.publisher or work.publisher
    return f"{people}. ({work.year}). <i>{chinese.title}</i>{edition}. {house}."


def _title(work: Work) -> str:
    """Return the title; of a Chinese work in Latin letters, with its translation."""
    return f"{work.romanized} [{work.title}]" if work.romanized else work.title


def _people(people: tuple[Name, ...]) -> str:
    written = [
        ", ".join(part for part in (one.family, one.initials, one.suffix) if part) for one in people
    ]
    if len(written) > MOST_AUTHORS:
        return ", ".join(written[: MOST_AUTHORS - 1]) + f", … {written[-1]}"
    return ", & ".join([", ".join(written[:-1]), written[-1]] if written[1:] else written)


def _in_journal(work: Work, journal: str) -> str:
    volume, opened, issue = (work.volume or "").partition("(")
    where = f"<i>{journal}, {volume}</i>" if volume else f"<i>{journal}</i>"
    pages = f", {work.pages}" if work.pages else ""
    return f"{where}{opened}{issue}{pages}."


def _in_book(work: Work, book: str) -> str:
    editors = names(work.editors or "")
    who = _inverted(editors) + (" (Eds.), " if len(editors) > 1 else " (Ed.), ") if editors else ""
    edition = ordinal(work.edition) + " ed." if work.edition else ""
    pages = f"pp. {work.pages}" if work.pages else ""
    within = ", ".join(part for part in (edition, pages) if part)
    return f"In {who}<i>{book}</i>{f' ({within})' if within else ''}."


def _inverted(editors: tuple[Name, ...]) -> str:
    written = [f"{one.initials} {one.family}".strip() for one in editors]
    if len(written) < 3:
        return " & ".join(written)
    return f"{', '.join(written[:-1])}, & {written[-1]}"


def _edition(work: Work) -> str:
    return f" ({ordinal(work.edition)} ed.)" if work.edition else ""


def _address(work: Work) -> str:
    return f" https://doi.org/{work.doi}" if work.doi else ""
