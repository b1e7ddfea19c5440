"""Omega against psych; three group factors and one are in the golden case ``omega_loyalty``."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.measurement.omega import omega

GOLDEN = Path(__file__).parents[2].parent / "shared" / "golden"
ITEMS = ["la1", "la2", "la3", "lb1", "lb2", "lb3", "lb4", "lc1", "lc2", "lc3"]


@pytest.fixture
def loyalty():
    path = GOLDEN / "data" / "loyalty_open.csv"
    if not path.exists():
        pytest.skip("the reference data are not beside this checkout")
    return pd.read_csv(path)[ITEMS]


def test_two_group_factors_as_psych(loyalty):
    # psych::omega(x, nfactors = 2): omega_h, omega.tot, omega.group
    found = omega(loyalty, 2)
    assert found.hierarchical == pytest.approx(0.6948544515, abs=1e-5)
    assert found.total == pytest.approx(0.8932367844, abs=1e-5)
    groups = [
        [0.6948544515, 0.1515209695],
        [0.4997419199, 0.2853149266],
        [0.6073950647, 0.2141365554],
    ]
    np.testing.assert_allclose(found.groups[["general", "group"]], groups, atol=1e-4)
    assert [notice.code for notice in found.notices] == ["omega_of_two_factors"]


def test_turned_items_do_not_matter(loyalty):
    turned = loyalty.assign(la1=8 - loyalty["la1"])
    assert omega(turned).hierarchical == pytest.approx(omega(loyalty).hierarchical, abs=1e-6)
    assert (omega(turned).schmid_leiman["g"] > 0).all()


def test_one_factor_is_said_to_be_enough_for_the_total_only(loyalty):
    found = omega(loyalty[["la1", "la2", "la3"]], 1)
    assert found.total == pytest.approx(found.hierarchical, abs=1e-3)
    assert [notice.code for notice in found.notices] == ["omega_of_one_factor"]


def test_underlying_responses(loyalty):
    assert omega(loyalty, correlation="polychoric").total > omega(loyalty).total


def test_too_many_group_factors(loyalty):
    with pytest.raises(EstimationError):
        omega(loyalty[["la1", "la2"]], 2)
