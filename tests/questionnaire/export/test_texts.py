"""Qualtrics, Wenjuanxing, SurveyJS, Google Forms, Word and PDF."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess

import docx
import pytest

from loyaltysem.questionnaire.export import export_questionnaire
from loyaltysem.questionnaire.export.platforms.wenjuanxing import option_text


def only(questionnaire, platform, **options) -> bytes:
    (content,) = export_questionnaire(questionnaire, platform, **options).files.values()
    return content


def test_qualtrics_grid(rich):
    text = only(rich, "qualtrics").decode()
    assert text.startswith("[[AdvancedFormat]]\n")
    assert "[[Question:Matrix]]\n[[ID:quality]]\n" in text
    assert "[[Choice:Q3]]\nIt is fine. (Q3)\n" in text
    assert "[[Question:RO]]\n[[ID:rank]]\nRank these.\n" in text
    assert "[[Choice:1]]\nMale\n[[Choice:2]]\nFemale" in text


def test_qualtrics_has_no_tag_or_markup_of_the_wordings(hostile):
    text = only(hostile, "qualtrics").decode()
    tagged = [line for line in text.splitlines() if "[[" in line]
    assert [line for line in tagged if not re.fullmatch(r"\[\[[^\[\]]+\]\]", line)] == []
    assert set(re.findall(r"<[^>]*>", text)) <= {"<br>"}
    assert "[[Block:x]]" not in text


def test_wenjuanxing_grid(loyalty):
    text = only(loyalty, "wenjuanxing", language="zh").decode()
    assert (
        "[矩阵量表题]\n非常不同意 不同意 有点不同意 不确定 有点同意 同意 非常同意\n"
        "我在该平台购买的商品做工精良。（PQ1）\n" in text
    )
    numbers = [int(n) for n in re.findall(r"^(\d+)\. .*\[", text, flags=re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_wenjuanxing_english_points_do_not_split(loyalty):
    text = only(loyalty, "wenjuanxing", language="en").decode()
    points = next(line for line in text.splitlines() if line.startswith("Strongly"))
    assert len(re.split(r"[\x20\t]+", points)) == 7


@pytest.mark.parametrize(
    ("label", "offered"),
    [
        ("18–25岁", "18~25岁"),
        ("18岁以下", "18岁以下"),
        ("3000及以下", "·3000及以下"),
        ("A1 级", "·A1 级"),
        ("男", "男"),
        ("好[单选题]", "好［单选题］"),
    ],
)
def test_wenjuanxing_options_are_no_questions(label, offered):
    assert option_text(label) == offered


def test_wenjuanxing_hostile(hostile):
    text = only(hostile, "wenjuanxing", language="en").decode()
    tags = re.findall(r"\[([^\]]*)\]", text)
    assert {"矩阵量表题", "单选题", "多选题", "排序题", "填空题"} <= set(tags)
    assert all(re.fullmatch(r"[\u4e00-\u9fff]+", tag) for tag in tags)
    assert len(re.findall(r"\[单选题\]$", text, flags=re.MULTILINE)) == 4


def test_surveyjs(rich):
    survey = json.loads(only(rich, "surveyjs"))
    elements = {one["name"]: one for page in survey["pages"] for one in page["elements"]}
    assert [row["value"] for row in elements["quality"]["rows"]] == ["Q1", "Q_2", "A1", "Q3"]
    assert elements["quality"]["rowsOrder"] == "random"
    assert elements["friend"]["visibleIf"] == (
        "({channels} contains 'friends' and ({quality.Q1} notempty and {quality.Q1} >= 3))"
    )
    assert elements["rank"]["type"] == "ranking"
    assert elements["F3"]["type"] == "rating"
    assert survey["title"]["zh-cn"] == "商店，“朋友”"
    assert survey["pages"][2]["visibleIf"] == "({consent} = 'agree' and {bought} = 'yes')"


MOCK = """
const calls = [];
const told = (name) => (...given) => { calls.push([name, given]); return anything; };
const text = (name) => (typeof name === "symbol" ? () => "text" : told(name));
const anything = new Proxy({}, { get: (_, name) => text(name) });
const known = { PageNavigationType: { CONTINUE: 1, SUBMIT: 2 } };
globalThis.FormApp = new Proxy(known, { get: (own, name) => own[name] ?? told(name) });
globalThis.Logger = { log: () => 0 };
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node to run the script")
@pytest.mark.parametrize("which", ["rich", "hostile"])
def test_google_script_runs_and_sets_wordings_as_text(which, request, tmp_path):
    questionnaire = request.getfixturevalue(which)
    script = tmp_path / "form.js"
    source = only(questionnaire, "googleforms").decode()
    script.write_text(
        f"{MOCK}{source}\ncreateForm();\nconsole.log(JSON.stringify(calls));\n", "utf-8"
    )
    done = subprocess.run(
        ["node", str(script)], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    calls = json.loads(done.stdout)
    titles = [given[0] for name, given in calls if name == "setTitle"]
    rows = [row for name, given in calls if name == "setRows" for row in given[0]]
    for code in questionnaire.item_codes:
        assert any(text.endswith((f"({code})", f"（{code}）")) for text in (*titles, *rows)), code
    kinds = {name for name, _ in calls if name.startswith("add")}
    assert {"addGridItem", "addCheckboxItem", "addDateItem", "addScaleItem"} <= kinds


def test_word_prints_every_question(hostile, rich):
    document = docx.Document(io.BytesIO(only(rich, "word", language="zh")))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    assert "2. 经久耐用。" in cells
    assert "☐ 男" in paragraphs
    assert any(text.startswith("仅当") for text in paragraphs)
    assert docx.Document(io.BytesIO(only(hostile, "word"))).tables


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pdf_of_hostile_wordings(hostile, language):
    assert only(hostile, "pdf", language=language).startswith(b"%PDF-")
