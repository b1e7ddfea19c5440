import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.estimation.incomplete.patterns import missing_patterns
from loyaltysem.estimation.incomplete.saturated import complete, em_moments, saturated_moments

GOLDEN = Path(__file__).parents[3].parent / "shared" / "golden"
NAN = np.nan


def incomplete(n=200, p=4, rate=0.15, seed=2):
    rng = np.random.default_rng(seed)
    data = rng.normal(size=(n, p)) @ rng.normal(size=(p, p)) + np.arange(p)
    data[rng.random((n, p)) < rate] = NAN
    return data


def test_complete_data_need_no_em():
    data = incomplete(rate=0.0)
    moments = em_moments(data)
    assert moments.converged
    assert moments.mean == pytest.approx(data.mean(axis=0), abs=1e-12)
    assert moments.cov == pytest.approx(np.cov(data.T, bias=True), abs=1e-12)


def test_monotone_bivariate_missingness_has_its_closed_form():
    """Anderson (1957): regression of y on x in the complete part, x from everybody."""
    data = incomplete(p=2, rate=0.0)
    data[60:, 1] = NAN
    x, both = data[:, 0], data[:60]
    slope = np.cov(both.T, bias=True)[0, 1] / both[:, 0].var()
    residual = both[:, 1].var() - slope**2 * both[:, 0].var()
    moments = em_moments(data)
    assert moments.mean[1] == pytest.approx(
        both[:, 1].mean() + slope * (x.mean() - both[:, 0].mean()), abs=1e-11
    )
    assert moments.cov[0, 1] == pytest.approx(slope * x.var(), abs=1e-11)
    assert moments.cov[1, 1] == pytest.approx(residual + slope**2 * x.var(), abs=1e-11)


def test_completion_agrees_with_pattern_by_pattern_algebra():
    data = incomplete(n=30)
    patterns = missing_patterns(data, compress=False)
    mean, cov = np.nanmean(data, axis=0), np.cov(incomplete(rate=0.0).T)
    state = complete(patterns, mean, cov)
    deviance = 0.0
    for row, case in enumerate(patterns.cases):
        seen = ~np.isnan(data[case])
        deviation = data[case, seen] - mean[seen]
        own = np.linalg.inv(cov[np.ix_(seen, seen)])
        deviance += deviation @ own @ deviation - np.linalg.slogdet(own)[1]
        assert state.weighted[row, seen] == pytest.approx(own @ deviation)
        assert state.completed[row, ~seen] == pytest.approx(
            cov[np.ix_(~seen, seen)] @ own @ deviation
        )
    assert state.deviance == pytest.approx(deviance)


@pytest.mark.parametrize("rate", [0.05, 0.4])
def test_maximum_is_a_fixed_point_of_plain_em(rate):
    patterns = missing_patterns(incomplete(rate=rate))
    moments = saturated_moments(patterns)
    assert moments.converged
    state = complete(patterns, moments.mean, moments.cov)
    shift = patterns.root_weight @ state.completed / patterns.n
    second = (state.completed.T @ state.completed + state.conditional) / patterns.n
    assert shift == pytest.approx(np.zeros(4), abs=1e-10)
    assert second == pytest.approx(moments.cov, abs=1e-10)


def test_scale_and_origin_make_no_difference():
    data = incomplete()
    location, scale = np.array([1e3, 0.0, -5.0, 2.0]), np.array([1e4, 1e-4, 1.0, 7.0])
    plain, moved = em_moments(data), em_moments(data * scale + location)
    assert moved.mean == pytest.approx(plain.mean * scale + location, rel=1e-9)
    assert moved.cov == pytest.approx(plain.cov * np.outer(scale, scale), rel=1e-9)


def test_singular_covariance_is_reported_as_not_converged():
    data = incomplete(n=6, p=4, rate=0.0)
    data[:, 3] = data[:, 0]
    data[2, 1] = NAN
    moments = em_moments(data)
    assert not moments.converged
    assert np.linalg.eigvalsh(moments.degenerate)[0] == pytest.approx(0.0, abs=1e-9)
    assert np.linalg.eigvalsh(moments.cov)[0] > 0


@pytest.mark.skipif(not GOLDEN.is_dir(), reason="the reference numbers are not here")
def test_saturated_likelihood_and_moments_equal_lavaan():
    case = json.loads((GOLDEN / "cases" / "fiml_sem_full.json").read_text(encoding="utf-8"))
    data = pd.read_csv(GOLDEN / case["data_file"])
    names = case["extras"]["sampstat"]["cov"]["rows"]
    moments = em_moments(data[names].to_numpy(dtype=float))
    assert moments.loglik == pytest.approx(case["fit"]["unrestricted.logl"], abs=1e-6)
    reference = np.array(case["extras"]["sampstat"]["cov"]["values"])
    assert moments.cov == pytest.approx(reference, abs=1e-8)
