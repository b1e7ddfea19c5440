"""The JSON Schema of ``results.json``, by which other programs read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema

from loyaltysem.results.study import RESULTS_VERSION, StudyResults

if TYPE_CHECKING:
    from pydantic_core import core_schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def results_schema() -> str:
    """Return the JSON Schema (draft 2020-12) of ``results.json`` as indented text.

    Its ``$id`` names the version of the format, whose first number changes when a program that
    reads the file must be changed, and whose second when fields are added.
    """
    described = StudyResults.model_json_schema(
        mode="serialization", schema_generator=_WithoutNumbersMissing
    )
    head = {"$schema": DIALECT, "$id": f"urn:loyaltysem:results:{RESULTS_VERSION}"}
    return json.dumps(head | described, ensure_ascii=False, indent=1) + "\n"


class _WithoutNumbersMissing(GenerateJsonSchema):
    """Allows null where a number could not be computed: JSON has no NaN and no infinity."""

    def float_schema(self, schema: core_schema.FloatSchema) -> dict[str, Any]:
        """Return the schema of a number that may be missing."""
        return {"anyOf": [super().float_schema(schema), {"type": "null"}]}
