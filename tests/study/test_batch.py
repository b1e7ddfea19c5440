"""Several runs in one go, as a person with two samples does it."""

from __future__ import annotations

import json

import pytest

from loyaltysem.cli.app import app
from loyaltysem.errors import LoyaltysemError, StudyError
from loyaltysem.results import read_results
from loyaltysem.study import check_study, freeze_study, new_study, run_studies, run_study


@pytest.fixture
def study(tmp_path):
    path = new_study(tmp_path / "study")
    data = next(path.parent.glob("*.csv"))
    head, *rows = data.read_text(encoding="utf-8").splitlines()
    for name, some in (("a", rows[:200]), ("b", rows[200:])):
        text = "\n".join([head, *some])
        (path.parent / f"{name}.csv").write_text(text, encoding="utf-8")
    kept = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.split(":")[0] in {"questionnaire", "model"}
    ]
    kept += ["title: {en: A}", "analyses: reliability", "formats: html"]
    path.write_text("\n".join([*kept, "samples: {spring: a.csv, autumn: b.csv}"]), encoding="utf-8")
    return path


def test_each_sample_is_run_and_they_are_compared(study):
    from typer.testing import CliRunner

    finished = CliRunner().invoke(app, ["run", str(study), "--quiet"])
    assert finished.exit_code == 0, finished.output
    output = study.parent / "output"
    counts = {}
    for name in ("spring", "autumn"):
        results = json.loads((output / name / "results.json").read_text(encoding="utf-8"))
        counts[name] = results["sample"]["n_read"]
    answered = len((study.parent / "responses_simulated.csv").read_bytes().splitlines()) - 1
    assert counts == {"spring": 200, "autumn": answered - 200}
    page = (output / "comparison" / "comparison.en.html").read_text(encoding="utf-8")
    assert "spring" in page
    assert "autumn" in page
    kept = json.loads((output / "comparison" / "comparison.json").read_text(encoding="utf-8"))
    assert {name: one["n_read"] for name, one in kept["studies"].items()} == counts

    again = CliRunner().invoke(app, ["run", str(study), "--quiet"])
    assert again.exit_code != 0
    assert isinstance(again.exception, StudyError)


def test_a_sample_must_be_named_and_known(study):
    with pytest.raises(StudyError, match="several samples"):
        run_study(study)
    with pytest.raises(StudyError, match="no such sample"):
        run_study(study, sample="winter")


def test_nothing_is_computed_when_one_of_the_studies_cannot_run(study, tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("title: {en: B}\n", encoding="utf-8")
    with pytest.raises(LoyaltysemError):
        run_studies([study, broken])
    assert not (study.parent / "output").exists()


@pytest.mark.parametrize("answers", ["", "data: a.csv\nsamples: {x: a.csv}"])
def test_answers_are_one_file_or_several_samples(study, answers):
    text = study.read_text(encoding="utf-8").replace(
        "samples: {spring: a.csv, autumn: b.csv}", answers
    )
    study.write_text(text, encoding="utf-8")
    with pytest.raises(LoyaltysemError, match="either 'data' or 'samples'"):
        run_studies([study])


def test_names_of_samples_are_names_of_folders(study):
    text = study.read_text(encoding="utf-8").replace("{spring:", "{../spring:")
    study.write_text(text, encoding="utf-8")
    with pytest.raises(LoyaltysemError, match="spring"):
        run_studies([study])


def test_two_studies_never_write_into_one_folder(study, tmp_path):
    other = study.with_name("other.yaml")
    text = study.read_text(encoding="utf-8")
    text = text.replace("samples: {spring: a.csv, autumn: b.csv}", "data: a.csv")
    other.write_text(text, encoding="utf-8")
    twin = study.with_name("twin.yaml")
    twin.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match="same folder") as caught:
        run_studies([other, twin], overwrite=True)
    assert "output" in str(caught.value)
    batch = run_studies([other, twin], output=tmp_path / "all")
    assert {one.written[0].parent.name for one in batch.runs} == {"other", "twin"}


def test_studies_without_a_common_language_are_refused_at_once(study):
    other = study.with_name("other.yaml")
    text = study.read_text(encoding="utf-8").replace("title: {en: A}", "title: {zh: 甲}")
    other.write_text(text + "\nlanguage: zh\noutput: chinese", encoding="utf-8")
    with pytest.raises(StudyError, match="no language in common"):
        run_studies([study, other])
    assert not (study.parent / "output").exists()


def test_samples_are_frozen_and_checked_one_by_one(study):
    from typer.testing import CliRunner

    frozen = freeze_study(study, planned_n=210)
    assert frozen.answers_present
    run_studies([study])
    found = {
        name: read_results(study.parent / "output" / name / "results.json").preregistration
        for name in ("spring", "autumn")
    }
    assert [one.subject for one in found["spring"].deviations] == ["sample_size"]
    assert check_study(study, sample="autumn").passed
    assert CliRunner().invoke(app, ["check", str(study)]).exit_code == 0


@pytest.mark.parametrize(
    "line", ["retest: {data: ../second.csv}", "behaviour: {data: ../sales.csv}"]
)
def test_no_key_leads_out_of_the_folder(study, line):
    text = study.read_text(encoding="utf-8").replace(
        "samples: {spring: a.csv, autumn: b.csv}", "data: a.csv"
    )
    study.write_text(f"{text}\n{line}", encoding="utf-8")
    with pytest.raises(StudyError, match="outside the study's folder"):
        run_study(study)
