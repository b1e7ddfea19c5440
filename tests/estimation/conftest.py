"""Data and models that several tests of this room share."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.estimation.fitting import fit

REFERENCE = Path(__file__).parents[2].parent / "shared" / "golden"

TWO_FACTORS = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ b*f"


@pytest.fixture(scope="session")
def skewed_data() -> pd.DataFrame:
    """Return 400 rows of two correlated factors with skewed errors, in two groups."""
    rng = np.random.default_rng(7)
    factor = rng.normal(size=400)
    outcome = 0.6 * factor + rng.normal(scale=0.8, size=400)
    columns = {}
    for k, source in enumerate([factor] * 3 + [outcome] * 3, start=1):
        columns[f"x{k}"] = (0.9 - 0.1 * (k % 3)) * source + rng.exponential(0.6, 400) + k
    frame = pd.DataFrame(columns)
    frame["age"] = 0.4 * factor + rng.normal(size=400)
    frame["school"] = np.repeat(["west", "east"], 200)
    return frame


@pytest.fixture(scope="session")
def two_factor_fit(skewed_data):
    return fit(TWO_FACTORS, skewed_data)


@pytest.fixture(scope="session")
def reference():
    """Return a reader of reference cases: (case, data)."""

    def read(name: str) -> tuple[dict, pd.DataFrame]:
        path = REFERENCE / "cases" / f"{name}.json"
        if not path.exists():
            pytest.skip("reference numbers are not beside this checkout")
        case = json.loads(path.read_text(encoding="utf-8"))
        return case, pd.read_csv(REFERENCE / case["data_file"])

    return read
