"""The independence model: the baseline of CFI, TLI and their kin.

All variables are unrelated, except that exogenous covariates keep their sample covariances, as in
lavaan's lav_object_independence. The optimum has a closed form for every estimator.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.discrepancy import log_determinant
from loyaltysem.syntax.table import Parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.discrepancy import Sample
    from loyaltysem.syntax.table import Operator, ParameterTable


def exogenous_observed(table: ParameterTable) -> tuple[str, ...]:
    """Return the observed covariates, fixed or not (lavaan's ``ov.x``).

    Observed predictors that nothing explains and whose moments the model text does not mention.
    """
    if table.exogenous:
        return table.exogenous
    first = [row for row in table.rows if row.group == 1]
    explained = {row.lhs for row in first if row.op == "~"}
    explained |= {row.rhs for row in first if row.op == "=~"}
    causes = {row.rhs for row in first if row.op == "~"}
    stated = {
        name
        for row in first
        if row.user == 1 and row.op in {"~~", "~1"}
        for name in (row.lhs, row.rhs)
    }
    return tuple(name for name in table.observed if name in causes - explained - stated)


def independence_table(table: ParameterTable) -> ParameterTable:
    """Return the table of the independence model for the variables of ``table``.

    Free variances (and means); covariances among covariates only, fixed where they are fixed in
    ``table``.
    """
    kept = [row for row in table.rows if row.exo and row.lhs not in table.latent]
    given = {(row.group, row.op, row.lhs, row.rhs): row for row in kept}
    covariates = exogenous_observed(table)
    rows: list[Parameter] = []
    n_free = 0
    for group in range(1, table.n_groups + 1):
        for op, lhs, rhs in _independence_rows(table, covariates):
            row = given.get((group, op, lhs, rhs)) or given.get((group, op, rhs, lhs))
            if row is None:
                n_free += 1
                row = Parameter(id=0, lhs=lhs, op=op, rhs=rhs, group=group, free=n_free)
            rows.append(replace(row, id=len(rows) + 1))
    return replace(table, rows=tuple(rows), latent=(), notices=())


def _independence_rows(
    table: ParameterTable, covariates: Sequence[str]
) -> list[tuple[Operator, str, str]]:
    rows: list[tuple[Operator, str, str]] = [("~~", name, name) for name in table.observed]
    rows += [("~~", a, b) for k, a in enumerate(covariates) for b in covariates[k + 1 :]]
    if table.meanstructure:
        rows += [("~1", name, "") for name in table.observed]
    return rows


def independence_estimates(
    table: ParameterTable,
    covs: Sequence[NDArray[np.float64]],
    means: Sequence[NDArray[np.float64]],
) -> NDArray[np.float64]:
    """Return the optimum (q,) of an independence table for ML and diagonal weights.

    It is the sample's own moments: ``covs`` (p, p) and ``means`` (p,) of each group.
    """
    place = {name: index for index, name in enumerate(table.observed)}
    theta = np.zeros(table.n_free)
    for row in table.free_rows:
        group = row.group - 1
        if row.op == "~1":
            theta[row.free - 1] = means[group][place[row.lhs]]
        else:
            theta[row.free - 1] = covs[group][place[row.lhs], place[row.rhs]]
    return theta


def independence_chisq(
    discrepancy: str, sample: Sample, covariates: Sequence[int], *, fixed: bool
) -> float:
    """Return the minimum of half the discrepancy of one group's independence model.

    Parameters
    ----------
    discrepancy
        ML, GLS, ULS, WLS or DWLS.
    covariates
        Positions of the exogenous covariates, which stay related.
    fixed
        Whether the covariates' moments are fixed at the sample's rather than estimated.
    """
    if discrepancy == "ML":
        return _likelihood(sample, covariates)
    if discrepancy == "GLS":
        return 0.25 * sample.shrink * _generalized(sample, covariates, fixed=fixed)
    return 0.5 * sample.shrink * _weighted(sample, covariates, fixed=fixed)


def _likelihood(sample: Sample, covariates: Sequence[int]) -> float:
    """Return (log|Sigma0| - log|S|) / 2; the trace is p at the optimum."""
    outer = list(covariates)
    variances = np.delete(np.diagonal(sample.cov), outer)
    log_det = float(np.log(variances).sum())
    if outer:
        log_det += log_determinant(sample.cov[np.ix_(outer, outer)])
    return 0.5 * (log_det - sample.log_det)


def _free_moments(
    p: int, covariates: Sequence[int], *, fixed: bool
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which covariances (p, p) the model estimates, and which it fixes at the sample's."""
    inside = np.zeros(p, dtype=bool)
    inside[list(covariates)] = True
    block = np.logical_and.outer(inside, inside)
    estimated = np.eye(p, dtype=bool)
    if fixed:
        return estimated & ~block, block
    return estimated | block, np.zeros((p, p), dtype=bool)


def _generalized(sample: Sample, covariates: Sequence[int], *, fixed: bool) -> float:
    """Return the minimum of tr{[V (S - Sigma0)]^2}: linear least squares in Sigma0's free cells."""
    precision = sample.weights
    p = len(sample.cov)
    estimated, given = _free_moments(p, covariates, fixed=fixed)
    rest = np.where(given, 0.0, sample.cov)
    rows, cols = np.nonzero(np.tril(estimated))
    twice = np.where(rows == cols, 1.0, 2.0)
    inner = precision[np.ix_(rows, rows)] * precision[np.ix_(cols, cols)]  # type: ignore[index]
    outer = precision[np.ix_(rows, cols)] * precision[np.ix_(cols, rows)]  # type: ignore[index]
    system = 0.5 * np.multiply.outer(twice, twice) * (inner + outer)
    pulled = precision @ rest @ precision  # type: ignore[operator]
    side = twice * pulled[rows, cols]
    return float((pulled * rest).sum() - side @ np.linalg.solve(system, side))


def _weighted(sample: Sample, covariates: Sequence[int], *, fixed: bool) -> float:
    """Return the minimum of (s - sigma0)' V (s - sigma0) over the free moments."""
    p = len(sample.cov)
    cols, rows = np.triu_indices(p)
    estimated, given = _free_moments(p, covariates, fixed=fixed)
    residual = np.where(given, 0.0, sample.cov)[rows, cols]
    free = estimated[rows, cols]
    if sample.means:
        held = np.zeros(p, dtype=bool)
        held[list(covariates)] = fixed
        residual = np.concatenate([np.where(held, 0.0, sample.mean), residual])
        free = np.concatenate([~held, free])
    weights = np.ones(len(residual)) if sample.weights is None else sample.weights
    if weights.ndim == 1:
        return float((weights * residual**2)[~free].sum())
    pulled = weights @ residual
    inner = weights[np.ix_(free, free)]
    return float(residual @ pulled - pulled[free] @ np.linalg.solve(inner, pulled[free]))
