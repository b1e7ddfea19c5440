"""Modification indices: what freeing one more parameter would do to the fit.

For every parameter that is fixed, or absent and possible, the score test of its being free:
MI = N g^2 / V with g the derivative of the discrepancy and V the information about the parameter
that is left when the free ones are known, V = I_11 - I_12 I_22^-1 I_21; the expected change is
-g / V (Sörbom 1989; lavaan's ``modindices``). Constraints of the model stay in force.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loyaltysem.errors import EstimationError
from loyaltysem.estimation.baseline import exogenous_observed
from loyaltysem.estimation.constrained import inverse_within
from loyaltysem.estimation.standardized import scale_factors
from loyaltysem.syntax.table import Parameter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.estimation.standardized import Standardization
    from loyaltysem.syntax.table import Operator, ParameterTable

    Array = NDArray[np.float64]

BLOCK = 200
"""Candidates that are tested at once; the work grows with the square of the block."""

UNIDENTIFIED = float(np.finfo(float).eps) ** (1 / 3)
"""Information below this (or this share of a smaller total) means: freeing it changes nothing."""

ROUNDING = 1e-8
"""Share of the information about a parameter that rounding may leave where there is none."""

STANDARDIZATIONS: tuple[tuple[str, Standardization], ...] = (
    ("sepc_lv", "std.lv"),
    ("sepc_all", "std.all"),
    ("sepc_nox", "std.nox"),
)


def modification_indices(
    fit: Fit, *, sort: bool = True, minimum: float = 0.0, op: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return the modification index of every parameter that could be freed.

    Parameters
    ----------
    fit
        The fitted model.
    sort
        Whether the largest index comes first; otherwise the order is that of the candidates.
    minimum
        Smallest index that is kept.
    op
        Operators that are kept, such as ``("=~", "~~")``; all when left out.

    Returns
    -------
    One row per candidate: ``lhs, op, rhs, group, mi``, the expected change ``epc``, and the change
    in standardized units ``sepc_lv, sepc_all, sepc_nox``. Candidates that would not be identified
    are left out.

    Raises
    ------
    EstimationError
        The model itself is not identified.

    Notes
    -----
    The index is the score test of the freed parameter within the model's constraints (Sörbom 1989):
    n g^2 / V with V the information that the estimated parameters leave. Under ``==`` beyond
    equality of labels lavaan 0.6-14 prints other numbers than this formula gives with its own
    gradient and information; the index here follows the formula.
    """
    tested = [
        (row, mi, epc)
        for block in _blocks(candidates(fit.table))
        for row, mi, epc in _test(fit, block)
    ]
    rows = [row for row, _, _ in tested]
    frame = pd.DataFrame(
        {
            "lhs": [row.lhs for row in rows],
            "op": [row.op for row in rows],
            "rhs": [row.rhs for row in rows],
            "group": [row.group for row in rows],
            "mi": np.array([mi for _, mi, _ in tested], dtype=float),
            "epc": np.array([epc for _, _, epc in tested], dtype=float),
        }
    )
    for name, kind in STANDARDIZATIONS:
        frame[name] = _standardized_change(fit, rows, frame["epc"].to_numpy(), kind)
    kept = frame[frame["mi"] >= minimum]
    kept = kept if op is None else kept[kept["op"].isin(op)]
    if sort:
        kept = kept.sort_values("mi", ascending=False, kind="stable")
    return kept.reset_index(drop=True)


# --- candidates ------------------------------------------------------------------------------


def candidates(table: ParameterTable) -> list[Parameter]:
    """Return the parameters that can be freed: fixed rows of the table, then absent ones.

    Absent are, in every group, the loadings of indicators on all latent variables, covariances of
    indicators' residuals and of latent variables, regressions among the variables that take part
    in regressions, intercepts (with a mean structure) and thresholds; lavaan's
    ``lav_partable_full``. Moments of fixed covariates, and variances that ordinal data do not
    have, cannot be freed.
    """
    fixed = [row for row in table.rows if not row.free and not row.is_constraint and not row.exo]
    known = {(row.group, row.op, row.lhs, row.rhs) for row in table.rows}
    known |= {(g, op, rhs, lhs) for g, op, lhs, rhs in known if op == "~~"}
    absent = [
        Parameter(id=0, lhs=lhs, op=op, rhs=rhs, group=group, ustart=0.0)
        for group in range(1, table.n_groups + 1)
        for op, lhs, rhs in _possible(table)
        if (group, op, lhs, rhs) not in known
    ]
    return [row for row in fixed + absent if not _is_determined(table, row)]


def _is_determined(table: ParameterTable, row: Parameter) -> bool:
    """Tell whether ordinal data give the parameter its value, so that it cannot be free."""
    ordinal = {name for name, _ in table.ordered}
    if row.lhs not in ordinal:
        return False
    delta = table.parameterization == "delta"
    return (row.op == "~~" and row.lhs == row.rhs and delta) or (row.op == "~*~" and not delta)


def _possible(table: ParameterTable) -> Iterator[tuple[Operator, str, str]]:
    covariates = exogenous_observed(table)
    indicators = {row.rhs for row in table.rows if row.op == "=~"}
    yield from _possible_loadings(table, covariates)
    measured = [name for name in table.observed if name in indicators and name not in covariates]
    for names in (measured, table.latent):
        for first, second in combinations_with_replacement(names, 2):
            yield "~~", first, second
    yield from _possible_regressions(table, indicators, covariates)
    if table.meanstructure:
        left_out = covariates if table.conditional_x else ()
        for name in (*table.observed, *table.latent):
            if name not in left_out:
                yield "~1", name, ""


def _possible_loadings(
    table: ParameterTable, covariates: Sequence[str]
) -> Iterator[tuple[Operator, str, str]]:
    related = set(_in_regressions(table))
    for latent in table.latent:
        for name in table.observed:
            if name not in covariates and name not in related:
                yield "=~", latent, name


def _in_regressions(table: ParameterTable) -> list[str]:
    """Return the variables of the regressions, outcomes first."""
    rows = [row for row in table.rows if row.op == "~" and row.group == 1]
    return list(dict.fromkeys([row.lhs for row in rows] + [row.rhs for row in rows]))


def _possible_regressions(
    table: ParameterTable, indicators: set[str], covariates: Sequence[str]
) -> Iterator[tuple[Operator, str, str]]:
    related = _in_regressions(table)
    given = covariates if table.conditional_x else ()
    for lhs in related:
        for rhs in related:
            measured = lhs in indicators and lhs not in table.latent and rhs in table.latent
            if lhs != rhs and lhs not in given and not measured:
                yield "~", lhs, rhs


# --- tests -----------------------------------------------------------------------------------


def _blocks(rows: Sequence[Parameter]) -> Iterator[Sequence[Parameter]]:
    for start in range(0, len(rows), BLOCK):
        yield rows[start : start + BLOCK]


@dataclass(frozen=True, slots=True)
class _Extension:
    """A table in which some candidates are free, and theta with their present values."""

    table: ParameterTable
    theta: Array


def _extended(table: ParameterTable, theta: Array, block: Sequence[Parameter]) -> _Extension:
    """Free the candidates of a block: fixed rows in their place, absent ones before constraints."""
    q, last = len(theta), len(table.rows)
    freed = {row.id: replace(row, free=q + k) for k, row in enumerate(block, start=1) if row.id}
    new = [
        replace(row, id=last + k, free=q + k, plabel=f".p{last + k}.")
        for k, row in enumerate(block, start=1)
        if not row.id
    ]
    rows = [freed.get(row.id, row) for row in table.rows if not row.is_constraint]
    values = [0.0 if row.ustart is None else row.ustart for row in block]
    return _Extension(
        table=replace(table, rows=(*rows, *new, *(row for row in table.rows if row.is_constraint))),
        theta=np.concatenate([theta, values]),
    )


def _test(fit: Fit, block: Sequence[Parameter]) -> list[tuple[Parameter, float, float]]:
    """Return (candidate, index, expected change) of the candidates that would be identified."""
    q = len(fit.theta)
    extension = _extended(fit.table, fit.theta, block)
    problem = fit.problem.with_table(extension.table)
    point = problem.objective.at(extension.theta)
    information = problem.score_information(point)
    gradient = point.gradient()[q:]
    crossed = information[q:, :q]
    total = np.diagonal(information)[q:]
    explained = (crossed @ _known_inverse(fit, information)) * crossed
    left = total - explained.sum(axis=1)
    tested = left > np.maximum(UNIDENTIFIED * np.minimum(total, 1.0), ROUNDING * total)
    return [
        (row, fit.n * g * g / v, -g / v)
        for row, g, v, keep in zip(block, gradient, left, tested, strict=True)
        if keep
    ]


def _known_inverse(fit: Fit, information: Array) -> Array:
    """Return the inverse information (q, q) of the free parameters within the constraints."""
    q = len(fit.theta)
    inverse = inverse_within(fit.problem.constraints, information[:q, :q], fit.theta)
    if inverse is None:
        raise EstimationError(
            "Modification indices cannot be computed: the model is not identified",
            remedy="Look at the notices of the fit for the parameters concerned.",
        )
    return inverse


def _standardized_change(
    fit: Fit, rows: Sequence[Parameter], epc: Array, kind: Standardization
) -> Array:
    """Return expected changes in standardized units.

    A covariance is put in relation to the present residual variances; a variance that is fixed
    keeps its present size, with the sign of the change, and so does the scale of an ordinal
    variable, which is 1.
    """
    table = replace(fit.table, rows=(*fit.table.rows, *rows))
    present = [0.0 if row.ustart is None else row.ustart for row in rows]
    est = np.concatenate([fit.est, present])
    spreads, untouched = fit.problem.spreads(fit.point), exogenous_observed(fit.table)
    factors = scale_factors(table, est, spreads, kind, untouched)[len(fit.est) :]
    variance = np.array([row.op == "~~" and row.lhs == row.rhs for row in rows], dtype=bool)
    size = np.where(variance, np.abs(present), np.abs(epc))
    changes: Array = np.sign(epc) * size * np.where(size > 0, factors, 0.0)
    scales = [row.op == "~*~" and kind != "std.lv" for row in rows]
    return np.where(scales, np.sign(epc), changes)
