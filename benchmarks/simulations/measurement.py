"""Reliability, discriminant validity, fit, method variance."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from benchmarks.simulations import populations as population
from benchmarks.simulations.cell import SMALL_SAMPLE, Cell, Reading, Run
from loyaltysem.estimation import fit
from loyaltysem.estimation.comparison import difference_test
from loyaltysem.measurement.alpha import feldt_interval
from loyaltysem.measurement.htmt import htmt
from loyaltysem.measurement.reliability import alpha_of
from loyaltysem.structural.measurement_model import measurement_table, refit
from loyaltysem.structural.method_variance import marker_correlations, marker_factor
from loyaltysem.structural.method_variance.latent_method import Loadings, with_method_factor

if TYPE_CHECKING:
    from collections.abc import Iterator

N, LARGE = population.N, population.LARGE
MISFIT_ITEMS = tuple(f"x{k}" for k in range(1, 7)) + tuple(f"y{k}" for k in range(1, 7))
TWO = "X =~ x1 + x2 + x3 + x4 + x5 + x6\nY =~ y1 + y2 + y3 + y4 + y5 + y6"
CLOSE = 0.05
LARGEST = {"shared": 0.36, "spread": 0.1}
"""Sizes of misfit that are surely too large."""
SECOND_ORDER = (0.8, 0.7, 0.7, 0.6)
RMSEA_WHY = (
    "the definition takes the chi-square of a misfitting model for noncentral chi-square, which "
    "holds for small misfit in many places (the cell above); where one cause is strong intervals "
    "are somewhat too narrow, in lavaan as well"
)
MARKER_NOTE = (
    "r_M is the marker's correlation that stands for the method: with a construct named beforehand,"
    " or the smallest positive one. Lindell & Whitney's own test takes it as known; reports print "
    "it, and judge by the test that knows r_M for estimated. Where the answers themselves chose the"
    " smallest correlation nothing is judged: no test of what is left keeps its level."
)
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


Misfit = Literal["shared", "spread"]


@cache
def misfitting(rmsea: float, misfit: Misfit) -> np.ndarray:
    """Return a covariance matrix at which two plain factors have this RMSEA in the population.

    What the model leaves out is a shared error of x1 to x3 and y1 to y3, or many small covariances
    of all errors; its size is found by bisection.
    """
    low, high = 0.0, LARGEST[misfit]
    for _ in range(60):
        middle = (low + high) / 2
        cov = _with_covariances(middle, misfit)
        found = fit(TWO, sample_cov=cov, n=1_000_000)
        value = np.sqrt(max(found.tests[0].statistic / 1_000_000 / found.df, 0.0))
        low, high = (middle, high) if value < rmsea else (low, middle)
    return _with_covariances(low, misfit).to_numpy()


def _with_covariances(size: float, misfit: Misfit) -> pd.DataFrame:
    loading = population.LOADING
    factor = np.kron(np.array([[1.0, 0.4], [0.4, 1.0]]), np.full((6, 6), loading**2))
    shared = np.zeros(12)
    shared[[0, 1, 2, 6, 7, 8]] = 1.0
    any_sign = np.tril(np.random.default_rng(1).normal(size=(12, 12)), k=-1)
    errors = size * (np.outer(shared, shared) if misfit == "shared" else any_sign + any_sign.T)
    np.fill_diagonal(errors, 1 - loading**2)
    return pd.DataFrame(factor + errors, index=MISFIT_ITEMS, columns=MISFIT_ITEMS)


def close_fit(misfit: Misfit) -> Run:
    """Return the analysis at a population RMSEA of exactly .05: interval, test of close fit."""

    def run(rng: np.random.Generator) -> Iterator[Reading]:
        cov = misfitting(CLOSE, misfit)
        rows = rng.multivariate_normal(np.zeros(12), cov, size=N, method="cholesky")
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

    return run


FOUR_EACH = "X =~ x1 + x2 + x3 + x4\nM =~ m1 + m2 + m3 + m4\nY =~ y1 + y2 + y3 + y4"


def unequal_answers(rng: np.random.Generator, n: int = N) -> pd.DataFrame:
    """Return answers without method variance."""
    return population.items(rng, population.scores(rng, n), loadings=UNEQUAL)


def method_factor(
    rng: np.random.Generator, kind: Loadings = "equal", n: int = N
) -> Iterator[Reading]:
    """No method variance: does a method factor find some?"""
    found = fit(FOUR_EACH, unequal_answers(rng, n))
    base = measurement_table(found.table)
    traits = refit(found, base)
    wider = refit(found, with_method_factor(base, kind), traits)
    if traits.converged and wider.converged:
        test = difference_test(wider, traits)
        target = f"Δχ² test, {kind} method loadings"
        yield Reading(target=target, pvalue=test.pvalue, judged=kind == "equal")


def marker(rng: np.random.Generator) -> Iterator[Reading]:
    """A marker without method variance: does the CFA marker find some?"""
    drawn = population.scores(rng, N, a=0.0, direct=0.0)
    data = population.items(rng, {**drawn, "k": rng.normal(size=N)}, count=4)
    model = "\n".join(
        f"{name} =~ " + " + ".join(f"{name}{k}" for k in range(1, 5)) for name in "xmyk"
    )
    found = marker_factor(fit(model, data), "k")
    yield Reading(target="CFA marker, equal loadings", pvalue=found.steps["pvalue"].iloc[0])


def marker_correlation(share: float) -> Run:
    """Return tests of a correlation that is the method's alone, ``share``."""

    def run(rng: np.random.Generator) -> Iterator[Reading]:
        method, own = np.sqrt(share) * rng.normal(size=N), np.sqrt(1 - share)
        scores = pd.DataFrame({name: method + own * rng.normal(size=N) for name in "xmyk"})
        named, picked = _first_pair(scores, ("y",)), _first_pair(scores, ())
        yield Reading(target="adjusted correlation, r_M named", pvalue=named["sampling_pvalue"])
        for how, row in (("named", named), ("smallest", picked)):
            target = f"Lindell & Whitney, {how} r_M"
            yield Reading(target=target, pvalue=row["adj_pvalue"], judged=False)

    return run


def _first_pair(scores: pd.DataFrame, unrelated: tuple[str, ...]) -> pd.Series:
    return marker_correlations(scores, "k", unrelated=unrelated).pairs.iloc[0]


DIMENSIONS = "\n".join(f"{name} =~ {name}1 + {name}2 + {name}3" for name in "abcd")
WHOLE = f"{DIMENSIONS}\ng =~ a + b + c + d"


def dimension_answers(rng: np.random.Generator, n: int = N) -> pd.DataFrame:
    """Return answers to the items of four dimensions of one construct."""
    general = rng.normal(size=n)
    drawn = {
        name: size * general + np.sqrt(1 - size**2) * rng.normal(size=n)
        for name, size in zip("abcd", SECOND_ORDER, strict=True)
    }
    return population.items(rng, drawn)


def dimensions(rng: np.random.Generator, n: int = N) -> Iterator[Reading]:
    """Four dimensions of one construct: the test of the second-order model, and its loadings."""
    data = dimension_answers(rng, n)
    first, second = fit(DIMENSIONS, data), fit(WHOLE, data)
    if not (first.converged and second.converged):
        return
    test = difference_test(first, second)
    yield Reading(target="Δχ² test, second-order against correlated", pvalue=test.pvalue)
    found = second.standardized().set_index(["lhs", "op", "rhs"])
    for name, size in zip("ad", (SECOND_ORDER[0], SECOND_ORDER[-1]), strict=True):
        row = found.loc[("g", "=~", name)]
        yield Reading(
            target=f"second-order loading of {size} (standardized)",
            truth=size,
            est=row["est_std"],
            lower=row["ci_lower"],
            upper=row["ci_upper"],
        )


CELLS = (
    Cell(name="alpha", title="Reliability of five parallel items", n=N, run=alpha),
    Cell(name="htmt", title="Discriminant validity", n=N, run=discriminant),
    Cell(
        name="rmsea-spread",
        title="Close fit in the population, small misfit everywhere",
        n=N,
        run=close_fit("spread"),
    ),
    Cell(
        name="rmsea",
        title="Close fit in the population, one strong cause of misfit",
        n=N,
        run=close_fit("shared"),
        why=dict.fromkeys(("RMSEA, 90 % interval", "test of close fit at RMSEA .05"), RMSEA_WHY),
    ),
    Cell(
        name="method-factor",
        title="No method variance: method factor, equal loadings",
        n=N,
        run=method_factor,
        why={"Δχ² test, equal method loadings": SMALL_SAMPLE},
    ),
    Cell(
        name="method-factor-large",
        title="No method variance: method factor, equal loadings, large samples",
        n=LARGE,
        run=partial(method_factor, n=LARGE),
    ),
    Cell(
        name="free-method-factor",
        title="No method variance: method factor, free loadings",
        n=N,
        run=partial(method_factor, kind="free"),
        note="Where there is no method factor its free loadings are not unique, so that the "
        "difference is no chi-square and the search often finds no optimum. `method_factor` gives "
        "no p-value for it; the test of a method factor is that with equal loadings.",
    ),
    Cell(name="marker", title="No method variance: CFA marker", n=N, run=marker),
    Cell(
        name="marker-null",
        title="No method variance: correlations adjusted for a marker",
        n=N,
        run=marker_correlation(0.0),
        note=MARKER_NOTE,
    ),
    Cell(
        name="method-variance",
        title="Method variance of .2 in all scores: correlations adjusted for a marker",
        n=N,
        run=marker_correlation(0.2),
        note=MARKER_NOTE,
    ),
    Cell(
        name="dimensions",
        title="Four dimensions of one construct",
        n=N,
        run=dimensions,
        why={"Δχ² test, second-order against correlated": SMALL_SAMPLE},
    ),
    Cell(
        name="dimensions-large",
        title="Four dimensions of one construct, large samples",
        n=LARGE,
        run=partial(dimensions, n=LARGE),
    ),
)
