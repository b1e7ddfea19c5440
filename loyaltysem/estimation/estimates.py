"""The table of estimates, and its standardized relatives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.row_values import constraint_differences
from loyaltysem.estimation.standardized import delta_errors, r_squared, standardize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.estimation.standardized import Standardization
    from loyaltysem.syntax.table import Parameter, ParameterTable

KINDS: tuple[Standardization, ...] = ("std.lv", "std.all", "std.nox")


def is_shown(row: Parameter) -> bool:
    """Tell whether a row is a result: everything but constraints derived from equal labels."""
    return row.op not in {"==", "<", ">"} or row.user == 1


def parameter_names(table: ParameterTable) -> list[str]:
    """Return names of the free parameters as lavaan's ``coef`` does: label, or ``lhs op rhs``.

    A parameter of a later group carries ``.g2``, unless it has a label.
    """
    names: dict[int, str] = {}
    for row in table.rows:
        if row.free:
            plain = f"{row.lhs}{row.op}{'' if row.op == '~1' else row.rhs}"
            suffix = f".g{row.group}" if row.group > 1 else ""
            names[row.free] = row.label or plain + suffix
    return [names[k] for k in range(1, table.n_free + 1)]


def standardized_values(
    fit: Fit, kind: Standardization
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return standardized values of all rows (rows,) and their derivatives by theta (rows, q)."""
    problem = fit.problem
    found = standardize(
        fit.table,
        fit.est,
        problem.row_jacobian(fit.theta),
        problem.spreads(fit.point),
        problem.constraints.defined,
        kind,
    )
    values = np.array(found.values)
    _fill_constraints(fit, values)
    return values, found.jacobian


def _fill_constraints(fit: Fit, values: NDArray[np.float64]) -> None:
    """Put left minus right side of each constraint, on standardized values, into its row."""
    rows = fit.table.rows
    constrained = [k for k, row in enumerate(rows) if row.op in {"==", "<", ">"}]
    if constrained:
        place = {row.free: k for k, row in enumerate(rows) if row.free}
        theta = values[[place[free] for free in range(1, fit.table.n_free + 1)]]
        sides = constraint_differences(fit.problem.constraints, theta)
        for k in constrained:
            values[k] = sides[f"{rows[k].lhs} {rows[k].op} {rows[k].rhs}"]


def check_level(level: float) -> None:
    """Refuse what is no level of confidence.

    Raises
    ------
    EstimationError
        The level does not lie between 0 and 1.
    """
    if not 0 < level < 1:
        raise EstimationError(
            "A level of confidence lies between 0 and 1",
            found=f"{level}",
            expected="a share, such as 0.95",
        )


def with_inference(frame: pd.DataFrame, level: float, *, est: str = "est") -> pd.DataFrame:
    """Return ``frame`` with z, p and confidence limits from its columns ``est`` and ``se``.

    Raises
    ------
    EstimationError
        The level does not lie between 0 and 1.
    """
    check_level(level)
    value, error = frame[est].to_numpy(), frame["se"].to_numpy()
    moves = error > 0
    z = np.divide(value, error, out=np.full(len(value), np.nan), where=moves)
    width = ndtri(0.5 + level / 2) * error
    return frame.assign(
        z=z,
        pvalue=2.0 * ndtr(-np.abs(z)),
        ci_lower=value - width,
        ci_upper=value + width,
    )


def _descriptors(rows: Sequence[Parameter]) -> dict[str, list[object]]:
    return {
        "lhs": [row.lhs for row in rows],
        "op": [row.op for row in rows],
        "rhs": [row.rhs for row in rows],
        "group": [row.group for row in rows],
        "label": [row.label for row in rows],
        "free": [row.free > 0 for row in rows],
        "exo": [row.exo for row in rows],
    }


def estimates_table(fit: Fit, level: float) -> pd.DataFrame:
    """Return the table of estimates; see `Fit.estimates`."""
    shown = [k for k, row in enumerate(fit.table.rows) if is_shown(row)]
    frame = pd.DataFrame(_descriptors([fit.table.rows[k] for k in shown]))
    frame = frame.assign(est=fit.est[shown], se=fit.se[shown])
    frame = with_inference(frame, level)
    if fit.draws is not None:
        lower, upper = fit.draws.limits(level)
        frame = frame.assign(ci_lower=lower[shown], ci_upper=upper[shown])
    for kind in KINDS:
        frame[kind.replace(".", "_")] = standardized_values(fit, kind)[0][shown]
    return frame


def standardized_table(fit: Fit, kind: Standardization, level: float) -> pd.DataFrame:
    """Return standardized estimates with standard errors; see `Fit.standardized`."""
    shown = [k for k, row in enumerate(fit.table.rows) if is_shown(row)]
    frame = pd.DataFrame(_descriptors([fit.table.rows[k] for k in shown]))
    values, jacobian = standardized_values(fit, kind)
    errors = np.full(len(values), np.nan) if fit.vcov is None else delta_errors(jacobian, fit.vcov)
    frame = frame.assign(est_std=values[shown], se=errors[shown])
    return with_inference(frame, level, est="est_std")


def r2(fit: Fit) -> pd.Series:
    """Return R-squared of every indicator and outcome; index (group, variable) with groups."""
    found = r_squared(fit.table, standardized_values(fit, "std.all")[0])
    labels = fit.table.group_labels
    if fit.table.n_groups == 1:
        return pd.Series({name: value for name, _, value in found}, name="r2", dtype=float)
    index = pd.MultiIndex.from_tuples(
        [(labels[group - 1], name) for name, group, _ in found], names=["group", "variable"]
    )
    return pd.Series([value for *_, value in found], index=index, name="r2", dtype=float)
