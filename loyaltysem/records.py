"""Records of results that show their numbers and tables, at a prompt and in a notebook."""

from __future__ import annotations

import html
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

ROWS = 20
"""Rows of a table that are shown; more are cut in the middle."""


class Shown:
    """A dataclass (declared with ``repr=False``) whose ``repr`` is an account of what it holds."""

    __slots__ = ()

    def shown(self) -> Mapping[str, object]:
        """Return what is shown, by name: the fields, unless a record knows better."""
        return {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]

    def __repr__(self) -> str:
        facts, tables, notices = _sorted(self.shown())
        width = max((len(name) for name in facts), default=0) + 2
        lines = [type(self).__name__, *(f"! {notice}" for notice in notices)]
        lines += [f"  {name:<{width}}{value}" for name, value in facts.items()]
        for name, table in tables.items():
            lines += ["", name, table.to_string(max_rows=ROWS, float_format=_number, na_rep="")]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        facts, tables, notices = _sorted(self.shown())
        heading = f"<p><b>{type(self).__name__}</b></p>"
        told = "".join(f"<li>{html.escape(notice)}</li>" for notice in notices)
        rows = "".join(
            f'<tr style="background:none"><td style="text-align:left">{html.escape(name)}</td>'
            f'<td style="text-align:left">{html.escape(value)}</td></tr>'
            for name, value in facts.items()
        )
        drawn = "".join(
            f"<p>{html.escape(name)}</p>"
            f"{table.to_html(max_rows=ROWS, float_format=_number, na_rep='', border=0)}"
            for name, table in tables.items()
        )
        listed = f"<ul>{told}</ul>" if told else ""
        return f"<div>{heading}{listed}<table>{rows}</table>{drawn}</div>"


def _sorted(parts: Mapping[str, object]) -> tuple[dict[str, str], dict[str, Any], list[str]]:
    """Return facts as text, tables, and notices; what is None or empty is left out."""
    facts: dict[str, str] = {}
    tables: dict[str, Any] = {}
    notices: list[str] = []
    for name, value in parts.items():
        if name == "notices":
            notices += [str(notice) for notice in value]  # type: ignore[attr-defined]
        elif (table := _table(value)) is not None:
            tables[name] = _without_idle_decimals(table)
        elif text := _text(value):
            facts[name] = text
    return facts, tables, notices


def _table(value: object) -> pd.DataFrame | None:
    """Return what is a table or can be one: a series, a mapping to numbers, a record of numbers."""
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, dict):
        value = pd.Series(value)
    if isinstance(value, pd.Series) and len(value) and pd.api.types.is_numeric_dtype(value):
        return value.to_frame("value")
    return None


def _without_idle_decimals(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with columns of whole numbers (such as degrees of freedom) as such."""
    tidy = table.copy()
    for name, column in table.select_dtypes("float").items():
        known = column.dropna()
        if len(known) and (known % 1 == 0).all():
            tidy[name] = ["" if value != value else f"{value:.0f}" for value in column]
    return tidy


def _text(value: object) -> str:
    """Return a value in few words; nothing for what is not there."""
    if value is None:
        return ""
    if hasattr(value, "tolist"):  # an array or a scalar of numpy
        value = value.tolist()
    if isinstance(value, tuple | list):
        return ", ".join(_text(entry) for entry in value)
    if isinstance(value, float):
        return _number(value)
    text = str(value)
    return text if len(text) <= 100 and "\n" not in text else f"<{type(value).__name__}>"


def _number(value: float) -> str:
    return f"{value:.3f}" if abs(value) >= 0.001 or value == 0 else f"{value:.2g}"
