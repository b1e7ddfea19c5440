"""Plain values as a YAML file that a person can read and edit."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

if TYPE_CHECKING:
    from collections.abc import Mapping


def written_yaml(values: Mapping[str, Any]) -> str:
    """Return values as YAML text: blocks two wide, keys in their order, letters as they are."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.width = 100
    stream = io.StringIO()
    yaml.dump(dict(values), stream)
    return stream.getvalue()
