"""From stored results to files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from loyaltysem.errors import ReportError
from loyaltysem.report import render_report
from loyaltysem.results import read_results

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def reports(files: Iterable[str]) -> list[str]:
    """Return the files that lie beside their folders of figures and scripts."""
    return [name for name in files if "/" not in name]


def test_names_files_by_language_and_format(make: Any) -> None:
    files = render_report(make.study(), language="zh", pictures={})
    assert reports(files) == ["report.zh.html", "report.zh.docx"]
    assert files["report.zh.html"].startswith(b"<!DOCTYPE html>")
    assert files["report.zh.docx"].startswith(b"PK")


def test_only_wanted_formats_are_written(make: Any) -> None:
    files = render_report(make.study(), formats=["docx"], pictures={})
    assert reports(files) == ["report.en.docx"]


def test_an_unknown_format_is_refused_with_a_guess(make: Any) -> None:
    with pytest.raises(ReportError, match="no format 'doc'") as caught:
        render_report(make.study(), formats=["doc"])
    assert "docx" in str(caught.value.remedy)


def test_a_report_can_be_made_again_from_the_stored_results(make: Any, tmp_path: Path) -> None:
    results = make.study()
    stored = tmp_path / "results.json"
    stored.write_text(results.to_json(), encoding="utf-8")
    again = read_results(stored)
    assert render_report(again, pictures={}) == render_report(results, pictures={})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_draws_the_models_when_no_pictures_are_given(make: Any, language: Any) -> None:
    files = render_report(make.study(), language=language, formats=["html"])
    page = files[f"report.{language}.html"]
    for name in ("paths-1", "full-1"):
        assert b'id="figure_%s"' % name.replace("-", "_").encode() in page
        for ending in ("svg", "png", "tex", "drawio"):
            assert files[f"figures/{name}.{language}.{ending}"]


def test_no_diagram_of_a_model_that_did_not_converge(make: Any) -> None:
    results = make.study(models=(make.model(converged=False),))
    files = render_report(results, formats=["html"])
    assert not [name for name in files if "paths" in name or "full" in name]
