from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.measurement.n_factors import (
    minimum_average_partial,
    parallel_analysis,
    single_factor_share,
    suggest_n_factors,
)

CORRELATED = np.kron(np.eye(3), np.full((3, 3), 0.5)) + 0.5 * np.eye(9)

GOLDEN = Path(__file__).parents[2].parent / "shared" / "golden"
# psych::vss(HolzingerSwineford1939[, x1:x9])$map, from one component on
MAP = [0.08022613690, 0.06341522893, 0.06822706134, 0.12005229672, 0.20665242100, 0.34253617281]


def answers(n=250, seed=2):
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(CORRELATED)
    return pd.DataFrame(rng.normal(size=(n, 9)) @ root.T)


def test_all_rules_agree_on_a_clear_structure():
    found = suggest_n_factors(answers(), draws=30)
    assert (found.parallel_factors, found.parallel_components, found.map, found.kaiser) == (
        3,
        3,
        3,
        3,
    )


def test_unrelated_items_have_no_factor():
    noise = pd.DataFrame(np.random.default_rng(9).normal(size=(500, 6)))
    assert parallel_analysis(noise, draws=50).n_components == 0


def test_minimum_average_partial_starts_without_components():
    partial = minimum_average_partial(CORRELATED)
    off = CORRELATED[~np.eye(9, dtype=bool)]
    assert partial[0] == pytest.approx((off**2).mean())
    assert len(partial) == 8
    assert np.nanargmin(partial) == 3


@pytest.mark.skipif(not GOLDEN.exists(), reason="the reference data are not beside this checkout")
def test_minimum_average_partial_as_psych():
    tests = pd.read_csv(GOLDEN / "data" / "hs1939.csv")[[f"x{i}" for i in range(1, 10)]]
    np.testing.assert_allclose(minimum_average_partial(tests.corr())[1:7], MAP, rtol=1e-8)


def test_parallel_analysis_repeats_and_bears_missing_answers():
    rows = answers()
    rows.iloc[::7, 2] = np.nan
    first, second = parallel_analysis(rows, draws=10), parallel_analysis(rows, draws=10)
    pd.testing.assert_frame_equal(first.eigenvalues, second.eigenvalues)
    resampled = first.eigenvalues["components_resampled"]
    np.testing.assert_allclose(resampled, first.eigenvalues["components_random"], rtol=0.1)
    assert first.eigenvalues["components"].sum() == pytest.approx(9)


def test_one_factor_takes_all_of_parallel_items():
    rng = np.random.default_rng(4)
    trait = rng.normal(size=(200, 1))
    rows = pd.DataFrame(trait + 0.1 * rng.normal(size=(200, 5)))
    assert single_factor_share(rows).min() > 0.95
