"""Every entry of the catalogue: complete, runs to its report, and finds its truth again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from loyaltysem.cli.app import app
from loyaltysem.errors import LoyaltysemError, ModelSpecificationError, StudyError
from loyaltysem.estimation import fit
from loyaltysem.library import available, find
from loyaltysem.questionnaire import read_questionnaire
from loyaltysem.results import read_results
from loyaltysem.structural.simulation import (
    implied_correlations,
    read_population,
    simulate_from_file,
    simulate_responses,
)
from loyaltysem.study import new_study, run_study
from loyaltysem.study.catalogue import catalogue_entry, entry_page, entry_picture, lacks

ENTRIES = available("examples")

ISSUED = {
    "six_factor_loyalty", "value_satisfaction_loyalty", "desires_expectations_satisfaction",
    "online_churn", "platform_loyalty", "engagement_loyalty", "loyalty_three_dimensions",
    "loyalty_programme", "ecsi", "acsi", "service_quality",
}  # fmt: skip


def test_the_catalogue_holds_the_models_of_the_field():
    assert set(ENTRIES) >= ISSUED


@pytest.mark.parametrize("name", ENTRIES)
def test_nothing_is_lacking(name):
    assert lacks(catalogue_entry(name)) == ()


SHORTER = {
    "language: [zh, en]": "language: zh",
    "formats: [html, docx]": "formats: html",
    "bootstrap: {draws: 2000, seed: 2026}": "analyses: model",
}
"""What makes an example quicker to run; what is special of it stays."""

SPECIAL = {
    "engagement_loyalty": "moderation_1",
    "loyalty_three_dimensions": "dimensions",
    "platform_loyalty": "moderation_1",
    "loyalty_programme": "groups",
}
"""Parts of the report that show what an entry is about."""


def spoil(path, *changes):
    """Replace texts in a file, each of which it must have."""
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_runs_and_recovers_its_population(name, tmp_path):
    study = new_study(tmp_path / "study", example=name)
    spoil(study, *SHORTER.items())
    text = study.read_text(encoding="utf-8").replace("method: lms", "method: products")
    study.write_text(text, encoding="utf-8")
    run_study(study)
    results = read_results(study.parent / "output" / "results.json")
    (model,) = results.models
    assert results.study.simulated
    assert results.sample.n_read == 500
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
    assert f'id="{SPECIAL.get(name, "model_1")}' in html


def standardized(entry, fitted):
    """Return the standardized loadings and paths, keyed as population values are."""
    rows = fitted.standardized().itertuples()
    values = {(row.lhs, row.op, row.rhs): row.est_std for row in rows}
    loadings = {rhs: value for (_, op, rhs), value in values.items() if op == "=~"}
    paths = {f"{rhs} -> {lhs}": value for (lhs, op, rhs), value in values.items() if op == "~"}
    assert loadings.keys() == entry.population.loadings.keys()
    return loadings, paths


@pytest.mark.parametrize("name", ENTRIES)
def test_what_the_population_values_imply_gives_them_back_exactly(name):
    entry = catalogue_entry(name)
    implied = implied_correlations(entry.model, entry.population)
    table = pd.DataFrame(implied.matrix, index=implied.names, columns=implied.names)
    items = list(entry.model.items)
    fitted = fit(entry.model.syntax, sample_cov=table.loc[items, items], n=500)
    loadings, paths = standardized(entry, fitted)
    assert loadings == pytest.approx(entry.population.loadings, abs=1e-6)
    assert paths == pytest.approx(entry.population.paths, abs=1e-6)
    assert fitted.measures()["chisq"] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("name", ENTRIES)
def test_very_many_answers_give_the_population_back(name):
    """Of 20,000 respondents a path has a standard error of about .01.

    Points in place of degrees make loadings smaller, most of all on five points and of counts that
    are often 0; the paths are hardly touched.
    """
    entry = catalogue_entry(name)
    attentive = {"n": 20_000, "careless": 0.0, "slips": 0.0, "skippers": 0.0}
    many = entry.population.model_copy(update=attentive)
    answers = simulate_responses(entry.model, entry.questionnaire, many)
    reverse = [item.code for item in entry.questionnaire.items if item.reverse]
    answers[reverse] = -answers[reverse]
    data = answers[list(entry.model.items)].astype(float)
    loadings, paths = standardized(entry, fit(entry.model.syntax, data=data))
    assert paths == pytest.approx(entry.population.paths, abs=0.03)
    for code, value in entry.population.loadings.items():
        assert -0.07 < loadings[code] - value < 0.02, code


@pytest.mark.parametrize("name", ["acsi", "loyalty_three_dimensions", "engagement_loyalty"])
def test_pages_show_the_population_and_every_item(name):
    entry = catalogue_entry(name)
    for language in ("en", "zh"):
        page = entry_page(entry, language)
        assert all(item in page for item in entry.questionnaire.item_codes)
        assert all(one.wording[language] in page for one in entry.hypotheses)
        assert all(one.name[language] in page for one in entry.questionnaire.constructs)
        assert entry.population.source[language] in page
        assert entry_picture(entry, language).startswith(b"<?xml")


def run(*arguments, columns=80):
    return CliRunner().invoke(app, ["catalogue", *arguments], env={"COLUMNS": str(columns)})


@pytest.mark.parametrize(("language", "heading"), [("en", "Constructs"), ("zh", "构念数")])
@pytest.mark.parametrize("columns", [80, 200])
def test_the_list_has_every_entry_with_its_title_unbroken(language, heading, columns):
    listed = run("--language", language, columns=columns).output
    assert heading in listed
    for name in ENTRIES:
        assert name in listed
        assert catalogue_entry(name).model.title[language] in listed


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_entry_is_shown_whole_with_its_files(language):
    entry = catalogue_entry("engagement_loyalty")
    shown = run("show", entry.name, "--language", language, columns=80).output
    assert "…" not in shown
    for construct in entry.questionnaire.constructs:
        assert construct.name[language] in shown
    assert all(f"{one.id} " in shown for one in entry.hypotheses)
    diagram = next(line for line in shown.splitlines() if line.startswith("diagram"))
    assert Path(diagram.removeprefix("diagram").strip()).is_file()


def test_constructs_of_several_entries_become_one_questionnaire(tmp_path):
    target = tmp_path / "mine.yaml"
    parts = ["ecsi:image", "six_factor_loyalty:commitment", "engagement_loyalty:commenting"]
    arguments = ["--name", "mine", "--title-zh", "我的问卷", "--output", str(target)]
    made = run("combine", *parts, *arguments)
    assert made.exit_code == 0, made.output
    whole = read_questionnaire(target)
    assert [one.code for one in whole.constructs] == ["image", "commitment", "commenting"]
    assert whole.title == {"en": "mine", "zh": "我的问卷"}
    assert "renamed   engagement_loyalty: CM1 is CM1_3" in made.output
    assert run("combine", *parts, *arguments).exit_code != 0
    bad = tmp_path / "bad.yaml"
    refused = run("combine", *parts, "--name", "bad name", "--output", str(bad))
    assert f"({bad}, line 2" in str(refused.exception)
    assert not bad.exists()


def test_commands(tmp_path):
    assert run("check", "acsi").exit_code == 0
    assert run("pages", "acsi", "-o", str(tmp_path)).exit_code == 0
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {
        "README.md",
        *(f"acsi.{end}" for end in ("en.md", "zh.md", "en.svg", "zh.svg")),
    }
    index = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert all(f"({name}.{language}.md)" in index for name in ENTRIES for language in ("en", "zh"))
    with pytest.raises(StudyError, match="no example named"):
        catalogue_entry("acsy")


@pytest.fixture
def folder(tmp_path):
    """An entry's files, to be spoilt."""
    new_study(tmp_path / "entry", example="acsi")
    source = find("examples", "acsi") / "population.yaml"
    shutil.copyfile(source, tmp_path / "entry" / "population.yaml")
    return tmp_path / "entry"


def test_what_is_lacking_is_said_with_its_place(folder):
    spoil(
        folder / "questionnaires" / "acsi.yaml",
        ("        reverse: true\n", ""),
        ("source: Fornell, Johnson, Anderson, Cha & Bryant (1996)", "source: Nobody (1901)"),
    )
    first = "  - id: H1\n"
    text = (folder / "models" / "acsi.yaml").read_text(encoding="utf-8")
    spoil(folder / "models" / "acsi.yaml", (text[text.index(first) : text.index("  - id: H2")], ""))
    spoil(folder / "population.yaml", ("  zh: >-", "  de: >-"), ("n: 500", "n: 100"))
    spoil(folder / "study.yaml", ("simulated: true", "simulated: false"))
    found = lacks(catalogue_entry(str(folder)))
    for lacking in (
        "acsi.yaml, line 4, column 1: The questionnaire has no reverse item.",
        "acsi.yaml, line 25, column 1: The path 'expectations -> quality' has no hypothesis.",
        "population.yaml, line 2, column 1: The population values do not say in 'zh'",
        "line 10, column 1: The example has 100 respondents, fewer than 500.",
        "study.yaml, line 2, column 1: The example study does not say that",
        "There is no reference for 'Nobody (1901)'.",
        "docs/catalogue/entry.en.md: The page is missing: loyaltysem catalogue pages entry",
    ):
        assert any(lacking in sentence for sentence in found), (lacking, found)


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


def test_no_study_begins_with_a_fault(folder):
    spoil(folder / "models" / "acsi.yaml", ("path: expectations ->", "path: loyalty ->"))
    with pytest.raises(ModelSpecificationError, match="line 27"):
        new_study(folder.parent / "mine", example=str(folder))
    assert not (folder.parent / "mine").exists()


def test_too_much_explained_variance_is_refused(folder):
    path = folder / "population.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "quality -> value: 0.56", "quality -> value: 1.2"
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelSpecificationError, match="of the variance of 'value'") as caught:
        simulate_from_file(path)
    assert "quality -> value" in text.splitlines()[caught.value.place.line - 1]
