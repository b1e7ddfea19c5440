"""Estimates and standardized estimates of all rows of a table, for many thetas at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.baseline import exogenous_observed
from loyaltysem.estimation.implied import implied_moments
from loyaltysem.estimation.standardized import scaling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.estimation.fitted import Fit
    from loyaltysem.estimation.standardized import Scaling, Spread

    Array = NDArray[np.float64]


def row_draws(fit: Fit, theta: Array) -> Array:
    """Return the estimates of all rows (b, rows) at ``theta`` (b, q), defined parameters included.

    Rows of constraints keep the value they have in the fit.
    """
    values = np.repeat(fit.est[None], len(theta), axis=0)
    rows = fit.table.rows
    free = [k for k, row in enumerate(rows) if row.free]
    values[:, free] = theta[:, [rows[k].free - 1 for k in free]]
    defined = _defined_rows(fit)
    if defined:
        values[:, defined] = fit.problem.constraints.defined.evaluate(theta)
    return values


def standardized_draws(fit: Fit, theta: Array, est: Array) -> Array:
    """Return std.all of all rows (b, rows) at ``theta`` (b, q); NaN where a variance is negative.

    ``est`` are the :func:`row_draws`. Models of continuous variables only.
    """
    spreads = fit.problem.spreads(fit.point)
    rule = scaling(fit.table, spreads, "std.all", exogenous_observed(fit.table))
    variances = np.concatenate(
        [*_implied_variances(fit, theta, spreads), np.abs(est[:, _own_rows(rule)])], axis=1
    )
    values = np.where(rule.constant, 1.0, est * _factors(rule, variances))
    defined = _defined_rows(fit)
    if defined:
        place = {row.free: k for k, row in reversed(list(enumerate(fit.table.rows))) if row.free}
        first = [place[free] for free in range(1, fit.table.n_free + 1)]
        values[:, defined] = fit.problem.constraints.defined.evaluate(values[:, first])
    return values


def _defined_rows(fit: Fit) -> list[int]:
    return [k for k, row in enumerate(fit.table.rows) if row.op == ":="]


def _own_rows(rule: Scaling) -> NDArray[np.intp]:
    return rule.variance_row[rule.variance_row >= 0]


def _implied_variances(fit: Fit, theta: Array, spreads: Sequence[Spread]) -> list[Array]:
    """Return the implied variances by group (b, v), in the order of the spreads."""
    found = []
    for structure, spread in zip(fit.problem.structures, spreads, strict=True):
        point = implied_moments(structure, theta)
        names = structure.matrices.latent
        kept = [names.index(name) for name in spread.latent]
        latent = np.diagonal(point.cov_lv, axis1=-2, axis2=-1)[..., kept]
        observed = np.diagonal(point.sigma, axis1=-2, axis2=-1)
        parts = [np.broadcast_to(one, (len(theta), one.shape[-1])) for one in (latent, observed)]
        found.append(np.concatenate(parts, axis=1))
    return found


def _factors(rule: Scaling, variances: Array) -> Array:
    """Return the product of powers of variances for each row (b, rows)."""
    possible = variances > 0
    factors = np.exp(np.log(np.where(possible, variances, 1.0)) @ rule.exponents.T)
    spoiled = (~possible).astype(float) @ (rule.exponents != 0).T.astype(float) > 0
    return np.where(spoiled, np.nan, factors)
