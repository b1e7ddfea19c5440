"""Estimates of a model, one by one."""

from __future__ import annotations

from loyaltysem.results.base import Record


class ParameterRecord(Record):
    """One row of the parameter table with its estimate; names as in lavaan."""

    lhs: str
    op: str
    rhs: str
    group: int
    label: str
    free: bool
    est: float | None
    se: float | None
    z: float | None
    pvalue: float | None
    ci_lower: float | None
    ci_upper: float | None
    std_lv: float | None
    std_all: float | None
    std_nox: float | None
