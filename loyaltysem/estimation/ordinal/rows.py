"""Rows of the parameter table that ordinal models fill in themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.estimation.row_values import row_estimates, row_jacobian

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from loyaltysem.estimation.ordinal.derivatives import OrdinalJacobian
    from loyaltysem.estimation.ordinal.implied import OrdinalImplied, OrdinalStructure
    from loyaltysem.syntax.constraints import Constraints
    from loyaltysem.syntax.table import ParameterTable

    Array = NDArray[np.float64]


def implied_rows(
    table: ParameterTable, structures: Sequence[OrdinalStructure]
) -> Iterator[tuple[int, int, int]]:
    """Yield (row, group, variable) of what follows from the other parameters; groups from 0.

    The residual variances of ordinal variables in the delta parameterization, their scales in the
    theta parameterization.
    """
    derived = "~*~" if table.parameterization == "theta" else "~~"
    ordinal = {name for name, _ in table.ordered}
    for k, row in enumerate(table.rows):
        if row.op == derived and row.lhs == row.rhs and row.lhs in ordinal and not row.free:
            matrices = structures[row.group - 1].matrices
            yield k, row.group - 1, matrices.observed.index(row.lhs)


def ordinal_row_estimates(
    table: ParameterTable,
    constraints: Constraints,
    structures: Sequence[OrdinalStructure],
    groups: Sequence[OrdinalImplied],
    theta: Array,
) -> Array:
    """Return the estimate of every row (rows,)."""
    values = row_estimates(table, constraints, theta)
    for k, group, variable in implied_rows(table, structures):
        point = groups[group]
        values[k] = (point.scale if table.rows[k].op == "~*~" else point.residual)[variable]
    return values


def ordinal_row_jacobian(
    table: ParameterTable,
    constraints: Constraints,
    structures: Sequence[OrdinalStructure],
    jacobians: Sequence[OrdinalJacobian],
    theta: Array,
) -> Array:
    """Return the derivatives of the estimates of all rows by theta (rows, q)."""
    slopes = row_jacobian(table, constraints, theta)
    for k, group, variable in implied_rows(table, structures):
        by = jacobians[group]
        slopes[k] = (by.scale if table.rows[k].op == "~*~" else by.residual)[variable]
    return slopes
