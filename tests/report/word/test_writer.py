"""The Word report: native tables, captions and headings that Word can work with."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from lxml import etree

from loyaltysem.report.compose import compose
from loyaltysem.report.document import Cell, Column, Figure, Heading, Row, Table, numbered, plain
from loyaltysem.report.numbers import Kind
from loyaltysem.report.word import write_word

TABLES = 16
"""Tables of the small study."""


def written(make: Any, picture: Any = None, language: str = "en", **changes: Any) -> bytes:
    results = make.study(**changes)
    pictures = {one.name: make.pictures(picture) for one in results.models} if picture else {}
    return write_word(compose(results, language, pictures=pictures))


def opened(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode("utf-8")


def rule(element: Any, side: str) -> str | None:
    found = element.find(f".//{qn(f'w:{side}')}")
    return None if found is None else found.get(qn("w:sz"))


def fields(content: bytes) -> list[str]:
    return [
        code.strip()
        for code in re.findall(r"<w:instrText[^>]*>([^<]*)<", part(content, "word/document.xml"))
    ]


def test_tables_have_three_lines_and_no_more(make: Any) -> None:
    word = opened(written(make))
    assert len(word.tables) == TABLES
    for table in word.tables:
        borders = table._tbl.tblPr.find(qn("w:tblBorders"))
        assert [child.tag for child in borders] == [qn("w:top"), qn("w:bottom")]
        assert (rule(borders, "top"), rule(borders, "bottom")) == ("12", "12")
        head, *body = table.rows
        cells = [cell.tcPr.find(qn("w:tcBorders")) for cell in head._tr.tc_lst]
        assert {rule(cell, "bottom") for cell in cells} == {"6"}
        assert not [row for row in body if row._tr.findall(f".//{qn('w:tcBorders')}")]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_apa_tables_have_even_rules_and_a_title_in_italics_below_the_number(
    make: Any, language: str
) -> None:
    document = replace(compose(make.study(), language), tables="apa")
    word = opened(write_word(document))
    for table in word.tables:
        borders = table._tbl.tblPr.find(qn("w:tblBorders"))
        assert (rule(borders, "top"), rule(borders, "bottom")) == ("6", "6")
    captions = [one for one in word.paragraphs if one.style.name == "Caption"]
    assert len(captions) == TABLES
    for caption in captions:
        assert caption.text.count("\n") == 1
        assert caption.runs[-1].italic
    assert word.styles["Caption"].paragraph_format.alignment == WD_ALIGN_PARAGRAPH.LEFT


def test_heading_rows_repeat_and_no_row_is_split(make: Any) -> None:
    for table in opened(written(make)).tables:
        first, *rest = table._tbl.tr_lst
        assert first.trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:tblHeader")) is None for row in rest)
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in (first, *rest))


def test_tables_fit_between_the_margins(make: Any) -> None:
    word = opened(written(make))
    section = word.sections[0]
    room = (section.page_width - section.left_margin - section.right_margin) / 635
    for table in word.tables:
        widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
        assert min(widths) > 300
        assert sum(widths) <= room


@pytest.mark.parametrize(("language", "label"), [("en", "Table"), ("zh", "表")])
def test_captions_count_by_themselves(make: Any, picture: Any, language: str, label: str) -> None:
    content = written(make, picture, language)
    found = fields(content)
    assert found.count(f"SEQ {label} \\* ARABIC") == TABLES
    captions = [p.text for p in opened(content).paragraphs if p.style.name == "Caption"]
    assert [caption.split("  ")[0] for caption in captions] == [
        f"{label} {k}" for k in range(1, TABLES + 1)
    ]


def test_mentions_are_cross_references_to_captions(make: Any, picture: Any) -> None:
    content = written(make, picture)
    body = part(content, "word/document.xml")
    places = re.findall(r'<w:bookmarkStart w:id="(\d+)" w:name="([^"]+)"', body)
    ends = re.findall(r'<w:bookmarkEnd w:id="(\d+)"', body)
    names = [name for _, name in places]
    assert len(set(names)) == len(names)
    assert len([name for name in names if name.startswith("_Ref_table")]) == TABLES
    assert sorted(number for number, _ in places) == sorted(ends)
    mentioned = [code.split()[1] for code in fields(content) if code.startswith("REF")]
    assert mentioned
    assert set(mentioned) <= set(names)
    assert all(len(name) <= 40 for name in names)


def test_headings_are_words_own_and_numbered_by_it(make: Any) -> None:
    results = make.study()
    document = compose(results, "en")
    word = opened(write_word(document))
    headings = [block for block in document.blocks if isinstance(block, Heading)]
    styled = [p for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert [p.style.name for p in styled] == [f"Heading {one.level}" for one in headings]
    assert not re.match(r"\d", styled[0].text)
    numbers = [word.styles[name].element.pPr.numPr.numId.val for name in ("Heading 1", "Heading 2")]
    assert numbers[0] == numbers[1]
    numbering = word.part.numbering_part.element
    (used,) = [one for one in numbering.num_lst if one.numId == numbers[0]]
    (outline,) = numbering.xpath(f'w:abstractNum[@w:abstractNumId="{used.abstractNumId.val}"]')
    patterns = [one.get(qn("w:val")) for one in outline.iter(qn("w:lvlText"))]
    assert patterns == ["%1 ", "%1.%2 ", "%1.%2.%3 "]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_faces_are_set_for_both_scripts_and_themes_do_not_overrule(
    make: Any, language: str
) -> None:
    content = written(make, language=language)
    styles = part(content, "word/styles.xml")
    assert "Theme=" not in styles
    word = opened(content)
    for name, face in (("Normal", "SimSun"), ("Heading 1", "SimHei"), ("Caption", "SimHei")):
        fonts = word.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:ascii")) == "Times New Roman"
        assert fonts.get(qn("w:eastAsia")) == face


def test_chinese_text_asks_for_chinese_type(make: Any) -> None:
    body = etree.fromstring(part(written(make, language="zh"), "word/document.xml").encode())
    runs = list(body.iter(qn("w:r")))
    for run in runs:
        text = "".join(node.text or "" for node in run.findall(qn("w:t")))
        fonts = run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        hinted = fonts is not None and fonts.get(qn("w:hint")) == "eastAsia"
        if re.search("[\u4e00-\u9fff，。；：（）]", text):
            assert hinted, text
        elif re.fullmatch(r"[\x20-\x7e\u00a0−α-ω]+", text):
            assert not hinted, text
    assert any("“" in (node.text or "") for run in runs for node in run.findall(qn("w:t")))


def test_pictures_have_words_for_those_who_cannot_see_them(make: Any, picture: Any) -> None:
    word = opened(written(make, picture))
    names = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert len(names) == 3
    assert all(names)
    assert sum("Small model" in name for name in names) == 2


def test_pictures_are_there_as_vectors_too(make: Any, picture: Any) -> None:
    content = written(make, picture)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        vectors = [name for name in package.namelist() if name.endswith(".svg")]
        drawn = [package.read(name).decode() for name in vectors]
    assert len(drawn) == 3
    assert drawn.count(picture.svg) == 2
    assert "image/svg+xml" in part(content, "[Content_Types].xml")
    assert part(content, "word/document.xml").count("svgBlip") == 3


def test_equal_results_give_equal_bytes_without_dates_or_names(make: Any, picture: Any) -> None:
    content = written(make, picture)
    assert content == written(make, picture)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = part(content, "docProps/core.xml")
    assert "dcterms:" not in core.replace("xmlns:dcterms", "")
    assert "python-docx" not in core


@pytest.mark.parametrize(
    "hostile",
    ["\x00\x08\x1b", "\ufffe", "\u202e", "]]>", "<w:p/>", "&amp;", "x" * 3000, "a\tb\nc"],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_text_of_the_study_breaks_the_file(make: Any, hostile: str, language: str) -> None:
    text = {"en": f"kept {hostile}", "zh": f"保留{hostile}"}
    model = make.model(
        title=text,
        syntax=hostile,
        names={"trust": text, "loyalty": text},
        notices=(make.notice(code="x", text=hostile),),
        hypotheses=(make.hypothesis(id=hostile, wording=text),),
    )
    study = make.study().study.model_copy(update={"title": text, "description": text})
    content = written(make, language=language, study=study, models=(model,))
    words = "\n".join(p.text for p in opened(content).paragraphs)
    assert text[language].split(hostile)[0].strip() in words
    assert len(opened(content).tables) == TABLES


def test_every_part_follows_the_order_of_the_schema_in_runs(make: Any) -> None:
    order = [qn(f"w:{name}") for name in ("rStyle", "rFonts", "b", "i", "vertAlign")]
    body = etree.fromstring(part(written(make, language="zh"), "word/document.xml").encode())
    for properties in body.iter(qn("w:rPr")):
        tags = [child.tag for child in properties]
        assert tags == sorted(tags, key=order.index)


def test_tables_say_what_the_document_says(make: Any) -> None:
    document = compose(make.study(), "en")
    tables = [block for block in document.blocks if isinstance(block, Table)]
    for table, word in zip(tables, opened(write_word(document)).tables, strict=True):
        assert len(word.rows) == len(table.rows) + 1
        assert len(word.columns) == len(table.columns)


@pytest.mark.parametrize(("language", "label"), [("en", "Table"), ("zh", "表")])
def test_contents_and_lists_are_fields_with_entries_that_lead_somewhere(
    make: Any, picture: Any, language: str, label: str
) -> None:
    content = written(make, picture, language)
    listings = [code for code in fields(content) if code.startswith("TOC")]
    assert listings[:2] == ['TOC \\o "1-2" \\h \\z \\u', f'TOC \\h \\z \\c "{label}"']
    assert len(listings) == 3
    body = part(content, "word/document.xml")
    marks = [len(re.findall(f'fldCharType="{kind}"', body)) for kind in ("begin", "end")]
    assert marks[0] == marks[1]
    anchors = set(re.findall(r'<w:hyperlink w:anchor="([^"]+)"', body))
    assert len(anchors) > TABLES
    assert anchors <= set(re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]+)"', body))
    assert "updateFields" not in part(content, "word/settings.xml")


def test_headings_of_every_level_are_black_and_numbered(make: Any) -> None:
    styles = opened(written(make)).styles
    for level in (1, 2, 3):
        style = styles[f"Heading {level}"]
        assert str(style.font.color.rgb) == "000000"
        assert style.element.pPr.numPr.ilvl.val == level - 1


def test_pictures_have_ids_of_their_own(make: Any) -> None:
    document = compose(make.study(), "en")
    one = next(block for block in document.blocks if isinstance(block, Figure))
    twice = replace(document, blocks=numbered([one, replace(one, key="figure_again")]))
    ids = re.findall(r'<wp:docPr id="(\d+)"', part(write_word(twice), "word/document.xml"))
    assert ids == ["1", "2"]


def test_the_ends_of_a_long_table_stay_together_and_with_caption_and_note(make: Any) -> None:
    table = Table(
        key="long",
        caption=plain("Long"),
        columns=(Column(title=plain("Item"), align="text"),),
        rows=tuple(Row(cells=(Cell(value=f"t{k}"),)) for k in range(30)),
        notes=(plain("A note."),),
    )
    document = replace(compose(make.study(), "en"), blocks=(table,))
    (written_table,) = opened(write_word(document)).tables
    kept = [row._tr.find(f".//{qn('w:keepNext')}") is not None for row in written_table.rows]
    assert kept == [True] * 4 + [False] * 24 + [True] * 3


def test_words_keep_apart_from_the_numbers_before_them(make: Any) -> None:
    columns = (Column(title=plain("n")), Column(title=plain("Verdict"), align="text"))
    row = Row(cells=(Cell(value=1.0, kind=Kind.COUNT), Cell(value="met")))
    table = Table(key="t", caption=plain("t"), columns=columns, rows=(row,))
    document = replace(compose(make.study(), "en"), blocks=(table,))
    (written_table,) = opened(write_word(document)).tables
    margins = [len(cell._tc.findall(f".//{qn('w:tcMar')}")) for cell in written_table.rows[1].cells]
    assert margins == [0, 1]


def test_chinese_notes_follow_each_other_without_a_blank(make: Any) -> None:
    notes = (plain("甲。"), plain("乙。"))
    columns = (Column(title=plain("n")),)
    row = Row(cells=(Cell(value=1.0, kind=Kind.COUNT),))
    table = Table(key="t", caption=plain("t"), columns=columns, rows=(row,), notes=notes)
    document = replace(compose(make.study(), "zh"), blocks=(table,))
    texts = [one.text for one in opened(write_word(document)).paragraphs]
    assert "注：甲。乙。" in texts
