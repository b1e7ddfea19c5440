"""The formats beside HTML and Word: same content, nothing live that a study's texts bring along."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import typst

from loyaltysem.errors import ReportError
from loyaltysem.report import pdf, typesetter
from loyaltysem.report.compose import compose
from loyaltysem.report.document import Cell, Document, Row, Table, cell_texts
from loyaltysem.report.excel import number_format, sheet_name, write_excel
from loyaltysem.report.html import write_html
from loyaltysem.report.latex import escaped as latex_escaped
from loyaltysem.report.latex import write_latex
from loyaltysem.report.markdown import escaped as markdown_escaped
from loyaltysem.report.markdown import write_markdown
from loyaltysem.report.numbers import APA, NBSP, Kind, number_style, written
from loyaltysem.report.pdf import write_pdf
from loyaltysem.report.render import WRITERS, render_document

if TYPE_CHECKING:
    from pathlib import Path

PAYLOADS = (
    '=HYPERLINK("http://x","y")',
    "+1+cmd|'/c calc'!A0",
    "@SUM(1)",
    r"\input{/etc/passwd}\end{document}",
    "$x^2$ % & _ # ~ {} \\",
    '#read("secret") *b* `r 1+1` @cite',
    "{{< include secret.qmd >}} ```{r} stop() ```",
    "<script>alert(1)</script> [x](javascript:alert(1)) | a | b |",
    "--- ''' [1] * \\\\ \"",
)


def poisoned(make: Any, payload: str) -> Document:
    """Return the report of a study whose texts hold a payload."""
    study = make.study()
    text = {"en": payload, "zh": payload}
    construct = study.questionnaire.constructs[0]
    item = construct.items[0].model_copy(update={"wording": text, "source": payload})
    construct = construct.model_copy(update={"name": text, "source": payload, "items": (item,)})
    asked = study.questionnaire.model_copy(update={"constructs": (construct,), "title": text})
    question = study.sample.demographics[0]
    category = question.categories[0].model_copy(update={"label": text})
    question = question.model_copy(update={"name": text, "categories": (category,)})
    sample = study.sample.model_copy(update={"demographics": (question,)})
    model = make.model(
        title=text,
        source=payload,
        syntax=payload,
        names={"trust": text, "loyalty": text},
        parameters=(make.parameter("trust", "=~", "t1", 0.2, label=payload, std_all=0.2),),
        hypotheses=(make.hypothesis(id=payload, wording=text),),
    )
    results = make.study(
        study=study.study.model_copy(update={"title": text, "description": text}),
        questionnaire=asked,
        sample=sample,
        models=(model,),
    )
    return compose(results, "en")


@pytest.mark.parametrize("name", list(WRITERS))
def test_equal_documents_give_equal_bytes(make: Any, picture: Any, name: str) -> None:
    pictures = {"small": make.pictures(picture)}
    document = compose(make.study(), "zh", pictures=pictures)
    _, write = WRITERS[name]
    assert write(document, None) == write(document, None)


# --- Excel -------------------------------------------------------------------------------------


def book_of(document: Document) -> Any:
    return openpyxl.load_workbook(io.BytesIO(write_excel(document)))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_workbook_holds_no_formula(make: Any, payload: str) -> None:
    book = book_of(poisoned(make, payload))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert payload in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type in {"f", "e"}]
    assert all(cell.hyperlink is None or not cell.hyperlink.target for cell in cells)


def test_a_workbook_has_a_sheet_for_every_table(make: Any) -> None:
    document = compose(make.study(), "en")
    tables = [block for block in document.blocks if isinstance(block, Table)]
    book = book_of(document)
    assert book.sheetnames == ["Contents", *(f"Table {table.number}" for table in tables)]


def test_a_workbook_holds_unrounded_numbers(make: Any) -> None:
    results = make.loyalty()
    document = compose(results, "en")
    book = book_of(document)
    (table,) = [one for one in document.blocks if getattr(one, "key", "") == "table_parameters_1"]
    sheet = book[document.label(table.key)]
    stored = results.models[0].parameters[1]
    values = [cell.value for row in sheet.iter_rows() for cell in row]
    assert stored.est in values
    assert stored.ci_lower in values


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (Kind.COUNT, 1234, '#,##0;"−"#,##0'),
        (Kind.BOUNDED, 0.5, '.000;"−".000'),
        (Kind.ESTIMATE, 0.5, '#,##0.000;"−"#,##0.000'),
        (Kind.PERCENT, 0.421, '0.0%;"−"0.0%'),
        (Kind.PVALUE, 0.02, '[<0.001]"< .001";[>0.999]"> .999";.000'),
    ],
)
def test_numbers_look_as_in_the_report(kind: Kind, value: float, expected: str) -> None:
    assert number_format(kind, written(value, kind), APA) == expected


def test_stars_stand_in_the_format_so_that_the_number_stays_one() -> None:
    assert number_format(Kind.BOUNDED, ".500", APA, after="**") == '.000"**";"−".000"**"'


@pytest.mark.parametrize(
    ("label", "name"),
    [("Table 1", "Table 1"), ("a/b:c*?[d]", "abcd"), ("", "_"), ("x" * 40, "x" * 28)],
)
def test_names_of_sheets_are_valid(label: str, name: str) -> None:
    assert sheet_name(label, set()) == name
    assert sheet_name(label, {name.casefold()}) == f"{name}+"


def test_a_workbook_has_room_for_its_numbers_and_notes(make: Any) -> None:
    document = compose(make.loyalty(), "en")
    book = book_of(document)
    for table in (block for block in document.blocks if isinstance(block, Table)):
        sheet = book[document.label(table.key)]
        widths = [one.width for one in sheet.column_dimensions.values()]
        for row in cell_texts(table):
            for text in row:
                if re.fullmatch(r"−?[\d,]*\.?\d+\**", text):
                    assert max(widths) >= len(text) + 1
        merged = {str(area) for area in sheet.merged_cells.ranges}
        assert len(widths) == 1 or any(area.startswith("A1:") for area in merged)
        noted = [cell for (cell,) in sheet.iter_rows(min_col=1, max_col=1) if cell.value]
        assert not table.notes or noted[-1].alignment.wrap_text


def test_a_workbook_says_nothing_of_the_present(make: Any) -> None:
    package = zipfile.ZipFile(io.BytesIO(write_excel(compose(make.study(), "en"))))
    assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert "1980-01-01" in package.read("docProps/core.xml").decode()


# --- LaTeX -------------------------------------------------------------------------------------

COMMAND = re.compile(r"\\(?:[A-Za-z@]+|.)")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_becomes_no_command(payload: str) -> None:
    written_text = latex_escaped(payload)
    harmless = {
        *(r"\textbackslash", r"\{", r"\}", r"\$", r"\&", r"\#", r"\textasciicircum", r"\_"),
        *(r"\allowbreak", r"\textasciitilde", r"\%", r"\textasciigrave", r"\textless"),
        *(r"\textgreater", r"\textquotedbl", r"\textbar"),
    }
    assert set(COMMAND.findall(written_text)) <= harmless
    assert not re.search(r"(?<!\\)[$&#^~%]", written_text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cronbach’s α", r"Cronbach{'}s $\alpha$"),
        ("items’ means", "items{'} means"),
        ("‘忠诚’", "‘忠诚’"),
    ],
)
def test_an_apostrophe_is_no_chinese_quotation_mark(text: str, expected: str) -> None:
    assert latex_escaped(text) == expected


def test_a_word_that_no_line_holds_is_broken() -> None:
    pieces = latex_escaped("x" * 300).split(r"\allowbreak{}")
    assert "".join(pieces) == "x" * 300
    assert max(map(len, pieces)) <= 60
    assert r"\allowbreak" not in latex_escaped("10.1037/0021" * 3)


def test_two_runs_number_the_pages_of_the_contents(make: Any) -> None:
    text = write_latex(compose(make.study(), "en")).decode()
    front, _, body = text.partition(r"\clearpage\pagenumbering{arabic}")
    assert r"\pagenumbering{roman}" in front
    assert r"\tableofcontents" in front
    assert r"\section" in body


def test_tables_do_not_begin_a_row_with_an_argument(make: Any) -> None:
    text = write_latex(compose(make.study(), "en")).decode()
    assert not re.search(r"\\\\\*?\s*\n\s*\[", text)
    assert text.count(r"\begin{longtable}") == text.count(r"\bottomrule")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("xelatex") is None, reason="xelatex is not installed")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_compiles(make: Any, tmp_path: Path, language: str) -> None:
    document = poisoned(make, " ".join(PAYLOADS))
    if language == "zh":
        document = compose(make.study(), "zh")
    for name, content in render_document(document, ["latex"]).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    run = subprocess.run(
        [
            "xelatex",
            "-interaction=nonstopmode",
            "-halt-on-error",
            f"report.{document.language}.tex",
        ],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout.decode(errors="replace")[-2000:]


# --- Markdown ----------------------------------------------------------------------------------


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_becomes_no_markdown(payload: str) -> None:
    assert not re.search(r"[\\`*_{}\[\]<>$^~|@!\"]", markdown_escaped(payload))


@pytest.mark.parametrize("dialect", ["md", "qmd"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_every_table_keeps_its_columns(make: Any, payload: str, dialect: Any) -> None:
    document = poisoned(make, payload)
    text = write_markdown(document, dialect).decode()
    blocks = re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE)
    tables = [block for block in document.blocks if isinstance(block, Table)]
    assert len(blocks) >= len(tables)
    widths = [{line.count("|") for line in block.splitlines()} for block in blocks]
    assert all(len(width) == 1 for width in widths)


def test_quarto_runs_nothing(make: Any) -> None:
    text = write_markdown(poisoned(make, PAYLOADS[6]), "qmd").decode()
    assert "\nengine: markdown\n" in text
    fences = re.findall(r"^```+(.*)$", text, re.MULTILINE)
    assert {fence for fence in fences if fence} <= {'{.text shortcodes="false"}'}
    outside = re.sub(r"^(```+).*?^\1", "", text, flags=re.DOTALL | re.MULTILINE)
    assert "{{<" not in outside


def test_quarto_mentions_what_it_defines(make: Any, picture: Any) -> None:
    pictures = {"small": make.pictures(picture)}
    text = write_markdown(compose(make.study(), "en", pictures=pictures), "qmd").decode()
    mentioned = set(re.findall(r"@((?:tbl|fig|sec)-[\w-]+)", text))
    defined = set(re.findall(r"\{#((?:tbl|fig|sec)-[\w-]+)", text))
    assert mentioned
    assert mentioned <= defined


def test_quarto_finds_mentions_among_chinese_letters(make: Any) -> None:
    text = write_markdown(compose(make.study(), "zh"), "qmd").decode()
    assert re.search(r"[\u4e00-\u9fff]\[@tbl-[\w-]+\]", text)
    assert not re.search(r"\w@(?:tbl|fig|sec)-", text)


@pytest.mark.parametrize("study", ["study", "ecsi"])
def test_markdown_prints_the_cells_of_the_report(make: Any, study: str) -> None:
    document = compose(getattr(make, study)(), "en")
    text = write_markdown(document).decode()
    for block in document.blocks:
        if isinstance(block, Table) and not block.key.startswith("table_provenance"):
            numbers = [
                cell for row in cell_texts(block) for cell in row if re.match("[−.\\d]", cell)
            ]
            for number in numbers:
                assert markdown_escaped(number) in text


# --- PDF ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_reaches_typst_as_data(make: Any, payload: str) -> None:
    document = poisoned(make, payload)
    assert payload in json.dumps(pdf._document(document), ensure_ascii=False).replace(
        "\\\\", "\\"
    ).replace('\\"', '"')
    assert write_pdf(document).startswith(b"%PDF-")


def test_the_ends_of_a_long_table_stay_together_in_pdf() -> None:
    row, head = Row(cells=(Cell(value="a"),)), Row(cells=(Cell(value="A"),), group=True)
    assert pdf._held([row] * 4) == [1] * 4
    assert pdf._held([row] * 20) == [3, 0, 0, *[1] * 14, 3, 0, 0]
    assert pdf._held([head, *[row] * 19]) == [1, 3, 0, 0, *[1] * 13, 3, 0, 0]
    assert pdf._held([*[row] * 19, head]) == [3, 0, 0, *[1] * 17]


def test_where_typst_fails_to_tag_the_pdf_goes_without(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = typesetter._compile

    def faulty(*where: Any, tagged: bool = True) -> Any:
        if tagged:
            raise typst.TypstError("internal error: tags weren't properly closed")
        return made(*where, tagged=tagged)

    monkeypatch.setattr(typesetter, "_compile", faulty)
    assert write_pdf(compose(make.study(), "en")).startswith(b"%PDF-")


def set_text(cell: Any) -> str:
    """Return what a cell of the PDF says, which is text, or a line and stars."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    line = cell["line"]
    text = line if isinstance(line, str) else "".join(run["text"] for run in line)
    return text + cell["stars"]


def test_the_pdf_holds_the_cells_of_the_report(make: Any) -> None:
    document = compose(make.ecsi(), "en")
    data = pdf._document(document)
    tables = [block for block in document.blocks if isinstance(block, Table)]
    set_tables = [block for block in data["blocks"] if block["kind"] == "table"]
    for table, made in zip(tables, set_tables, strict=True):
        texts = [[set_text(cell) for cell in row["cells"]] for row in made["rows"]]
        if table.key != "table_checklist":
            assert texts == cell_texts(table)


@pytest.mark.parametrize(
    "line", ['#import "@preview/x:1.0.0"', '#eval("1")', '#include "x.typ"', '#plugin("x.wasm")']
)
def test_an_own_template_loads_and_runs_nothing_else(make: Any, tmp_path: Path, line: str) -> None:
    own = tmp_path / "reports" / "templates"
    own.mkdir(parents=True)
    (own / "report.typ").write_text(line, encoding="utf-8")
    with pytest.raises(ReportError, match="may not load or run"):
        write_pdf(compose(make.study(), "en"), tmp_path)


def test_an_own_template_cannot_read_other_files(make: Any, tmp_path: Path) -> None:
    own = tmp_path / "reports" / "templates"
    own.mkdir(parents=True)
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    (own / "report.typ").write_text(f'#read("{secret}")', encoding="utf-8")
    with pytest.raises(ReportError, match="faulty"):
        write_pdf(compose(make.study(), "en"), tmp_path)


def test_own_templates_take_the_place_of_the_shipped_ones(make: Any, tmp_path: Path) -> None:
    own = tmp_path / "reports" / "templates"
    own.mkdir(parents=True)
    (own / "report.tex").write_text("<<title>>", encoding="utf-8")
    (own / "report.typ").write_text('#json("document.json").title', encoding="utf-8")
    document = compose(make.study(), "en")
    assert write_latex(document, tmp_path) == b"A small study"
    assert len(write_pdf(document, tmp_path)) < len(write_pdf(document))


def test_a_faulty_template_is_said_to_be_one(make: Any, tmp_path: Path) -> None:
    own = tmp_path / "reports" / "templates"
    own.mkdir(parents=True)
    (own / "report.tex").write_text("<< nothing >>", encoding="utf-8")
    with pytest.raises(ReportError, match=r"report\.tex is faulty"):
        write_latex(compose(make.study(), "en"), tmp_path)


def test_a_template_that_is_no_text_is_said_to_be_none(make: Any, tmp_path: Path) -> None:
    own = tmp_path / "reports" / "templates"
    own.mkdir(parents=True)
    (own / "report.tex").write_bytes(b"\xff\xfe")
    with pytest.raises(ReportError, match="not UTF-8"):
        write_latex(compose(make.study(), "en"), tmp_path)


@pytest.mark.parametrize(("name", "write"), [("tex", write_latex), ("html", write_html)])
def test_a_broken_template_is_told_with_its_line(
    make: Any, tmp_path: Path, name: str, write: Any
) -> None:
    own = tmp_path / "reports" / "templates"
    own.mkdir(parents=True)
    broken = {"tex": "\n\n<% nothing %>", "html": "\n\n{% nothing %}"}
    (own / f"report.{name}").write_text(broken[name], encoding="utf-8")
    with pytest.raises(ReportError, match=rf"report\.{name} \(line 3\) is faulty"):
        write(compose(make.study(), "en"), tmp_path)


# --- style -------------------------------------------------------------------------------------


def test_a_study_chooses_digits_stars_and_tables(make: Any) -> None:
    study = make.study().study
    style = study.style.model_copy(
        update={"tables": "apa", "digits": {"estimate": 2}, "leading_zero": True, "stars": (0.1,)}
    )
    document = compose(make.study(study=study.model_copy(update={"style": style})), "en")
    assert document.tables == "apa"
    assert written(0.1234, Kind.ESTIMATE, document.style) == "0.12"
    assert written(0.1234, Kind.BOUNDED, document.style) == "0.123"
    (table,) = [one for one in document.blocks if getattr(one, "key", "") == "table_paths_1"]
    notes = "".join(part.text for note in table.notes for part in note)
    assert f"*{NBSP}p{NBSP}<{NBSP}0.10" in notes
    assert "**" not in notes


def test_no_stars_leave_no_note(make: Any) -> None:
    study = make.study().study
    style = study.style.model_copy(update={"stars": ()})
    document = compose(make.study(study=study.model_copy(update={"style": style})), "en")
    tables = [block for block in document.blocks if isinstance(block, Table)]
    texts = [part.text for table in tables for note in table.notes for part in note]
    assert not [text for text in texts if "*" in text]
    assert not [
        cell
        for table in tables
        for row in table.rows
        for cell in row.cells
        if cell.stars(document.style)
    ]


def test_stars_count_from_the_largest_level() -> None:
    style = number_style({}, (0.05, 0.01))
    assert style.stars == ((0.01, "**"), (0.05, "*"))
