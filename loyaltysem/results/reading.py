"""Stored results read back, also those of another version of the format."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from loyaltysem.errors import Place, StudyError
from loyaltysem.results.study import RESULTS_VERSION, StudyResults

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic_core import ErrorDetails

FORMAT = "loyaltysem-results"


def read_results(path: Path) -> StudyResults:
    """Read a stored ``results.json``.

    Fields that this version does not know are left out; those that an older version did not write
    have their defaults.

    Raises
    ------
    StudyError
        The file cannot be read, holds no results, or is of a version with another first number.
    """
    return _validated(read_values(path), path)


def read_values(path: Path) -> dict[str, Any]:
    """Read a stored ``results.json`` as plain values, with all that another version wrote.

    Raises
    ------
    StudyError
        As :func:`read_results`.
    """
    values = _parsed(path)
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise StudyError("The file holds no results of a study", place=Place(path))
    version_of(values, path)
    _validated(values, path)
    return values


def version_of(values: Mapping[str, Any], path: Path | None = None) -> tuple[int, int]:
    """Return both numbers of the version that results are of.

    Raises
    ------
    StudyError
        There is no version, or its first number is not that of this loyaltysem.
    """
    found = re.fullmatch(r"(\d{1,6})\.(\d{1,6})", str(values.get("version")))
    known = int(RESULTS_VERSION.split(".")[0])
    if found is None or int(found[1]) != known:
        raise StudyError(
            "The results are of a version that this loyaltysem does not read",
            place=Place(path) if path else None,
            found=values.get("version"),
            expected=f"{known}.0, {known}.1 and so on",
            remedy="Use the version of loyaltysem that wrote them, or run the study again.",
        )
    return int(found[1]), int(found[2])


def _parsed(path: Path) -> Any:
    try:
        values = json.loads(path.read_text(encoding="utf-8-sig"))
        json.dumps(values, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise StudyError(
            "The stored results hold half of a letter, as no program writes them",
            place=Place(path),
        ) from None
    except (OSError, ValueError, RecursionError) as fault:
        raise StudyError(
            "The stored results cannot be read: the file is missing, cut off or no JSON",
            place=Place(path),
        ) from fault
    return values


def _validated(values: dict[str, Any], path: Path) -> StudyResults:
    try:
        return StudyResults.model_validate(values)
    except ValidationError as fault:
        unknown = [one["loc"] for one in fault.errors() if one["type"] == "extra_forbidden"]
        if len(unknown) < fault.error_count():
            raise _damaged(fault.errors(), path) from None
        return StudyResults.model_validate(_without(values, unknown))


def _without(values: dict[str, Any], unknown: list[tuple[int | str, ...]]) -> dict[str, Any]:
    """Return a copy of the values without the fields at some places."""
    known: dict[str, Any] = json.loads(json.dumps(values))
    for *above, last in unknown:
        block: Any = known
        for part in above:
            block = block[part]
        del block[last]
    return known


def _damaged(errors: list[ErrorDetails], path: Path) -> StudyError:
    first = next(one for one in errors if one["type"] != "extra_forbidden")
    where = ".".join(map(str, first["loc"]))
    return StudyError(
        f"The file holds no results as loyaltysem writes them: {where}: {first['msg']}",
        place=Place(path),
        remedy="Restore it, or run the study again.",
    )
