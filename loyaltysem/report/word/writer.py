"""Document to ``.docx``."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Pt
from lxml import etree

from loyaltysem.report.document import (
    Bullets,
    Callout,
    Code,
    Figure,
    Heading,
    Paragraph,
    Run,
    Table,
    printable,
)
from loyaltysem.report.package import with_fixed_dates
from loyaltysem.report.plates import plate
from loyaltysem.report.word.contents import contents
from loyaltysem.report.word.markup import (
    BOLD,
    ITALIC,
    Xml,
    bookmarked,
    element,
    field,
    line,
    paragraph,
    runs,
)
from loyaltysem.report.word.sections import section_end, section_mark, settle_sections
from loyaltysem.report.word.styles import prepare
from loyaltysem.report.word.tables import word_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.report.document import Block, Document, Line
    from loyaltysem.report.plates import Plate

LONGEST_PROPERTY = 255
"""Letters that a document property may have."""

VECTORS = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}"><asvg:svgBlip'
    ' xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' r:embed="{relation}"/></a:ext></a:extLst>'
)
"""The mention of an SVG inside a bitmap's ``a:blip`` ([MS-ODRAWXML] 2.4.1)."""


def write_word(document: Document) -> bytes:
    """Return a report as the content of a Word document.

    Tables are native three-line tables, captions carry SEQ fields (so that Word's list of tables
    finds them), mentions are REF fields, headings are Word's own and number themselves. Equal
    documents give equal bytes.
    """
    word = docx.Document()
    prepare(word, document)
    _properties(word, document)
    writer = _Writer(word, document)
    _fill(word, "".join(writer.body()))
    saved = io.BytesIO()
    word.save(saved)
    return with_fixed_dates(saved.getvalue())


def _fill(word: Any, body: Xml) -> None:
    """Put the body into the document, as text: moving parsed elements takes longer than parsing."""
    empty = etree.tostring(word.element, encoding="unicode")
    before, mark, after = empty.rpartition("<w:sectPr")
    filled = parse_xml(before + body + mark + after)
    settle_sections(filled.body)
    word.part._element = filled  # noqa: SLF001 - python-docx lets a document be read, not given


def _properties(word: Any, document: Document) -> None:
    """Name the document and forget who and when, which python-docx's template brings along."""
    core = word.core_properties
    core.title = document.title[:LONGEST_PROPERTY]
    core.language = {"zh": "zh-CN"}.get(document.language, document.language)
    core.author = core.comments = core.last_modified_by = ""
    facts = core._element  # noqa: SLF001 - python-docx cannot take dates away
    for date in [child for child in facts if child.tag.endswith(("}created", "}modified"))]:
        facts.remove(date)


class _Writer:
    """Turns blocks into body elements."""

    def __init__(self, word: Any, document: Document) -> None:
        self.word, self.document = word, document
        self.bookmarks = 0

    def body(self) -> Iterator[Xml]:
        """Yield the elements of the document."""
        yield paragraph("Title", *runs(self.document.title, self.document.language))
        yield self._styled("Subtitle", self.document.subtitle)
        blocks = self.document.blocks
        first = next((at for at, one in enumerate(blocks) if isinstance(one, Heading)), 0)
        for block in blocks[:first]:
            yield from self.block(block)
        yield from contents(self.document)
        for block in blocks[first:]:
            yield from self.block(block)

    def block(self, block: Block) -> Iterator[Xml]:
        """Yield the elements of one block."""
        if isinstance(block, Heading):
            yield self._heading(block)
        elif isinstance(block, Paragraph):
            yield self._styled("BodyParagraph", block.text)
        elif isinstance(block, Bullets):
            style = "Reference" if block.hanging else "ListBullet"
            yield from (self._styled(style, item) for item in block.items)
        elif isinstance(block, Callout):
            yield from self._callout(block)
        elif isinstance(block, Code):
            yield paragraph("Code", *runs(block.text, "en"))
        elif isinstance(block, Table):
            yield from self._table(block)
        else:
            yield from self._figure(block)

    def _styled(self, style: str, text: Line) -> Xml:
        return paragraph(style, *line(text, self.document))

    def _heading(self, block: Heading) -> Xml:
        """Return a heading inside a bookmark, so that its number can be referred to."""
        self.bookmarks += 1
        text = bookmarked(block.key, self.bookmarks, line(block.text, self.document))
        return paragraph(f"Heading{block.level}", *text)

    def _callout(self, block: Callout) -> Iterator[Xml]:
        yield self._styled("NoticeTitle", block.title)
        yield from (self._styled("Notice", item) for item in block.items)
        yield paragraph("Normal")

    def _table(self, block: Table) -> Iterator[Xml]:
        yield self._caption(block, "Caption", "table")
        yield word_table(block, self.document)
        yield self._notes(block.notes)

    def _figure(self, block: Figure) -> Iterator[Xml]:
        """Yield a picture and what stands below it; a turned one has pages of its own."""
        size = plate(block)
        end = (section_end(turned=True),) if size.turned else ()
        if size.turned:
            yield section_mark()
        yield self._picture(block, size)
        if block.notes:
            yield self._caption(block, "FigureCaption", "figure", element("w:keepNext"))
            yield self._notes(block.notes, *end)
        else:
            yield self._caption(block, "FigureCaption", "figure", *end)

    def _caption(self, block: Table | Figure, style: str, kind: str, *properties: Xml) -> Xml:
        """Return a caption whose number is a field inside a bookmark."""
        language, label = self.document.language, self.document.labels[kind]
        self.bookmarks += 1
        number = field(f"SEQ {label} \\* ARABIC", str(block.number), language, BOLD)
        named = [*runs(f"{label} ", language, BOLD), *number]
        two_lines = isinstance(block, Table) and self.document.tables == "apa"
        title = line(block.caption, self.document, *([ITALIC] if two_lines else []))
        return paragraph(
            style,
            *bookmarked(block.key, self.bookmarks, named),
            *runs("\n" if two_lines else "  ", language),
            *title,
            properties=properties,
        )

    def _notes(self, notes: tuple[Line, ...], *properties: Xml) -> Xml:
        """Return the notes below a table; an empty paragraph keeps tables apart."""
        if not notes:
            return paragraph("TableNote")
        chinese = self.document.language == "zh"
        lead = self.document.labels["note"] + ("：" if chinese else ". ")
        parts: list[Run] = [Run(lead, "plain" if chinese else "italic")]
        content = [*line(tuple(parts), self.document)]
        for position, note in enumerate(notes):
            if position and not chinese:
                content += runs(" ", "en")
            content += line(note, self.document)
        return paragraph("TableNote", *content, properties=properties)

    def _picture(self, block: Figure, size: Plate) -> Xml:
        """Return a paragraph with the picture, whose data python-docx puts into the package."""
        host = self.word.add_paragraph(style=self.word.styles["Picture"])
        shape = host.add_run().add_picture(io.BytesIO(block.png()))
        shape.width, shape.height = Pt(size.width), Pt(size.height)
        inline = shape._inline  # noqa: SLF001 - python-docx knows no alternative text and no SVG
        inline.docPr.set("descr", printable(block.alt))
        inline.docPr.set("name", block.key)
        inline.docPr.set("id", str(block.number))
        self._add_vectors(block, inline.graphic.graphicData.pic.blipFill.blip)
        made = host._p  # noqa: SLF001
        made.getparent().remove(made)
        return str(etree.tostring(made, encoding="unicode"))

    def _add_vectors(self, block: Figure, bitmap: Any) -> None:
        """Put the SVG beside the bitmap: Word 2016 and later show it, and can turn it to shapes."""
        name = PackURI(f"/word/media/{block.key}.svg")
        part = Part(name, "image/svg+xml", block.svg.encode("utf-8"), self.word.part.package)
        relation = self.word.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
        bitmap.append(parse_xml(VECTORS.format(relation=relation)))
