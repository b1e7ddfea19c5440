"""``loyaltysem questionnaire`` and ``loyaltysem schema``."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from loyaltysem.cli.app import app
from loyaltysem.errors import QuestionnaireError, StudyError


def run(*arguments):
    return CliRunner().invoke(app, list(arguments))


def test_check_tells_file_line_and_code():
    result = run("questionnaire", "check", "ecsi_mobile")
    assert result.exit_code == 0
    first, *_, last = result.stdout.splitlines()
    assert "ecsi_mobile.yaml:3: advice: There is no consent text" in first
    assert first.endswith("[no_consent]")
    assert last.startswith("ecsi_mobile 1.0: 24 items, about 2 minutes; ")


def test_check_in_chinese_and_strict():
    result = run("questionnaire", "check", "ecsi_mobile", "--language", "zh", "--strict")
    assert result.exit_code == 1
    assert "可能一题两问" in result.stdout
    assert run("questionnaire", "check", "ecommerce_loyalty", "--strict").exit_code == 0


def test_check_of_a_file_that_contradicts_itself(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(
        "name: bad\nversion: '1'\ntitle: {en: A}\nlanguages: [en]\n"
        "scale: {highest: 5, labels: {1: {en: a}}}\n"
        "constructs: [{code: x, name: {en: X}, source: a, items: [{code: x, wording: {en: w}}]}]\n",
        encoding="utf-8",
    )
    result = run("questionnaire", "check", str(path))
    assert isinstance(result.exception, QuestionnaireError)
    assert [fault.place.line for fault in result.exception.faults] == [5, 6]


def test_export_writes_and_says_what_is_lost(tmp_path):
    folder = str(tmp_path / "out")
    arguments = ("questionnaire", "export", "ecommerce_loyalty", "--to", "wenjuanxing")
    result = run(*arguments, "--language", "zh", "-o", folder)
    assert result.exit_code == 0
    assert (tmp_path / "out" / "ecommerce_loyalty.wenjuanxing.zh.txt").is_file()
    assert "was not tried on the live site" in result.output
    assert isinstance(
        run(*arguments, "--language", "zh", "-o", folder).exception, QuestionnaireError
    )
    assert run(*arguments, "--language", "zh", "-o", folder, "--overwrite").exit_code == 0


def test_unknown_names():
    assert isinstance(run("questionnaire", "check", "nothing").exception, StudyError)
    result = run("questionnaire", "export", "ecsi_mobile", "--to", "htm")
    assert result.exception.remedy == "Did you mean 'html'?"


def test_lists():
    assert "ecommerce_loyalty" in run("questionnaire", "list").stdout.split()
    assert "surveyjs" in run("questionnaire", "platforms").stdout


@pytest.mark.parametrize("of", ["questionnaire", "study", "model"])
def test_schema(of):
    schema = json.loads(run("schema", of).stdout)
    assert schema["title"] == f"loyaltysem {of}"
    assert schema["additionalProperties"] is False
