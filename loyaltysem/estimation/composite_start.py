"""Starting values of variances, covariances and regressions from composites of the indicators.

Given loadings, the covariance of two constructs is estimated without bias from weighted sums of
their indicators (Guttman's 1952 multiple-group method), a construct's variance from its indicators
alone. Higher-order loadings, regressions and residual variances then follow by least squares on the
covariances of those composites. This brings the search near the optimum.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from loyaltysem.estimation.one_factor import factor_variance, one_factor_loadings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from loyaltysem.syntax.table import Parameter

    Values = dict[int, float]

# Share of a variance that is left to the residual at least.
LEAST_RESIDUAL = 0.05
SMALLEST = 1e-300


class _Composites:
    """Variables of one group as weighted sums of observed ones, with their estimated variances.

    ``covs`` (v, v) holds the covariances of the sums; for a latent variable its diagonal is
    replaced by the estimated variance, which the sum's errors do not inflate.
    """

    def __init__(
        self, names: Sequence[str], latent: Sequence[str], cov: NDArray[np.float64]
    ) -> None:
        size, p = len(names) + len(latent), len(names)
        self.place = {name: k for k, name in enumerate([*names, *latent])}
        self.weights = np.zeros((size, p))
        self.weights[:p] = np.eye(p)
        self.covs = np.zeros((size, size))
        self.covs[:p, :p] = cov
        self.sample = cov
        self.explained: dict[str, float] = {}

    def matrix(self, names: Sequence[str]) -> NDArray[np.float64]:
        """Return the estimated covariance matrix of ``names``."""
        index = [self.place[name] for name in names]
        return self.covs.take(index, axis=0).take(index, axis=1)

    def add(self, name: str, parts: Sequence[str], shares: NDArray[np.float64]) -> None:
        """Add a latent variable as a sum of its parts."""
        k = self.place[name]
        self.weights[k] = shares @ self.weights[[self.place[part] for part in parts]]
        self.covs[k] = self.covs[:, k] = self.weights @ (self.sample @ self.weights[k])

    def set_variance(self, name: str, variance: float) -> None:
        """Put the estimated variance of a latent variable in the place of its sum's."""
        k = self.place[name]
        self.covs[k, k] = variance

    def residual(self, name: str) -> float:
        """Return the variance that is not explained."""
        total = float(self.covs[self.place[name], self.place[name]])
        return max(total - self.explained.get(name, 0.0), LEAST_RESIDUAL * total)


def composite_values(
    rows: Sequence[Parameter],
    names: Sequence[str],
    latent: Sequence[str],
    cov: NDArray[np.float64],
    plain: Values,
) -> Values:
    """Return starts of one group's rows, by id, that replace plain ones; empty where it cannot.

    Parameters
    ----------
    rows
        The group's rows.
    names, latent
        Observed variables in the order of ``cov`` (p, p), and latent variables.
    plain
        The plain start, whose first-order loadings are kept.
    """
    measured = _measured(rows, latent)
    if measured is None:
        return {}
    composites = _Composites(names, latent, cov)
    fixed = {
        row.lhs: row.ustart
        for row in rows
        if row.op == "~~" and row.lhs == row.rhs and not row.free and row.ustart is not None
    }
    values: Values = {}
    for factor, indicators in measured.items():
        values |= _add_factor(composites, factor, indicators, plain, fixed, frozenset(latent))
    values |= _regressions(rows, composites)
    values |= _moments(rows, composites)
    return {key: value for key, value in values.items() if math.isfinite(value)}


def _measured(
    rows: Sequence[Parameter], latent: Sequence[str]
) -> dict[str, list[Parameter]] | None:
    """Return the indicators of each latent variable, lower orders first.

    None when an indicator belongs to several constructs, or a construct has none.
    """
    owned: dict[str, list[Parameter]] = {name: [] for name in latent}
    for row in rows:
        if row.op == "=~":
            owned[row.lhs].append(row)
    indicators = [row.rhs for parts in owned.values() for row in parts]
    if len(set(indicators)) < len(indicators) or not all(owned.values()):
        return None
    ordered: dict[str, list[Parameter]] = {}
    while len(ordered) < len(owned):
        ready = {
            name: parts
            for name, parts in owned.items()
            if name not in ordered and all(r.rhs in ordered or r.rhs not in owned for r in parts)
        }
        if not ready:
            return None
        ordered |= ready
    return ordered


def _add_factor(
    composites: _Composites,
    factor: str,
    indicators: Sequence[Parameter],
    plain: Values,
    fixed: dict[str, float],
    latent: frozenset[str],
) -> Values:
    """Add a latent variable and what it explains of its indicators; return its loadings."""
    parts = [row.rhs for row in indicators]
    cov = composites.matrix(parts)
    higher = any(name in latent for name in parts)
    free_scale = all(row.free for row in indicators)
    loadings = (
        scaled_loadings(indicators, one_factor_loadings(cov, unit_variance=free_scale))
        if higher
        else np.array([plain[row.id] if row.free else row.ustart or 0.0 for row in indicators])
    )
    precise = loadings / cov.diagonal()
    total = float(loadings @ precise)
    composites.add(factor, parts, precise / total)
    variance = 1.0 if free_scale else _bounded_variance(cov, loadings)
    if len(parts) == 1 and (error := fixed.get(parts[0])) is not None:
        variance = max(float(cov[0, 0]) - error, 0.1 * float(cov[0, 0])) / loadings[0] ** 2
    composites.set_variance(factor, variance)
    for name, loading in zip(parts, loadings.tolist(), strict=True):
        composites.explained[name] = loading * loading * variance
    if not higher:
        return {}
    return {row.id: float(value) for row, value in zip(indicators, loadings, strict=True)}


def scaled_loadings(
    indicators: Sequence[Parameter], loadings: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return loadings in the scale that the first fixed, non-zero loading sets."""
    for row, loading in zip(indicators, loadings, strict=True):
        if not row.free and row.ustart and loading:
            scaled: NDArray[np.float64] = loadings * (row.ustart / loading)
            return scaled
    return loadings


def _bounded_variance(cov: NDArray[np.float64], loadings: NDArray[np.float64]) -> float:
    """Return the factor's variance such that it explains a tenth to all of some indicator."""
    most = float((cov.diagonal() / np.maximum(loadings * loadings, SMALLEST)).min())
    return min(max(factor_variance(cov, loadings), 0.1 * most), (1 - LEAST_RESIDUAL) * most)


def _regressions(rows: Sequence[Parameter], composites: _Composites) -> Values:
    """Return slopes by least squares; note what they explain."""
    equations: dict[str, list[Parameter]] = {}
    for row in rows:
        if row.op == "~" and row.rhs in composites.place and row.lhs in composites.place:
            equations.setdefault(row.lhs, []).append(row)
    values: Values = {}
    for outcome, terms in equations.items():
        matrix = composites.matrix([outcome, *(row.rhs for row in terms)])
        try:
            slopes = np.linalg.solve(matrix[1:, 1:], matrix[1:, 0])
        except np.linalg.LinAlgError:
            continue
        composites.explained[outcome] = float(slopes @ matrix[1:, 0])
        values |= {row.id: float(value) for row, value in zip(terms, slopes, strict=True)}
    return values


def _moments(rows: Sequence[Parameter], composites: _Composites) -> Values:
    """Return (residual) variances, and covariances of what nothing in the model explains."""
    values: Values = {}
    for row in rows:
        if row.op != "~~":
            continue
        if row.lhs == row.rhs:
            values[row.id] = composites.residual(row.lhs)
        elif not {row.lhs, row.rhs} & composites.explained.keys():
            values[row.id] = float(composites.matrix([row.lhs, row.rhs])[0, 1])
    return values
