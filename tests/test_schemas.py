"""The published JSON Schemas are those of the code."""

from __future__ import annotations

from docs.schemas import FOLDER, schemas


def test_published_schemas_are_current():
    published = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert published == schemas(), "run: make docs"
