"""JSON Schemas of definitions, so that editors complete and check the YAML while it is typed."""

from __future__ import annotations

import inspect
import json
import re
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema

if TYPE_CHECKING:
    from pydantic_core import core_schema

    from loyaltysem.documents.definition import Definition

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(schema: type[Definition], title: str) -> str:
    """Return the JSON Schema (draft 2020-12) of a definition as indented text.

    Each key is described by its line under ``Attributes`` in the docstring of its class.
    """
    described = schema.model_json_schema(mode="validation", schema_generator=_LenientSchema)
    models = _models(schema)
    for name, block in [(schema.__name__, described), *described.get("$defs", {}).items()]:
        if name in models:
            _describe(block, models[name])
    whole = {"$schema": DIALECT} | described | {"title": title}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


class _LenientSchema(GenerateJsonSchema):
    """Takes into account that a validator may turn what is written into something else first."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> Any:
        """Let one value stand for a list of one; allow anything where nothing is known."""
        inner = self.generate_inner(schema["schema"])
        if inner.get("type") == "array":
            return {"anyOf": [inner["items"], inner]}
        return inner if inner.get("type") == "object" else {}


def _models(schema: type[Definition]) -> dict[str, type[Definition]]:
    """Return all definition classes by name, from the root of their tree."""
    base = next(one for one in reversed(schema.__mro__) if one.__name__ == "Definition")
    found: dict[str, type[Definition]] = {}
    waiting: list[Any] = [base]
    while waiting:
        model = waiting.pop()
        found[model.__name__] = model
        waiting += model.__subclasses__()
    found[schema.__name__] = schema
    return found


def _describe(block: dict[str, Any], model: type[Definition]) -> None:
    """Put the docstring's sentences into the block."""
    first = (inspect.getdoc(model) or "").split("\n\n")[0]
    block["description"] = first.replace("\n", " ").replace("``", "")
    sentences: dict[str, str] = {}
    for one in reversed(model.__mro__):
        sentences |= _attributes(one.__doc__ or "")
    for name, info in model.model_fields.items():
        sentences[info.alias or name] = sentences.get(name, "")
    for key, field in block.get("properties", {}).items():
        field.pop("title", None)
        if sentences.get(key):
            field["description"] = sentences[key]


def _attributes(docstring: str) -> dict[str, str]:
    """Return what a numpy docstring says of each attribute; several may share one line."""
    lines = inspect.cleandoc(docstring).splitlines()
    if "Attributes" not in lines:
        return {}
    said: dict[str, str] = {}
    names: list[str] = []
    for line in lines[lines.index("Attributes") + 2 :]:
        if re.fullmatch(r"\w+(, \w+)*", line):
            names = line.split(", ")
        for name in names if line.startswith(" ") else ():
            said[name] = f"{said.get(name, '')} {line.strip()}".strip()
    return {name: text.replace("``", "") for name, text in said.items()}
