"""Write docs/study.md, the keys of ``study.yaml``, from the schema that editors check it by."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docs.schemas import schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

TARGET = Path(__file__).with_name("study.md")

INTRODUCTION = """\
# The keys of a study

Made from the schema of `study.yaml` by `make docs`. Only `title`, `questionnaire`, `model` and
`data` (or `samples`) must be given. An editor that knows JSON Schema completes and checks the file
while it is typed: `loyaltysem schema study > study.schema.json`, and as the study's first line
`# yaml-language-server: $schema=study.schema.json`.
"""


def study_keys() -> str:
    """Return the page."""
    schema = json.loads(schemas()["study.schema.json"])
    parts = [INTRODUCTION, *_table(schema)]
    for name, block in _blocks(schema):
        parts += [f"\n## `{name}`\n", f"{block['description']}\n", *_table(block)]
    return "\n".join(parts) + "\n"


def _blocks(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each block of keys below the study's own, with the path to it, level by level."""
    waiting = [((), schema)]
    while waiting:
        path, block = waiting.pop(0)
        if path:
            yield ": ".join(path), block
        for key, field in block.get("properties", {}).items():
            waiting += [((*path, key), schema["$defs"][name]) for name in _references(field)]


def _references(field: Any) -> list[str]:
    """Return the names of the blocks that a key may hold."""
    if isinstance(field, list):
        return list(dict.fromkeys(name for one in field for name in _references(one)))
    if not isinstance(field, dict):
        return []
    own = [field["$ref"].rsplit("/", 1)[-1]] if "$ref" in field else []
    return own + _references([value for key, value in field.items() if key != "default"])


def _table(block: dict[str, Any]) -> Iterator[str]:
    yield "| key | values | default | meaning |"
    yield "|---|---|---|---|"
    required = set(block.get("required", ()))
    for key, field in block["properties"].items():
        default = "must be given" if key in required else _default(field)
        cells = [f"`{key}`", _values(field), default, field.get("description", "")]
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default(field: dict[str, Any]) -> str:
    value = field.get("default")
    return "" if value in (None, "", [], {}) else f"`{json.dumps(value, ensure_ascii=False)}`"


def _values(field: dict[str, Any]) -> str:
    """Return in words what a key may hold."""
    if "enum" in field:
        return ", ".join(f"`{one}`" for one in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    choices = field.get("anyOf", field.get("oneOf"))
    if choices:
        words = [_values(one) for one in choices]
        if len(words) == 2 and words[1] == f"list of {words[0]}":
            return f"{words[0]}; one or a list"
        return " or ".join(dict.fromkeys(word for word in words if word))
    if "$ref" in field:
        return "a block"
    kind = field.get("type")
    if kind == "array":
        inner = _values(field.get("items", {}))
        return f"list of {inner}" if inner else "list"
    if kind == "object":
        return "names with values"
    return {"string": "text", "integer": "whole number", "boolean": "true, false"}.get(
        kind, "" if kind in (None, "null") else kind
    )


def main() -> None:
    """Write the page."""
    TARGET.write_text(study_keys(), encoding="utf-8")


if __name__ == "__main__":
    main()
