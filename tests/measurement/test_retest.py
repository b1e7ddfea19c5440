from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import ResponsesError
from loyaltysem.measurement.retest import retest_reliability

GOLDEN = Path(__file__).parents[2].parent / "shared" / "golden"

# Shrout & Fleiss (1979), table 2: four judges and six targets; ICC(2,1) = .29, ICC(3,1) = .71
RATINGS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_shrout_and_fleiss_example():
    found = retest_reliability(pd.DataFrame(RATINGS, columns=list("abcd")))
    assert found.agreement == pytest.approx(0.29, abs=5e-3)
    assert found.consistency == pytest.approx(0.71, abs=6e-3)
    assert (found.n, found.k) == (6, 4)


@pytest.mark.skipif(not GOLDEN.exists(), reason="the reference data are not beside this checkout")
def test_as_psych():
    # psych::ICC(data.frame(sq1, sq4), lmer = FALSE)
    found = retest_reliability(pd.read_csv(GOLDEN / "data" / "loyalty_open.csv")[["sq1", "sq4"]])
    assert found.agreement == pytest.approx(0.630401092)
    assert found.agreement_ci == pytest.approx((0.509012636, 0.718067304))
    assert found.consistency == pytest.approx(0.662888533)
    assert found.consistency_ci == pytest.approx((0.604169471, 0.714447523))
    assert found.f == pytest.approx(4.93275576)


def test_a_gain_of_all_breaks_agreement_alone():
    rng = np.random.default_rng(1)
    first = rng.normal(size=100)
    scores = pd.DataFrame({"t1": first, "t2": first + 0.3 * rng.normal(size=100)})
    later = scores.assign(t2=scores["t2"] + 2)
    before, after = retest_reliability(scores), retest_reliability(later)
    assert after.consistency == pytest.approx(before.consistency)
    assert after.agreement < before.agreement - 0.3


def test_incomplete_rows_do_not_count():
    scores = pd.DataFrame(RATINGS, columns=list("abcd"), dtype=float)
    more = pd.concat([scores, pd.DataFrame({"a": [1.0], "b": [np.nan]})])
    assert retest_reliability(more) == retest_reliability(scores)


def test_what_cannot_be_repeated():
    with pytest.raises(ResponsesError, match="two occasions"):
        retest_reliability(pd.DataFrame({"a": [1, 2, 3]}))
    with pytest.raises(ResponsesError, match="do not differ"):
        retest_reliability(pd.DataFrame({"a": [1, 2, 3], "b": [1, 2, 3]}))
