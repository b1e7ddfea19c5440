"""A thesis writer: demo, new study, own run, report in hand."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from loyaltysem.results import read_results

MOBI = Path(__file__).parents[2].parent / "shared" / "golden" / "data" / "mobi.csv"


def test_demo_says_where_the_report_is(loyaltysem, tmp_path):
    finished = loyaltysem("demo")
    assert finished.returncode == 0, finished.stderr
    folder = tmp_path / "loyaltysem-demo"
    names = ("report.zh.html", "report.en.html", "report.zh.docx", "report.en.docx", "results.json")
    for name in names:
        assert (folder / name).stat().st_size > 5_000
        assert name in finished.stdout
    assert "simulated" in finished.stdout
    assert zipfile.ZipFile(folder / "report.zh.docx").testzip() is None


def test_new_study_runs_in_its_own_folder(loyaltysem, tmp_path):
    assert loyaltysem("new", "my-thesis").returncode == 0
    folder = tmp_path / "my-thesis"
    assert (folder / "questionnaires" / "ecommerce_loyalty.yaml").is_file()
    assert (folder / "models" / "six_factor_loyalty.yaml").is_file()
    finished = loyaltysem("run", "study.yaml", cwd=folder)
    assert finished.returncode == 0, finished.stderr
    results = read_results(folder / "output" / "results.json")
    assert results.study.simulated
    assert results.sample.n_read == results.sample.n_analysed + sum(
        one.n for one in results.sample.exclusions
    )


def test_a_study_without_its_model_describes_the_answers_only(loyaltysem, tmp_path):
    assert loyaltysem("new", "plain").returncode == 0
    study = tmp_path / "plain" / "study.yaml"
    text = study.read_text(encoding="utf-8")
    text = text.replace("\nformats:", "\nanalyses: [descriptives, reliability]\nformats:")
    study.write_text(text.replace("language: [zh, en]", "language: en"), encoding="utf-8")
    finished = loyaltysem("run", study)
    assert finished.returncode == 0, finished.stderr
    results = read_results(study.parent / "output" / "results.json")
    assert results.models == ()
    assert len(results.reliability) == 10
    assert "incomplete" not in {one.code for one in results.sample.exclusions}


def test_a_new_study_never_replaces_a_folder(loyaltysem, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.docx").write_text("work", encoding="utf-8")
    assert loyaltysem("new", "thesis").returncode == 2
    assert (tmp_path / "thesis" / "chapter.docx").read_text(encoding="utf-8") == "work"


@pytest.mark.skipif(not MOBI.is_file(), reason="the shared reference data are not here")
def test_mobile_customers(loyaltysem, tmp_path):
    """The textbook ECSI model is degenerate on these data; the reduced one is clean."""
    (tmp_path / "study.yaml").write_text(
        "title: {en: Mobile customers, zh: 移动通信顾客}\n"
        "questionnaire: ecsi_mobile\n"
        f"data: {json.dumps(str(MOBI))}\n"
        "model: [ecsi, ecsi_reduced]\n"
        "language: [zh, en]\n",
        encoding="utf-8",
    )
    finished = loyaltysem("run", "study.yaml", "--allow-outside")
    assert finished.returncode == 0, finished.stderr
    textbook, reduced = read_results(tmp_path / "output" / "results.json").models

    by_id = {one.id: one for one in textbook.hypotheses}
    assert textbook.fit["chisq"] == pytest.approx(575.571, abs=0.001)
    assert by_id["H2"].std_all == pytest.approx(0.995, abs=0.001)
    assert by_id["H11"].std_all == pytest.approx(3.27, abs=0.005)
    for name in ("H2", "H11"):
        assert by_id[name].verdict == "not_judged"
        assert by_id[name].reason_constructs
    assert "inseparable_constructs" in {notice.code for notice in textbook.notices}

    expected = {"chisq": 299.609, "cfi": 0.915, "tli": 0.899, "rmsea": 0.081, "srmr": 0.050}
    assert reduced.fit["df"] == 114
    for name, value in expected.items():
        assert reduced.fit[name] == pytest.approx(value, abs=0.0006)
    assert all(one.verdict != "not_judged" for one in reduced.hypotheses)

    html = (tmp_path / "output" / "report.en.html").read_text(encoding="utf-8")
    assert "cannot be told apart in these data (model-implied correlation .995)" in html
