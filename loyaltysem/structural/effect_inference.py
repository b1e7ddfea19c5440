"""What is inferred about effects: standard errors and intervals by every method at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import ndtri

from loyaltysem.estimation.bootstrapping.acceleration import acceleration_constants
from loyaltysem.estimation.bootstrapping.evaluation import row_draws, standardized_draws
from loyaltysem.estimation.bootstrapping.intervals import interval
from loyaltysem.estimation.estimates import standardized_values
from loyaltysem.estimation.information import delta_method
from loyaltysem.estimation.standardized import delta_errors
from loyaltysem.structural.effect_values import effect_slopes, effect_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from loyaltysem.estimation import Bootstrap, Fit
    from loyaltysem.structural.effect_values import Effect
    from loyaltysem.structural.path_graph import PathGraph

    Array = NDArray[np.float64]

Method = Literal["delta", "mc", "perc", "bc", "bca"]
"""Delta method, Monte Carlo, bootstrap percentile, bias-corrected, and accelerated intervals."""

_CHUNK = 500

SHARES = (np.arange(100) + 0.5) / 100
"""At which shares of the draws their quantiles are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantities:
    """Estimates of k effects in one metric.

    ``est``, ``se`` (k,), ``boot_se`` (k,) or None, and ``limits``: lower and upper limits (k,) by
    method. ``quantiles`` (100, k) tell how the bootstrap or Monte Carlo draws are distributed, at
    the shares `SHARES`; None without draws.
    """

    est: Array
    se: Array
    boot_se: Array | None
    limits: Mapping[Method, tuple[Array, Array]]
    quantiles: Array | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectFunction:
    """The effects of all groups as functions of the rows of the table."""

    fit: Fit
    graphs: tuple[PathGraph, ...]
    effects: tuple[tuple[Effect, ...], ...]

    def values(self, rows: Array) -> Array:
        """Return the effects (..., k) at values of all rows (..., rows)."""
        parts = zip(self.graphs, self.effects, strict=True)
        return np.concatenate([effect_values(*part, rows) for part in parts], axis=-1)

    def slopes(self, rows: Array) -> Array:
        """Return their derivatives (k, rows)."""
        parts = zip(self.graphs, self.effects, strict=True)
        return np.concatenate([effect_slopes(*part, rows) for part in parts])

    @property
    def has_standardized_draws(self) -> bool:
        """Whether standardized coefficients can be computed for draws of theta.

        Not for observed ordinal outcomes, whose variances are no function of the structure alone,
        nor beside covariates that are conditioned on.
        """
        named = {name for graph in self.graphs for name in graph.variables}
        ordinal = {name for name, _ in self.fit.table.ordered}
        return not self.fit.table.conditional_x and not named & ordinal


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """Effects in draws of the estimates (s, k), raw and standardized; None where there are none."""

    raw: Array | None
    standardized: Array | None


def simulate(function: EffectFunction, size: int, seed: int) -> Simulated:
    """Return the effects in ``size`` draws from N(theta, vcov).

    The Monte Carlo method of MacKinnon, Lockwood & Williams (2004): the estimates are taken for
    normal, their products are not.
    """
    fit = function.fit
    if not size or fit.vcov is None or not np.isfinite(fit.vcov).all():
        return Simulated(raw=None, standardized=None)
    raw, standardized = [], []
    for theta in _normal_draws(fit.theta, fit.vcov, size, seed):
        rows = row_draws(fit, theta)
        raw.append(function.values(rows))
        if function.has_standardized_draws:
            standardized.append(function.values(standardized_draws(fit, theta, rows)))
    both = [np.concatenate(parts) if parts else None for parts in (raw, standardized)]
    return Simulated(raw=both[0], standardized=both[1])


def _normal_draws(centre: Array, vcov: Array, size: int, seed: int) -> Iterator[Array]:
    """Yield chunks of draws; equality constraints leave ``vcov`` singular, hence eigenvectors."""
    values, vectors = np.linalg.eigh(vcov)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    rng = np.random.default_rng(seed)
    for start in range(0, size, _CHUNK):
        yield centre + rng.standard_normal((min(_CHUNK, size - start), len(centre))) @ root.T


def quantified(
    function: EffectFunction,
    simulated: Simulated,
    draws: Bootstrap | None,
    level: float,
    *,
    standardized: bool = False,
) -> Quantities:
    """Return estimates, standard errors and intervals of the effects in one metric.

    Parameters
    ----------
    function
        The effects.
    simulated
        Their Monte Carlo draws.
    draws
        A bootstrap of the fit, or None.
    level
        Confidence level.
    standardized
        Whether of the standardized effects.
    """
    rows, row_slopes = _rows(function.fit, standardized=standardized)
    est, slopes = function.values(rows), function.slopes(rows) @ row_slopes
    se = _errors(function.fit, slopes, standardized=standardized)
    width = ndtri(0.5 + level / 2) * se
    limits: dict[Method, tuple[Array, Array]] = {"delta": (est - width, est + width)}
    values = simulated.standardized if standardized else simulated.raw
    if values is not None:
        limits["mc"] = interval("perc", values, est, level)
    if draws is None or (standardized and not function.has_standardized_draws):
        spread = None if values is None else _quantiles(values)
        return Quantities(est=est, se=se, boot_se=None, limits=limits, quantiles=spread)
    values = function.values(draws.standardized if standardized else draws.estimates)
    limits["perc"] = interval("perc", values, est, level)
    limits["bc"] = interval("bc", values, est, level)
    acceleration = acceleration_constants(function.fit, slopes)
    if acceleration is not None:
        limits["bca"] = interval("bca", values, est, level, acceleration)
    return Quantities(
        est=est,
        se=se,
        boot_se=np.nanstd(values, axis=0),
        limits=limits,
        quantiles=_quantiles(values),
    )


def _quantiles(draws: Array) -> Array:
    """Return the quantiles of draws (b, k) at `SHARES`, from those that are finite."""
    known = draws[np.isfinite(draws).all(axis=1)]
    empty = np.full((len(SHARES), draws.shape[1]), np.nan)
    return np.quantile(known, SHARES, axis=0) if len(known) else empty


def _rows(fit: Fit, *, standardized: bool) -> tuple[Array, Array]:
    """Return the values of all rows of the table and their derivatives by theta."""
    if standardized:
        return standardized_values(fit, "std.all")
    return fit.est, fit.problem.row_jacobian(fit.theta)


def _errors(fit: Fit, slopes: Array, *, standardized: bool) -> Array:
    """Return delta-method standard errors; NaN where the estimates have no covariance matrix."""
    if fit.vcov is None:
        return np.full(len(slopes), np.nan)
    return delta_errors(slopes, fit.vcov) if standardized else delta_method(slopes, fit.vcov)
