"""Paths and indirect effects: maximum likelihood, robust, ordinal, incomplete, imputed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri
from scipy.stats import chi2, norm

from benchmarks.simulations import populations as population
from benchmarks.simulations.cell import SMALL_SAMPLE, Cell, Reading
from loyaltysem.estimation import bootstrap, fit
from loyaltysem.estimation.imputation import fit_imputed, impute
from loyaltysem.structural.effects import effects

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

N, LARGE = population.N, population.LARGE
DRAWS = 500
TRUTH = {("M", "X"): population.A, ("Y", "X"): population.DIRECT, ("Y", "M"): population.B}
WIDTH = float(ndtri(0.975))


def path_readings(found, prefix: str = "path") -> Iterator[Reading]:
    """Yield the paths of a converged fit with their Wald intervals."""
    if not found.converged:
        return
    for row, est, se in zip(found.table.rows, found.est, found.se, strict=True):
        if row.op == "~":
            yield Reading(
                target=f"{prefix} {row.rhs} → {row.lhs}",
                truth=TRUTH[row.lhs, row.rhs],
                est=est,
                lower=est - WIDTH * se,
                upper=est + WIDTH * se,
            )


def model_test(found, name: str = "χ² test of the true model") -> Iterator[Reading]:
    """Yield the (corrected) test of the model, which is true."""
    if found.converged and found.tests:
        yield Reading(target=name, pvalue=found.tests[-1].pvalue)


def maximum_likelihood(rng: np.random.Generator) -> Iterator[Reading]:
    """ML paths; indirect effect with four kinds of interval."""
    data = population.items(rng, population.scores(rng, N))
    found = fit(population.MEDIATION, data)
    yield from path_readings(found)
    yield from model_test(found)
    truth = population.A * population.B
    yield from indirect(found, rng, truth, methods=("ci", "mc", "perc", "bca"))


def mediation_null(rng: np.random.Generator) -> Iterator[Reading]:
    """Indirect effect that is zero because M does not act on Y."""
    data = population.items(rng, population.scores(rng, N, b=0.0))
    found = fit(population.MEDIATION, data)
    yield from indirect(found, rng, 0.0, methods=("ci", "mc", "perc", "bca"))


def indirect(found, rng: np.random.Generator, truth: float, methods) -> Iterator[Reading]:
    """Yield the indirect effect X → M → Y with several intervals; without truth, as tests of 0."""
    if not found.converged:
        return
    draws = bootstrap(found, DRAWS, seed=int(rng.integers(2**31)))
    table = effects(found, draws=draws, monte_carlo=2000, seed=int(rng.integers(2**31))).table()
    row = table[table["kind"] == "indirect"].iloc[0]
    names = {"ci": "delta", "mc": "Monte Carlo", "perc": "percentile", "bca": "BCa"}
    for method in methods:
        lower, upper = row[f"{method}_lower"], row[f"{method}_upper"]
        excluded = lower > 0 or upper < 0
        yield Reading(
            target=f"indirect effect, {names[method]}",
            truth=truth,
            est=row["est"],
            lower=lower,
            upper=upper,
            pvalue=(0.0 if excluded else 1.0) if truth == 0 else np.nan,
        )


SERIAL = (
    "X =~ x1 + x2 + x3\nM =~ m1 + m2 + m3\nK =~ k1 + k2 + k3\nY =~ y1 + y2 + y3\n"
    "M ~ X\nK ~ M + X\nY ~ K + M + X"
)
FIRST, SECOND, THIRD, BESIDE = 0.4, 0.4, 0.35, 0.2
"""Paths X -> M -> K -> Y, and X -> Y; those of X -> K and M -> Y are zero."""


def serial(rng: np.random.Generator) -> Iterator[Reading]:
    """Two mediators in a row: the specific path raw and standardized, a total, a path of zero."""
    x = rng.normal(size=N)
    m = FIRST * x + np.sqrt(1 - FIRST**2) * rng.normal(size=N)
    k = SECOND * m + np.sqrt(1 - SECOND**2) * rng.normal(size=N)
    explained = THIRD**2 + BESIDE**2 + 2 * THIRD * BESIDE * FIRST * SECOND
    y = THIRD * k + BESIDE * x + np.sqrt(1 - explained) * rng.normal(size=N)
    found = fit(SERIAL, population.items(rng, {"x": x, "m": m, "k": k, "y": y}))
    if not found.converged:
        return
    both = effects(found, monte_carlo=2000, seed=int(rng.integers(2**31)))
    through = FIRST * SECOND * THIRD
    for kind, path, truth in (
        ("indirect", "X -> M -> K -> Y", through),
        ("indirect", "X -> K -> Y", 0.0),
        ("total", "X -> Y", through + BESIDE),
    ):
        for unit, table in (
            ("raw", both.table()),
            ("standardized", both.table(standardized=True)),
        ):
            row = table[(table["kind"] == kind) & (table["path"] == path)].iloc[0]
            yield from _intervals(row, f"{path}, {unit}", truth)


def _intervals(row: pd.Series, target: str, truth: float) -> Iterator[Reading]:
    for prefix, name in (("ci", "delta"), ("mc", "Monte Carlo")):
        yield Reading(
            target=f"{target}, {name}",
            truth=truth,
            est=row["est"],
            lower=row[f"{prefix}_lower"],
            upper=row[f"{prefix}_upper"],
        )


def skewed_answers(rng: np.random.Generator, n: int = N) -> pd.DataFrame:
    """Return answers with skewed errors."""
    return population.items(rng, population.scores(rng, n), errors=population.skewed)


def robust(rng: np.random.Generator, n: int = N) -> Iterator[Reading]:
    """MLR with skewed errors."""
    data = skewed_answers(rng, n)
    found = fit(population.MEDIATION, data, estimator="MLR")
    yield from path_readings(found)
    yield from model_test(found, "scaled χ² test of the true model")


def ordinal(rng: np.random.Generator) -> Iterator[Reading]:
    """WLSMV of five-point answers."""
    data = population.in_categories(population.items(rng, population.scores(rng, N)))
    found = fit(population.MEDIATION, data, ordered=True)
    yield from path_readings(found)
    yield from model_test(found, "scaled-shifted χ² test of the true model")


def incomplete_answers(rng: np.random.Generator, n: int = N) -> pd.DataFrame:
    """Return answers missing at random."""
    return population.with_missing(rng, population.items(rng, population.scores(rng, n)))


def fiml(rng: np.random.Generator, n: int = N) -> Iterator[Reading]:
    """Full-information ML of answers missing at random."""
    data = incomplete_answers(rng, n)
    found = fit(population.MEDIATION, data, missing="fiml")
    yield from path_readings(found)
    yield from model_test(found)


def imputed(rng: np.random.Generator) -> Iterator[Reading]:
    """Multiple imputation of the same kind of data, Rubin's rules, D3."""
    data = incomplete_answers(rng)
    datasets = impute(data, datasets=10, steps=30, seed=int(rng.integers(2**31)))
    found = fit_imputed(population.MEDIATION, datasets)
    rows = found.estimates()
    for row in rows[rows["op"] == "~"].to_dict("records"):
        yield Reading(
            target=f"path {row['rhs']} → {row['lhs']}",
            truth=TRUTH[row["lhs"], row["rhs"]],
            est=row["est"],
            lower=row["ci_lower"],
            upper=row["ci_upper"],
        )
    yield Reading(target="D3 test of the true model", pvalue=found.test.pvalue)


def zero_path(rng: np.random.Generator) -> Iterator[Reading]:
    """Tests of a path that is zero: Wald z and chi-square difference."""
    data = population.items(rng, population.scores(rng, N, direct=0.0))
    free = fit(population.MEDIATION, data)
    none = fit(population.MEDIATION.replace("Y ~ X + M", "Y ~ M"), data)
    if not (free.converged and none.converged):
        return
    row = next(k for k, one in enumerate(free.table.rows) if (one.lhs, one.rhs) == ("Y", "X"))
    z = free.est[row] / free.se[row]
    yield Reading(target="Wald test of a zero path", pvalue=2 * norm.sf(abs(z)))
    difference = none.tests[0].statistic - free.tests[0].statistic
    yield Reading(target="Δχ² test of a zero path", pvalue=chi2.sf(difference, 1))


CELLS = (
    Cell(name="ml", title="Mediation model, ML, normal items", n=N, run=maximum_likelihood),
    Cell(
        name="mediation-null",
        title="No mediation: M does not act on Y",
        n=N,
        run=mediation_null,
        why={
            "indirect effect, BCa": "bias-corrected intervals find indirect effects too often where"
            " there are none (Fritz, Taylor & MacKinnon 2012), so that mediation is judged by "
            "percentile intervals"
        },
    ),
    Cell(name="serial", title="Two mediators in a row, ML", n=N, run=serial),
    Cell(name="zero-path", title="Tests of a zero path, ML", n=N, run=zero_path),
    Cell(
        name="mlr",
        title="Skewed errors (skewness 2), MLR",
        n=N,
        run=robust,
        why={"scaled χ² test of the true model": SMALL_SAMPLE},
    ),
    Cell(
        name="mlr-large",
        title="Skewed errors (skewness 2), MLR, large samples",
        n=LARGE,
        run=partial(robust, n=LARGE),
    ),
    Cell(name="wlsmv", title="Five-point items, WLSMV", n=N, run=ordinal),
    Cell(
        name="fiml",
        title="Items missing at random, FIML",
        n=N,
        run=fiml,
        why={"χ² test of the true model": SMALL_SAMPLE},
    ),
    Cell(
        name="fiml-large",
        title="Items missing at random, FIML, large samples",
        n=LARGE,
        run=partial(fiml, n=LARGE),
    ),
    Cell(name="mi", title="Items missing at random, 10 imputations", n=N, run=imputed),
)
