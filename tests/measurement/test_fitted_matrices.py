import numpy as np
import pandas as pd
import pytest

import loyaltysem
from loyaltysem.measurement.fitted_matrices import fitted_matrices

MODEL = """
a =~ a1 + a2 + a3
b =~ b1 + b2 + b3
c =~ c1 + c2 + c3
g =~ a + b + c
a1 ~~ b1
"""


@pytest.fixture(scope="module")
def answers():
    rng = np.random.default_rng(61)
    above = rng.normal(size=(300, 1))
    traits = 0.8 * above + 0.6 * rng.normal(size=(300, 3))
    rows = np.repeat(traits, 3, axis=1) + 0.7 * rng.normal(size=(300, 9))
    rows[:, 3] += 0.3 * rows[:, 0]
    return pd.DataFrame(rows, columns=[f"{f}{i}" for f in "abc" for i in (1, 2, 3)])


def test_matrices_make_up_the_implied_covariances(answers):
    matrices = fitted_matrices(loyaltysem.fit(MODEL, answers))
    L, B = matrices.loadings.to_numpy(), matrices.regressions.to_numpy()
    through = L @ np.linalg.inv(np.eye(4) - B)
    implied = through @ matrices.disturbance_cov @ through.T + matrices.residual_cov.to_numpy()
    np.testing.assert_allclose(implied, matrices.implied_cov, atol=1e-8)


def test_loadings_of_factors_are_regressions(answers):
    matrices = fitted_matrices(loyaltysem.fit(MODEL, answers))
    assert matrices.indicators("a") == ["a1", "a2", "a3"]
    assert matrices.indicators("g") == []
    assert (matrices.regressions["g"] != 0).to_dict() == {
        "a": True,
        "b": True,
        "c": True,
        "g": False,
    }
    assert matrices.residual_cov.loc["a1", "b1"] == matrices.residual_cov.loc["b1", "a1"] != 0


def test_each_group_has_its_own(answers):
    fitted = loyaltysem.fit(
        "a =~ a1 + a2 + a3", answers.assign(half=np.arange(300) % 2), group="half"
    )
    first, second = fitted_matrices(fitted, 1), fitted_matrices(fitted, 2)
    assert first.loadings.loc["a2", "a"] != second.loadings.loc["a2", "a"]
    pd.testing.assert_frame_equal(
        second.sample_cov, answers.iloc[1::2, :3].cov(ddof=0), check_names=False
    )
