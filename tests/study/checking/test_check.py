"""A study checked against its stored results, as continuous integration does it."""

from __future__ import annotations

import json
import shutil
from xml.etree import ElementTree as ET

import pytest

from loyaltysem.cli.app import app
from loyaltysem.errors import StudyError
from loyaltysem.results import read_results
from loyaltysem.study import check_study, new_study, run_study
from loyaltysem.study.checking import github_annotations, junit_xml


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """The example study, without its long analyses, and its results."""
    study = new_study(tmp_path_factory.mktemp("checked") / "study")
    lines = study.read_text(encoding="utf-8").splitlines()
    replaced = {"language": "en", "formats": "html", "analyses": "[reliability, model]"}
    kept = [line for line in lines if line.split(":")[0] in {"questionnaire", "data", "model"}]
    kept += ["title: {en: Checked}", *(f"{key}: {value}" for key, value in replaced.items())]
    study.write_text("\n".join(kept), encoding="utf-8")
    run_study(study)
    return study


@pytest.fixture
def edited(stored, tmp_path):
    """Stored results with one verdict and one estimate edited by hand."""
    values = json.loads((stored.parent / "output" / "results.json").read_text(encoding="utf-8"))
    model = values["models"][0]
    supported = next(one for one in model["hypotheses"] if one["verdict"] == "supported")
    supported["verdict"] = "opposite"
    model["parameters"][0]["std_all"] += 0.01
    path = tmp_path / "edited.json"
    path.write_text(json.dumps(values), encoding="utf-8")
    return path


def test_an_unchanged_study_is_the_same(stored):
    check = check_study(stored)
    assert check.passed
    assert not check.from_moments
    assert check.inputs_changed == ()


def test_what_moved_is_told_with_its_place(stored, edited):
    check = check_study(stored, against=edited)
    assert [one.kind for one in check.changes] == ["hypothesis", "number"]
    suite = ET.fromstring(junit_xml([check]))[0]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "2")
    assert "opposite" in suite[0][0].get("message")
    first, second = github_annotations(check)
    assert first.startswith("::error file=")
    assert first.endswith("::opposite → supported")
    assert "\n" not in second
    assert list(github_annotations(check, limit=1))[-1].endswith("::1 more differences")


def test_without_the_answers_the_moments_are_checked(stored, edited, tmp_path):
    data = next(stored.parent.glob("*.csv"))
    hidden = tmp_path / "answers.csv"
    data.rename(hidden)
    try:
        same = check_study(stored)
        moved = check_study(stored, against=edited)
    finally:
        hidden.rename(data)
    assert same.from_moments
    assert same.passed
    assert [one.kind for one in moved.changes] == ["hypothesis", "number"]


def test_what_moments_do_not_determine_is_not_called_moved(stored, tmp_path):
    values = json.loads((stored.parent / "output" / "results.json").read_text(encoding="utf-8"))
    asked = values["models"][0]["hypotheses"]
    asked += [
        asked[0] | {"id": "H98", "path": "price -> post_purchase -> loyalty"},
        asked[0] | {"id": "H99", "path": "post_purchase:substitutes -> loyalty"},
    ]
    against = tmp_path / "more.json"
    against.write_text(json.dumps(values), encoding="utf-8")
    data = next(stored.parent.glob("*.csv"))
    hidden = tmp_path / "answers.csv"
    data.rename(hidden)
    try:
        assert check_study(stored, against=against).passed
    finally:
        hidden.rename(data)


def test_robust_models_are_checked_by_their_estimates(stored, tmp_path):
    study = tmp_path / "robust" / "study.yaml"
    shutil.copytree(stored.parent, study.parent, ignore=shutil.ignore_patterns("output"))
    study.write_text(stored.read_text(encoding="utf-8") + "\nestimator: MLR\n", encoding="utf-8")
    run_study(study)
    next(study.parent.glob("*.csv")).unlink()
    assert check_study(study).passed
    path = study.parent / "output" / "results.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    values["models"][0]["parameters"][3]["est"] += 0.01
    path.write_text(json.dumps(values), encoding="utf-8")
    assert [one.kind for one in check_study(study).changes] == ["number"]


def test_an_outcome_that_cannot_be_written_is_said(stored, tmp_path):
    from typer.testing import CliRunner

    finished = CliRunner().invoke(app, ["check", str(stored), "--junit", str(tmp_path)])
    assert isinstance(finished.exception, StudyError)


def test_results_to_compare_with_must_be_there(stored, tmp_path):
    with pytest.raises(StudyError, match="no stored results"):
        check_study(stored, against=tmp_path / "none.json")


def _without_inputs(values):
    values["provenance"]["inputs"] = [1]


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda text: '{"format": "something"}', "no results of a study"),
        (lambda text: text[: len(text) // 2], "cut off"),
        (lambda text: "[" * 200_000, "cut off"),
        (lambda text: text.replace('"en": "', '"en": "\\ud83d', 1), "half of a letter"),
        (lambda text: _edited(text, lambda values: values.update(version="2.0")), "does not read"),
        (lambda text: _edited(text, lambda values: values.update(version=[])), "does not read"),
        (lambda text: _edited(text, lambda values: values.update(models=None)), "models"),
        (lambda text: _edited(text, lambda values: values.pop("provenance")), "provenance"),
        (lambda text: _edited(text, _without_inputs), "provenance.inputs.0"),
    ],
)
def test_results_that_are_none_are_refused(stored, tmp_path, damage, problem):
    text = (stored.parent / "output" / "results.json").read_text(encoding="utf-8")
    broken = tmp_path / "broken.json"
    broken.write_text(damage(text), encoding="utf-8")
    with pytest.raises(StudyError, match=problem):
        check_study(stored, against=broken)


def _edited(text, edit):
    values = json.loads(text)
    edit(values)
    return json.dumps(values)


def test_results_of_a_later_version_of_the_format_are_read(stored, tmp_path):
    def later(values):
        values["version"] = "1.99"
        values["provenance"]["packages"]["numpy"] = "0.1"
        values["provenance"]["news"] = values["models"][0]["parameters"][0]["news"] = 5

    text = (stored.parent / "output" / "results.json").read_text(encoding="utf-8")
    path = tmp_path / "later.json"
    path.write_text(_edited(text, later), encoding="utf-8")
    check = check_study(stored, against=path)
    assert check.passed
    assert check.fields_skipped
    assert [one[:2] for one in check.versions_changed] == [("numpy", "0.1")]
    assert any("numpy 0.1 →" in note for note in check.notes)
    assert "numpy" in ET.fromstring(junit_xml([check]))[0].findtext("system-out")
    assert [line.split(" ")[0] for line in github_annotations(check)] == ["::notice"] * 2
    assert read_results(path).models[0].parameters


def test_exit_codes(stored, edited, tmp_path):
    from typer.testing import CliRunner

    runner = CliRunner()
    assert runner.invoke(app, ["check", str(stored)]).exit_code == 0
    junit = tmp_path / "junit.xml"
    moved = runner.invoke(
        app, ["check", str(stored), "--against", str(edited), "--junit", str(junit), "--github"]
    )
    assert moved.exit_code == 3
    assert "opposite → supported" in moved.output
    assert junit.read_bytes().startswith(b"<?xml")


def test_a_study_that_cannot_be_checked_is_told_in_the_junit_file(stored, tmp_path):
    from typer.testing import CliRunner

    junit = tmp_path / "junit.xml"
    (tmp_path / "none.json").write_text("[]", encoding="utf-8")
    options = ["--against", str(tmp_path / "none.json"), "--junit", str(junit)]
    finished = CliRunner().invoke(app, ["check", str(stored), *options])
    assert isinstance(finished.exception, StudyError)
    suite = ET.fromstring(junit.read_bytes())[0]
    assert suite.get("errors") == "1"
    assert "no results" in suite.find("testcase/error").get("message")


def test_update_goes_with_the_studys_own_results(stored, edited):
    from typer.testing import CliRunner

    finished = CliRunner().invoke(app, ["check", str(stored), "--against", str(edited), "--update"])
    assert finished.exit_code == 2
