"""An analysis is not lost where its report fails."""

from __future__ import annotations

import shutil

import pytest

import loyaltysem as ls
from loyaltysem.study import report_again


def test_results_are_kept_where_the_report_fails(small_folder, plan_small, tmp_path):
    plan_small("formats: [html]\nlanguage: [en]\n")
    folder = tmp_path / "study"
    shutil.copytree(small_folder, folder)
    own = folder / "reports" / "templates" / "report.html"
    own.parent.mkdir(parents=True)
    own.write_text("{% if %}", encoding="utf-8")
    with pytest.raises(ls.ReportError, match=r"report\.html.*results are kept in"):
        ls.run_study(folder / "study.yaml")
    (kept,) = (folder / "output").iterdir()
    assert kept.name == "results.json"
    own.unlink()
    written = report_again(folder / "study.yaml", tmp_path / "report")
    assert "report.en.html" in {path.name for path in written}
