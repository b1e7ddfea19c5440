"""New studies, with what a service needs to check them on every push."""

from __future__ import annotations

import re
from importlib.metadata import requires, version

import pytest
from ruamel.yaml import YAML

import loyaltysem as ls
from loyaltysem.study import new_study


@pytest.mark.parametrize(
    ("service", "name"),
    [("github", ".github/workflows/study.yml"), ("gitlab", ".gitlab-ci.yml")],
)
def test_workflows_run_the_check_with_the_version_at_hand(tmp_path, service, name):
    folder = new_study(tmp_path / "study", ci=service).parent
    text = (folder / name).read_text(encoding="utf-8")
    assert YAML(typ="safe").load(text)
    assert "loyaltysem check study.yaml" in text
    assert "--require-hashes --requirement requirements.lock" in text
    assert (folder / "requirements.txt").read_text() == f"loyaltysem=={version('loyaltysem')}\n"
    assert "!/output/results.json" in (folder / ".gitignore").read_text()


def test_actions_are_pinned_to_commits(tmp_path):
    folder = new_study(tmp_path / "study", ci="github").parent
    text = (folder / ".github/workflows/study.yml").read_text(encoding="utf-8")
    steps = YAML(typ="safe").load(text)["jobs"]["check"]["steps"]
    used = [step["uses"].split("@")[1] for step in steps if "uses" in step]
    assert len(used) == 3
    assert all(re.fullmatch("[0-9a-f]{40}", commit) for commit in used)


def test_the_lock_file_has_a_hash_for_everything_and_no_address(tmp_path):
    folder = new_study(tmp_path / "study", ci="gitlab").parent
    text = (folder / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    entries = text.replace("\\\n", " ").splitlines()
    names = {re.split("[=;@ ]", entry)[0].replace("-", "_").lower() for entry in entries}
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
    wanted = (one for one in requires("loyaltysem") if "extra ==" not in one)
    asked = {re.split(r"[^\w.-]", one)[0].replace("-", "_").replace(".", "_") for one in wanted}
    assert asked <= {name.replace(".", "_") for name in names}


def test_no_workflow_unless_asked_for(tmp_path):
    folder = new_study(tmp_path / "study").parent
    assert not [path for path in folder.rglob("*") if path.name.startswith(".git")]


def test_the_example_answers_are_a_table_of_items_and_demographics():
    answers = ls.example_answers()
    assert answers.index.is_unique
    assert answers["PQ1"].dropna().between(1, 7).all()
    assert {"male", "female"} <= set(answers["gender"].cat.categories)
