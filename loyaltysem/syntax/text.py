"""A parameter table written as model text, complete enough to build the same model again."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from loyaltysem.syntax.defaults import default_rows
from loyaltysem.syntax.options import BuildOptions
from loyaltysem.syntax.roles import find_roles
from loyaltysem.syntax.statements import Element
from loyaltysem.syntax.tokens import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from loyaltysem.syntax.table import Operator, Parameter, ParameterTable

Key: TypeAlias = "tuple[str, Operator, str]"

_ROW_NAME = re.compile(r"\.p(\d+)\.")


def table_options(table: ParameterTable) -> BuildOptions:
    """Return the options with which :func:`table_text` builds the table again."""
    return BuildOptions(
        group_labels=table.group_labels,
        fixed_x=bool(table.exogenous),
        conditional_x=table.conditional_x,
        meanstructure=table.meanstructure,
        ordered=dict(table.ordered),
        parameterization=table.parameterization,
    )


def table_text(table: ParameterTable) -> str:
    """Write a table as model text that states every parameter.

    Building the text with :func:`table_options` gives a table with the same parameters, free or
    fixed at the same values, under the same constraints; order and row names may differ. What
    defaults would add but the table lacks is stated as fixed at zero.

    Examples
    --------
    >>> from loyaltysem.syntax.build import build_table
    >>> print(table_text(build_table("f =~ x1 + a*x2")))
    f =~ 1*x1 + a*x2
    x1 ~~ x1
    x2 ~~ x2
    f ~~ f
    """
    rows = _by_parameter(table)
    named = _row_names(table)
    lines = [
        f"{quote(lhs)} {'~' if op == '~1' else op} {' + '.join(terms)}"
        for (lhs, op), terms in _formulas(rows, _leading(rows), named)
    ]
    lines += _absent(table, list(rows))
    for row in table.rows:
        if row.is_constraint and row.user != 2:
            sides = (_renamed(side, named) for side in (quote_defined(row), row.rhs))
            lines.append(f" {row.op} ".join(sides))
    return "\n".join(lines)


def quote_defined(row: Parameter) -> str:
    """Return the left side of a constraint as model text."""
    return quote(row.lhs) if row.op == ":=" else row.lhs


def _by_parameter(table: ParameterTable) -> dict[Key, list[Parameter]]:
    """Return the rows of each parameter over the groups, without the covariates' fixed moments."""
    rows: dict[Key, list[Parameter]] = {}
    for row in table.rows:
        if not row.is_constraint and not (row.exo and not row.free):
            rows.setdefault((row.lhs, row.op, row.rhs), []).append(row)
    return rows


def _leading(rows: Iterable[Key]) -> set[Key]:
    """Return the first loading of each latent variable, which defaults would fix."""
    first: dict[str, Key] = {}
    for key in rows:
        if key[1] == "=~":
            first.setdefault(key[0], key)
    return set(first.values())


def _formulas(
    rows: dict[Key, list[Parameter]], leading: set[Key], named: dict[str, str]
) -> list[tuple[tuple[str, str], list[str]]]:
    """Join parameters of one left side and operator that follow each other."""
    return [
        (side, [_terms(key, rows[key], key in leading, named) for key in keys])
        for side, keys in groupby(rows, key=lambda key: (key[0], key[1]))
    ]


def _terms(key: Key, rows: Sequence[Parameter], leads: bool, named: dict[str, str]) -> str:
    """Write one parameter; each kind of modifier takes a repetition of its term, as in lavaan."""
    target = "1" if key[1] == "~1" else quote(key[2])
    if key[1] == "=~" and key[0] == key[2]:
        return "0"
    modifiers = [_status(rows, leads), _starts(rows), _labels(rows, named)]
    written = [f"{modifier}*{target}" for modifier in modifiers if modifier]
    return " + ".join(written) or target


def _status(rows: Sequence[Parameter], leads: bool) -> str:
    """Write which groups are fixed, and at what; nothing where all are free anyway."""
    entries = ["NA" if row.free else _number(row.ustart) for row in rows]
    if not leads and all(row.free for row in rows):
        return ""
    return _per_group(entries)


def _starts(rows: Sequence[Parameter]) -> str:
    entries = [_number(row.ustart) if row.free else "NA" for row in rows]
    return "" if set(entries) == {"NA"} else f"start({', '.join(entries)})"


def _labels(rows: Sequence[Parameter], named: dict[str, str]) -> str:
    labels = [named.get(row.plabel) or row.label for row in rows]
    if not any(labels):
        return ""
    return quote(labels[0]) if len(labels) == 1 else f"c({', '.join(map(_string, labels))})"


def _per_group(entries: Sequence[str]) -> str:
    return entries[0] if len(set(entries)) == 1 else f"c({', '.join(entries)})"


def _number(value: float | None) -> str:
    return "NA" if value is None else repr(float(value)).removesuffix(".0")


def _string(label: str) -> str:
    return f'"{label}"'


def _row_names(table: ParameterTable) -> dict[str, str]:
    """Return a label for each row that is known by a row name such as ``.p7.``.

    Row names cannot be labels of a text, since its rows may be numbered otherwise.
    """
    used = {row.label for row in table.rows}
    mentioned = {f".p{n}." for row in table.rows if row.user != 2 for n in _row_numbers(row)}
    named = {}
    for row in table.rows:
        own = row.label if _ROW_NAME.fullmatch(row.label) else ""
        if own or (row.plabel in mentioned and not row.label):
            named[row.plabel] = _fresh(own or row.plabel, used)
    return named


def _row_numbers(row: Parameter) -> list[str]:
    return _ROW_NAME.findall(f"{row.lhs} {row.rhs}") if row.is_constraint else []


def _fresh(row_name: str, used: set[str]) -> str:
    name = "p" + row_name.strip(".p")
    while name in used:
        name += "_"
    return name


def _renamed(expression: str, named: dict[str, str]) -> str:
    return _ROW_NAME.sub(lambda match: named.get(match.group(), match.group()), expression)


def _absent(table: ParameterTable, keys: Sequence[Key]) -> list[str]:
    """Write what defaults would add and the table lacks as fixed at zero."""
    roles = find_roles(Element(lhs=lhs, op=op, rhs=rhs) for lhs, op, rhs in keys)
    return [
        f"{quote(lhs)} ~ 0*1" if op == "~1" else f"{quote(lhs)} ~~ 0*{quote(rhs)}"
        for lhs, op, rhs in default_rows(roles, table_options(table), table.meanstructure)
        if op in ("~~", "~1") and (lhs, op, rhs) not in keys and lhs not in table.exogenous
    ]
