"""Reliability, discriminant validity, fit, method variance."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.simulations import populations as population
from benchmarks.simulations.cell import Cell, Reading
from loyaltysem.estimation import fit
from loyaltysem.estimation.comparison import difference_test
from loyaltysem.measurement.alpha import feldt_interval
from loyaltysem.measurement.htmt import htmt
from loyaltysem.measurement.reliability import alpha_of
from loyaltysem.structural.measurement_model import measurement_table, refit
from loyaltysem.structural.method_variance import marker_correlations, marker_factor
from loyaltysem.structural.method_variance.full_collinearity import construct_means
from loyaltysem.structural.method_variance.latent_method import Loadings, with_method_factor

if TYPE_CHECKING:
    from collections.abc import Iterator

N = 400
MISFIT_ITEMS = tuple(f"x{k}" for k in range(1, 7)) + tuple(f"y{k}" for k in range(1, 7))
TWO = "X =~ x1 + x2 + x3 + x4 + x5 + x6\nY =~ y1 + y2 + y3 + y4 + y5 + y6"
CLOSE = 0.05
UNEQUAL = (0.9, 0.8, 0.65, 0.55)
"""Loadings of each construct: with equal ones equal method loadings would not be identified."""


def alpha(rng: np.random.Generator) -> Iterator[Reading]:
    """Cronbach's alpha of five parallel items, with Feldt's interval."""
    score = rng.normal(size=N)
    data = population.items(rng, {"x": score}, count=5)
    rho = population.LOADING**2
    truth = 5 * rho / (1 + 4 * rho)
    est = alpha_of(data.cov().to_numpy())
    lower, upper = feldt_interval(est, N, 5)
    yield Reading(target="α, Feldt's interval", truth=truth, est=est, lower=lower, upper=upper)


def discriminant(rng: np.random.Generator) -> Iterator[Reading]:
    """HTMT of constructs that correlate at .85, with equal loadings: HTMT is that correlation."""
    x = rng.normal(size=N)
    y = 0.85 * x + np.sqrt(1 - 0.85**2) * rng.normal(size=N)
    data = population.items(rng, {"x": x, "y": y}, count=4)
    blocks = {name: [f"{name}{k}" for k in range(1, 5)] for name in ("x", "y")}
    found = htmt(data, blocks, draws=500, seed=int(rng.integers(2**31))).pairs.iloc[0]
    yield Reading(
        target="HTMT of .85, percentile interval",
        truth=0.85,
        est=found["htmt"],
        lower=found["ci_lower"],
        upper=found["ci_upper"],
    )


@cache
def misfitting(rmsea: float) -> np.ndarray:
    """Return a covariance matrix at which two plain factors have this RMSEA in the population.

    A shared error of x1 to x3 and y1 to y3 is what the model leaves out; its size is found by
    bisection.
    """
    low, high = 0.0, 0.36
    for _ in range(60):
        middle = (low + high) / 2
        cov = _with_shared_errors(middle)
        found = fit(TWO, sample_cov=cov, n=1_000_000)
        value = np.sqrt(max(found.tests[0].statistic / 1_000_000 / found.df, 0.0))
        low, high = (middle, high) if value < rmsea else (low, middle)
    return _with_shared_errors(low).to_numpy()


def _with_shared_errors(size: float) -> pd.DataFrame:
    loading = population.LOADING
    factor = np.kron(np.array([[1.0, 0.4], [0.4, 1.0]]), np.full((6, 6), loading**2))
    shared = np.zeros(12)
    shared[[0, 1, 2, 6, 7, 8]] = 1.0
    errors = size * np.outer(shared, shared)
    np.fill_diagonal(errors, 1 - loading**2)
    return pd.DataFrame(factor + errors, index=MISFIT_ITEMS, columns=MISFIT_ITEMS)


def close_fit(rng: np.random.Generator) -> Iterator[Reading]:
    """Population RMSEA of exactly .05: its interval, and the test of close fit."""
    rows = rng.multivariate_normal(np.zeros(12), misfitting(CLOSE), size=N, method="cholesky")
    measures = fit(TWO, pd.DataFrame(rows, columns=list(MISFIT_ITEMS))).measures()
    yield Reading(
        target="RMSEA, 90 % interval",
        truth=CLOSE,
        est=measures["rmsea"],
        lower=measures["rmsea.ci.lower"],
        upper=measures["rmsea.ci.upper"],
        confidence=0.90,
    )
    yield Reading(target="test of close fit at RMSEA .05", pvalue=measures["rmsea.pvalue"])


def method_factor(rng: np.random.Generator) -> Iterator[Reading]:
    """No method variance: does a method factor with equal loadings find some?"""
    yield from _method_test(rng, "equal")


def free_method_factor(rng: np.random.Generator) -> Iterator[Reading]:
    """No method variance: does a method factor with free loadings find some?"""
    yield from _method_test(rng, "free")


def _method_test(rng: np.random.Generator, kind: Loadings) -> Iterator[Reading]:
    data = population.items(rng, population.scores(rng, N), loadings=UNEQUAL)
    model = "\n".join(
        f"{c.upper()} =~ " + " + ".join(f"{c}{k}" for k in range(1, 5)) for c in "xmy"
    )
    found = fit(model, data)
    base = measurement_table(found.table)
    traits = refit(found, base)
    wider = refit(found, with_method_factor(base, kind), traits)
    if traits.converged and wider.converged:
        test = difference_test(wider, traits)
        yield Reading(target=f"Δχ² test, {kind} method loadings", pvalue=test.pvalue)


def markers(rng: np.random.Generator) -> Iterator[Reading]:
    """A marker without method variance: the CFA marker test, and a correlation that is zero."""
    drawn = population.scores(rng, N, a=0.0, direct=0.0)
    data = population.items(rng, {**drawn, "k": rng.normal(size=N)}, count=4)
    blocks = {name: [f"{name}{k}" for k in range(1, 5)] for name in ("x", "m", "y", "k")}
    model = "\n".join(f"{name} =~ " + " + ".join(items) for name, items in blocks.items())
    found = marker_factor(fit(model, data), "k")
    yield Reading(target="CFA marker, equal loadings", pvalue=found.steps["pvalue"].iloc[0])
    partial = marker_correlations(construct_means(data, blocks), "k").pairs
    zero = partial[(partial["first"] == "x") & (partial["second"] == "m")].iloc[0]
    yield Reading(target="Lindell & Whitney, zero correlation", pvalue=zero["adj_pvalue"])


CELLS = (
    Cell(name="alpha", title="Reliability of five parallel items", n=N, run=alpha),
    Cell(name="htmt", title="Discriminant validity", n=N, run=discriminant),
    Cell(
        name="rmsea",
        title="Close fit in the population",
        n=N,
        run=close_fit,
        note="The interval takes the chi-square of a misfitting model for noncentral chi-square, "
        "which holds for small misfit only; here it is somewhat too narrow. The definition is "
        "lavaan's, whose values it equals.",
    ),
    Cell(
        name="method-factor",
        title="No method variance: method factor, equal loadings",
        n=N,
        run=method_factor,
    ),
    Cell(
        name="free-method-factor",
        title="No method variance: method factor, free loadings",
        n=N,
        run=free_method_factor,
        note="Where there is no method factor its free loadings are not unique, so that the "
        "difference is no chi-square and the search often finds no optimum. Reports do not print "
        "this test.",
    ),
    Cell(
        name="marker",
        title="No method variance: marker variable",
        n=N,
        run=markers,
        note="Lindell & Whitney's correction takes the smallest positive correlation with the "
        "marker for method variance even where there is none.",
    ),
)
