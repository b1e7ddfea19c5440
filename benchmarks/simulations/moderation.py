"""Interactions: latent and observed moderators, simple slopes, moderated mediation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.simulations import populations as population
from benchmarks.simulations.cell import Cell, Reading, Run
from benchmarks.simulations.latent_interaction import LOADING, MODEL, SLOPE, answers
from loyaltysem.structural.moderation import moderated_fit, simple_slopes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from loyaltysem.structural.moderation import Moderation

N, LARGE = population.N, population.LARGE
OMEGA = 0.25
FIRST = 0.5
"""The first step of the moderated indirect effect A -> X -> Y."""
STEP = 0.5
SD = float(np.sqrt(1 + STEP**2 / 12))
"""Of the observed moderator, a standard normal variable that is rounded to steps."""
MEDIATED = """
A =~ a1 + a2 + a3
X =~ x1 + x2 + x3
Y =~ y1 + y2 + y3
X ~ A
Y ~ X + w
"""
SMALL_TRUTH = (
    "the true value is small, so that little is much of it; what is left in large samples stands "
    "in the table of these"
)


def latent(method: str, omega: float, n: int = N, **options: Any) -> Run:
    """Return the analysis of a latent interaction; with ``omega`` 0, as a test of it."""

    def run(rng: np.random.Generator) -> Iterator[Reading]:
        data = answers(n, omega, rng)
        names = {"outcome": "Y", "predictor": "X", "moderator": "Z"}
        found = moderated_fit(MODEL, data, **names, method=method, **options)
        yield from _interaction(found, omega / LOADING)
        if omega:
            yield from _slopes(found, omega / LOADING)

    return run


def _interaction(found: Moderation, truth: float) -> Iterator[Reading]:
    row = found.paths.iloc[-1]
    if truth:
        yield Reading(
            target="interaction",
            truth=truth,
            est=row["est"],
            lower=row["ci_lower"],
            upper=row["ci_upper"],
        )
        return
    yield Reading(target="Wald test of the interaction", pvalue=row["pvalue"])
    if found.test:
        yield Reading(target="likelihood-ratio test", pvalue=found.test["pvalue"])


def _slopes(found: Moderation, change: float) -> Iterator[Reading]:
    """Yield simple slopes at -1 and 1, and the test of one where the true slope is zero.

    There the region of Johnson & Neyman should begin in 5 % of the samples only.
    """
    asked = found.asked
    names = (asked.outcome, asked.predictor, asked.moderator, asked.product)
    values = (-1.0, 1.0, -SLOPE / change)
    at = np.array(values) - found.centre
    rows = simple_slopes(found.fit, *names, at=at).to_dict("records")
    for value, row in zip(values[:2], rows[:2], strict=True):
        yield Reading(
            target=f"simple slope at {value:.0f}",
            truth=SLOPE + change * value,
            est=row["est"],
            lower=row["ci_lower"],
            upper=row["ci_upper"],
        )
    yield Reading(target="slope that is zero (Johnson–Neyman)", pvalue=rows[2]["pvalue"])


def mediated_answers(rng: np.random.Generator, omega: float, n: int) -> pd.DataFrame:
    """Return answers in which an observed w changes the second step of A -> X -> Y.

    Like a scale's mean, w has steps of a half.
    """
    a, w = rng.normal(size=(2, n))
    w = np.rint(w / STEP) * STEP
    x = FIRST * a + np.sqrt(1 - FIRST**2) * rng.normal(size=n)
    y = SLOPE * x + 0.3 * w + omega * x * w + 0.7 * rng.normal(size=n)
    return population.items(rng, {"a": a, "x": x, "y": y}).assign(w=w)


def mediated(omega: float, n: int = N) -> Run:
    """Return the analysis of a moderated mediation; with ``omega`` 0, as tests of it."""

    def run(rng: np.random.Generator) -> Iterator[Reading]:
        data = mediated_answers(rng, omega, n)
        names = {"outcome": "Y", "predictor": "X", "moderator": "w"}
        found = moderated_fit(MEDIATED, data, **names)
        yield from _interaction(found, omega)
        if omega:
            yield from _slopes(found, omega)
        (effect,) = found.indirect
        for method, name in (("delta", "delta"), ("mc", "Monte Carlo")):
            yield from _index(effect.index, effect.index_limits[method], FIRST * omega, name)
            if omega:
                lower, upper = (limits[0] for limits in effect.limits[method])
                yield Reading(
                    target=f"conditional indirect effect at -1 SD, {name}",
                    truth=FIRST * (SLOPE - omega * SD),
                    est=effect.est[0],
                    lower=lower,
                    upper=upper,
                )

    return run


def _index(est: float, limits: tuple[float, float], truth: float, name: str) -> Iterator[Reading]:
    lower, upper = limits
    target = f"index of moderated mediation, {name}"
    if truth:
        yield Reading(target=target, truth=truth, est=est, lower=lower, upper=upper)
    else:
        yield Reading(target=target, pvalue=0.0 if lower > 0 or upper < 0 else 1.0)


def all_pairs(omega: float, n: int = N) -> Run:
    """Return the analysis by all products of indicators, free of what their factors explain."""
    return latent("products", omega, n, products="all_pairs", centring="residual")


def _both(name: str, title: str, run: Any, why: Mapping[str, str] | None = None) -> Iterator[Cell]:
    """Yield the cells with and without the interaction."""
    yield Cell(name=name, title=f"Interaction: {title}", n=N, run=run(OMEGA), why=why or {})
    yield Cell(name=f"{name}-null", title=f"No interaction: {title}", n=N, run=run(0.0))


CELLS = (
    *_both("lms", "LMS", lambda omega: latent("lms", omega)),
    *_both("products", "product indicators", lambda omega: latent("products", omega)),
    *_both(
        "all-pairs",
        "all pairs of products, residual-centred",
        all_pairs,
        {"simple slope at -1": SMALL_TRUTH},
    ),
    Cell(
        name="all-pairs-large",
        title="Interaction: all pairs of products, residual-centred, large samples",
        n=LARGE,
        run=all_pairs(OMEGA, LARGE),
    ),
    *_both(
        "observed-moderator",
        "observed moderator and moderated mediation",
        mediated,
        dict.fromkeys(
            [f"conditional indirect effect at -1 SD, {how}" for how in ("delta", "Monte Carlo")],
            SMALL_TRUTH,
        ),
    ),
    Cell(
        name="observed-moderator-large",
        title="Interaction: observed moderator and moderated mediation, large samples",
        n=LARGE,
        run=mediated(OMEGA, LARGE),
    ),
)
