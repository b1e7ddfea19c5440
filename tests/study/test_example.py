"""New studies, with what a service needs to check them on every push."""

from __future__ import annotations

from importlib.metadata import version

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
    assert (folder / "requirements.txt").read_text() == f"loyaltysem=={version('loyaltysem')}\n"


def test_no_workflow_unless_asked_for(tmp_path):
    folder = new_study(tmp_path / "study").parent
    assert not [path for path in folder.rglob("*") if path.name.startswith(".git")]


def test_the_example_answers_are_a_table_of_items_and_demographics():
    answers = ls.example_answers()
    assert answers.index.is_unique
    assert answers["PQ1"].dropna().between(1, 7).all()
    assert {"male", "female"} <= set(answers["gender"].cat.categories)
