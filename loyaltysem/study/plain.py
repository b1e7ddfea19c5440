"""Plain Python numbers from numpy's and pandas', and records of notices."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from loyaltysem.results import NoticeRecord, ParameterRecord

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    import pandas as pd

    from loyaltysem.errors import LoyaltysemError, Notice


def plain_record(values: Mapping[Any, Any] | Mapping[Hashable, Any]) -> dict[str, Any]:
    """Return the values with plain Python numbers, and None where there is no finite number."""
    return {str(key): _plain(value) for key, value in values.items()}


def plain_rows(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the rows of a table by their names, with plain Python numbers as `plain_record`."""
    return {str(name): plain_record(row) for name, row in table.to_dict("index").items()}


def parameter_records(estimates: pd.DataFrame) -> tuple[ParameterRecord, ...]:
    """Return the rows of a table of estimates as records."""
    rows = estimates[list(ParameterRecord.model_fields)].to_dict("records")
    return tuple(ParameterRecord(**plain_record(row)) for row in rows)


def notice_records(notices: Iterable[Notice], about: str = "") -> tuple[NoticeRecord, ...]:
    """Return notices as records."""
    return tuple(
        NoticeRecord(code=one.code, text=one.text, facts=dict(one.facts), about=about)
        for one in notices
    )


def reason_facts(fault: LoyaltysemError) -> dict[str, object]:
    """Return what a notice tells of a fault: its message ``why``, and its reason for the reader.

    ``reason`` is the code, empty where the fault has none, and ``because`` holds its facts.
    """
    code, because = (fault.reason.code, fault.reason.facts) if fault.reason else ("", {})
    return {"why": str(fault).rstrip("."), "reason": code, "because": dict(because)}


def _plain(value: Any) -> Any:
    item = value.item() if hasattr(value, "item") else value
    return None if isinstance(item, float) and not math.isfinite(item) else item
