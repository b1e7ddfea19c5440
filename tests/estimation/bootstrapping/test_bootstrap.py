"""The bootstrap: batches agree with single fits, seeds with workers, tables with definitions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import ConvergenceError, EstimationError
from loyaltysem.estimation import fit
from loyaltysem.estimation.bootstrapping import bootstrap
from loyaltysem.estimation.bootstrapping.drawer import drawer
from loyaltysem.estimation.bootstrapping.intervals import interval
from loyaltysem.estimation.bootstrapping.likelihood import batched_likelihood
from loyaltysem.estimation.bootstrapping.resampling import (
    draw_counts,
    draw_rows,
    resampled_moments,
    sample_rows,
)
from loyaltysem.estimation.bootstrapping.single_draws import OneByOne
from loyaltysem.estimation.bootstrapping.states import SampleBatch
from loyaltysem.estimation.bootstrapping.transformation import model_true_rows
from loyaltysem.estimation.moments import mean_and_cov
from loyaltysem.estimation.optimise import reparameterisation

MEDIATION = """
    a =~ x1 + x2 + x3
    m =~ x4 + x5 + x6
    y =~ x7 + x8 + x9
    m ~ p*a
    y ~ q*m + a
    indirect := p*q
"""


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    rng = np.random.default_rng(7)
    n = 200
    a = rng.normal(size=n)
    m = 0.5 * a + rng.normal(size=n)
    y = 0.4 * m + 0.2 * a + rng.normal(size=n)
    columns = {
        f"x{3 * k + j + 1}": latent * (1.0 - 0.1 * j) + 0.6 * rng.normal(size=n)
        for k, latent in enumerate((a, m, y))
        for j in range(3)
    }
    return pd.DataFrame(columns).assign(group=np.where(np.arange(n) % 2, "one", "two"))


VARIANTS = {
    "plain": {},
    "means": {"meanstructure": True},
    "groups": {"group": "group", "group_equal": ["loadings", "intercepts"]},
    "correlated errors": {"text": MEDIATION + "x1 ~~ x4"},
    "loop": {"text": MEDIATION.replace("y ~ q*m + a", "y ~ q*m\n m ~ r*y\n a ~~ y")},
    "equal": {"text": MEDIATION.replace("+ a\n", "+ q*a\n")},
}


@pytest.mark.parametrize("name", VARIANTS)
def test_batched_likelihood_is_that_of_single_fits(name, data):
    options = dict(VARIANTS[name])
    fitted = fit(options.pop("text", MEDIATION), data, **options)
    problem = fitted.problem
    free = reparameterisation(problem.constraints)
    likelihood = batched_likelihood(
        [one.matrices for one in problem.structures], problem.samples, free
    )
    rng = np.random.default_rng(1)
    start = free.phi(fitted.theta)
    phi = start + 0.02 * rng.normal(size=(3, len(start)))
    samples = [
        SampleBatch(
            cov=np.repeat(one.cov[None], 3, axis=0),
            mean=np.repeat(one.mean[None], 3, axis=0),
            log_det=np.repeat(one.log_det, 3),
        )
        for one in problem.samples
    ]
    values, gradients = likelihood.value_and_gradient(phi, samples)
    for k in range(3):
        point = problem.objective.at(free.theta(phi[k]))
        assert values[k] == pytest.approx(point.value, abs=1e-10)
        np.testing.assert_allclose(gradients[k], free.vector(point.gradient()), atol=1e-9)


def test_negative_residual_variances_are_estimated_all_the_same(data):
    fitted = fit(MEDIATION, data)
    problem = fitted.problem
    free = reparameterisation(problem.constraints)
    likelihood = batched_likelihood(
        [one.matrices for one in problem.structures], problem.samples, free
    )
    theta = fitted.theta.copy()
    place = next(r.free for r in fitted.table.rows if r.lhs == r.rhs == "x1") - 1
    theta[place] = -0.05
    (sample,) = problem.samples
    batch = SampleBatch(
        cov=sample.cov[None], mean=sample.mean[None], log_det=np.array([sample.log_det])
    )
    value, gradient = likelihood.value_and_gradient(theta[None], [batch])
    point = problem.objective.at(theta)
    assert value[0] == pytest.approx(point.value, abs=1e-10)
    np.testing.assert_allclose(gradient[0], point.gradient(), atol=1e-9)


def test_resampled_moments_are_those_of_the_drawn_rows(data):
    rows = data.drop(columns="group").to_numpy()
    counts = draw_counts(np.random.default_rng(3), [len(rows)], 4)[0]
    rng = np.random.default_rng(3)
    batch = resampled_moments(rows, counts, 1.0)
    for k in range(4):
        mean, cov = mean_and_cov(rows[draw_rows(rng, len(rows))])
        np.testing.assert_allclose(batch.mean[k], mean, atol=1e-12)
        np.testing.assert_allclose(batch.cov[k], cov, atol=1e-12)
        assert batch.log_det[k] == pytest.approx(np.linalg.slogdet(cov)[1])


@pytest.mark.parametrize("name", ["plain", "groups", "correlated errors"])
def test_batches_find_what_single_fits_find(name, data):
    options = dict(VARIANTS[name])
    fitted = fit(options.pop("text", MEDIATION), data, **options)
    seed = np.random.SeedSequence(11)
    rows = tuple(sample_rows(fitted))
    together = drawer(fitted, rows).draw(seed, 5)
    alone = OneByOne(problem=fitted.problem, start=fitted.theta, rows=rows).draw(seed, 5)
    np.testing.assert_allclose(together.theta, alone.theta, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(together.chisq, alone.chisq, atol=1e-6)
    assert not together.failed


def test_a_seed_gives_the_same_draws_on_any_number_of_workers(data):
    fitted = fit(MEDIATION, data)
    one, two = (bootstrap(fitted, 260, seed=5, workers=k) for k in (1, 2))
    assert np.array_equal(one.theta, two.theta)
    assert not np.array_equal(one.theta, bootstrap(fitted, 260, seed=6).theta)


def test_progress_is_told_and_adds_up(data):
    told: list[tuple[int, int]] = []
    bootstrap(fit(MEDIATION, data), 300, seed=1, tell=lambda *step: told.append(step))
    assert told[-1] == (300, 300)
    assert [done for done, _ in told] == sorted({done for done, _ in told})


def test_defined_and_standardized_parameters_follow_the_draws(data):
    found = bootstrap(fit(MEDIATION, data), 50, seed=2)
    rows = found.fit.table.rows
    p, q, indirect = (
        next(k for k, row in enumerate(rows) if name in (row.label, row.lhs))
        for name in ("p", "q", "indirect")
    )
    est = found.estimates
    np.testing.assert_allclose(est[:, indirect], est[:, p] * est[:, q])
    again = fit(MEDIATION, data)
    columns = again.standardized()
    table = found.table(standardized=True)
    merged = table.merge(columns[["lhs", "op", "rhs", "est_std"]], on=["lhs", "op", "rhs"])
    np.testing.assert_allclose(merged["est"], merged["est_std"], atol=1e-8)
    assert (merged["ci_lower"] < merged["est"]).mean() > 0.9


def test_bootstrap_errors_are_near_those_of_theory(data):
    plain = fit(MEDIATION, data, estimator="MLR").estimates()
    resampled = fit(MEDIATION, data, se="bootstrap", bootstrap=1000, seed=3).estimates()
    free = plain["free"]
    ratio = resampled.loc[free, "se"] / plain.loc[free, "se"]
    assert ratio.between(0.75, 1.4).all()
    assert (
        (resampled["ci_lower"] <= resampled["est"]) & (resampled["est"] <= resampled["ci_upper"])
    )[free].all()


def test_bollen_stine_rows_have_the_implied_moments(data):
    fitted = fit(MEDIATION, data)
    (rows,) = model_true_rows(fitted)
    mean, cov = mean_and_cov(rows)
    (at,) = fitted.problem.implied(fitted.point)
    np.testing.assert_allclose(cov, at.sigma, atol=1e-10)
    np.testing.assert_allclose(mean, fitted.moments.groups[0].mean, atol=1e-10)
    found = bootstrap(fitted, 400, kind="bollen.stine", seed=1)
    assert found.chisq.mean() == pytest.approx(fitted.df, rel=0.15)
    assert found.chisq_pvalue() == pytest.approx(fitted.tests[0].pvalue, abs=0.12)


def test_bollen_stine_as_a_test_of_the_fit(data):
    asked = {"test": "bollen.stine", "bootstrap": 60, "seed": 1}
    found = fit(MEDIATION, data, **asked)
    alone = bootstrap(fit(MEDIATION, data), 60, kind="bollen.stine", seed=1)
    standard, test = found.tests
    assert (test.name, test.statistic) == ("bollen.stine", standard.statistic)
    assert test.pvalue == alone.chisq_pvalue()
    assert "Test bollen.stine" in str(found)
    saturated = fit("f =~ x1 + x2 + x3", data, **asked)
    assert [test.pvalue for test in saturated.tests] == [None, None]
    with pytest.raises(EstimationError, match="Bollen-Stine"):
        fit(MEDIATION, data, estimator="GLS", **asked)


def test_intervals_by_their_definitions():
    rng = np.random.default_rng(0)
    draws = np.sort(rng.normal(1.0, 0.5, size=(1999, 1)), axis=0)
    estimate = np.array([1.0])
    low, high = interval("perc", draws, estimate)
    assert low[0] == pytest.approx(draws[49, 0])
    assert high[0] == pytest.approx(draws[1949, 0])
    basic = interval("basic", draws, estimate)
    assert basic[0][0] == pytest.approx(2 - high[0])
    assert basic[1][0] == pytest.approx(2 - low[0])
    centred = interval("bc", draws, np.array([float(np.median(draws))]))
    np.testing.assert_allclose(centred, (low, high), atol=0.01)
    flat = interval("bca", draws, estimate, acceleration=np.zeros(1))
    np.testing.assert_allclose(flat, interval("bc", draws, estimate))
    with pytest.raises(EstimationError, match="kind of bootstrap interval"):
        interval("percentile", draws, estimate)


def test_other_estimators_are_drawn_one_by_one(data):
    holes = data.mask(np.random.default_rng(4).random(data.shape) < 0.04)
    fitted = fit("f =~ x1 + x2 + x3 + x4", holes.drop(columns="group"), missing="fiml")
    found = bootstrap(fitted, 12, seed=1)
    assert found.theta.shape[0] + found.n_failed == 12
    assert found.theta.std(axis=0).min() > 0


def test_failed_draws_are_counted_and_told():
    rng = np.random.default_rng(2)
    few = pd.DataFrame(rng.normal(size=(12, 6)), columns=[f"x{k}" for k in range(6)])
    few["x5"] = 0.0
    few.loc[0, "x5"] = 1.0
    few["x0"] = few["x1"] + 0.3 * rng.normal(size=12)
    few["x2"] = few["x1"] + 0.3 * rng.normal(size=12)
    fitted = fit("f =~ x0 + x1 + x2 + x5", few, se="bootstrap", bootstrap=60, seed=1)
    record = fitted.draws
    assert record.failed["singular_sample"] > 0
    assert record.n_failed + len(record.theta) == 60
    assert "bootstrap_draws_failed" in {notice.code for notice in fitted.notices}


def test_draws_without_a_rare_category_say_so(data):
    """Of a category that one respondent chose, a third of the draws know nothing."""
    items = data[["x1", "x2", "x3"]]
    answers = items.apply(lambda column: pd.qcut(column, 3, labels=False))
    answers.iloc[0, 0] = 3
    fitted = fit("f =~ x1 + x2 + x3", answers, estimator="WLSMV", ordered=True)
    found = bootstrap(fitted, 30, seed=5)
    assert 3 < found.failed["category_lost"] < 20
    assert set(found.failed) == {"category_lost"}
    for k in range(1, 9):
        answers.iloc[k, k % 3] = 3 + k
    rare = fit("f =~ x1 + x2 + x3", answers, estimator="WLSMV", ordered=True)
    with pytest.raises(ConvergenceError, match="merge them with a neighbouring category"):
        bootstrap(rare, 5, seed=5)


def test_what_cannot_be_resampled_is_refused(data):
    matrix = data.drop(columns="group").cov()
    fitted = fit(MEDIATION, sample_cov=matrix, n=200)
    with pytest.raises(EstimationError, match="Raw data"):
        bootstrap(fitted, 100)
    for draws in (1, 150.5, "1000"):
        with pytest.raises(EstimationError, match="draws") as caught:
            bootstrap(fit(MEDIATION, data), draws)
        assert caught.value.found == repr(draws)


def test_draws_of_incomplete_rows_are_fits_of_these_rows(data):
    gaps = data.mask(np.random.default_rng(2).random(data.shape) < 0.05)
    gaps["group"] = data["group"]
    fitted = fit("a =~ x1 + x2 + x3; m =~ x4 + x5 + x6", gaps, missing="fiml", group="group")
    rows = tuple(sample_rows(fitted))
    found = drawer(fitted, rows).draw(np.random.SeedSequence(7), 2)
    rng = np.random.default_rng(np.random.SeedSequence(7))
    for theta in found.theta:
        drawn = pd.concat(
            pd.DataFrame(one[draw_rows(rng, len(one))], columns=fitted.moments.names).assign(g=k)
            for k, one in enumerate(rows)
        )
        alone = fit("a =~ x1 + x2 + x3; m =~ x4 + x5 + x6", drawn, missing="fiml", group="g")
        np.testing.assert_allclose(theta, alone.theta, rtol=1e-4, atol=1e-5)
    assert np.isnan(found.chisq).all()
