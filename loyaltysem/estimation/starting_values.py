"""Where the optimiser starts: values for every row of the parameter table.

Loadings by Hagglund's (1982) factor analysis by instrumental variables (FABIN 3), or in closed form
with three indicators; residual variances at half the observed variance; means at the sample's;
regressions among observed variables by least squares. The scheme is that of lavaan's default start,
so that models whose solution depends on it (signs, local minima) end up at the same place.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.moments import GroupMoments, Moments
    from loyaltysem.syntax.table import Parameter, ParameterTable

LATENT_VARIANCE = 0.05


def starting_values(table: ParameterTable, moments: Moments) -> NDArray[np.float64]:
    """Return the starting value of every free parameter (q,).

    A start that the model text gives (``start(v)*``) stands before a computed one.
    """
    theta = np.zeros(table.n_free)
    for group, sample in enumerate(moments.groups, start=1):
        rows = [row for row in table.rows if row.group == group]
        for row, value in _group_values(table, rows, sample).items():
            theta[row.free - 1] = value
    for row in table.rows:
        if row.free and row.ustart is not None:
            theta[row.free - 1] = row.ustart
    return theta


def _group_values(
    table: ParameterTable, rows: list[Parameter], sample: GroupMoments
) -> dict[Parameter, float]:
    """Return the start of one group's free rows, by the row."""
    where = {name: k for k, name in enumerate(table.observed)}
    latent = frozenset(table.latent)
    variances = np.diagonal(sample.cov)
    values: dict[Parameter, float] = {}
    for row in rows:
        if not row.free:
            continue
        if row.op == "=~":
            values[row] = 1.0
        elif row.op == "~~" and row.lhs == row.rhs:
            values[row] = (
                LATENT_VARIANCE if row.lhs in latent else 0.5 * float(variances[where[row.lhs]])
            )
        elif row.op == "~1" and row.lhs in where:
            values[row] = float(sample.mean[where[row.lhs]])
        else:
            values[row] = 0.0
    values |= _loadings(rows, latent, where, sample.cov)
    values |= _single_indicators(rows, latent, where, variances)
    values |= _free_covariates(rows, table, where, sample.cov)
    if not latent:
        values |= _regressions(rows, where, sample.cov)
    return {row: value for row, value in values.items() if row.free}


def _loadings(
    rows: list[Parameter],
    latent: frozenset[str],
    where: dict[str, int],
    cov: NDArray[np.float64],
) -> dict[Parameter, float]:
    by_factor: dict[str, list[Parameter]] = {}
    for row in rows:
        if row.op == "=~":
            by_factor.setdefault(row.lhs, []).append(row)
    standardized = {
        row.lhs
        for row in rows
        if row.op == "~~" and row.lhs == row.rhs and not row.free and row.ustart == 1.0
    }
    values: dict[Parameter, float] = {}
    for factor, indicators in by_factor.items():
        if any(row.rhs in latent for row in indicators):
            continue
        index = [where[row.rhs] for row in indicators]
        found = one_factor_loadings(cov[np.ix_(index, index)], unit_variance=factor in standardized)
        values |= dict(zip(indicators, found.tolist(), strict=True))
    return values


def one_factor_loadings(
    cov: NDArray[np.float64], *, unit_variance: bool = False
) -> NDArray[np.float64]:
    """Return non-iterative loadings (p,) of one factor on covariance matrix ``cov`` (p, p).

    The first loading is 1, or the factor's variance is 1 with ``unit_variance``. Where the
    covariances allow no solution, all indicators count as equally reliable.
    """
    sd = np.sqrt(np.diagonal(cov))
    plain = sd * (0.7 if unit_variance else 1.0 / sd[0])
    if len(cov) < 3:
        return plain * np.where(cov[:, 0] < 0, -1.0, 1.0)
    loadings = _triad(cov) if len(cov) == 3 else _fabin(cov)
    if loadings is None or not np.isfinite(loadings).all():
        return plain
    bounds = sd / (np.sqrt(0.1) * sd[0])
    loadings = np.clip(loadings, -bounds, bounds)
    if not unit_variance:
        return loadings
    return loadings * np.sqrt(abs(_factor_variance(cov, loadings)))


def _triad(cov: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return the just-identified solution of three indicators, None if it has a negative sign."""
    a, b, c = cov[1, 0], cov[2, 0], cov[2, 1]
    return np.array([1.0, c / b, c / a]) if a * b * c > 0 else None


def _fabin(cov: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Hagglund's FABIN 3 loadings; the first is 1."""
    p = len(cov)
    loadings = np.ones(p)
    for i in range(1, p):
        others = [j for j in range(1, p) if j != i]
        first = cov[others, 0]
        try:
            weights = np.linalg.solve(cov[np.ix_(others, others)], first)
        except np.linalg.LinAlgError:
            weights = first
        loadings[i] = (cov[i, others] @ weights) / (first @ weights)
    return loadings


def _factor_variance(cov: NDArray[np.float64], loadings: NDArray[np.float64]) -> float:
    """Return the factor's variance given its loadings (Hagglund 1982), by least squares."""
    total = float(loadings @ loadings)
    projection = np.multiply.outer(loadings, loadings) / total
    try:
        unique = np.linalg.solve(
            np.eye(len(cov)) - projection**2, np.diagonal(cov - projection @ cov @ projection)
        )
    except np.linalg.LinAlgError:
        unique = 0.5 * np.diagonal(cov)
    return float(loadings @ (cov - np.diag(unique)) @ loadings) / total**2


def _single_indicators(
    rows: list[Parameter],
    latent: frozenset[str],
    where: dict[str, int],
    variances: NDArray[np.float64],
) -> dict[Parameter, float]:
    """Return the variance of exogenous constructs that have one indicator."""
    counts: dict[str, list[str]] = {}
    for row in rows:
        if row.op == "=~":
            counts.setdefault(row.lhs, []).append(row.rhs)
    explained = {row.lhs for row in rows if row.op == "~"} | {
        row.rhs for row in rows if row.op == "=~"
    }
    own = {row.lhs: row for row in rows if row.op == "~~" and row.lhs == row.rhs}
    values: dict[Parameter, float] = {}
    for factor, indicators in counts.items():
        if len(indicators) != 1 or factor in explained or indicators[0] not in where:
            continue
        residual = own[indicators[0]].ustart if indicators[0] in own else None
        variance = float(variances[where[indicators[0]]])
        values[own[factor]] = max(variance - (1.0 if residual is None else residual), 0.05)
    return {row: value for row, value in values.items() if row.lhs in latent}


def _free_covariates(
    rows: list[Parameter],
    table: ParameterTable,
    where: dict[str, int],
    cov: NDArray[np.float64],
) -> dict[Parameter, float]:
    """Return the sample's covariances for observed variables that nothing in the model explains."""
    explained = {row.lhs for row in rows if row.op == "~"} | {
        row.rhs for row in rows if row.op == "=~"
    }
    causes = {row.rhs for row in rows if row.op == "~" and row.rhs in where}
    outer = causes - explained - set(table.latent)
    return {
        row: float(cov[where[row.lhs], where[row.rhs]])
        for row in rows
        if row.op == "~~" and row.lhs in outer and row.rhs in outer
    }


def _regressions(
    rows: list[Parameter], where: dict[str, int], cov: NDArray[np.float64]
) -> dict[Parameter, float]:
    """Return least-squares slopes and residual variances of a model without latent variables."""
    equations: dict[str, list[Parameter]] = {}
    for row in rows:
        if row.op == "~":
            equations.setdefault(row.lhs, []).append(row)
    values: dict[Parameter, float] = {}
    for outcome, terms in equations.items():
        y, x = where[outcome], [where[row.rhs] for row in terms]
        slopes = np.linalg.lstsq(cov[np.ix_(x, x)], cov[x, y], rcond=None)[0]
        values |= dict(zip(terms, slopes.tolist(), strict=True))
        residual = float(cov[y, y] - slopes @ cov[x, y])
        own = [row for row in rows if row.op == "~~" and row.lhs == row.rhs == outcome]
        if own and 0.01 * cov[y, y] < residual < 0.99 * cov[y, y]:
            values[own[0]] = residual
    return values


def with_exogenous_moments(table: ParameterTable, moments: Moments) -> ParameterTable:
    """Return the table with the sample's moments at the rows of fixed covariates (``exo``)."""
    where = {name: k for k, name in enumerate(moments.names)}

    def at(row: Parameter) -> Parameter:
        if not row.exo or row.free or row.op not in {"~~", "~1"} or row.lhs not in where:
            return row
        sample = moments.groups[row.group - 1]
        if row.op == "~1":
            return replace(row, ustart=float(sample.mean[where[row.lhs]]))
        return replace(row, ustart=float(sample.cov[where[row.lhs], where[row.rhs]]))

    if not table.exogenous:
        return table
    return replace(table, rows=tuple(at(row) for row in table.rows))
