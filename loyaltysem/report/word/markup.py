"""WordprocessingML by hand: runs, fields, bookmarks (ECMA-376 part 1, chapter 17).

python-docx has no words for fields, bookmarks and East Asian font hints, and is slow with tables.
Elements are written as text here, every value escaped, and parsed once for the whole document.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from loyaltysem.report.document import Line, Run, printable
from loyaltysem.report.layout import WIDE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from loyaltysem.report.document import Document, Style

Xml = str
"""One or more elements as text."""

CHINESE_PUNCTUATION = "“”‘’…—·"
WIDE_IN_CHINESE = re.compile(f"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef{CHINESE_PUNCTUATION}]+")

Property = tuple[str, dict[str, str]]
"""A run property: its tag and attributes."""

BOLD: Property = ("w:b", {})
ITALIC: Property = ("w:i", {})
EAST_ASIAN: Property = ("w:rFonts", {"w:hint": "eastAsia"})

TEXT_STYLES: dict[Style, tuple[Property, ...]] = {
    "plain": (),
    "italic": (ITALIC,),
    "bold": (BOLD,),
    "code": (("w:rStyle", {"w:val": "CodeText"}),),
    "sub": (("w:vertAlign", {"w:val": "subscript"}),),
    "sup": (("w:vertAlign", {"w:val": "superscript"}),),
}

PROPERTY_ORDER = ("w:rStyle", "w:rFonts", "w:b", "w:i", "w:vertAlign")


def element(tag: str, attributes: dict[str, str] | None = None, *children: Xml) -> Xml:
    """Return an element such as ``element("w:jc", {"w:val": "center"})``."""
    named = _named(*attributes.items()) if attributes else ""
    return f"<{tag}{named}>{''.join(children)}</{tag}>" if children else f"<{tag}{named}/>"


@lru_cache(maxsize=4096)
def _named(*attributes: tuple[str, str]) -> str:
    """Return attributes as they stand in a tag; tables repeat the same few thousands of times."""
    return "".join(f" {name}={quoteattr(value)}" for name, value in attributes)


def parsed(xml: Xml) -> list[Any]:
    """Return elements as python-docx's own, to be put into a document."""
    return list(parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>"))


def paragraph(style: str, *content: Xml, properties: Iterable[Xml] = ()) -> Xml:
    """Return a paragraph in a style; ``properties`` follow the style in the schema's order."""
    return element("w:p", None, _paragraph_properties(style, *properties), *content)


@lru_cache(maxsize=4096)
def _paragraph_properties(style: str, *properties: Xml) -> Xml:
    return element("w:pPr", None, element("w:pStyle", {"w:val": style}), *properties)


def runs(text: str, language: str, *properties: Property) -> Iterator[Xml]:
    """Yield runs for a text, with East Asian parts marked so that Word takes their own font.

    Quotation marks and dashes belong to both scripts; in a Chinese document they are Chinese where
    they touch Chinese text.
    """
    for part, wide in _scripts(printable(text), language):
        settings = _run_properties([*properties, EAST_ASIAN] if wide else properties)
        yield element("w:r", None, *settings, *_text(part))


def _run_properties(properties: Iterable[Property]) -> Iterator[Xml]:
    """Yield the properties of a run in the schema's order; nothing when there are none."""
    if wanted := sorted(dict(properties).items(), key=lambda one: PROPERTY_ORDER.index(one[0])):
        yield element("w:rPr", None, *(element(tag, attributes) for tag, attributes in wanted))


def _scripts(text: str, language: str) -> Iterator[tuple[str, bool]]:
    """Split a text into parts of one script each."""
    wide = WIDE_IN_CHINESE if language == "zh" else WIDE
    end = 0
    for match in wide.finditer(text):
        if match.start() > end:
            yield text[end : match.start()], False
        yield match.group(), _is_wide(match, text)
        end = match.end()
    if end < len(text):
        yield text[end:], False


def _is_wide(match: re.Match[str], text: str) -> bool:
    """Tell whether the part is Chinese: has Chinese letters, or stands beside one."""
    around = text[max(match.start() - 2, 0) : match.end() + 2]
    apostrophe = match.group() == "’" and text[match.start() - 1 : match.start()].isascii()
    return bool(WIDE.search(match.group())) or (bool(WIDE.search(around)) and not apostrophe)


def _text(text: str) -> Iterator[Xml]:
    """Yield text elements with line breaks between lines and tabs as tabs."""
    for number, line in enumerate(text.split("\n")):
        if number:
            yield element("w:br")
        yield element("w:t", {"xml:space": "preserve"}, escape(line.replace("\t", "    ")))


def line(parts: Line, document: Document, *properties: Property) -> Iterator[Xml]:
    """Yield the runs and cross-reference fields of a line; ``properties`` hold for all of them."""
    for part in parts:
        if isinstance(part, Run):
            yield from runs(part.text, document.language, *TEXT_STYLES[part.style], *properties)
        else:
            yield from _mention(part.key, document)


def _mention(key: str, document: Document) -> Iterator[Xml]:
    """Yield a field that repeats a caption's label, or the number of a heading after its word."""
    label = document.label(key)
    if not document.is_heading(key):
        yield from field(f"REF {bookmark_name(key)} \\h", label, document.language)
        return
    word, _, number = label.rpartition(" ")
    yield from runs(f"{word}\u00a0", document.language)
    yield from field(f"REF {bookmark_name(key)} \\r \\h", number, document.language)


def field(instruction: str, shown: str, language: str, *properties: Property) -> Iterator[Xml]:
    """Yield a field and the result that is shown until Word updates it.

    The properties are those of the field's machinery too: an updated result takes them over.
    """
    yield from field_opening(instruction, *properties)
    yield from runs(shown, language, *properties)
    yield field_mark("end", *properties)


def field_opening(instruction: str, *properties: Property) -> Iterator[Xml]:
    """Yield what stands before a field's result."""
    code = element("w:instrText", {"xml:space": "preserve"}, escape(f" {instruction} "))
    yield field_mark("begin", *properties)
    yield element("w:r", None, *_run_properties(properties), code)
    yield field_mark("separate", *properties)


def field_mark(kind: str, *properties: Property) -> Xml:
    """Return a field's ``begin``, ``separate`` or ``end``."""
    mark = element("w:fldChar", {"w:fldCharType": kind})
    return element("w:r", None, *_run_properties(properties), mark)


def bookmark_name(key: str) -> str:
    """Return the bookmark of a table or figure; Word takes 40 characters and hides ``_Ref``."""
    return f"_Ref_{key}"[:40]


def bookmarked(key: str, number: int, content: Iterable[Xml]) -> Iterator[Xml]:
    """Yield content inside a bookmark; ``number`` is unique in the document."""
    mark = {"w:id": str(number)}
    yield element("w:bookmarkStart", {**mark, "w:name": bookmark_name(key)})
    yield from content
    yield element("w:bookmarkEnd", mark)
