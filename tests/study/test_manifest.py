"""The account of an output folder: hashes that are those of the files, and a crate of them all."""

from __future__ import annotations

import getpass
import hashlib
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rocrate.rocrate import ROCrate

from loyaltysem.errors import DocumentError
from loyaltysem.library import shipped_folder
from loyaltysem.results import read_results
from loyaltysem.study import new_study, plan_study, read_study, run_study
from loyaltysem.study.crate import crate
from loyaltysem.study.manifest import now
from loyaltysem.study.provenance import seeds
from loyaltysem.study.settings.bootstrap import BootstrapDefinition
from loyaltysem.study.settings.missing import MissingDefinition


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    study = new_study(tmp_path_factory.mktemp("accounted") / "study")
    lines = study.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.split(":")[0] in {"questionnaire", "data", "model"}]
    kept += ["title: {en: Accounted}", "simulated: true", "analyses: descriptives", "formats: html"]
    kept += ["license: CC-BY-4.0", "authors: [{name: A B, orcid: 0000-0002-1825-0097}, C D]"]
    own = study.parent / "reports" / "cutoffs.yaml"
    own.parent.mkdir()
    shutil.copyfile(shipped_folder("reports") / "cutoffs.yaml", own)
    study.write_text("\n".join(kept), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        run_study(study)
    return study.parent / "output"


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_file_is_listed_with_its_hash(output):
    listed = {one["name"]: one for one in read(output / "manifest.json")["outputs"]}
    files = {str(path.relative_to(output)) for path in output.rglob("*") if path.is_file()}
    assert set(listed) == files - {"manifest.json", "ro-crate-metadata.json"}
    for name, entry in listed.items():
        content = (output / name).read_bytes()
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        assert entry["bytes"] == len(content)


def test_inputs_respondents_and_versions_are_kept(output):
    kept, results = read(output / "manifest.json"), read(output / "results.json")
    assert kept["inputs"] == results["provenance"]["inputs"]
    assert kept["study"].startswith("questionnaire:")
    assert kept["respondents"]["read"] == results["sample"]["n_read"]
    assert kept["packages"]["pandas"]
    assert kept["started"] == "2023-11-14T22:13:20+00:00"


def test_the_crate_describes_every_file(output):
    graph = {one["@id"]: one for one in read(output / "ro-crate-metadata.json")["@graph"]}
    parts = {one["@id"] for one in graph["./"]["hasPart"]}
    assert parts == {one["name"] for one in read(output / "manifest.json")["outputs"]} | {
        "manifest.json"
    }
    assert graph["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert graph["./"]["name"] == "Accounted"
    assert "simulated" in graph["./"]["description"]
    assert graph["results.json"]["encodingFormat"] == "application/json"
    assert graph["#run"]["instrument"] == {"@id": "#loyaltysem"}


def test_the_crate_is_read_by_the_library_with_authors_and_licence(output):
    described = ROCrate(output)
    assert described.root_dataset["license"].id == "https://spdx.org/licenses/CC-BY-4.0"
    first, second = described.root_dataset["author"]
    assert (first.id, first["name"]) == ("https://orcid.org/0000-0002-1825-0097", "A B")
    assert second["name"] == "C D"
    run = described.dereference("#run")
    given = {one["name"]: one["sha256"] for one in run["object"]}
    inputs = read(output / "manifest.json")["inputs"]
    assert given == {one["name"]: one["sha256"] for one in inputs}
    for one in described.get_by_type("File"):
        assert (output / one.id).is_file()


@pytest.mark.parametrize(
    ("licence", "identity"),
    [
        (None, "#license"),
        ("https://example.org/terms", "https://example.org/terms"),
        ("ask me first", "#license"),
    ],
)
def test_other_licences(output, licence, identity):
    account = read(output / "manifest.json") | {"license": licence}
    graph = crate(read_results(output / "results.json"), account)["@graph"]
    root = next(one for one in graph if one["@id"] == "./")
    assert root["license"] == {"@id": identity}
    assert any(one["@id"] == identity and one["name"] for one in graph)


def test_every_input_is_hashed(output):
    kept = {one["role"]: one for one in read(output / "manifest.json")["inputs"]}
    roles = {"study", "questionnaire", "model six_factor_loyalty", "data", "reports/cutoffs.yaml"}
    assert set(kept) == roles
    content = (output.parent / "study.yaml").read_bytes()
    assert kept["study"]["sha256"] == hashlib.sha256(content).hexdigest()


def test_seeds_are_those_of_what_was_drawn(output, tmp_path):
    plan = plan_study(output.parent / "study.yaml")

    def drawn(**changes):
        return seeds(replace(plan, definition=plan.definition.model_copy(update=changes)), ())

    assert drawn() == {}
    assert drawn(analyses=("reliability",)) == {"resampling": 2026}
    assert drawn(bootstrap=BootstrapDefinition(draws=200, seed=7)) == {"resampling": 7}
    assert drawn(treatment=MissingDefinition(method="mi", seed=5)) == {"imputation": 5}


def test_nothing_tells_where_or_whose_the_files_are(output):
    home, user = str(output.parent.parent), getpass.getuser()
    for path in output.rglob("*"):
        if path.suffix in {".json", ".html"}:
            text = path.read_text(encoding="utf-8")
            assert home not in text, path
            assert f"/{user}/" not in text, path


@pytest.mark.parametrize("orcid", ["0000-0002-1825-0098", "1234", "https://orcid.org/"])
def test_an_orcid_that_is_none_is_refused(output, tmp_path, orcid):
    path = tmp_path / "study.yaml"
    text = (output.parent / "study.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("0000-0002-1825-0097", f"'{orcid}'"), encoding="utf-8")
    with pytest.raises(DocumentError, match="ORCID"):
        read_study(path)


def test_the_time_is_the_clocks_unless_told(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert abs((datetime.now(UTC) - now()).total_seconds()) < 60
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert now() == datetime(1970, 1, 1, tzinfo=UTC)
