"""JSON: a list of records, as form programs write them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from loyaltysem.errors import Place, ResponsesError
from loyaltysem.responses.columns import TextColumn
from loyaltysem.responses.encoding import decode
from loyaltysem.responses.files.grid import Grid, cell_text, grid_of_columns, refuse_size
from loyaltysem.responses.spelling import whole_letters

if TYPE_CHECKING:
    from pathlib import Path

JOINT = "."
"""Between the names of a question and of its row, where a record holds records."""


def read_records(path: Path, content: bytes) -> Grid:
    """Read a list of records, or an object that holds one (as ``responses``).

    A record in a record becomes columns ``question.row``; a list stays JSON in its cell.

    Raises
    ------
    ResponsesError
        The file is no JSON or holds no records.
    """
    text, notices = decode(path, content)
    records = _records(path, _parsed(path, text))
    flat = [
        {whole_letters(name): whole_letters(text) for name, text in _flat(record).items()}
        for record in records
    ]
    headings = list(dict.fromkeys(name for record in flat for name in record))
    refuse_size(path, len(flat), len(headings), len(content))
    columns = [TextColumn.of(record.get(name, "") for record in flat) for name in headings]
    return grid_of_columns(path, headings or [""], columns, notices)


def _parsed(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ResponsesError(
            f"The JSON file cannot be read: {error.msg}",
            place=Place(path, error.lineno, error.colno),
        ) from None
    except (RecursionError, ValueError):
        raise ResponsesError(
            "The JSON file nests too deeply or holds a number beyond all bounds", place=Place(path)
        ) from None


def _records(path: Path, whole: Any) -> list[dict[str, Any]]:
    if isinstance(whole, dict):
        lists = [value for value in whole.values() if isinstance(value, list)]
        whole = whole.get("responses", lists[0] if len(lists) == 1 else [whole])
    if isinstance(whole, list) and whole and all(isinstance(one, dict) for one in whole):
        return whole
    raise ResponsesError(
        "The JSON file holds no answers",
        place=Place(path),
        expected='a list of records such as [{"SAT1": 4, "gender": "f"}, …]',
    )


def _flat(record: dict[str, Any], above: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, dict) and not above.count(JOINT):
            flat |= _flat(value, f"{above}{name}{JOINT}")
        elif isinstance(value, list | dict):
            flat[above + name] = json.dumps(value, ensure_ascii=False)
        else:
            flat[above + name] = cell_text(value)
    return flat
