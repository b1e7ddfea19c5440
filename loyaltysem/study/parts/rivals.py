"""Rival models as records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.results import RivalRecord, StepRecord
from loyaltysem.study.plain import plain_record

if TYPE_CHECKING:
    import pandas as pd


def rival_records(table: pd.DataFrame) -> tuple[RivalRecord, ...]:
    """Return the rows of a table of rival models, indexed by name."""
    fields = set(RivalRecord.model_fields) - {"name"}
    return tuple(
        RivalRecord(name=str(name), **{key: row[key] for key in fields})
        for name, values in table.iterrows()
        for row in (plain_record(values.to_dict()),)
    )


def step_records(table: pd.DataFrame) -> tuple[StepRecord, ...]:
    """Return the rows of a table of steps between them."""
    return tuple(StepRecord(**plain_record(row)) for row in table.to_dict("records"))
