"""Every entry of the catalogue: complete, runs to its report, and finds its truth again."""

from __future__ import annotations

import shutil

import pytest

from loyaltysem.cli.app import app
from loyaltysem.errors import LoyaltysemError, ModelSpecificationError, StudyError
from loyaltysem.library import available, find
from loyaltysem.results import read_results
from loyaltysem.structural.simulation import read_population, simulate_from_file
from loyaltysem.study import new_study, run_study
from loyaltysem.study.catalogue import catalogue_entry, entry_page, entry_picture, lacks

ENTRIES = available("examples")

ISSUED = {
    "six_factor_loyalty", "value_satisfaction_loyalty", "desires_expectations_satisfaction",
    "online_churn", "platform_loyalty", "engagement_loyalty", "loyalty_three_dimensions",
    "loyalty_programme", "ecsi", "acsi", "service_quality",
}  # fmt: skip


def test_the_catalogue_holds_the_models_of_the_field():
    assert set(ENTRIES) == ISSUED


@pytest.mark.parametrize("name", ENTRIES)
def test_nothing_is_lacking(name):
    assert lacks(catalogue_entry(name)) == ()


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_runs_and_recovers_its_population(name, tmp_path):
    study = new_study(tmp_path / "study", example=name)
    lines = study.read_text(encoding="utf-8").splitlines()
    kept = [
        line
        for line in lines
        if line.split(":")[0] in {"questionnaire", "data", "simulated", "model"}
    ]
    kept += ["title: {en: A, zh: 甲}", "language: zh", "formats: html", "analyses: model"]
    study.write_text("\n".join(kept), encoding="utf-8")
    run_study(study)
    results = read_results(study.parent / "output" / "results.json")
    (model,) = results.models
    assert results.study.simulated
    assert model.converged
    assert model.fit["rmsea"] < 0.05
    population = read_population(find("examples", name) / "population.yaml")
    found = {(row.lhs, row.op, row.rhs): row for row in model.parameters}
    for path, value in population.paths.items():
        predictor, outcome = path.split(" -> ")
        row = found[outcome, "~", predictor]
        assert abs(row.std_all - value) < 3.5 * max(row.se * abs(row.std_all / row.est), 0.05), path
    html = (study.parent / "output" / "report.zh.html").read_text(encoding="utf-8")
    assert model.title["zh"] in html


@pytest.mark.parametrize("name", ["acsi", "loyalty_three_dimensions"])
def test_pages_show_the_population_and_every_item(name):
    entry = catalogue_entry(name)
    for language in ("en", "zh"):
        page = entry_page(entry, language)
        assert all(item in page for item in entry.questionnaire.item_codes)
        assert all(one.wording[language] in page for one in entry.model.hypotheses)
        assert entry_picture(entry, language).startswith(b"<?xml")


def test_commands(tmp_path):
    from typer.testing import CliRunner

    runner = CliRunner()
    assert "value_satisfaction_loyalty" in runner.invoke(app, ["catalogue"]).output
    shown = runner.invoke(app, ["catalogue", "show", "acsi", "--language", "zh"])
    assert "顾客期望" in shown.output
    assert runner.invoke(app, ["catalogue", "check", "acsi"]).exit_code == 0
    written = runner.invoke(app, ["catalogue", "pages", "acsi", "-o", str(tmp_path)])
    assert written.exit_code == 0
    assert {path.suffix for path in tmp_path.iterdir()} == {".md", ".svg"}
    with pytest.raises(StudyError, match="no example named"):
        catalogue_entry("acsy")


def test_what_is_lacking_is_said():
    entry = catalogue_entry("acsi")
    bare = entry.questionnaire.model_copy(update={"attention_checks": ()})
    from dataclasses import replace

    (sentence,) = lacks(replace(entry, questionnaire=bare))
    assert "attention check" in sentence


@pytest.fixture
def folder(tmp_path):
    """An entry's files, to be spoilt."""
    new_study(tmp_path / "entry", example="acsi")
    source = find("examples", "acsi") / "population.yaml"
    shutil.copyfile(source, tmp_path / "entry" / "population.yaml")
    return tmp_path / "entry"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("questionnaires/acsi.yaml", "{en: Customer loyalty, zh: 顾客忠诚}", "{en: Loyalty}"),
        ("models/acsi.yaml", "loyalty      =~ LO1", "loyalty      =~ XX1"),
        ("models/acsi.yaml", "path: expectations -> quality", "path: loyalty -> quality"),
        ("population.yaml", "quality -> value: 0.56", "quality -> value: 1.56"),
    ],
)
def test_faults_of_an_entry_are_named_with_file_and_line(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(LoyaltysemError) as caught:
        simulate_from_file(folder / "population.yaml")
    places = [fault.place for fault in caught.value.faults or (caught.value,)]
    assert all(str(place.file).endswith(file.split("/")[-1]) for place in places)
    assert all(place.line for place in places)


def test_too_much_explained_variance_is_refused(folder):
    path = folder / "population.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "quality -> value: 0.56", "quality -> value: 1.2"
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelSpecificationError, match="of the variance of 'value'"):
        simulate_from_file(path)
