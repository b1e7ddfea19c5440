"""Reference data, and answers simulated with a known difference between two groups."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

GOLDEN = Path(__file__).parents[3].parent / "shared" / "golden"


def reference_data(name):
    path = GOLDEN / "data" / name
    if not path.is_file():
        pytest.skip("the reference data (shared/golden) are not beside this checkout")
    return pd.read_csv(path)


@pytest.fixture(scope="session")
def school():
    """Holzinger & Swineford (1939); Pasteur is the first group, Grant-White the second."""
    return reference_data("hs1939.csv")


@pytest.fixture(scope="session")
def loyalty():
    return reference_data("loyalty_open.csv")


def two_groups(rng, n=300, *, mean=0.0, intercept=0.0, loading=0.0, slope=0.0):
    """Return items x1-x4 of f and y1-y3 of g, g regressed on f, for n people in each of 2 groups.

    The second group differs by the latent ``mean``, the ``intercept`` and ``loading`` of x2, and
    the ``slope``; in the first the loadings are .8, the slope is .4.
    """
    frames = []
    for label, on in (("a", 0.0), ("b", 1.0)):
        f = on * mean + rng.normal(size=n)
        g = (0.4 + on * slope) * f + rng.normal(size=n)
        columns = {f"x{k}": 0.8 * f + 0.6 * rng.normal(size=n) for k in range(1, 5)}
        columns["x2"] += on * (intercept + loading * f)
        columns |= {f"y{k}": 0.8 * g + 0.6 * rng.normal(size=n) for k in range(1, 4)}
        frames.append(pd.DataFrame(columns).assign(who=label))
    return pd.concat(frames, ignore_index=True)


@pytest.fixture
def simulated():
    return two_groups


@pytest.fixture
def rng():
    return np.random.default_rng(20261122)
