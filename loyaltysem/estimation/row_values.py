"""Estimates by row of the parameter table: free, fixed, defined, constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.syntax.constraints import Constraints
    from loyaltysem.syntax.table import ParameterTable


def row_estimates(
    table: ParameterTable, constraints: Constraints, theta: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the estimate of every row (rows,) at ``theta`` (q,).

    A constraint's estimate is its left minus its right side, as in lavaan; NaN stands for what the
    table fixes but does not know (scales that ordinal data determine).
    """
    defined = dict(zip(constraints.defined.names, constraints.defined.evaluate(theta), strict=True))
    sides = constraint_differences(constraints, theta)
    values = np.empty(len(table.rows))
    for k, row in enumerate(table.rows):
        if row.free:
            values[k] = theta[row.free - 1]
        elif row.op == ":=":
            values[k] = defined[row.lhs]
        elif row.op in {"==", "<", ">"}:
            values[k] = sides[f"{row.lhs} {row.op} {row.rhs}"]
        else:
            values[k] = np.nan if row.ustart is None else row.ustart
    return values


def constraint_differences(
    constraints: Constraints, theta: NDArray[np.float64]
) -> dict[str, float]:
    """Return left minus right side of every constraint, by its text."""
    equal = zip(constraints.equalities.names, constraints.equalities.evaluate(theta), strict=True)
    unequal = constraints.inequalities
    turned = zip(unequal.names, unequal.evaluate(theta), strict=True)
    sides = {name: float(value) for name, value in equal}
    return sides | {name: float(-value if " < " in name else value) for name, value in turned}


def row_jacobian(
    table: ParameterTable, constraints: Constraints, theta: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the derivatives of the estimates of all rows by theta (rows, q).

    A row of the identity for a free parameter, the gradient of a defined one, zero for what is
    fixed and for constraints.
    """
    slopes = np.zeros((len(table.rows), len(theta)))
    defined = dict(zip(constraints.defined.names, constraints.defined.jacobian(theta), strict=True))
    for k, row in enumerate(table.rows):
        if row.free:
            slopes[k, row.free - 1] = 1.0
        elif row.op == ":=":
            slopes[k] = defined[row.lhs]
    return slopes


def row_standard_errors(
    table: ParameterTable,
    constraints: Constraints,
    theta: NDArray[np.float64],
    vcov: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the standard error of every row (rows,): zero if fixed, delta method for ``:=``."""
    from loyaltysem.estimation.information import delta_method, standard_errors

    own = standard_errors(vcov)
    defined = delta_method(constraints.defined.jacobian(theta), vcov)
    by_name = dict(zip(constraints.defined.names, defined, strict=True))
    values = np.zeros(len(table.rows))
    for k, row in enumerate(table.rows):
        if row.free:
            values[k] = own[row.free - 1]
        elif row.op == ":=":
            values[k] = by_name[row.lhs]
    return values
