"""Pages of a Word report that lie on their side: sections of their own (ECMA-376, 17.6).

A section ends with the paragraph that carries its properties. Those made here say how the pages
lie; margins and the footer with the page number are taken over from the document's last section.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from docx.oxml.ns import qn

from loyaltysem.report.word.markup import Xml, element, paragraph
from loyaltysem.report.word.styles import PAGE_HEIGHT, PAGE_WIDTH


def section_end(*, turned: bool) -> Xml:
    """Return the paragraph property that ends a section of upright or turned pages."""
    short, long = (str(round(length.twips)) for length in (PAGE_WIDTH, PAGE_HEIGHT))
    size = {"w:w": short, "w:h": long}
    if turned:
        size = {"w:w": long, "w:h": short, "w:orient": "landscape"}
    return element("w:sectPr", None, element("w:pgSz", size))


def section_mark() -> Xml:
    """Return an empty paragraph: upright pages end before it. `settle_sections` takes it away."""
    return paragraph("Normal", properties=(section_end(turned=False),))


def settle_sections(body: Any) -> None:
    """Complete the sections of a document, and take their marks away.

    An empty paragraph could come to stand on a page alone, so that the one before it ends the
    section instead; nothing is left of the mark where turned pages follow turned pages.
    """
    model = body.find(qn("w:sectPr"))
    for section in body.findall("/".join(map(qn, ("w:p", "w:pPr", "w:sectPr")))):
        others = [deepcopy(one) for one in model if one.tag != qn("w:pgSz")]
        size = section.find(qn("w:pgSz"))
        for one in reversed([one for one in others if one.tag in BEFORE_SIZE]):
            size.addprevious(one)
        section.extend(one for one in others if one.tag not in BEFORE_SIZE)
        _hand_back(section, section.getparent().getparent())


BEFORE_SIZE = {qn(f"w:{name}") for name in ("headerReference", "footerReference", "type")}
"""What stands before the size of the pages in the schema's order."""


def _hand_back(section: Any, mark: Any) -> None:
    """Move the end of a section from an empty paragraph to the one before it."""
    before = mark.getprevious()
    if len(mark) > 1 or before is None or before.tag != qn("w:p"):
        return
    properties = before.get_or_add_pPr()
    if properties.find(qn("w:sectPr")) is None:
        properties.append(section)
    mark.getparent().remove(mark)
