"""What is written as results.json follows the published JSON Schema."""

from __future__ import annotations

import json

import jsonschema
import pytest

from loyaltysem.results.schema import results_schema
from tests.report.test_wording import every_study


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(results_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_every_kind_of_result_follows_the_schema(make, validator):
    for results in every_study(make):
        faults = [fault.message for fault in validator.iter_errors(json.loads(results.to_json()))]
        assert not faults


def test_a_field_of_no_version_is_noticed(make, validator):
    results = json.loads(next(every_study(make)).to_json())
    assert not validator.is_valid(results | {"surprise": 1})
    assert not validator.is_valid({key: results[key] for key in results if key != "sample"})
