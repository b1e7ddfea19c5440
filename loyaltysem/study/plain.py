"""Plain Python numbers from numpy's and pandas', and records of notices."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from loyaltysem.results import NoticeRecord

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from loyaltysem.errors import Notice


def plain_record(values: Mapping[Any, Any] | Mapping[Hashable, Any]) -> dict[str, Any]:
    """Return the values with plain Python numbers, and None where there is no finite number."""
    return {str(key): _plain(value) for key, value in values.items()}


def notice_records(notices: Iterable[Notice], about: str = "") -> tuple[NoticeRecord, ...]:
    """Return notices as records."""
    return tuple(
        NoticeRecord(code=one.code, text=one.text, facts=dict(one.facts), about=about)
        for one in notices
    )


def _plain(value: Any) -> Any:
    item = value.item() if hasattr(value, "item") else value
    return None if isinstance(item, float) and not math.isfinite(item) else item
