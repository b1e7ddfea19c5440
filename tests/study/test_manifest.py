"""The account of an output folder: hashes that are those of the files, and a crate of them all."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import pytest

from loyaltysem.study import new_study, run_study
from loyaltysem.study.manifest import now


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    study = new_study(tmp_path_factory.mktemp("accounted") / "study")
    lines = study.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.split(":")[0] in {"questionnaire", "data", "model"}]
    kept += ["title: {en: Accounted}", "simulated: true", "analyses: descriptives", "formats: html"]
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
    assert parts == {one["name"] for one in read(output / "manifest.json")["outputs"]}
    assert graph["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert graph["./"]["name"] == "Accounted"
    assert "simulated" in graph["./"]["description"]
    assert graph["results.json"]["encodingFormat"] == "application/json"
    assert graph["#run"]["instrument"] == {"@id": "#loyaltysem"}


def test_the_time_is_the_clocks_unless_told(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert abs((datetime.now(UTC) - now()).total_seconds()) < 60
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert now() == datetime(1970, 1, 1, tzinfo=UTC)
