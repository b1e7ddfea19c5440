"""Wide pictures have pages of their own that lie on their side, in every format that has pages."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from loyaltysem.report.document import Document, Figure, Heading, Paragraph, numbered, plain
from loyaltysem.report.html import write_html
from loyaltysem.report.latex import write_latex
from loyaltysem.report.pdf import write_pages
from loyaltysem.report.plates import plate
from loyaltysem.report.word import write_word

if TYPE_CHECKING:
    from loyaltysem.report.context import Picture

LABELS = {"table": "Table", "figure": "Figure", "note": "Note", "contents": "Contents"}
LABELS |= {"to_top": "Top", "heading": "Section"}
WIDE, TALL, SMALL = (840, 300), (400, 1000), (300, 100)


def figure(picture: Picture, key: str, size: tuple[float, float], **more: Any) -> Figure:
    width, height = size
    svg = f'<svg width="{width}pt" height="{height}pt" xmlns="http://www.w3.org/2000/svg"></svg>'
    return Figure(key=key, caption=plain(key), alt=key, svg=svg, png=picture.png, **more)


@pytest.fixture
def report(picture: Picture) -> Any:
    """Return a maker of a document that holds pictures of these sizes between two paragraphs."""

    def made(*sizes: tuple[float, float], **more: Any) -> Document:
        pictures = [figure(picture, f"f{rank}", size, **more) for rank, size in enumerate(sizes)]
        head = Heading(key="h", level=1, text=plain("Heading"))
        before, after = (Paragraph(text=plain(text)) for text in ("Before", "After"))
        return Document(
            language="en",
            title="t",
            subtitle=plain("s"),
            colophon=plain("c"),
            blocks=numbered([head, before, *pictures, after]),
            labels=LABELS,
        )

    return made


def test_sizes_in_print(picture: Picture) -> None:
    wide, tall, small = (plate(figure(picture, "f", size)) for size in (WIDE, TALL, SMALL))
    assert (wide.turned, round(wide.width), round(wide.height)) == (True, 700, 250)
    assert (tall.turned, round(tall.height)) == (False, 609)
    assert (small.turned, small.width, small.height) == (False, *SMALL)


@pytest.mark.parametrize("notes", [(), (plain("A note."),)])
def test_word_turns_the_page_of_a_wide_picture(report: Any, notes: Any) -> None:
    word = docx.Document(io.BytesIO(write_word(report(WIDE, notes=notes))))
    upright, turned, last = word.sections
    lies = [one.orientation for one in word.sections]
    assert lies == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    assert (turned.page_width, turned.page_height) == (last.page_height, last.page_width)
    assert {one.left_margin for one in word.sections} == {last.left_margin}
    assert {one.footer._sectPr.find(qn("w:footerReference")) is None for one in word.sections} == {
        False
    }
    assert all(one.footer.paragraphs[0]._p.findall(qn("w:r")) for one in (upright, turned, last))
    ends = [one for one in word.paragraphs if one._p.find(f".//{qn('w:sectPr')}") is not None]
    assert [bool(one.text) for one in ends] == [True, True]
    assert ends[0].text == "Before"


def test_word_leaves_no_empty_page_between_two_wide_pictures(report: Any) -> None:
    word = docx.Document(io.BytesIO(write_word(report(WIDE, WIDE, SMALL))))
    lies = [one.orientation for one in word.sections]
    assert lies.count(WD_ORIENT.LANDSCAPE) == 2
    assert lies.count(WD_ORIENT.PORTRAIT) == 2


def test_pdf_turns_the_page_of_a_wide_picture(report: Any) -> None:
    sizes = [struct.unpack(">II", page[16:24]) for page in write_pages(report(WIDE, TALL), 20)]
    assert [width > height for width, height in sizes] == [False, True, False]


def test_latex_turns_the_page_of_a_wide_picture(report: Any) -> None:
    text = write_latex(report(WIDE, TALL)).decode()
    assert text.count(r"\begin{sidewaysfigure}") == text.count(r"\end{sidewaysfigure}") == 1
    assert text.count(r"\begin{figure}") == text.count(r"\end{figure}") == 1
    assert r"\ifdim700.0bp<\linewidth" in text


def test_html_turns_the_page_in_print_and_keeps_the_size_on_the_screen(report: Any) -> None:
    page = write_html(report(WIDE, SMALL)).decode()
    assert page.count('<figure id="f0" class="turned">') == 1
    assert "--drawn: 840.0pt; --printed: 700.0pt" in page
    assert '<figure id="f1">' in page
    assert "@page turned { size: A4 landscape; }" in page
