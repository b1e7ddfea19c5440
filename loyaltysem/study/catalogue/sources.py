"""The works that an entry rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.references import read_references

if TYPE_CHECKING:
    from loyaltysem.study.catalogue.entry import Entry


def cited_works(entry: Entry) -> tuple[str, ...]:
    """Return the works that an entry cites, such as ``Oliver (1999)``, in alphabetical order.

    Of the population values' source, which is running text, those that have a reference.
    """
    sources = [
        entry.model.source,
        *(one.source for one in entry.questionnaire.constructs),
        *(item.source for one in entry.questionnaire.constructs for item in one.items),
        *(one.source for one in entry.hypotheses),
    ]
    works = {work.strip() for source in sources for work in source.split(";") if work.strip()}
    origin = " ".join(entry.population.source.values())
    works |= {work for work in read_references() if work in origin}
    return tuple(sorted(works, key=str.casefold))
