"""A latent interaction with known population values."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

MODEL = """
X =~ x1 + x2 + x3
Z =~ z1 + z2 + z3
Y =~ y1 + y2 + y3
Y ~ X + Z + w*X:Z
"""
INTERACTION = 0.25


def simulated(n: int, seed: int, interaction: float = INTERACTION) -> pd.DataFrame:
    """Return answers to three indicators each of X, Z and Y = .4 X + .3 Z + .25 X Z + error."""
    rng = np.random.default_rng(seed)
    x, z = rng.multivariate_normal([0, 0], [[1, 0.3], [0.3, 1]], size=n).T
    y = 0.4 * x + 0.3 * z + interaction * x * z + rng.normal(0, 0.7, n)
    return pd.DataFrame(
        {
            f"{name}{k}": 0.8 * factor + rng.normal(0, 0.6, n)
            for name, factor in (("x", x), ("z", z), ("y", y))
            for k in (1, 2, 3)
        }
    )


@pytest.fixture(scope="session")
def answers():
    return simulated(300, seed=1)


@pytest.fixture(scope="session")
def incomplete(answers):
    gaps = np.random.default_rng(2).random(answers.shape) < 0.04
    return answers.mask(gaps)
