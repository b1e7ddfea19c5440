"""Holzinger & Swineford's data, and answers with and without a method behind all items."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.estimation import fit

HS = Path(__file__).parents[3].parent / "shared" / "golden" / "data" / "hs1939.csv"
THREE = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"


@pytest.fixture(scope="session")
def hs() -> pd.DataFrame:
    if not HS.is_file():
        pytest.skip("the shared reference data are not here")
    return pd.read_csv(HS)


@pytest.fixture(scope="session")
def hs_fit(hs):
    return fit(THREE, hs)


def answers(method: float, seed: int = 5, n: int = 600) -> pd.DataFrame:
    """Return items of three constructs a -> b -> c and a marker m; all share the method."""
    rng = np.random.default_rng(seed)
    a = rng.normal(size=n)
    b = 0.5 * a + rng.normal(size=n)
    c = 0.5 * b + rng.normal(size=n)
    scores = {"a": a, "b": b, "c": c, "m": rng.normal(size=n)}
    shared = method * rng.normal(size=n)
    return pd.DataFrame(
        {
            f"{name}{k}": (1.1 - 0.15 * k) * score + shared + 0.7 * rng.normal(size=n)
            for name, score in scores.items()
            for k in range(1, 5)
        }
    )
