"""The published JSON Schemas, and the pages made from the code, are up to date."""

from __future__ import annotations

import json
import re

import pytest

import loyaltysem
from docs import python_names
from docs.schemas import FOLDER, schemas
from docs.study_keys import TARGET, study_keys
from loyaltysem.study.definition import read_study


def test_published_schemas_are_current():
    published = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert published == schemas(), "run: make docs"


def test_the_page_of_keys_is_current():
    assert TARGET.read_text(encoding="utf-8") == study_keys(), "run: make docs"


def test_the_page_of_python_names_is_current_and_complete():
    page = python_names.TARGET.read_text(encoding="utf-8")
    assert page == python_names.python_names(), "run: make docs"
    named = [
        name
        for name in loyaltysem.__all__
        if f"| `{name}(" not in page and f"| `{name}`" not in page
    ]
    assert named == ["__version__", "charts"]


@pytest.mark.parametrize("kind", ["study", "questionnaire", "model"])
def test_editors_can_say_what_every_key_means(kind):
    schema = json.loads(schemas()[f"{kind}.schema.json"])
    blocks = {kind: schema} | schema.get("$defs", {})
    silent = [
        f"{name}: {key}"
        for name, block in blocks.items()
        for key, field in block.get("properties", {}).items()
        if not field.get("description")
    ]
    assert silent == []


@pytest.mark.parametrize("guide", ["docs/thesis.md", "docs/thesis.zh.md", "README.md"])
def test_studies_in_the_guides_can_be_read(guide, tmp_path):
    text = (FOLDER.parents[1] / guide).read_text(encoding="utf-8")
    (study,) = re.findall(r"```yaml\n(title:.*?)```", text, re.DOTALL)
    (tmp_path / "study.yaml").write_text(study, encoding="utf-8")
    assert read_study(tmp_path / "study.yaml").model


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_python_of_the_readme_runs(readme, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (FOLDER.parents[1] / readme).read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    exec(compile(code, readme, "exec"), {})
    assert {path.suffix for path in tmp_path.iterdir()} >= {".svg", ".drawio"}
