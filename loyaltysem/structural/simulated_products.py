"""Products of latent variables in simulated answers.

Answers are drawn from a normal distribution, which knows no products. So the two factors are drawn
given the answers, and what their product does to the outcome, and through it to all that depends on
the outcome, is added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from loyaltysem.structural.definition import ModelDefinition
    from loyaltysem.structural.simulation import ImpliedCorrelations, Population

    Array = NDArray[np.float64]


def possible_products(model: ModelDefinition) -> list[str]:
    """Return ``a:b -> outcome`` for all predictors a, b of an outcome (a square: ``a:a``)."""
    predictors: dict[str, list[str]] = {}
    for element in model.statements.elements:
        if element.op == "~":
            predictors.setdefault(element.lhs, []).append(element.rhs)
    return [
        f"{first}:{second} -> {outcome}"
        for outcome, names in predictors.items()
        for first in names
        for second in names
    ]


def bending(
    model: ModelDefinition,
    population: Population,
    implied: ImpliedCorrelations,
    codes: Sequence[str],
) -> Callable[[Array], Array]:
    """Return what adds the products to normal latent responses (n, p) of the items ``codes``."""
    used = [k for k, code in enumerate(codes) if code in implied.names]
    products = [_product(name) for name in population.interactions]
    reach = [_reach(model, population, outcome) for _, _, outcome in products]

    def bent(latent: Array) -> Array:
        rng = np.random.default_rng([population.seed, 1])
        factors = list(dict.fromkeys(name for a, b, _ in products for name in (a, b)))
        items = [codes[k] for k in used]
        scores = _drawn(implied, factors, items, latent[:, used], rng)
        moved = latent.copy()
        for (a, b, _), strength, effects in zip(
            products, population.interactions.values(), reach, strict=True
        ):
            product = scores[:, factors.index(a)] * scores[:, factors.index(b)]
            centred = product - implied.matrix[implied.names.index(a), implied.names.index(b)]
            moved[:, used] += np.outer(strength * centred, [effects.get(one, 0.0) for one in items])
        return moved

    return bent


def _product(name: str) -> tuple[str, str, str]:
    factors, outcome = name.split(" -> ")
    first, second = factors.split(":")
    return first, second, outcome


def _reach(model: ModelDefinition, population: Population, outcome: str) -> dict[str, float]:
    """Return the total effect of ``outcome`` on everything that depends on it."""
    steps = [
        (e.lhs, e.rhs, population.loadings[e.rhs])
        if e.op == "=~"
        else (e.rhs, e.lhs, population.paths[f"{e.rhs} -> {e.lhs}"])
        for e in model.statements.elements
        if e.op in ("=~", "~")
    ]
    effects: dict[str, float] = {}
    wave = {outcome: 1.0}
    while wave:
        following: dict[str, float] = {}
        for name, size in wave.items():
            effects[name] = effects.get(name, 0.0) + size
            for cause, consequence, step in steps:
                if cause == name:
                    following[consequence] = following.get(consequence, 0.0) + size * step
        wave = following
    return effects


def _drawn(
    implied: ImpliedCorrelations,
    factors: Sequence[str],
    items: Sequence[str],
    latent: Array,
    rng: np.random.Generator,
) -> Array:
    """Return latent variables (n, k) drawn given the items' responses (n, p)."""
    at = [implied.names.index(name) for name in factors]
    of = [implied.names.index(name) for name in items]
    shared = implied.matrix[np.ix_(of, at)]
    weights = np.linalg.solve(implied.matrix[np.ix_(of, of)], shared)
    left = implied.matrix[np.ix_(at, at)] - shared.T @ weights
    noise = rng.multivariate_normal(np.zeros(len(at)), left, size=len(latent), method="cholesky")
    return latent @ weights + noise
