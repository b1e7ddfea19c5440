"""XLSForm, LimeSurvey, codebooks and SPSS."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pyreadstat
import pytest
from pyxform.xls2xform import convert

from loyaltysem.errors import QuestionnaireError
from loyaltysem.questionnaire import read_questionnaire
from loyaltysem.questionnaire.export import export_questionnaire


def only(questionnaire, platform, **options) -> bytes:
    (content,) = export_questionnaire(questionnaire, platform, **options).files.values()
    return content


def csv_rows(content: bytes, **style) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), **style))


@pytest.mark.parametrize("which", ["rich", "loyalty", "hostile"])
def test_xlsform_is_accepted_by_pyxform(which, request, tmp_path):
    path = tmp_path / "form.xlsx"
    path.write_bytes(only(request.getfixturevalue(which), "xlsform"))
    result = convert(path)
    assert "<h:title>" in result.xform
    assert result.warnings == []


def test_xlsform_rows(rich):
    book = openpyxl.load_workbook(io.BytesIO(only(rich, "xlsform", language="zh")))
    heading, *rows = book["survey"].values
    by_name = {row[heading.index("name")]: dict(zip(heading, row, strict=True)) for row in rows}
    assert by_name["Q1"]["type"] == "select_one scale_1"
    assert by_name["F4"]["parameters"] == "start=0 end=100 step=5"
    assert by_name["friend"]["relevant"].startswith("(selected(${channels}, 'friends') and ")
    assert by_name["years"]["constraint"] == ". >= 0 and . <= 99"
    assert by_name["Q1"]["label::中文 (zh)"] == "经久耐用。"
    assert {row[heading.index("label::English (en)")] for row in rows} >= {"It is\nfine."}


def test_a_count_is_a_whole_number_everywhere(rich, tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(only(rich, "xlsform")))
    heading, *rows = book["survey"].values
    (count,) = [dict(zip(heading, row, strict=True)) for row in rows if "U1" in row]
    assert (count["type"], count["constraint"]) == ("integer", ". >= 0 and . <= 60")
    rows = csv_rows(only(rich, "limesurvey"), delimiter="\t")
    count = next(row for row in rows if row["class"] == "Q" and row["name"] == "U1")
    assert (count["type/scale"], count["num_value_int_only"]) == ("N", "1")
    years = next(row for row in rows if row["class"] == "Q" and row["name"] == "years")
    assert years["num_value_int_only"] == ""
    heads = {row["variable"]: row for row in csv_rows(only(rich, "codebook-csv"))}
    assert (heads["U1"]["type"], heads["years"]["type"]) == ("integer", "number")
    path = tmp_path / "labels.sav"
    path.write_bytes(only(rich, "sav"))
    _, meta = pyreadstat.read_sav(str(path))
    assert meta.variable_measure["U1"] == "scale"
    (count,) = [
        element
        for page in json.loads(only(rich, "surveyjs"))["pages"]
        for element in page["elements"]
        if element["name"] == "U1"
    ]
    assert (count["min"], count["max"], count["step"]) == (0, 60, 1)


def test_xlsform_has_no_formula(hostile):
    book = openpyxl.load_workbook(io.BytesIO(only(hostile, "xlsform")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert any(str(cell.value).startswith("=cmd") for cell in cells)


def test_limesurvey_rows_are_the_same_in_each_language(hostile):
    rows = csv_rows(only(hostile, "limesurvey"), delimiter="\t")
    shape = {
        language: [
            (row["class"], row["type/scale"], row["id"])
            + (() if row["class"] == "G" else (row["name"],))
            for row in rows
            if row["language"] == language and row["class"] != "SL"
        ]
        for language in ("en", "zh-Hans")
    }
    assert len(shape["en"]) > 80
    assert shape["en"] == shape["zh-Hans"]
    assert not any(set("<{") & set(row["text"].replace("<br />", "")) for row in rows if row["id"])


def test_limesurvey_names_rows_of_grids_in_conditions(rich):
    rows = csv_rows(only(rich, "limesurvey"), delimiter="\t")
    relevance = {row["name"]: row["relevance"] for row in rows if row["class"] == "Q"}
    assert relevance["friend"] == (
        '(channels_1.NAOK == "Y" and (!is_empty(quality_Q1.NAOK) and quality_Q1.NAOK >= 3))'
    )
    ends = next(row for row in rows if row["class"] == "SQ" and row["name"] == "F4")
    assert ends["text"] == "|Cold|Hot"
    slider = next(row for row in rows if row["class"] == "Q" and row["name"] == "F4")
    assert (slider["slider_min"], slider["slider_max"], slider["slider_accuracy"]) == (
        "0",
        "100",
        "5",
    )


def test_limesurvey_refuses_codes_that_become_equal(written, text):
    questionnaire = read_questionnaire(written(text.replace("code: P1", "code: Q_1")))
    with pytest.raises(QuestionnaireError, match="cannot tell 'Q_1' from 'Q1'"):
        export_questionnaire(questionnaire, "limesurvey")


def test_codebook_has_a_row_for_each_column_and_value(rich):
    rows = csv_rows(only(rich, "codebook-csv", language="zh"))
    heads = {row["variable"]: row for row in rows if row["question"]}
    assert heads["Q_2"]["reverse"] == "yes"
    assert heads["Q1"]["source"] == "Garvin (1987)"
    assert heads["channels_web"]["label_zh"] == "您通过哪些渠道了解我们？ – 网络"
    assert "“Friends” is chosen" in heads["friend"]["asked_if_en"]
    values = {row["value"]: row["value_label_en"] for row in rows if row["variable"] == "F1"}
    assert values["-3"] == "cold"
    assert values["3"] == "warm"


def test_codebook_has_no_formula(hostile):
    content = only(hostile, "codebook-csv").decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(content)) for cell in row]
    numbers = {str(point) for point in range(-3, 0)}
    dangerous = [cell for cell in cells if cell[:1] in set("=+-@\t") and cell not in numbers]
    assert dangerous == []
    assert any(cell.startswith("'=cmd") for cell in cells)


def test_markdown_codebook_has_no_markup_of_its_own(hostile):
    text = only(hostile, "codebook-md").decode()
    assert "<script" not in text.replace("\\<", "")
    assert "\\<script\\>" in text
    assert text.count("\n## ") == 25


def test_spss_labels(rich, tmp_path):
    path = tmp_path / "labels.sav"
    path.write_bytes(only(rich, "sav", language="zh"))
    _, meta = pyreadstat.read_sav(str(path), user_missing=True)
    assert meta.column_names_to_labels["Q1"] == "经久耐用。"
    assert meta.variable_value_labels["Q1"][7 - 2] == "非常同意"
    assert meta.variable_value_labels["friend"][1] == "甲"
    assert meta.variable_value_labels["gender"][0] == "男"
    assert meta.missing_ranges["Q1"] == [{"lo": -99, "hi": -99}, {"lo": -98, "hi": -98}]
    assert meta.variable_measure["Q1"] == "ordinal"


def test_spss_takes_hostile_labels_and_refuses_long_names(hostile, written, text):
    assert only(hostile, "sav").startswith(b"$FL2")
    questionnaire = read_questionnaire(written(text.replace("code: P1", f"code: {'价' * 22}")))
    with pytest.raises(QuestionnaireError, match="64 bytes"):
        export_questionnaire(questionnaire, "sav")
