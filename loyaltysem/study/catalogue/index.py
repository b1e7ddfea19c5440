"""The table of contents of the catalogue's pages."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from loyaltysem.report.wording import read_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from loyaltysem.diagrams.wording import Language
    from loyaltysem.study.catalogue.entry import Entry

LANGUAGES: tuple[Language, ...] = ("en", "zh")


def index_page(entries: Iterable[Entry]) -> str:
    """Return a table of all entries in Markdown, with links to their pages in each language."""
    entries = list(entries)
    parts = ["\n".join(_table(entries, language)) for language in LANGUAGES]
    return "\n\n".join(parts) + "\n"


def _table(entries: Iterable[Entry], language: Language) -> Iterator[str]:
    words = read_words(language)
    yield f"# {words.label('entry.catalogue')}"
    yield ""
    heads = (words.label(f"entry.{key}") for key in ("model", "constructs", "items", "minutes"))
    yield f"| {' | '.join(heads)} |"
    yield "|---|---:|---:|---:|"
    for entry in entries:
        link = f"[{entry.model.title[language]}]({entry.name}.{language}.md)"
        figures = (len(entry.questionnaire.constructs), entry.n_items)
        minutes = math.ceil(entry.minutes(language))
        yield f"| {link} | {' | '.join(map(str, (*figures, minutes)))} |"
