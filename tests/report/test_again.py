"""Reports made again from stored results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from loyaltysem.cli.app import app
from loyaltysem.errors import ReportError, StudyError
from loyaltysem.study import new_study, report_again

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any


@pytest.fixture
def stored(tmp_path: Path, make: Any) -> Path:
    """The output of a study, as a run leaves it."""
    study = new_study(tmp_path / "thesis")
    folder = study.parent / "output"
    folder.mkdir()
    (folder / "results.json").write_text(make.study().to_json(), encoding="utf-8")
    return study


def test_a_study_is_reported_again_with_its_own_choices_and_words(
    stored: Path, tmp_path: Path
) -> None:
    wording = stored.parent / "reports" / "wording" / "en.yaml"
    wording.parent.mkdir(parents=True)
    wording.write_text("summary: {heading: In short}", encoding="utf-8")
    written = report_again(stored, tmp_path / "again", languages=["en"], formats=["md"])
    assert tmp_path / "again" / "report.en.md" in written
    assert "In short" in (tmp_path / "again" / "report.en.md").read_text(encoding="utf-8")


def test_results_alone_are_enough(stored: Path, tmp_path: Path) -> None:
    folder = stored.parent / "output"
    for source in (folder, folder / "results.json"):
        target = tmp_path / source.name
        report_again(source, target, formats=["md"])
        assert (target / "report.en.md").is_file()


def test_earlier_reports_are_not_overwritten_unasked(stored: Path, tmp_path: Path) -> None:
    again = {"languages": ["en"], "formats": ["md"]}
    report_again(stored, tmp_path / "again", **again)
    with pytest.raises(StudyError, match="not overwritten unasked"):
        report_again(stored, tmp_path / "again", **again)
    report_again(stored, tmp_path / "again", **again, overwrite=True)


def test_mistakes_are_told(stored: Path, tmp_path: Path) -> None:
    results = stored.parent / "output" / "results.json"
    with pytest.raises(ReportError, match="no language 'fr'"):
        report_again(results, tmp_path / "again", languages=["fr"])
    with pytest.raises(ReportError, match="no format 'doc'"):
        report_again(results, tmp_path / "again", formats=["doc"])
    results.unlink()
    with pytest.raises(StudyError, match="Run the study first"):
        report_again(stored, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_the_command_takes_lists_with_commas(stored: Path, tmp_path: Path) -> None:
    target = str(tmp_path / "again")
    asked = ["report", str(stored), "-l", "en,zh", "--formats", "md", "-f", "qmd", "-o", target]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert {path.name for path in (tmp_path / "again").glob("report.*")} == {
        "report.en.md", "report.zh.md", "report.en.qmd", "report.zh.qmd",
    }  # fmt: skip
