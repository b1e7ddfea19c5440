"""Which rows must be equal: rows that share a label, and ``group_equal``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.errors import ModelSpecificationError, Notice, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from loyaltysem.syntax.defaults import Draft
    from loyaltysem.syntax.options import BuildOptions
    from loyaltysem.syntax.roles import Roles


def row_name(lhs: str, op: str, rhs: str) -> str:
    """Return the name that ``group_partial`` gives a row: ``f=~x1``, ``x3~1``, ``x1~~x2``."""
    return f"{lhs}{op}{rhs}"


def equal_sets(rows: Sequence[Draft], roles: Roles, options: BuildOptions) -> list[tuple[int, ...]]:
    """Return the sets of rows (indices, ascending) that are to be equal.

    Rows with the same label of the user form a set; unlabelled rows of a kind in
    ``group_equal`` form one with the row of the first group, unless ``group_partial`` names them.
    The sets stand in the order in which their second member appears.
    """
    members: dict[str, list[int]] = {}
    for index, (row, key) in enumerate(zip(rows, _keys(rows, roles, options), strict=True)):
        members.setdefault(row.label or key, []).append(index)
    shared = [tuple(indices) for indices in members.values() if len(indices) > 1]
    return sorted(shared, key=lambda indices: indices[1])


def _keys(rows: Sequence[Draft], roles: Roles, options: BuildOptions) -> list[str]:
    """Return a name for each row; rows of later groups that must equal the first share its name."""
    names = [row_name(row.lhs, row.op, row.rhs) for row in rows]
    if not options.group_equal or options.n_groups == 1:
        return [f"{name}.g{row.group}" for name, row in zip(names, rows, strict=True)]
    partial = _partial_names(names, options)
    held = {
        name
        for name, row in zip(names, rows, strict=True)
        if row.group == 1 and name not in partial and _is_held(row, roles, options)
    }
    return [
        name if row.group == 1 or name in held else f"{name}.g{row.group}"
        for name, row in zip(names, rows, strict=True)
    ]


def _is_held(row: Draft, roles: Roles, options: BuildOptions) -> bool:
    latent, endogenous = row.lhs in roles.latent, row.lhs in roles.endogenous
    kinds = {
        "loadings": row.op == "=~",
        "regressions": row.op == "~",
        "thresholds": row.op == "|",
        "intercepts": row.op == "~1" and endogenous,
        "means": row.op == "~1" and latent,
        "residuals": row.is_variance and endogenous,
        "residual.covariances": row.is_covariance and endogenous,
        "lv.variances": row.is_variance and latent,
        "lv.covariances": row.is_covariance and latent,
    }
    return any(kinds[kind] for kind in options.group_equal)


def _partial_names(row_names: Iterable[str], options: BuildOptions) -> set[str]:
    known = set(row_names)
    names = set()
    for stated in options.group_partial:
        name = "".join(stated.split())
        left, _, right = name.partition("~~")
        name = name if name in known else f"{right}~~{left}"
        if name not in known:
            raise ModelSpecificationError(
                "group_partial names a parameter that the model does not have",
                found=f"'{stated}'",
                expected="names such as 'f=~x1', 'x1~1', 'x1~~x1'",
                remedy=did_you_mean("".join(stated.split()), known),
            )
        names.add(name)
    return names


def tie(rows: Sequence[Draft], indices: tuple[int, ...]) -> tuple[bool, list[Notice]]:
    """Make the rows of a set equal where that needs no constraint.

    When one of them is fixed, all become fixed at the value of the first fixed one. Otherwise each
    unlabelled row gets the first row's name as its label, and a constraint is due.

    Returns
    -------
    constrained
        Whether the rows stay free, so that they need ``==`` rows.
    notices
        ``fixed_values_differ`` when the set holds fixed rows with unequal values.
    """
    members = [rows[index] for index in indices]
    fixed = [row for row in members if not row.free]
    if not fixed:
        for row in members:
            row.label = row.label or f".p{indices[0] + 1}."
        return True, []
    notices = []
    if len({row.ustart for row in fixed}) > 1:
        notices.append(_values_differ(fixed))
    for row in members:
        row.fix(fixed[0].ustart)
    return False, notices


def _values_differ(fixed: Sequence[Draft]) -> Notice:
    names = [row_name(row.lhs, row.op, row.rhs) for row in fixed]
    return Notice(
        "fixed_values_differ",
        f"Parameters that are to be equal are fixed at different values ({listed(names)}); "
        f"the first value, {fixed[0].ustart}, is used for all.",
        {"parameters": names, "value": fixed[0].ustart},
    )
