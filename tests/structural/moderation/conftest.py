"""Answers in which Z moderates what X does to Y, and X mediates what Z and A do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

MODEL = """
X =~ x1 + x2 + x3
Z =~ z1 + z2 + z3
A =~ a1 + a2 + a3
Y =~ y1 + y2 + y3
X ~ A
Y ~ X + Z + A
"""


@pytest.fixture(scope="session")
def answers():
    rng = np.random.default_rng(11)
    n = 300
    a, z = rng.multivariate_normal([0, 0], [[1, 0.3], [0.3, 1]], size=n).T
    x = 0.5 * a + rng.normal(0, 0.8, n)
    y = 0.4 * x + 0.2 * z + 0.1 * a + 0.3 * x * z + rng.normal(0, 0.7, n)
    factors = {"x": x, "z": z, "a": a, "y": y}
    frame = {
        f"{name}{k}": 0.8 * factor + rng.normal(0, 0.6, n)
        for name, factor in factors.items()
        for k in (1, 2, 3)
    }
    frame["age"] = 40 + 10 * z + rng.normal(0, 3, n)
    frame["woman"] = (rng.random(n) < 0.6).astype(float)
    return pd.DataFrame(frame)
