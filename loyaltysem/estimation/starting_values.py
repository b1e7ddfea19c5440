"""Where the optimiser starts: values for every row of the parameter table.

Loadings by Hägglund's (1982) factor analysis by instrumental variables (FABIN 3), or in closed form
with three indicators; residual variances at half the observed variance; means at the sample's;
regressions among observed variables by least squares. The scheme is that of lavaan's default start,
so that models whose solution depends on it (signs, local minima) end up at the same place.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.composite_start import composite_values, scaled_loadings
from loyaltysem.estimation.one_factor import one_factor_loadings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from loyaltysem.estimation.moments import GroupMoments, Moments
    from loyaltysem.syntax.table import Parameter, ParameterTable

# Share of its marker's variance that a latent variable starts with.
LATENT_SHARE = 0.05


def starting_values(
    table: ParameterTable, moments: Moments, *, plain: bool = False
) -> NDArray[np.float64]:
    """Return the starting value of every free parameter (q,).

    A start that the model text gives (``start(v)*``) stands before a computed one. The structural
    part starts from composites of the indicators (see `composite_start`), or from zeros if
    ``plain``, as in lavaan: farther from the optimum, but always possible.
    """
    theta = np.zeros(table.n_free)
    for group, sample in enumerate(moments.groups, start=1):
        rows = [row for row in table.rows if row.group == group]
        values = _group_values(table, rows, sample)
        if not plain:
            values |= composite_values(rows, table.observed, table.latent, sample.cov, values)
        for row in rows:
            if row.free:
                theta[row.free - 1] = values[row.id]
    for row in table.rows:
        if row.free and row.ustart is not None:
            theta[row.free - 1] = row.ustart
    return theta


def _group_values(
    table: ParameterTable, rows: list[Parameter], sample: GroupMoments
) -> dict[int, float]:
    """Return the start of one group's free rows, by the row's id."""
    where = {name: k for k, name in enumerate(table.observed)}
    latent = frozenset(table.latent)
    variances = _variances(rows, where, np.diagonal(sample.cov))
    values: dict[int, float] = {}
    for row in rows:
        values[row.id] = 0.0
        if row.op == "~~" and row.lhs == row.rhs:
            values[row.id] = (LATENT_SHARE if row.lhs in latent else 0.5) * variances[row.lhs]
        elif row.op == "~1" and row.lhs in where:
            values[row.id] = float(sample.mean[where[row.lhs]])
        elif row.op == "=~":
            values[row.id] = math.sqrt(variances[row.rhs] / variances[row.lhs])
    values |= _loadings(rows, latent, where, sample.cov)
    values |= _free_covariates(rows, table, where, sample.cov)
    if not latent:
        values |= _regressions(rows, where, sample.cov)
    return values


def _variances(
    rows: list[Parameter], where: dict[str, int], variances: NDArray[np.float64]
) -> dict[str, float]:
    """Return the variance of each variable; of a latent one, as much as its marker allows."""
    known = {name: float(variances[k]) for name, k in where.items()}
    markers = {row.lhs: row for row in reversed(rows) if row.op == "=~"}

    def of(name: str, depth: int = 0) -> float:
        marker = markers.get(name)
        if name in known or marker is None or depth > len(markers):
            return known.get(name, 1.0)
        scale = 1.0 if marker.free or not marker.ustart else marker.ustart
        return of(marker.rhs, depth + 1) / scale**2

    return known | {name: of(name) for name in markers}


def _loadings(
    rows: list[Parameter],
    latent: frozenset[str],
    where: dict[str, int],
    cov: NDArray[np.float64],
) -> dict[int, float]:
    by_factor: dict[str, list[Parameter]] = {}
    for row in rows:
        if row.op == "=~":
            by_factor.setdefault(row.lhs, []).append(row)
    standardized = {
        row.lhs
        for row in rows
        if row.op == "~~" and row.lhs == row.rhs and not row.free and row.ustart == 1.0
    }
    values: dict[int, float] = {}
    for factor, indicators in by_factor.items():
        if any(row.rhs in latent for row in indicators):
            continue
        index = [where[row.rhs] for row in indicators]
        is_standardized = factor in standardized
        own = cov.take(index, axis=0).take(index, axis=1)
        found = one_factor_loadings(own, unit_variance=is_standardized)
        if not is_standardized:
            found = scaled_loadings(indicators, found)
        values |= {row.id: float(v) for row, v in zip(indicators, found, strict=True)}
    return values


def _free_covariates(
    rows: list[Parameter],
    table: ParameterTable,
    where: dict[str, int],
    cov: NDArray[np.float64],
) -> dict[int, float]:
    """Return the sample's covariances for observed variables that nothing in the model explains."""
    explained = {row.lhs for row in rows if row.op == "~"} | {
        row.rhs for row in rows if row.op == "=~"
    }
    causes = {row.rhs for row in rows if row.op == "~" and row.rhs in where}
    outer = causes - explained - set(table.latent)
    return {
        row.id: float(cov[where[row.lhs], where[row.rhs]])
        for row in rows
        if row.op == "~~" and row.lhs in outer and row.rhs in outer
    }


def _regressions(
    rows: list[Parameter], where: dict[str, int], cov: NDArray[np.float64]
) -> dict[int, float]:
    """Return least-squares slopes and residual variances of a model without latent variables."""
    equations: dict[str, list[Parameter]] = {}
    for row in rows:
        if row.op == "~":
            equations.setdefault(row.lhs, []).append(row)
    values: dict[int, float] = {}
    for outcome, terms in equations.items():
        y, x = where[outcome], [where[row.rhs] for row in terms]
        slopes = np.linalg.lstsq(cov[np.ix_(x, x)], cov[x, y], rcond=None)[0]
        values |= {row.id: float(v) for row, v in zip(terms, slopes, strict=True)}
        residual = float(cov[y, y] - slopes @ cov[x, y])
        own = [row for row in rows if row.op == "~~" and row.lhs == row.rhs == outcome]
        if own and 0.01 * cov[y, y] < residual < 0.99 * cov[y, y]:
            values[own[0].id] = residual
    return values
