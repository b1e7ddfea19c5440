"""JSON Schemas say what the definitions take, and those shipped are the current ones."""

from __future__ import annotations

import json

import jsonschema
import pytest

from loyaltysem.documents import read_document
from loyaltysem.documents.schema import json_schema
from loyaltysem.library import available, find, shipped_folder
from loyaltysem.questionnaire import Questionnaire
from loyaltysem.structural.definition import ModelDefinition
from loyaltysem.study.definition import StudyDefinition

SHIPPED = {"questionnaires": Questionnaire, "models": ModelDefinition}
FILES = [(shelf, name) for shelf in SHIPPED for name in available(shelf)]


@pytest.mark.parametrize("shelf", SHIPPED)
def test_shipped_schema_is_current(shelf):
    kind = shelf.removesuffix("s")
    written = (shipped_folder(shelf) / "schema.json").read_text("utf-8")
    again = f"make it again: loyaltysem schema {kind} > {shelf}/schema.json"
    assert written == json_schema(SHIPPED[shelf], f"loyaltysem {kind}"), again


def with_text_keys(value):
    """Return YAML as an editor sees it: every key is text."""
    if isinstance(value, dict):
        return {str(key): with_text_keys(one) for key, one in value.items()}
    return [with_text_keys(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("shelf", "name"), FILES)
def test_shipped_files_follow_the_schema(shelf, name):
    schema = json.loads((shipped_folder(shelf) / "schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(with_text_keys(read_document(find(shelf, name)).data), schema)


@pytest.mark.parametrize("name", available("examples"))
def test_example_studies_follow_the_schema_of_studies(name):
    schema = json.loads(json_schema(StudyDefinition, "study"))
    data = read_document(find("examples", name) / "study.yaml").data
    jsonschema.validate(with_text_keys(data), schema)


def test_unknown_keys_and_wrong_values_are_found():
    schema = json.loads(json_schema(Questionnaire, "questionnaire"))
    data = with_text_keys(read_document(find("questionnaires", "ecsi_mobile")).data)
    validator = jsonschema.Draft202012Validator(schema)
    assert list(validator.iter_errors(data)) == []
    assert len(list(validator.iter_errors(data | {"titel": "x"}))) == 1
    assert len(list(validator.iter_errors(data | {"scale": {"highest": "five"}}))) == 1


def test_keys_are_described_by_the_docstrings():
    schema = json.loads(json_schema(Questionnaire, "questionnaire"))
    assert schema["properties"]["thanks"]["description"].startswith("Text at the end")
    assert schema["$defs"]["Item"]["properties"]["show_if"]["description"].startswith("Condition")
    assert schema["$defs"]["Item"]["description"] == "One statement that respondents rate."
