"""The table of contents of a Word report, and its lists of tables and figures.

They are Word's own fields with the entries filled in, so that they can be read before Word updates
them; only Word knows the pages. It is not told to update them on opening, since it would ask first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.document import Figure, Heading, Table
from loyaltysem.report.word.markup import (
    Xml,
    bookmark_name,
    element,
    field,
    field_mark,
    field_opening,
    line,
    paragraph,
    runs,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from loyaltysem.report.document import Document

LEVELS = 2
"""Levels of headings in the table of contents."""

SHORT = 10
"""Headings up to which a document is read without a table of contents."""

LIST_STYLE = "tableoffigures"


def contents(document: Document) -> Iterator[Xml]:
    """Yield the table of contents and the lists of tables and figures; nothing if it is short."""
    headings = [one for one in document.blocks if isinstance(one, Heading) and one.level <= LEVELS]
    if len(headings) <= SHORT:
        return
    yield from _listing(document, "contents", f'TOC \\o "1-{LEVELS}" \\h \\z \\u', headings)
    for kind, name in ((Table, "tables"), (Figure, "figures")):
        captions = [one for one in document.blocks if isinstance(one, kind)]
        label = document.labels[kind.__name__.lower()]
        yield from _listing(document, name, f'TOC \\h \\z \\c "{label}"', captions)
    yield paragraph("Normal", element("w:r", None, element("w:br", {"w:type": "page"})))


def _listing(
    document: Document, name: str, command: str, entries: Sequence[Heading | Table | Figure]
) -> Iterator[Xml]:
    """Yield a heading and a field over several paragraphs; nothing without entries."""
    if not entries:
        return
    yield paragraph("ContentsHeading", *runs(document.labels[name], document.language))
    hint = runs(document.labels["pages"] if name == "contents" else "", document.language)
    yield paragraph("TableNote", *field_opening(command), *hint)
    yield from (_entry(one, document) for one in entries)
    yield paragraph("TableNote", field_mark("end"))


def _entry(block: Heading | Table | Figure, document: Document) -> Xml:
    """Return an entry that leads to its block."""
    if isinstance(block, Heading):
        style, lead, title = f"toc{block.level}", block.number, block.text
    else:
        style, lead, title = LIST_STYLE, document.label(block.key), block.caption
    text = (*runs(f"{lead}  ", document.language), *line(title, document))
    page = field(f"PAGEREF {bookmark_name(block.key)} \\h", "", "en")
    tab = element("w:r", None, element("w:tab"))
    link = {"w:anchor": bookmark_name(block.key), "w:history": "1"}
    return paragraph(style, element("w:hyperlink", link, *text, tab, *page))
