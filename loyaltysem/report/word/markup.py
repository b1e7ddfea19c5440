"""WordprocessingML by hand: runs, fields, bookmarks (ECMA-376 part 1, chapter 17).

python-docx has no words for fields, bookmarks and East Asian font hints, and is slow with tables; the
elements are made here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from loyaltysem.report.document import Line, Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from loyaltysem.report.document import Document, Style

Element = Any
"""An lxml element of python-docx."""

WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]+")
CHINESE_PUNCTUATION = "“”‘’…—·"
WIDE_IN_CHINESE = re.compile(f"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef{CHINESE_PUNCTUATION}]+")

TEXT_STYLES: dict[Style, tuple[str, dict[str, str]] | None] = {
    "plain": None,
    "italic": ("w:i", {}),
    "bold": ("w:b", {}),
    "code": ("w:rStyle", {"w:val": "CodeText"}),
    "sub": ("w:vertAlign", {"w:val": "subscript"}),
    "sup": ("w:vertAlign", {"w:val": "superscript"}),
}


def element(tag: str, attributes: dict[str, str] | None = None, *children: Element) -> Element:
    """Return an element such as ``element("w:jc", {"w:val": "center"})``."""
    made = OxmlElement(tag)
    for name, value in (attributes or {}).items():
        made.set(qn(name), value)
    made.extend(children)
    return made


def paragraph(style: str, *content: Element, properties: Iterable[Element] = ()) -> Element:
    """Return a paragraph in a style; ``properties`` follow the style in the schema's order."""
    first = element("w:pPr", None, element("w:pStyle", {"w:val": style}), *properties)
    return element("w:p", None, first, *content)


def runs(text: str, language: str, *properties: tuple[str, dict[str, str]]) -> Iterator[Element]:
    """Yield runs for a text, with East Asian parts marked so that Word takes their own font.

    Quotation marks and dashes belong to both scripts; in a Chinese document they are Chinese where
    they touch Chinese text.
    """
    for part, wide in _scripts(text, language):
        settings = [element(tag, attributes) for tag, attributes in properties]
        if wide:
            hint = element("w:rFonts", {"w:hint": "eastAsia"})
            place = 1 if settings and settings[0].tag == qn("w:rStyle") else 0
            settings.insert(place, hint)
        run = element("w:r", None, *([element("w:rPr", None, *settings)] if settings else []))
        run.extend(_text(part))
        yield run


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


def _text(text: str) -> Iterator[Element]:
    """Yield text elements with line breaks between lines and tabs as tabs."""
    for number, line in enumerate(text.split("\n")):
        if number:
            yield element("w:br")
        piece = element("w:t", {"xml:space": "preserve"})
        piece.text = line.replace("\t", "    ")
        yield piece


def line(parts: Line, document: Document) -> Iterator[Element]:
    """Yield the runs and cross-reference fields of a line."""
    for part in parts:
        if isinstance(part, Run):
            style = TEXT_STYLES[part.style]
            yield from runs(part.text, document.language, *([style] if style else []))
        else:
            label = document.label(part.key)
            yield from field(f"REF {bookmark_name(part.key)} \\h", label, document.language)


def field(
    instruction: str, shown: str, language: str, *properties: tuple[str, dict[str, str]]
) -> Iterator[Element]:
    """Yield a field and the result that is shown until Word updates it."""
    code = element("w:instrText", {"xml:space": "preserve"})
    code.text = f" {instruction} "
    yield _field_run(element("w:fldChar", {"w:fldCharType": "begin"}), properties)
    yield _field_run(code, properties)
    yield _field_run(element("w:fldChar", {"w:fldCharType": "separate"}), properties)
    yield from runs(shown, language, *properties)
    yield _field_run(element("w:fldChar", {"w:fldCharType": "end"}), properties)


def _field_run(content: Element, properties: Iterable[tuple[str, dict[str, str]]]) -> Element:
    """Return a run of a field's machinery, in the style that an updated result will take over."""
    settings = [element(tag, attributes) for tag, attributes in properties]
    return element("w:r", None, *([element("w:rPr", None, *settings)] if settings else []), content)


def bookmark_name(key: str) -> str:
    """Return the bookmark of a table or figure; Word takes 40 characters and hides ``_Ref``."""
    return f"_Ref_{key}"[:40]


def bookmarked(key: str, number: int, content: Iterable[Element]) -> Iterator[Element]:
    """Yield content inside a bookmark; ``number`` is unique in the document."""
    mark = {"w:id": str(number)}
    yield element("w:bookmarkStart", {**mark, "w:name": bookmark_name(key)})
    yield from content
    yield element("w:bookmarkEnd", mark)
