"""A Word document to print: grids as three-line tables, boxes to tick, lines to write on."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from loyaltysem.questionnaire.export.archive import reproducible
from loyaltysem.questionnaire.export.layout import single_language
from loyaltysem.questionnaire.export.paper import (
    BOX,
    Blank,
    Choices,
    Grid,
    Heading,
    Paper,
    Paragraph,
    Part,
    paper_of,
)
from loyaltysem.questionnaire.export.platform import Exported, Platform

if TYPE_CHECKING:
    from loyaltysem.questionnaire.form import Form

LATIN, CHINESE = "Times New Roman", "SimSun"
RULES = {"top": 12, "bottom": 12}
"""Thickness in eighths of a point of the outer lines of a three-line table; the inner one has 6."""


def write(form: Form, language: str) -> Exported:
    """Return the document in one language."""
    document = _document(paper_of(form, language))
    buffer = BytesIO()
    document.save(buffer)
    return Exported(
        files={f"{form.questionnaire.name}.{language}.docx": reproducible(buffer.getvalue())},
        losses=single_language(form, "Word", language),
    )


def _document(paper: Paper) -> Any:
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = Cm(2.2)
    _set_faces(document.styles["Normal"], Pt(10.5))
    for style in ("Title", "Heading 1"):
        _set_faces(document.styles[style], Pt(16 if style == "Title" else 12))
    title = document.add_paragraph(paper.title, style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in paper.parts:
        _add(document, part)
    section.footer.paragraphs[0].text = paper.foot
    document.core_properties.title = paper.title[:255]
    document.core_properties.author = ""
    return document


def _set_faces(style: Any, size: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    style.font.name, style.font.size = LATIN, size
    style.font.color.rgb = RGBColor(0, 0, 0)
    faces = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        faces.attrib.pop(qn(f"w:{name}"), None)  # Word follows the theme and ignores the face
    faces.set(qn("w:eastAsia"), CHINESE)
    for borders in style.element.findall(f".//{qn('w:pBdr')}"):
        borders.getparent().remove(borders)


def _add(document: Any, part: Part) -> None:
    match part:
        case Heading(text=text):
            document.add_paragraph(text, style="Heading 1")
        case Paragraph(text=text, hint=hint):
            document.add_paragraph().add_run(text).italic = hint and text.isascii()
        case Grid():
            _add_grid(document, part)
        case Choices():
            _add_choices(document, part)
        case Blank(number=number, text=text, lines=lines):
            _keep_with_next(document.add_paragraph(f"{number}. {text}"))
            for _ in range(lines):
                _write_on(document.add_paragraph())


def _add_choices(document: Any, part: Choices) -> None:
    from docx.shared import Cm, Pt

    if part.text:
        _keep_with_next(document.add_paragraph(f"{part.number}. {part.text}"))
    for k, option in enumerate(part.options, start=1):
        paragraph = document.add_paragraph(f"{'____' if part.blanks else BOX} {option}")
        paragraph.paragraph_format.left_indent = Cm(0.8)
        paragraph.paragraph_format.space_after = 0
        paragraph.paragraph_format.keep_with_next = k < len(part.options)
    paragraph.paragraph_format.space_after = Pt(10)


def _add_grid(document: Any, grid: Grid) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    n = len(grid.columns)
    poles = grid.poles or (("", ""),) * len(grid.rows)
    sides = 1 if grid.poles else 0
    table = document.add_table(rows=0, cols=1 + n + 2 * sides)
    table.autofit = False
    point_width = min(1.6, 9.5 / n)
    pole_width = 2.0 * sides
    widths = [16.6 - n * point_width - 2 * pole_width, *[pole_width] * sides]
    widths += [*[point_width] * n, *[pole_width] * sides]
    head = ["", *[""] * sides, *grid.columns, *[""] * sides]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    body = [
        [f"{number}. {text}", *[left] * sides, *[BOX] * n, *[right] * sides]
        for (number, text), (left, right) in zip(grid.rows, poles, strict=True)
    ]
    for j, texts in enumerate([head, *body]):
        row = table.add_row()
        for k, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
            cell.width = Cm(width)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(2)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if k else WD_ALIGN_PARAGRAPH.LEFT
            paragraph.add_run(text).font.size = Pt(8 if j == 0 else 10)
        _whole_row(row, heading=j == 0)
    _rule(table)
    document.add_paragraph().paragraph_format.space_after = 0


def _rule(table: Any) -> None:
    """Draw the three lines of the table."""
    from docx.oxml import OxmlElement

    borders = OxmlElement("w:tblBorders")
    for side, thickness in RULES.items():
        borders.append(_line(side, thickness))
    table._tbl.tblPr.append(borders)  # noqa: SLF001 - python-docx has no other way
    for cell in table.rows[0].cells:
        inner = OxmlElement("w:tcBorders")
        inner.append(_line("bottom", 6))
        cell._tc.get_or_add_tcPr().append(inner)  # noqa: SLF001


def _line(side: str, thickness: int) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    line = OxmlElement(f"w:{side}")
    for name, value in {"val": "single", "sz": str(thickness), "color": "000000"}.items():
        line.set(qn(f"w:{name}"), value)
    return line


def _whole_row(row: Any, *, heading: bool) -> None:
    """Keep a row on one page; repeat the heading on each."""
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()  # noqa: SLF001
    properties.append(OxmlElement("w:cantSplit"))
    if heading:
        properties.append(OxmlElement("w:tblHeader"))


def _keep_with_next(paragraph: Any) -> None:
    paragraph.paragraph_format.keep_with_next = True


def _write_on(paragraph: Any) -> None:
    """Make a paragraph a line to write on."""
    from docx.oxml import OxmlElement

    borders = OxmlElement("w:pBdr")
    borders.append(_line("bottom", 4))
    borders.append(_line("between", 4))  # else Word draws neighbouring lines as one
    # the schema wants the borders before spacing and alignment
    paragraph._p.get_or_add_pPr().insert(0, borders)  # noqa: SLF001


PLATFORM = Platform(name="word", title="Word", multilingual=False, write=write)
