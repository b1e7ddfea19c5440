import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import EstimationError
from loyaltysem.measurement.adequacy import adequacy, bartlett_sphericity, kaiser_meyer_olkin


def test_two_items_have_a_measure_of_one_half():
    # the partial correlation of two items given none other is their correlation
    overall, items = kaiser_meyer_olkin([[1.0, 0.6], [0.6, 1.0]])
    assert overall == pytest.approx(0.5)
    assert items == pytest.approx([0.5, 0.5])


def test_bartlett_of_an_identity_matrix():
    chisq, df, pvalue = bartlett_sphericity(np.eye(4), 100)
    assert (chisq, df, pvalue) == (pytest.approx(0), 6, pytest.approx(1))


def test_a_duplicate_item_is_told():
    rng = np.random.default_rng(1)
    answers = pd.DataFrame(rng.normal(size=(30, 3)), columns=["a", "b", "c"])
    with pytest.raises(EstimationError, match="singular"):
        adequacy(answers.assign(d=answers["a"]))


def test_items_that_share_nothing_are_named():
    rng = np.random.default_rng(3)
    factor = rng.normal(size=(300, 1))
    answers = pd.DataFrame(factor + rng.normal(size=(300, 3)), columns=["a", "b", "c"])
    answers["d"] = rng.normal(size=300)
    found = adequacy(answers)
    assert found.kmo > 0.5
    (notice,) = found.notices
    assert notice.code == "inadequate_items"
    assert notice.facts["items"] == ["d"]


@pytest.mark.parametrize("measure", [kaiser_meyer_olkin, lambda R: bartlett_sphericity(R, 50)])
def test_a_correlation_that_is_not_known_is_an_error(measure):
    R = np.eye(3)
    R[0, 1] = R[1, 0] = np.nan
    with pytest.raises(EstimationError, match="cannot be computed"):
        measure(R)
