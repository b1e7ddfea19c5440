"""The look of a Word report: page, type faces, styles, numbered headings.

Faces are set for Latin and East Asian text apart (``w:ascii``, ``w:eastAsia``); the theme's font
attributes, which would win over them, are taken out of every style.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from loyaltysem.report.layout import SIZES
from loyaltysem.report.word.markup import Xml, element, field, parsed
from loyaltysem.report.word.tables import centred, table_style

if TYPE_CHECKING:
    from loyaltysem.report.document import Document

LATIN, SONG, HEI, MONO = "Times New Roman", "SimSun", "SimHei", "Courier New"

PAGE_WIDTH, PAGE_HEIGHT, MARGIN = Mm(210), Mm(297), Mm(25)

LISTINGS = {"toc 1": Pt(0), "toc 2": Pt(14), "table of figures": Pt(0)}
"""Word's own styles of entries in tables of contents, with their indents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """A paragraph style; sizes and distances in points.

    ``lines`` is the line spacing; ``exact`` is one in points, which tall letters do not widen.
    """

    size: float
    wide: str = SONG
    bold: bool = False
    before: float = 0
    after: float = 0
    lines: float = 1.0
    keep: bool = False
    align: str = ""
    exact: float | None = None


def looks(document: Document) -> dict[str, _Look]:
    """Return the styles of a document: Chinese ones follow the custom of theses (小四, 五号)."""
    chinese = document.language == "zh"
    side = "center" if centred(document) else "left"
    return {
        "Normal": _Look(
            size=12 if chinese else 11, after=0 if chinese else 6, lines=1.5 if chinese else 1.25
        ),
        "Title": _Look(size=20, wide=HEI, bold=not chinese, after=6, lines=1.2, align="center"),
        "Subtitle": _Look(size=11, after=18, lines=1.2, align="center"),
        "Heading 1": _Look(
            size=16, wide=HEI, bold=not chinese, before=18, after=8, lines=1.2, keep=True
        ),
        "Heading 2": _Look(
            size=13 if not chinese else 14,
            wide=HEI,
            bold=not chinese,
            before=12,
            after=6,
            lines=1.2,
            keep=True,
        ),
        "Heading 3": _Look(size=12, wide=HEI, bold=not chinese, before=10, after=4, keep=True),
        "Contents Heading": _Look(size=14, wide=HEI, bold=not chinese, before=14, keep=True),
        **{name: _Look(size=10.5, after=1, lines=1.2) for name in LISTINGS},
        "Caption": _Look(size=10.5, wide=HEI, before=10, after=4, lines=1.2, keep=True, align=side),
        "Figure Caption": _Look(size=10.5, wide=HEI, before=4, after=4, lines=1.2, align="center"),
        "Picture": _Look(size=10.5, before=8, keep=True, align="center"),
        **{
            table_style(size): _Look(size=size, exact=1.3 * size, before=1, after=2)
            for size in SIZES
        },
        "Table Note": _Look(size=9, before=3, after=12, lines=1.1),
        "List Bullet": _Look(size=12 if chinese else 11, after=3, lines=1.5 if chinese else 1.25),
        "Reference": _Look(size=11, after=4, lines=1.25),
        "Notice Title": _Look(
            size=11, wide=HEI, bold=True, before=6, after=0, lines=1.25, keep=True
        ),
        "Notice": _Look(size=10.5, after=0, lines=1.3),
        "Code": _Look(size=9, lines=1.1),
        "Footer": _Look(size=9, align="center"),
    }


def prepare(word: Any, document: Document) -> None:
    """Set page, defaults and styles of a new python-docx document."""
    _page(word)
    _forget_theme_fonts(word.styles.element)
    _defaults(word.styles.element, document.language)
    for name, look in looks(document).items():
        _apply(_style(word, name), look)
    _indent(word, document.language)
    _listings(word)
    _boxes(word)
    _code_text(word)
    _number_headings(word)
    _modern(word)
    _page_number(word)


def _page(word: Any) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = MARGIN


def _forget_theme_fonts(styles: Any) -> None:
    for fonts in styles.iter(qn("w:rFonts")):
        for name in [name for name in fonts.attrib if name.endswith("Theme")]:
            del fonts.attrib[name]


def _defaults(styles: Any, language: str) -> None:
    properties = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    fonts = properties.find(qn("w:rFonts"))
    for name, face in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", SONG)):
        fonts.set(qn(f"w:{name}"), face)
    spelling = properties.find(qn("w:lang"))
    spelling.set(qn("w:val"), "en-US")
    spelling.set(qn("w:eastAsia"), "zh-CN" if language == "zh" else "en-US")


def _style(word: Any, name: str) -> Any:
    if name in word.styles:
        return word.styles[name]
    style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name in LISTINGS)
    style.element.set(qn("w:styleId"), name.replace(" ", ""))
    style.base_style = word.styles["Normal"]
    return style


def _apply(style: Any, look: _Look) -> None:
    font, layout = style.font, style.paragraph_format
    font.name, font.size, font.bold, font.italic = LATIN, Pt(look.size), look.bold, False
    font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.rPr.rFonts
    for name, face in (("cs", LATIN), ("eastAsia", look.wide)):
        fonts.set(qn(f"w:{name}"), face)
    layout.space_before, layout.space_after = Pt(look.before), Pt(look.after)
    layout.line_spacing = Pt(look.exact) if look.exact else look.lines
    layout.keep_with_next = look.keep
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)
    if look.align:
        properties.get_or_add_jc().set(qn("w:val"), look.align)


def _indent(word: Any, language: str) -> None:
    """Give body text the two-character indent of Chinese paragraphs, in a style of its own."""
    style = word.styles.add_style("Body Paragraph", WD_STYLE_TYPE.PARAGRAPH)
    style.element.set(qn("w:styleId"), "BodyParagraph")
    style.base_style = word.styles["Normal"]
    properties = style.element.get_or_add_pPr()
    if language == "zh":
        style.paragraph_format.first_line_indent = Pt(24)
        properties.find(qn("w:ind")).set(qn("w:firstLineChars"), "200")
    references = word.styles["Reference"].paragraph_format
    references.left_indent, references.first_line_indent = Pt(22), Pt(-22)


def _listings(word: Any) -> None:
    """Put page numbers at the right margin of tables of contents, with dots before them."""
    for name, indent in LISTINGS.items():
        layout = word.styles[name].paragraph_format
        layout.left_indent, layout.right_indent = indent, Pt(24)
        layout.tab_stops.add_tab_stop(
            PAGE_WIDTH - 2 * MARGIN, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
        )


def _boxes(word: Any) -> None:
    """Shade notices and code, with a rule at the left of notices."""
    for name in ("Notice Title", "Notice"):
        bar = {"w:val": "single", "w:sz": "24", "w:space": "8", "w:color": "8A4B00"}
        _box(word.styles[name], "FFF6E8", element("w:pBdr", None, element("w:left", bar)))
    _box(word.styles["Code"], "F4F5F7")
    fonts = word.styles["Code"].element.rPr.rFonts
    for name in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{name}"), MONO)


def _box(style: Any, fill: str, *borders: Xml) -> None:
    properties = style.element.get_or_add_pPr()
    shade = element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": fill})
    spacing = properties.find(qn("w:spacing"))
    for made in parsed("".join((*borders, shade))):
        spacing.addprevious(made)
    (indent,) = parsed(element("w:ind", {"w:left": "200", "w:right": "100"}))
    spacing.addnext(indent)


def _code_text(word: Any) -> None:
    style = word.styles.add_style("Code Text", WD_STYLE_TYPE.CHARACTER)
    style.element.set(qn("w:styleId"), "CodeText")
    style.font.name = MONO


def _number_headings(word: Any) -> None:
    """Link the headings to one multilevel list, as Word's own numbered headings do."""
    numbering = word.part.numbering_part.element
    known = [int(one.get(qn("w:abstractNumId"))) for one in numbering.findall(qn("w:abstractNum"))]
    key = str(max(known, default=0) + 1)
    outline = element(
        "w:abstractNum",
        {"w:abstractNumId": key},
        element("w:multiLevelType", {"w:val": "multilevel"}),
        *(_level(level, pattern) for level, pattern in enumerate(("%1", "%1.%2", "%1.%2.%3"))),
    )
    first = numbering.find(qn("w:num"))
    first.addprevious(*parsed(outline))
    number = str(max(int(one.get(qn("w:numId"))) for one in numbering.findall(qn("w:num"))) + 1)
    reference = element("w:abstractNumId", {"w:val": key})
    numbering.extend(parsed(element("w:num", {"w:numId": number}, reference)))
    for level, name in enumerate(("Heading 1", "Heading 2", "Heading 3")):
        _link(word.styles[name], number, level)


def _level(level: int, pattern: str) -> Xml:
    return element(
        "w:lvl",
        {"w:ilvl": str(level)},
        element("w:start", {"w:val": "1"}),
        element("w:numFmt", {"w:val": "decimal"}),
        element("w:pStyle", {"w:val": f"Heading{level + 1}"}),
        element("w:suff", {"w:val": "space"}),
        element("w:lvlText", {"w:val": f"{pattern} "}),
        element("w:lvlJc", {"w:val": "left"}),
        element("w:pPr", None, element("w:ind", {"w:left": "0", "w:firstLine": "0"})),
    )


def _link(style: Any, number: str, level: int) -> None:
    properties = style.element.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().set(qn("w:val"), str(level))
    properties.get_or_add_numId().set(qn("w:val"), number)


def _modern(word: Any) -> None:
    """Say that the file is for today's Word, which would else open it in compatibility mode."""
    settings = word.settings.element
    mode = {
        "w:name": "compatibilityMode",
        "w:uri": "http://schemas.microsoft.com/office/word",
        "w:val": "15",
    }
    compat = settings.find(qn("w:compat"))
    if compat is None:
        (compat,) = parsed(element("w:compat"))
        settings.find(qn("w:characterSpacingControl")).addnext(compat)
    compat.extend(parsed(element("w:compatSetting", mode)))


def _page_number(word: Any) -> None:
    footer = word.sections[0].footer.paragraphs[0]
    footer.style = word.styles["Footer"]
    footer._p.extend(parsed("".join(field("PAGE", "1", "en"))))  # noqa: SLF001 - python-docx has no fields
