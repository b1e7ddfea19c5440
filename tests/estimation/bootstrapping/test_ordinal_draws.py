"""Batches of draws of ordinal answers give what single fits of the same draws give."""

import numpy as np
import pandas as pd
import pytest

from loyaltysem.estimation import fit
from loyaltysem.estimation.bootstrapping import bootstrap
from loyaltysem.estimation.bootstrapping.drawer import drawer
from loyaltysem.estimation.bootstrapping.least_squares import MomentBatch, batched_least_squares
from loyaltysem.estimation.bootstrapping.ordinal_draws import OrdinalDraws
from loyaltysem.estimation.bootstrapping.resampling import sample_rows
from loyaltysem.estimation.bootstrapping.single_draws import OneByOne
from loyaltysem.estimation.optimise import reparameterisation

STRUCTURAL = """
    a =~ x1 + x2 + x3
    m =~ x4 + x5 + x6
    y =~ x7 + x8 + x9
    m ~ p*a
    y ~ q*m + a
    pq := p*q
"""
EQUAL = STRUCTURAL.replace("x1 + x2 + x3", "x1 + l*x2 + l*x3") + "x1 ~~ x4"
FACTORS = "a =~ x1 + x2 + x3\nm =~ x4 + x5 + x6\ny =~ x7 + x8 + x9"
EQUALITIES = ["thresholds", "loadings"]
VARIANTS = {
    "delta": {},
    "theta": {"parameterization": "theta"},
    "equal loadings, correlated errors": {"text": EQUAL},
    "unweighted": {"estimator": "ULSMV"},
    "groups": {"text": FACTORS, "group": "group", "group_equal": EQUALITIES},
    "groups, theta": {
        "text": FACTORS,
        "group": "group",
        "group_equal": EQUALITIES,
        "parameterization": "theta",
    },
    "gaps": {"missing": "pairwise"},
}


@pytest.fixture(scope="module")
def answers():
    """500 answers to nine items of two to five categories, with a grouping column."""
    rng = np.random.default_rng(20)
    a = rng.normal(size=500)
    m = 0.5 * a + 0.8 * rng.normal(size=500)
    y = 0.4 * m + 0.3 * a + 0.8 * rng.normal(size=500)
    latent = np.repeat(np.stack([a, m, y], axis=1), 3, axis=1)
    responses = 0.8 * latent + 0.6 * rng.normal(size=(500, 9))
    cuts = [[-1.0, -0.3, 0.4, 1.1], [-0.8, 0.1, 0.9], [0.2]] * 3
    items = {f"x{k + 1}": np.digitize(column, cuts[k]) + 1 for k, column in enumerate(responses.T)}
    return pd.DataFrame(items).assign(group=np.tile(["one", "two"], 250))


def _fitted(answers, name):
    options = {"estimator": "WLSMV", "text": STRUCTURAL} | VARIANTS[name]
    data = answers.drop(columns="group" if "group" not in options else [])
    if options.get("missing"):
        rng = np.random.default_rng(4)
        data = data.astype(float).mask(rng.random(data.shape) < 0.08)
    return fit(options.pop("text"), data, ordered=True, **options)


@pytest.mark.parametrize("name", VARIANTS)
def test_gradients_are_those_of_the_single_objective(answers, name):
    fitted = _fitted(answers, name)
    objective = fitted.problem.objective
    free = reparameterisation(fitted.problem.constraints)
    squares = batched_least_squares(objective.structures, objective.targets, free)
    samples = [
        MomentBatch(vector=np.tile(one.vector, (3, 1)), weight=np.tile(one.weight, (3, 1)))
        for one in objective.targets
    ]
    start = free.phi(fitted.theta)
    phi = start + 0.03 * np.random.default_rng(1).normal(size=(3, len(start)))
    values, gradients = squares.value_and_gradient(phi, samples)
    for k in range(3):
        point = objective.at(free.theta(phi[k]))
        assert values[k] == pytest.approx(point.value, rel=1e-10)
        np.testing.assert_allclose(gradients[k], free.vector(point.gradient()), atol=1e-10)


@pytest.mark.parametrize("name", VARIANTS)
def test_batches_find_what_single_fits_find(answers, name):
    fitted = _fitted(answers, name)
    seed, rows = np.random.SeedSequence(3), sample_rows(fitted)
    work = drawer(fitted, rows)
    assert isinstance(work, OrdinalDraws)
    together = work.draw(seed, 4)
    alone = OneByOne(problem=fitted.problem, start=fitted.theta, rows=tuple(rows)).draw(seed, 4)
    np.testing.assert_allclose(together.theta, alone.theta, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(together.chisq, alone.chisq, atol=1e-5)
    assert not together.failed


def test_draws_that_lack_a_category_are_counted_alike(answers):
    rare = answers.drop(columns="group")
    rare["x1"] = np.where(rare["x1"] > 4, 4, rare["x1"])
    rare.loc[rare.index[:2], "x1"] = 5
    fitted = fit(STRUCTURAL, rare, estimator="WLSMV", ordered=True)
    seed, rows = np.random.SeedSequence(8), sample_rows(fitted)
    together = drawer(fitted, rows).draw(seed, 30)
    alone = OneByOne(problem=fitted.problem, start=fitted.theta, rows=tuple(rows)).draw(seed, 30)
    assert together.failed == alone.failed
    assert 0 < together.failed["category_lost"] < 15


def test_covariates_and_numeric_items_are_drawn_one_by_one(answers):
    data = answers.drop(columns="group").assign(age=np.linspace(20, 60, 500))
    with_covariate = fit(STRUCTURAL + "y ~ age", data, estimator="WLSMV", ordered=True)
    mixed = fit(STRUCTURAL, data, estimator="WLSMV", ordered=["x1", "x2", "x3"])
    for fitted in (with_covariate, mixed):
        assert isinstance(drawer(fitted, sample_rows(fitted)), OneByOne)


def test_a_seed_gives_the_same_draws_on_any_number_of_workers(answers):
    fitted = _fitted(answers, "delta")
    one, two = (bootstrap(fitted, 280, seed=5, workers=k) for k in (1, 2))
    assert np.array_equal(one.theta, two.theta)
